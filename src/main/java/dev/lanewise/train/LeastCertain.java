package dev.lanewise.train;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The rows of which a model is least sure, by the probability of the class it chose: "least
 * confident" uncertainty sampling (Lewis and Gale, "A sequential algorithm for training text
 * classifiers", 1994).
 */
public final class LeastCertain {
  private LeastCertain() {}

  /**
   * The rows with the smallest largest probability, the least certain first. Of equal rows the
   * first in the file comes first. A row whose confidence is NaN is less certain than any other.
   *
   * @param evaluation a model's predictions
   * @param count how many rows; all of them if there are fewer
   * @return numbers of rows, for {@link Evaluation#label}, {@link Evaluation#predicted} and {@link
   *     Evaluation#confidence}
   * @throws IllegalArgumentException if count is below 0
   */
  public static int[] rows(Evaluation evaluation, int count) {
    if (count < 0) {
      throw new IllegalArgumentException("least certain " + count + " rows: must be at least 0");
    }
    return IntStream.range(0, evaluation.rows())
        .boxed()
        // Sorting a stream that has an order is stable, which settles ties.
        .sorted(Comparator.comparingDouble(row -> order(evaluation.confidence(row))))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static double order(float confidence) {
    return Float.isNaN(confidence) ? -1 : confidence;
  }
}
