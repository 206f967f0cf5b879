package dev.lanewise.report;

import dev.lanewise.data.Rows;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.metrics.Evaluation;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Chooses rows for measures and pages that have no time or room for all of them. */
public final class ChosenRows {
  /** Rows of a batch that is predicted at once: enough for an efficient matrix product. */
  static final int BATCH = 128;

  private ChosenRows() {}

  /**
   * Draws rows of positive weight: at most a given number, the first of a shuffle.
   *
   * @return their numbers, ascending
   */
  static int[] drawn(Rows rows, int most, long seed) {
    int[] order = new int[rows.rows()];
    CounterRandom.permutation(CounterRandom.key(seed, CounterRandom.PERMUTATION, 0), order);
    int[] drawn = Arrays.stream(order).filter(row -> rows.weight(row) > 0).limit(most).toArray();
    Arrays.sort(drawn);
    return drawn;
  }

  /**
   * Returns the indices of the largest of some values, the largest first; equals keep their order.
   */
  static int[] largest(int count, int most, IntToDoubleFunction value) {
    double[] values = IntStream.range(0, count).mapToDouble(value).toArray();
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -values[i]))
        .limit(most)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * Returns the rows whose chosen class has the smallest probability, the least certain first:
   * "least confident" uncertainty sampling (Lewis and Gale, "A sequential algorithm for training
   * text classifiers", 1994). Equal rows keep their order; NaN is less certain than any number.
   *
   * @param evaluation the predictions of all rows
   * @param count how many rows at most
   * @return indices of rows
   */
  public static int[] leastCertain(Evaluation evaluation, int count) {
    return largest(
        evaluation.rows(),
        count,
        row -> {
          float confidence = evaluation.confidence(row);
          return Float.isNaN(confidence) ? 0 : -confidence;
        });
  }
}
