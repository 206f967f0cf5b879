package dev.lanewise.model;

import dev.lanewise.format.ArgumentException;
import java.util.Arrays;
import java.util.Objects;

/**
 * How the class of a row follows from its probabilities, in place of the largest one: by a
 * threshold for one of two classes, or by what errors cost. It is applied to the calibrated
 * probabilities, in double. Immutable.
 *
 * <p>With a threshold t, the positive class is predicted where its probability is at least t. With
 * costs, the class with the smallest expected cost is predicted, the first of equals: the cost of
 * predicting c is the sum over the true classes of probability times cost.
 */
public final class DecisionRule {
  final int positive; // the class; -1 for costs
  final double threshold;
  final int classes;
  final double[] costs; // [true][predicted]; null for a threshold

  private DecisionRule(int positive, double threshold, int classes, double[] costs) {
    this.positive = positive;
    this.threshold = threshold;
    this.classes = classes;
    this.costs = costs;
  }

  /**
   * {@return the rule of a threshold for a model of two classes}
   *
   * @param positive the class to which the threshold applies, 0 or 1
   * @param threshold its smallest probability where it is predicted, from 0 to 1
   * @throws IllegalArgumentException if a number is out of range
   */
  public static DecisionRule threshold(int positive, double threshold) {
    if (positive < 0 || positive > 1 || !(threshold >= 0 && threshold <= 1)) {
      throw new ArgumentException(
          "threshold %s of class %s, expected a threshold from 0 to 1 of class 0 or 1",
          threshold, positive);
    }
    return new DecisionRule(positive, threshold, 2, null);
  }

  /**
   * {@return the rule of the smallest expected cost}
   *
   * @param costs the costs of each true class [true][predicted], finite; what is right often costs
   *     0
   * @throws IllegalArgumentException if there are fewer than two classes, the rows are not as long
   *     as their number, or a cost is not finite
   */
  public static DecisionRule costs(double[][] costs) {
    int classes = Objects.requireNonNull(costs, "costs").length;
    double[] flat = new double[classes * classes];
    boolean right = classes > 1;
    for (int t = 0; right && t < classes; t++) {
      right = costs[t].length == classes && Arrays.stream(costs[t]).allMatch(Double::isFinite);
      if (right) {
        System.arraycopy(costs[t], 0, flat, t * classes, classes);
      }
    }
    if (!right) {
      throw new ArgumentException(
          "costs %s, expected a finite number for each true and each predicted class",
          Arrays.deepToString(costs));
    }
    return new DecisionRule(-1, Double.NaN, classes, flat);
  }

  /** {@return whether this is a threshold, for one of two classes} */
  public boolean isThreshold() {
    return costs == null;
  }

  /** {@return the class of the threshold; -1 for costs} */
  public int positive() {
    return positive;
  }

  /** {@return the threshold; NaN for costs} */
  public double threshold() {
    return threshold;
  }

  /** {@return the costs, [true][predicted] row-major, a copy; empty for a threshold} */
  public double[] costs() {
    return costs == null ? new double[0] : costs.clone();
  }

  /** {@return the number of classes that a model must have} */
  public int classes() {
    return classes;
  }

  /**
   * {@return the class of a row}
   *
   * @param p probabilities, from an offset on
   * @param offset the position of the first
   */
  public int decide(double[] p, int offset) {
    if (costs == null) {
      return p[offset + positive] >= threshold ? positive : 1 - positive;
    }
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      double cost = 0;
      for (int t = 0; t < classes; t++) {
        cost += p[offset + t] * costs[t * classes + c];
      }
      if (cost < least) {
        least = cost;
        best = c;
      }
    }
    return best;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DecisionRule that
        && positive == that.positive
        && Double.compare(threshold, that.threshold) == 0
        && Arrays.equals(costs, that.costs);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * positive + Double.hashCode(threshold)) + Arrays.hashCode(costs);
  }

  /** {@return such as {@code class 1 from probability 0.3 on}, or {@code costs [0.0, 5.0, ...]}} */
  @Override
  public String toString() {
    return isThreshold()
        ? "class %s from probability %s on".formatted(positive, threshold)
        : "costs " + Arrays.toString(costs);
  }
}
