package dev.lanewise.nn;

import dev.lanewise.format.ArgumentException;
import java.util.Arrays;
import java.util.List;

/**
 * The weights of the classes in a training, and how predictions undo them. A network that was
 * trained with weights gives probabilities as if each class were more or less frequent by its
 * weight. A predictor divides by the weights, so that the probabilities are those of a training
 * without weights (Elkan, "The foundations of cost-sensitive learning", 2001).
 *
 * <p>With the outputs q and the weights w, the probabilities are {@code q / w / sum(q / w)}. With
 * label smoothing e and K classes, only the part {@code r = max(0, q - e / K)} of an output follows
 * the weights, and the probabilities are {@code q + (1 - e) * (r / w / sum(r / w) - r / sum(r))},
 * computed in double. They are q if all weights are equal, and 0 or 1 only if q is. The predicted
 * class stays the one with the largest q, because the weights were asked for its sake. Immutable.
 */
public final class ClassWeighting {
  /** The range of weights, in which no quotient overflows. */
  private static final double MOST = 1e100;

  private final double smoothing;
  private final double[] weights;

  private ClassWeighting(double smoothing, double... weights) {
    this.smoothing = smoothing;
    this.weights = weights;
  }

  /**
   * {@return the weighting of a training}
   *
   * @param smoothing its label smoothing, from 0 to below 1
   * @param weights the weights of the classes, by which losses and the frequencies of rows were
   *     multiplied
   * @throws IllegalArgumentException if a number is out of range, or there is no weight
   */
  public static ClassWeighting of(double smoothing, double... weights) {
    boolean right = smoothing >= 0 && smoothing < 1 && weights.length > 0;
    if (!right || Arrays.stream(weights).anyMatch(w -> !(w >= 1 / MOST && w <= MOST))) {
      throw new ArgumentException(
          "class weights %s with label smoothing %s, expected weights from %s to %s, and a"
              + " smoothing from 0 to below 1",
          Arrays.toString(weights), smoothing, 1 / MOST, MOST);
    }
    return new ClassWeighting(smoothing, weights.clone());
  }

  /**
   * {@return the weighting of an average of networks, by the means of their numbers}
   *
   * @param all of networks of the same classes, at least one
   * @param shares the weight of each network in the average
   */
  public static ClassWeighting mean(List<ClassWeighting> all, int... shares) {
    double sum = Arrays.stream(shares).sum();
    double smoothing = 0;
    double[] weights = new double[all.get(0).weights.length];
    for (int m = 0; m < shares.length; m++) {
      smoothing += shares[m] * all.get(m).smoothing / sum;
      for (int k = 0; k < weights.length; k++) {
        weights[k] += shares[m] * all.get(m).weights[k] / sum;
      }
    }
    return of(smoothing, weights);
  }

  /** {@return the label smoothing} */
  public double smoothing() {
    return smoothing;
  }

  /** {@return the weights of the classes, a copy} */
  public double[] weights() {
    return weights.clone();
  }

  /**
   * Undoes the weights in place.
   *
   * @param q probabilities of all classes, from an offset on
   * @param offset the position of the first
   */
  public void undo(double[] q, int offset) {
    double least = smoothing / weights.length;
    double sure = 0;
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      double part = Math.max(0, q[offset + k] - least);
      sure += part;
      sum += part / weights[k];
    }
    for (int k = 0; k < weights.length; k++) {
      double part = Math.max(0, q[offset + k] - least);
      double share = part / weights[k] / sum;
      q[offset + k] =
          smoothing == 0 ? share : q[offset + k] + (1 - smoothing) * (share - part / sure);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClassWeighting that
        && smoothing == that.smoothing
        && Arrays.equals(weights, that.weights);
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(smoothing) + Arrays.hashCode(weights);
  }

  /** {@return such as {@code [0.6, 2.5], label smoothing 0.1}} */
  @Override
  public String toString() {
    return Arrays.toString(weights) + (smoothing > 0 ? ", label smoothing " + smoothing : "");
  }
}
