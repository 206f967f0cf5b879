package dev.lanewise.kernel.math;

import java.util.Arrays;

/**
 * Rows of a matrix times a factor each, and the gradients of both, as plain loops that C2 makes
 * vectors of: see {@link Updates}. The matrix stands at the beginning of its array, and the factors
 * and their gradients at the same place in theirs.
 */
public final class ScaledRows {
  /** Floats of scratch for a gradient. */
  public static final int SCRATCH = Rows.PARTIAL_SUMS;

  private ScaledRows() {}

  /**
   * {@code scaled[i][j] = s[i] * w[i][j]}, rounded once.
   *
   * @param from first row
   * @param to behind the last row
   * @param columns of a row
   * @param w [rows][columns], and the factors
   * @param factors where the factor of row 0 stands
   * @param scaled [rows][columns], of which these rows are overwritten
   */
  public static void scale(int from, int to, int columns, float[] w, int factors, float[] scaled) {
    for (int i = from; i < to; i++) {
      scaleRow(w[factors + i], w, scaled, i * columns, columns);
    }
  }

  /**
   * From the gradient g' of the scaled rows those of the rows and of the factors: {@code ds[i]} is
   * the sum over j of {@code w[i][j] * g'[i][j]}, each product rounded, in the order of {@link
   * Rows#sum}, and {@code g[i][j] = s[i] * g'[i][j]}, rounded once.
   *
   * @param from first row
   * @param to behind the last row
   * @param columns of a row
   * @param w [rows][columns], and the factors
   * @param gradient [rows][columns], of which these rows are replaced, and the gradients of their
   *     factors, which are overwritten
   * @param factors where those of row 0 stand
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
    return Rows.total(sums, 0);
  }
}
