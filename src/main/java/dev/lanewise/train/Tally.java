package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.nn.Backpropagation;

/**
 * The loss and the accuracy of rows that a network has passed, summed in their order: share of the
 * classes that are right, or of the outputs that are on the right side of 1/2 where each has a
 * target of its own; in regression R2, as {@link Evaluation#accuracy} defines it.
 *
 * <p>Rows of a split that is evaluated count by their weights: the sums are of {@code w x}, and the
 * means divide by the sum of w. Rows of a training step count alike, as their losses have been
 * multiplied by the weights already, and the gradient too is divided by their number.
 */
final class Tally {
  private final Backpropagation network;
  private final int outputs;
  private double lossSum;
  private double rows; // each counts as its weight
  private double right;

  // Of each output in regression: sums of d^2 with d = y - t, of t and of t^2, where t is taken
  // from the first row's, so that a large mean does not drown what there is beside it.
  private final double[] origin;
  private final double[] errors;
  private final double[] sums;
  private final double[] squares;

  Tally(Backpropagation network) {
    this.network = network;
    boolean regression = network.loss().isRegression();
    outputs = network.targets() == null ? 1 : network.targets().length / network.maxRows();
    origin = new double[regression ? outputs : 0];
    errors = new double[origin.length];
    sums = new double[origin.length];
    squares = new double[origin.length];
  }

  /** Begins anew. */
  void reset() {
    lossSum = 0;
    rows = 0;
    right = 0;
    for (int k = 0; k < errors.length; k++) {
      errors[k] = 0;
      sums[k] = 0;
      squares[k] = 0;
    }
  }

  /** Adds the first rows of the network's mini-batch, which count alike. */
  void add(int count) {
    for (int i = 0; i < count; i++) {
      addRow(i, 1);
    }
  }

  /** Adds the first rows of the network's mini-batch, with the weights that they have. */
  void add(int count, Split split, int first) {
    for (int i = 0; i < count; i++) {
      addRow(i, split.weight(first + i));
    }
  }

  private void addRow(int i, double weight) {
    lossSum += weight * network.losses()[i];
    if (network.targets() == null) {
      right += network.predicted()[i] == network.labels()[i] ? weight : 0;
    }
    for (int k = 0, at = i * outputs; network.targets() != null && k < outputs; k++, at++) {
      if (network.loss().isRegression()) {
        addError(k, network.outputs()[at], network.targets()[at], weight);
      } else {
        right += isRight(network.outputs()[at] > 0, network.targets()[at]) ? weight : 0;
      }
    }
    rows += weight;
  }

  /** Adds the rows of another tally of the same network. */
  void add(Tally other) {
    lossSum += other.lossSum;
    right += other.right;
    for (int k = 0; k < errors.length; k++) {
      origin[k] = rows == 0 ? other.origin[k] : origin[k];
      double shift = other.origin[k] - origin[k];
      errors[k] += other.errors[k];
      squares[k] += other.squares[k] + shift * (2 * other.sums[k] + other.rows * shift);
      sums[k] += other.sums[k] + other.rows * shift;
    }
    rows += other.rows;
  }

  /** All that it has summed, for a checkpoint. */
  double[] state() {
    int k = errors.length;
    double[] state = new double[3 + 4 * k];
    state[0] = lossSum;
    state[1] = rows;
    state[2] = right;
    System.arraycopy(origin, 0, state, 3, k);
    System.arraycopy(errors, 0, state, 3 + k, k);
    System.arraycopy(sums, 0, state, 3 + 2 * k, k);
    System.arraycopy(squares, 0, state, 3 + 3 * k, k);
    return state;
  }

  /** Goes on from what {@link #state} gave; refused if it is of another kind of network. */
  void restore(double[] state) {
    int k = errors.length;
    if (state.length != 3 + 4 * k) {
      throw new IllegalArgumentException(
          "a checkpoint of " + state.length + " sums, expected " + (3 + 4 * k));
    }
    lossSum = state[0];
    rows = state[1];
    right = state[2];
    System.arraycopy(state, 3, origin, 0, k);
    System.arraycopy(state, 3 + k, errors, 0, k);
    System.arraycopy(state, 3 + 2 * k, sums, 0, k);
    System.arraycopy(state, 3 + 3 * k, squares, 0, k);
  }

  /** The sum of the losses. */
  double lossSum() {
    return lossSum;
  }

  private void addError(int k, double y, double t, double weight) {
    if (rows == 0) {
      origin[k] = t;
    }
    double d = y - t;
    double deviation = t - origin[k];
    errors[k] += weight * (d * d);
    sums[k] += weight * deviation;
    squares[k] += weight * (deviation * deviation);
  }

  /** Whether a probability above 1/2 agrees with a target above 1/2. */
  static boolean isRight(boolean predicted, float target) {
    return predicted == target > 0.5f;
  }

  /** The mean loss of the rows; NaN if there are none. */
  double loss() {
    return lossSum / rows;
  }

  /** The mean of what is right, or R2; NaN if there are no rows. */
  double accuracy() {
    if (!network.loss().isRegression()) {
      return right / (rows * outputs);
    }
    double mean = rows == 0 ? Double.NaN : 0;
    for (int k = 0; k < outputs; k++) {
      mean += r2(errors[k], squares[k] - sums[k] * sums[k] / rows);
    }
    return mean / outputs;
  }

  /** 1 less the errors' squares over the targets' about their mean; of equal targets 0 or 1. */
  static double r2(double errors, double spread) {
    if (spread > 0) {
      return 1 - errors / spread;
    }
    return errors == 0 ? 1 : errors > 0 ? 0 : Double.NaN;
  }
}
