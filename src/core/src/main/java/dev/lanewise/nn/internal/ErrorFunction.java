package dev.lanewise.nn.internal;

/** The error function in double, as a reference for activations that use it. */
public final class ErrorFunction {
  private ErrorFunction() {}

  /**
   * Computes the error function by the series 7.1.6 of Abramowitz and Stegun, "Handbook of
   * Mathematical Functions". All its terms have one sign, so nothing cancels.
   *
   * @param x any number
   * @return erf(x); 1 or -1 beyond 6, where this is the nearest double; NaN of NaN
   */
  public static double erf(double x) {
    if (!(Math.abs(x) <= 6)) {
      return Math.signum(x);
    }
    double term = 2 / Math.sqrt(Math.PI) * StrictMath.exp(-x * x) * x;
    double sum = 0;
    for (int n = 1; sum + term != sum; n++) {
      sum += term;
      term *= 2 * x * x / (2 * n + 1);
    }
    return sum;
  }
}
