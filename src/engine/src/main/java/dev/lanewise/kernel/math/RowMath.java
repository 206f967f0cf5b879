package dev.lanewise.kernel.math;

import java.util.Arrays;

/**
 * Functions of a row in plain code: its largest value, and sums in a fixed order. A sum has {@value
 * #PARTIAL_SUMS} partial sums, which start at +0. Element j is added to partial sum j mod 16. Then
 * partial sum i adds partial sums i + 8, i + 4, i + 2 and i + 1. Vectors of any width can do the
 * same.
 */
public final class RowMath {
  /** Number of partial sums of a sum. */
  public static final int PARTIAL_SUMS = 16;

  private RowMath() {}

  /**
   * {@return how many floats of scratch the methods for one row need}
   *
   * @param columns number of values in a row
   */
  public static int scratch(int columns) {
    return Math.addExact(columns, 2 * PARTIAL_SUMS - 1) / PARTIAL_SUMS * PARTIAL_SUMS;
  }

  /**
   * {@return the largest value of a row, or NaN if one of them is NaN}
   *
   * @param columns number of values in the row, at least 1
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
   * @param max the largest value of the row
   * @param scratch at least {@link #scratch} floats
   * @return the sum of the exponentials
   */
  public static float exponentials(
      int columns, float[] x, int xOffset, float max, float[] scratch) {
    for (int j = 0; j < columns; j++) {
      scratch[j] = Elementary.exp(x[xOffset + j] - max);
    }
    return sum(columns, scratch);
  }

  /**
   * {@return the sum of the first values of the scratch} The partial sums are stored at its end.
   *
   * @param scratch at least {@link #scratch} floats
   */
  public static float sum(int columns, float[] scratch) {
    int sums = scratch.length - PARTIAL_SUMS;
    Arrays.fill(scratch, sums, scratch.length, 0);
    for (int j = 0; j < columns; j++) {
      scratch[sums + j % PARTIAL_SUMS] += scratch[j];
    }
    return total(scratch, sums);
  }

  /** Returns the total of the 16 partial sums at an offset, which are overwritten. */
  static float total(float[] scratch, int sums) {
    for (int width = PARTIAL_SUMS / 2; width > 0; width /= 2) {
      for (int i = 0; i < width; i++) {
        scratch[sums + i] += scratch[sums + i + width];
      }
    }
    return scratch[sums];
  }

  /**
   * {@return the column of a row's largest value, or -1 if all values are NaN} The first wins a
   * tie, and NaN never wins.
   */
  public static int argmax(int columns, float[] x, int xOffset) {
    int best = -1;
    float max = Float.NaN;
    for (int j = 0; j < columns; j++) {
      float value = x[xOffset + j];
      // The first value that is not NaN replaces the initial NaN.
      if (best < 0 ? value == value : value > max) {
        best = j;
        max = value;
      }
    }
    return best;
  }
}
