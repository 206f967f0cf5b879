package dev.lanewise.trust;

/**
 * Fisher's exact test of whether a kind of rows has the same share in two samples. It holds for
 * samples of any size, where the usual approximations find too many differences in small ones.
 */
final class FisherTest {
  private static final double EXACT = 0x1p-53; // relative size of terms that change no sum
  private static final double ASYMPTOTIC = 15; // argument from which Stirling's series is exact

  private FisherTest() {}

  /**
   * Returns the probability of a count at least as extreme, if both samples are from one
   * population: twice the tail of the hypergeometric distribution.
   *
   * @param a how many of the n rows of one sample are of a kind
   * @param b how many of the m rows of the other are
   */
  static double p(double a, double n, double b, double m) {
    double kind = a + b;
    double all = n + m;
    boolean isMore = b >= kind * m / all;
    // The tail beyond b, where each term is smaller than the one before.
    double term =
        StrictMath.exp(logChoose(kind, b) + logChoose(all - kind, m - b) - logChoose(all, m));
    double sum = 0;
    for (double k = b; term > sum * EXACT; k += isMore ? 1 : -1) {
      sum += term;
      double others = all - kind - m; // rows of neither sample m nor the kind
      term *=
          isMore
              ? (kind - k) * (m - k) / ((k + 1) * (others + k + 1))
              : k * (others + k) / ((kind - k + 1) * (m - k + 1));
    }
    return Math.min(1, 2 * sum);
  }

  private static double logChoose(double n, double k) {
    return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  }

  /** Returns the logarithm of the gamma function of a number above 0, by Stirling's series. */
  static double logGamma(double x) {
    double product = 1;
    double large = x;
    for (; large < ASYMPTOTIC; large++) {
      product *= large; // as gamma(x + 1) = x gamma(x)
    }
    double inverse = 1 / (large * large);
    double series =
        (1 / 12.0
                + inverse
                    * (-1 / 360.0
                        + inverse
                            * (1 / 1260.0 + inverse * (-1 / 1680.0 + inverse * (1 / 1188.0)))))
            / large;
    return (large - 0.5) * StrictMath.log(large)
        - large
        + 0.5 * StrictMath.log(2 * Math.PI)
        + series
        - StrictMath.log(product);
  }
}
