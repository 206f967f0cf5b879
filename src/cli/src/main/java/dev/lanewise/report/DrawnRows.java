package dev.lanewise.report;

import dev.lanewise.data.Rows;
import dev.lanewise.kernel.math.CounterRandom;
import java.util.Arrays;

/** Draws rows for measures that would take too long on all of them. */
final class DrawnRows {
  /** Rows of a batch that is predicted at once: enough for an efficient matrix product. */
  static final int BATCH = 128;

  private DrawnRows() {}

  /**
   * Draws rows of positive weight: at most a given number, the first of a shuffle.
   *
   * @return their numbers, ascending
   */
  static int[] of(Rows rows, int most, long seed) {
    int[] order = new int[rows.rows()];
    CounterRandom.permutation(CounterRandom.key(seed, CounterRandom.PERMUTATION, 0), order);
    int[] drawn = Arrays.stream(order).filter(row -> rows.weight(row) > 0).limit(most).toArray();
    Arrays.sort(drawn);
    return drawn;
  }
}
