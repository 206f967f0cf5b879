package dev.lanewise.trust;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Why a row has its prediction: by how much each column moves an output away from its base value.
 * All numbers are in the units of the output: a probability, or for regression the units of the
 * data.
 *
 * @param output the class or output that is explained, from 0
 * @param base the output without knowledge of the row: at the baseline of integrated gradients, or
 *     the mean over the background rows
 * @param prediction the output of the row; for integrated gradients computed in double, so that it
 *     can differ from that of a predictor by the rounding of floats
 * @param contributions by how much each column moves the output
 * @param standardErrors the standard errors of the contributions, which come from the drawn
 *     permutations; empty if they are not estimates
 * @param spread how far outputs differ: their standard deviation among the background rows, or the
 *     distance of the prediction from the base if that is larger, or there are no background rows
 * @param effort the number of steps of integrated gradients, or of permutations for estimated
 *     Shapley values; 0 for exact ones
 * @param isComplete whether the remainder is at most 1e-3 of the difference between prediction and
 *     base, or 5e-5 if the difference is below 0.05 (in units of the network's output, so for
 *     scaled targets times the size of the scaling), or 3e-5 of all that the output goes up and
 *     down between the baseline and the row; always true for Shapley values
 */
public record Explanation(
    int output,
    double base,
    double prediction,
    List<Double> contributions,
    List<Double> standardErrors,
    double spread,
    int effort,
    boolean isComplete) {

  static List<Double> list(double... numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  /** {@return the sum of the contributions of all columns} */
  public double sum() {
    return contributions.stream().mapToDouble(part -> part).sum();
  }

  /** {@return by how much the sum of the contributions falls short of prediction - base} */
  public double remainder() {
    return prediction - base - sum();
  }

  /** {@return the largest standard error; 0 if the contributions are not estimates} */
  public double largestError() {
    return standardErrors.stream().mapToDouble(error -> error).max().orElse(0);
  }

  /** {@return whether the contributions are estimates with standard errors} */
  public boolean isEstimate() {
    return !standardErrors.isEmpty();
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
