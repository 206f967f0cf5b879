package dev.lanewise.kernel.math;

import java.util.Arrays;

/**
 * What is computed along a row by plain code: its largest number, and sums in a fixed order. A sum
 * has {@value #PARTIAL_SUMS} partial sums from +0, element j going to sum j mod 16; then sum i
 * takes sum i + 8, i + 4, i + 2, i + 1. Vectors of any width can do the same.
 */
public final class Rows {
  /** How many partial sums a sum has. */
  public static final int PARTIAL_SUMS = 16;

  private Rows() {}

  /**
   * How many floats of scratch softmax and losses need for rows of a length.
   *
   * @param columns numbers of a row
   * @return a number of floats
   */
  public static int scratch(int columns) {
    int row = Math.addExact(columns, 2 * PARTIAL_SUMS - 1) / PARTIAL_SUMS * PARTIAL_SUMS;
    return columns <= SoftmaxRows.COLUMNS ? SoftmaxRows.SCRATCH : row;
  }

  /**
   * The largest number of a row; NaN if any is.
   *
   * @param columns numbers of the row, at least 1
   * @param x where it stands
   * @param xOffset where it starts
   * @return the number
   */
  public static float largest(int columns, float[] x, int xOffset) {
    float max = x[xOffset];
    for (int j = 1; j < columns; j++) {
      max = Math.max(max, x[xOffset + j]);
    }
    return max;
  }

  /**
   * Writes {@code exp(x - max)} to the beginning of the scratch.
   *
   * @param columns numbers of the row
   * @param x where it stands
   * @param xOffset where it starts
   * @param max the largest of them
   * @param scratch at least {@link #scratch} floats
   * @return the sum of what is written
   */
  public static float exponentials(
      int columns, float[] x, int xOffset, float max, float[] scratch) {
    for (int j = 0; j < columns; j++) {
      scratch[j] = Elementary.exp(x[xOffset + j] - max);
    }
    return sum(columns, scratch);
  }

  /**
   * The sum of the first numbers of the scratch; the partial sums stand at its end.
   *
   * @param columns how many numbers
   * @param scratch at least {@link #scratch} floats
   * @return the sum
   */
  public static float sum(int columns, float[] scratch) {
    int sums = scratch.length - PARTIAL_SUMS;
    Arrays.fill(scratch, sums, scratch.length, 0);
    for (int j = 0; j < columns; j++) {
      scratch[sums + j % PARTIAL_SUMS] += scratch[j];
    }
    return total(scratch, sums);
  }

  /** Adds the 16 partial sums at an offset; they are overwritten. */
  static float total(float[] scratch, int sums) {
    for (int width = PARTIAL_SUMS / 2; width > 0; width /= 2) {
      for (int i = 0; i < width; i++) {
        scratch[sums + i] += scratch[sums + i + width];
      }
    }
    return scratch[sums];
  }

  /**
   * The column of a row's largest number: the first wins a tie, and NaN never wins.
   *
   * @param columns numbers of the row
   * @param x where it stands
   * @param xOffset where it starts
   * @return the column; -1 if all are NaN
   */
  public static int argmax(int columns, float[] x, int xOffset) {
    int best = -1;
    float max = Float.NaN;
    for (int j = 0; j < columns; j++) {
      float value = x[xOffset + j];
      // The negation lets the first number replace the initial NaN.
      if (best < 0 ? value == value : value > max) {
        best = j;
        max = value;
      }
    }
    return best;
  }
}
