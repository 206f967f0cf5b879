package dev.lanewise.kernel.math;

/**
 * The two loops of clipping by norm. There is only a scalar version, because the sum is limited by
 * its loads, and C2 vectorises the other loop.
 */
public final class GradientNorm {
  private static final int SUMS = 8;

  private GradientNorm() {}

  /**
   * {@return the sum of squares, computed in double, in which the square of a float is exact}
   * Element j is added to partial sum j mod 8; each partial sum starts at +0. Then partial sum i
   * adds partial sums i + 4, i + 2 and i + 1.
   */
  public static double squares(float[] x, int offset, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int whole = offset + length / SUMS * SUMS;
    for (int i = offset; i < whole; i += SUMS) {
      s0 += (double) x[i] * x[i];
      s1 += (double) x[i + 1] * x[i + 1];
      s2 += (double) x[i + 2] * x[i + 2];
      s3 += (double) x[i + 3] * x[i + 3];
      s4 += (double) x[i + 4] * x[i + 4];
      s5 += (double) x[i + 5] * x[i + 5];
      s6 += (double) x[i + 6] * x[i + 6];
      s7 += (double) x[i + 7] * x[i + 7];
    }
    // The remaining elements are added to the first sums. Adding +0 to the others changes no bit,
    // because no sum is -0.
    int end = offset + length;
    s0 += square(x, whole, end);
    s1 += square(x, whole + 1, end);
    s2 += square(x, whole + 2, end);
    s3 += square(x, whole + 3, end);
    s4 += square(x, whole + 4, end);
    s5 += square(x, whole + 5, end);
    s6 += square(x, whole + 6, end);
    return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
  }

  private static double square(float[] x, int i, int end) {
    return i < end ? (double) x[i] * x[i] : 0;
  }

  /** Multiplies elements by a factor. */
  public static void scale(float factor, float[] x, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      x[i] *= factor;
    }
  }
}
