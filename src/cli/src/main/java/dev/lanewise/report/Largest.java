package dev.lanewise.report;

import java.util.Comparator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** The largest of some values, which a page shows where it has no room for all. */
final class Largest {
  private Largest() {}

  /** Returns the indices of the largest of some values, in descending order of the values. */
  public static int[] of(int count, int most, IntToDoubleFunction value) {
    double[] values = IntStream.range(0, count).mapToDouble(value).toArray();
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -values[i]))
        .limit(most)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
