package dev.lanewise.trust;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Why a row has its prediction: by how much each column moves an output away from its base value.
 * All numbers are in the units of the output: a probability, or for regression those of the data.
 */
public final class Explanation {
  private final int output;
  private final double base;
  private final double prediction;
  private final double[] contributions; // [columns]
  private final double[] errors; // [columns]
  private final int effort;
  private final boolean isComplete;

  /**
   * Makes an explanation, which is complete if the remainder is at most the tolerance.
   *
   * @param errors standard errors of estimates; else null
   * @param effort steps, or permutations; 0 for exact Shapley values
   */
  Explanation(
      int output,
      double base,
      double prediction,
      double[] contributions,
      double[] errors,
      int effort,
      double tolerance) {
    this.output = output;
    this.base = base;
    this.prediction = prediction;
    this.contributions = contributions;
    this.errors = errors;
    this.effort = effort;
    isComplete = Math.abs(remainder()) <= tolerance;
  }

  /** {@return the class or output that is explained, from 0} */
  public int output() {
    return output;
  }

  /**
   * {@return the output without knowledge of the row: at the baseline of integrated gradients, or
   * the mean over the background rows}
   */
  public double base() {
    return base;
  }

  /**
   * {@return the output of the row; for integrated gradients computed in double, so that it can
   * differ from that of a predictor by the rounding of floats}
   */
  public double prediction() {
    return prediction;
  }

  /** {@return the number of columns} */
  public int columns() {
    return contributions.length;
  }

  /**
   * {@return by how much a column moves the output}
   *
   * @param column from 0
   */
  public double contribution(int column) {
    return contributions[column];
  }

  /** {@return the sum of the contributions of all columns} */
  public double sum() {
    return Arrays.stream(contributions).sum();
  }

  /** {@return by how much the sum of the contributions falls short of prediction - base} */
  public double remainder() {
    return prediction - base - sum();
  }

  /**
   * {@return whether the remainder is at most 1e-3 of the difference between prediction and base,
   * or 1e-5 if the difference is below 0.01 (in units of the network's output, so for scaled
   * targets times the size of the scaling); always true for Shapley values}
   */
  public boolean isComplete() {
    return isComplete;
  }

  /** {@return whether the contributions are estimates with standard errors} */
  public boolean isEstimate() {
    return errors != null;
  }

  /**
   * {@return the standard error of a column's contribution, which comes from the drawn
   * permutations; 0 if the contributions are not estimates}
   *
   * @param column from 0
   */
  public double standardError(int column) {
    return errors == null ? 0 : errors[column];
  }

  /**
   * {@return the number of steps of integrated gradients, or of permutations for estimated Shapley
   * values; 0 for exact ones}
   */
  public int effort() {
    return effort;
  }

  /**
   * {@return the columns by the size of their contributions, largest first, the first of equals}
   */
  public int[] order() {
    Comparator<Integer> bySize = Comparator.comparingDouble(c -> -Math.abs(contributions[c]));
    return IntStream.range(0, contributions.length)
        .boxed()
        .sorted(bySize)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** {@return such as {@code Explanation[output 1, 0.38 -> 0.93, 8 columns]}} */
  @Override
  public String toString() {
    return "Explanation[output %s, %s -> %s, %s columns]"
        .formatted(output, base, prediction, contributions.length);
  }
}
