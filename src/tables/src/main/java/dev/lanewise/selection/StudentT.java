package dev.lanewise.selection;

/**
 * Student's t distribution. Its tail is half an incomplete beta function, which a continued
 * fraction gives (Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964, 26.5.8 and
 * 26.7.1), with a relative error below 1e-10.
 */
final class StudentT {
  private static final double TINY = 1e-300; // stands for a denominator of 0
  private static final int ASYMPTOTIC = 60; // degrees of freedom from which the series is exact

  /** Coefficients of the ratio's series in 1 / degrees, the last one first. */
  private static final double[] RATIO = {
    869 / 65536.0, -399 / 8192.0, -21 / 2048.0, 5 / 128.0, 1 / 32.0, -1 / 4.0, 1
  };

  private StudentT() {}

  /** Returns the probability of a value at least as far from 0 as t. */
  static double twoSided(double t, double degrees) {
    if (Double.isInfinite(t)) {
      return 0;
    }
    double x = degrees / (degrees + t * t);
    double y = t * t / (degrees + t * t);
    if (y == 0) {
      return 1;
    }
    // B(degrees / 2, 1 / 2) is sqrt(pi) over the ratio.
    double logX = -StrictMath.log1p(t * t / degrees);
    double front =
        StrictMath.exp(degrees / 2 * logX) * Math.sqrt(y) * ratio(degrees) / Math.sqrt(Math.PI);
    return x < (degrees / 2 + 1) / (degrees / 2 + 2.5)
        ? front / (degrees / 2) * fraction(x, degrees / 2, 0.5)
        : 1 - 2 * front * fraction(y, 0.5, degrees / 2);
  }

  /** Returns the t for which {@link #twoSided} is the given probability, between 0 and 1. */
  static double twoSidedQuantile(double probability, double degrees) {
    double low = 0;
    double high = 1;
    while (twoSided(high, degrees) > probability) {
      low = high;
      high *= 2;
    }
    double middle = (low + high) / 2;
    while (middle > low && middle < high) { // some 55 steps find the quantile to the last bit
      if (twoSided(middle, degrees) > probability) {
        low = middle;
      } else {
        high = middle;
      }
      middle = (low + high) / 2;
    }
    return middle;
  }

  /** Returns gamma((degrees + 1) / 2) / gamma(degrees / 2). */
  private static double ratio(double degrees) {
    double factor = 1;
    double n = degrees;
    for (; n < ASYMPTOTIC; n += 2) { // as gamma(x + 1) = x gamma(x)
      factor *= n / (n + 1);
    }
    double inverse = 1 / n;
    double series = 0;
    for (double coefficient : RATIO) {
      series = coefficient + inverse * series;
    }
    return factor * Math.sqrt(n / 2) * series;
  }

  /** Computes the continued fraction of the incomplete beta function by Lentz' method. */
  private static double fraction(double x, double a, double b) {
    double c = 1;
    double d = 1 / nonzero(1 - (a + b) * x / (a + 1));
    double value = d;
    double factor = 0;
    for (int m = 1; Math.abs(factor - 1) > 0x1p-52 && m < 1_000_000; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / nonzero(1 + even * d);
      c = nonzero(1 + even / c);
      value *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / nonzero(1 + odd * d);
      c = nonzero(1 + odd / c);
      factor = d * c;
      value *= factor;
    }
    return value;
  }

  private static double nonzero(double value) {
    return value == 0 ? TINY : value;
  }
}
