package dev.lanewise.kernel.math;

/**
 * The two loops of clipping by norm. They stand outside the kernels of two twins because they have
 * no vector twin: eight sums in double keep a core as busy as its loads do, and C2 vectorises the
 * other loop.
 */
public final class GradientNorm {
  private static final int SUMS = 8;

  private GradientNorm() {}

  /**
   * Sum of squares in double, where a square of a float is exact: element j goes to partial sum j
   * mod 8, each of which starts at +0; then sum i takes sum i + 4, i + 2, i + 1.
   *
   * @param x the array
   * @param offset where to begin
   * @param length how many elements
   * @return the sum
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
    // A tail adds to the first sums; +0 to the others changes no bit, as no sum is -0.
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

  /**
   * {@code x *= factor}.
   *
   * @param factor the factor
   * @param x the array, updated
   * @param offset where to begin
   * @param length how many elements
   */
  public static void scale(float factor, float[] x, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      x[i] *= factor;
    }
  }
}
