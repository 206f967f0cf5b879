package dev.lanewise.kernel.math;

import java.util.Arrays;

/**
 * Products of the rows of a matrix and a factor per row, and the gradients of both, as plain loops
 * that C2 vectorises (see {@link Updates}). The matrix is at the start of its array. Factors have
 * the same offset in the array of parameters as their gradients in the array of gradients.
 */
public final class ScaledRows {
  /** Floats of scratch for a gradient. */
  public static final int SCRATCH = RowMath.PARTIAL_SUMS;

  private ScaledRows() {}

  /**
   * Computes {@code scaled[i][j] = s[i] * w[i][j]}, rounded once.
   *
   * @param w [rows][columns], followed by the factors
   * @param factors index of the factor of row 0
   * @param scaled [rows][columns]; the given rows are overwritten
   */
  public static void scale(int from, int to, int columns, float[] w, int factors, float[] scaled) {
    for (int i = from; i < to; i++) {
      scaleRow(w[factors + i], w, scaled, i * columns, columns);
    }
  }

  /**
   * Computes the gradients of the rows and of the factors from the gradient g' of the scaled rows.
   * The gradient of the factor s[i] is the sum over j of {@code w[i][j] * g'[i][j]}, each product
   * rounded, in the order of {@link RowMath#sum}. The gradient of a row is {@code g[i][j] = s[i] *
   * g'[i][j]}, rounded once.
   *
   * @param w [rows][columns], followed by the factors
   * @param gradient g', [rows][columns], followed by the gradients of the factors; those of the
   *     given rows are overwritten
   * @param factors index of the factor of row 0
   * @param sums {@value #SCRATCH} floats of scratch
   */
  public static void gradients(
      int from, int to, int columns, float[] w, float[] gradient, int factors, float[] sums) {
    for (int i = from; i < to; i++) {
      gradient[factors + i] = dot(columns, w, gradient, i * columns, sums);
      scaleRow(w[factors + i], gradient, gradient, i * columns, columns);
    }
  }

  private static void scaleRow(float factor, float[] x, float[] y, int offset, int length) {
    for (int j = offset; j < offset + length; j++) {
      y[j] = factor * x[j];
    }
  }

  private static float dot(int columns, float[] x, float[] y, int offset, float[] sums) {
    Arrays.fill(sums, 0);
    int end = offset + columns;
    for (int j = offset; j < end; j += SCRATCH) {
      int length = Math.min(SCRATCH, end - j);
      for (int q = 0; q < length; q++) {
        sums[q] += x[j + q] * y[j + q];
      }
    }
    return RowMath.total(sums, 0);
  }
}
