package dev.lanewise.trust;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Why a row has its prediction: by how much each column moves an output away from its base value.
 * All numbers are in the units of the output: a probability, or for regression the units of the
 * data.
 *
 * @param output the class or output that is explained, from 0
 * @param base the output without knowledge of the row, at the baseline
 * @param prediction the output of the row, computed in double, so that it can differ from that of a
 *     predictor by the rounding of floats
 * @param contributions by how much each column moves the output
 * @param effort the number of steps from the baseline to the row
 * @param isComplete whether the remainder is at most 1e-3 of the difference between prediction and
 *     base, or 5e-5 if the difference is below 0.05 (in units of the network's output, so for
 *     scaled targets times the size of the scaling), or 3e-5 of all that the output goes up and
 *     down between the baseline and the row
 */
public record Explanation(
    int output,
    double base,
    double prediction,
    List<Double> contributions,
    int effort,
    boolean isComplete) {

  /** {@return the sum of the contributions of all columns} */
  public double sum() {
    return contributions.stream().mapToDouble(part -> part).sum();
  }

  /** {@return by how much the sum of the contributions falls short of prediction - base} */
  public double remainder() {
    return prediction - base - sum();
  }

  /**
   * {@return the columns by the size of their contributions, largest first, the first of equals}
   */
  public int[] order() {
    Comparator<Integer> bySize = Comparator.comparingDouble(c -> -Math.abs(contributions.get(c)));
    return IntStream.range(0, contributions.size())
        .boxed()
        .sorted(bySize)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
