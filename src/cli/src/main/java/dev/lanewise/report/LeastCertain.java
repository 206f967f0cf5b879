package dev.lanewise.report;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.metrics.Evaluation;
import java.util.Arrays;

/**
 * Finds the rows with the smallest probability of the chosen class: "least confident" uncertainty
 * sampling (Lewis and Gale, "A sequential algorithm for training text classifiers", 1994).
 */
public final class LeastCertain {
  private LeastCertain() {}

  /**
   * Returns the rows whose largest probability is smallest, the least certain first. Equal rows
   * keep their order. A row whose confidence is NaN is less certain than any other.
   *
   * @param evaluation a model's predictions
   * @param count number of rows; all rows if there are fewer
   * @return numbers of rows, for {@link Evaluation#label}, {@link Evaluation#predicted} and {@link
   *     Evaluation#confidence}
   * @throws IllegalArgumentException if count is below 0
   * @throws IllegalStateException if the targets are not classes
   */
  public static int[] rows(Evaluation evaluation, int count) {
    if (count < 0) {
      throw new ArgumentException("%s least certain rows, expected at least 0", count);
    }
    // As integers, the bits of floats that are not negative have the order of the floats. The lower
    // half of a key is the row, so that the first row comes first among rows of equal confidence.
    long[] keys = new long[evaluation.rows()];
    for (int row = 0; row < keys.length; row++) {
      float confidence = evaluation.confidence(row);
      long order = Float.isNaN(confidence) ? -1 : Float.floatToIntBits(confidence);
      keys[row] = order << 32 | row;
    }
    Arrays.sort(keys);
    int[] rows = new int[Math.min(count, keys.length)];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (int) keys[i];
    }
    return rows;
  }
}
