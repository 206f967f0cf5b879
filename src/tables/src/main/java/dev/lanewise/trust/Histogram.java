package dev.lanewise.trust;

import dev.lanewise.data.internal.Quantiles;
import dev.lanewise.table.internal.SortedNumbers;
import java.util.Arrays;

/**
 * Numbers as quantiles at equal steps, and how many numbers are in the cell between each quantile
 * and the next. The quantiles are those of {@code numpy.quantile} by its default method. A cell
 * contains its upper quantile but not its lower one. Where many numbers are equal, quantiles are
 * equal, too, and the first cell between them contains exactly this number.
 *
 * @param quantiles [{@link #CELLS} + 1], ascending
 * @param counts [{@link #CELLS} + 1], the last one of rows without a number
 */
record Histogram(double[] quantiles, int[] counts) {
  /** Fine enough for any usual number of bins, and 264 bytes as floats and counts. */
  static final int CELLS = 32;

  /** Number of the cell of numbers below the first quantile. */
  static final int BELOW = CELLS + 1;

  /** Number of the cell of numbers above the last quantile. */
  static final int ABOVE = CELLS + 2;

  /**
   * Makes the histogram of numbers, which are sorted meanwhile.
   *
   * @param numbers finite
   * @param count how many of them, at least 1
   * @param asFloats whether the quantiles are rounded to floats, as the numbers are floats
   */
  static Histogram of(double[] numbers, int count, boolean asFloats) {
    SortedNumbers.sort(numbers, count);
    double[] quantiles = new double[CELLS + 1];
    for (int i = 0; i <= CELLS; i++) {
      double quantile = Quantiles.of(numbers, count, (double) i / CELLS);
      quantiles[i] = asFloats ? (float) quantile : quantile;
    }
    Histogram histogram = new Histogram(quantiles, new int[CELLS + 1]);
    for (int i = 0; i < count; i++) {
      histogram.counts[histogram.cell(numbers[i])]++;
    }
    return histogram;
  }

  /** Returns whether a cell contains a single number, which then occurs many times. */
  boolean isSingle(int cell) {
    return cell >= 0 && cell < CELLS && quantiles[cell] == quantiles[cell + 1];
  }

  /**
   * Returns the cell of a number: from 0, or {@link #BELOW} or {@link #ABOVE}, which contain none
   * of the numbers that the histogram was made of.
   */
  int cell(double number) {
    if (number < quantiles[0]) {
      return BELOW;
    } else if (number > quantiles[CELLS]) {
      return ABOVE;
    }
    int low = 0; // the first quantile that is not below the number
    for (int high = CELLS; low < high; ) {
      int middle = (low + high) >>> 1;
      if (quantiles[middle] < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return quantiles[low] == number && isSingle(low) ? low : Math.max(0, low - 1);
  }

  /** Returns how many numbers the histogram was made of. */
  int count() {
    return Arrays.stream(counts, 0, CELLS).sum();
  }
}
