package dev.lanewise.metrics;

import dev.lanewise.engine.Decision;
import dev.lanewise.nn.Loss;
import java.util.Arrays;

/**
 * The mean loss and the accuracy of rows, summed in their order, so that the result depends neither
 * on threads nor on the size of a mini-batch. The accuracy is the share of the classes that are
 * right, or of the outputs that are on the right side of 1/2 where each has a target of its own; in
 * regression it is R2, as {@link Evaluation#accuracy} defines it.
 *
 * <p>Each row counts by its weight: the sums are of {@code w x}, and the means divide by the sum of
 * w.
 */
public final class Tally {
  private final Loss loss;
  private final int outputs; // targets of a row
  private double lossSum;
  private double rows; // each counts as its weight
  private double right;

  // For each output in regression the sums of d^2 with d = y - t, of t and of t^2. They take t from
  // the first row's t as the origin, so that a large mean does not drown the variation beside it.
  private final double[] origin;
  private final double[] errors;
  private final double[] sums;
  private final double[] squares;
  private final double[][] ofOutputs; // all of these

  /**
   * A tally of no rows.
   *
   * @param loss what the rows are measured by
   * @param outputs the number of outputs of the network
   */
  public Tally(Loss loss, int outputs) {
    if (outputs < 1) {
      throw new IllegalArgumentException("tally of " + outputs + " outputs: must be at least 1");
    }
    this.loss = loss;
    this.outputs = loss.takesClasses() ? 1 : outputs;
    origin = new double[loss.isRegression() ? outputs : 0];
    errors = new double[origin.length];
    sums = new double[origin.length];
    squares = new double[origin.length];
    ofOutputs = new double[][] {origin, errors, sums, squares};
  }

  /** Forgets all rows. */
  public void reset() {
    lossSum = 0;
    rows = 0;
    right = 0;
    for (double[] each : ofOutputs) {
      Arrays.fill(each, 0);
    }
  }

  /**
   * Adds a row of a loss that takes classes.
   *
   * @param weight of the row, not below 0
   * @param rowLoss the loss of the row
   * @param isRight whether its class is predicted
   */
  public void add(double weight, double rowLoss, boolean isRight) {
    lossSum += weight * rowLoss;
    right += isRight ? weight : 0;
    rows += weight;
  }

  /**
   * Adds a row whose targets are numbers.
   *
   * @param weight of the row, not below 0
   * @param rowLoss the loss of the row
   * @param y the outputs of the last layer, [rows][outputs]
   * @param t the targets, [rows][outputs]
   * @param row the number of the row in both arrays
   */
  public void add(double weight, double rowLoss, float[] y, float[] t, int row) {
    lossSum += weight * rowLoss;
    for (int k = 0, at = row * outputs; k < outputs; k++, at++) {
      if (loss.isRegression()) {
        addError(k, y[at], t[at], weight);
      } else {
        right += isRight(Decision.holds(y[at]), t[at]) ? weight : 0;
      }
    }
    rows += weight;
  }

  /**
   * Adds the rows of another tally, behind those of this one.
   *
   * @param other of the same loss and number of outputs
   * @throws IllegalArgumentException if it is of others
   */
  public void add(Tally other) {
    if (other.loss != loss || other.outputs != outputs) {
      throw new IllegalArgumentException(
          "tally of loss %s and %s outputs, added to one of %s and %s: must be the same"
              .formatted(other.loss.label(), other.outputs, loss.label(), outputs));
    }
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

  /**
   * All sums, for a checkpoint.
   *
   * @return numbers for {@link #restore}
   */
  public double[] state() {
    double[] state = Arrays.copyOf(new double[] {lossSum, rows, right}, 3 + 4 * errors.length);
    int at = 3;
    for (double[] each : ofOutputs) {
      System.arraycopy(each, 0, state, at, each.length);
      at += each.length;
    }
    return state;
  }

  /**
   * Goes on from the sums of a checkpoint.
   *
   * @param state what {@link #state} gave
   * @throws IllegalArgumentException if it is of another kind of loss or number of outputs
   */
  public void restore(double[] state) {
    int expected = 3 + 4 * errors.length;
    if (state.length != expected) {
      throw new IllegalArgumentException(
          "a checkpoint of " + state.length + " sums, expected " + expected);
    }
    lossSum = state[0];
    rows = state[1];
    right = state[2];
    int at = 3;
    for (double[] each : ofOutputs) {
      System.arraycopy(state, at, each, 0, each.length);
      at += each.length;
    }
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

  /**
   * Both numbers.
   *
   * @return loss and accuracy
   */
  public Score score() {
    return new Score(loss(), accuracy());
  }

  /** Whether a probability above 1/2 agrees with a target above 1/2. */
  static boolean isRight(boolean predicted, float target) {
    return predicted == target > 0.5f;
  }

  /**
   * The mean loss of the rows.
   *
   * @return NaN if there are none
   */
  public double loss() {
    return lossSum / rows;
  }

  /**
   * The share of what is right, or R2.
   *
   * @return NaN if there are no rows
   */
  public double accuracy() {
    if (!loss.isRegression()) {
      return right / (rows * outputs);
    }
    double mean = rows == 0 ? Double.NaN : 0;
    for (int k = 0; k < outputs; k++) {
      mean += r2(errors[k], squares[k] - sums[k] * sums[k] / rows);
    }
    return mean / outputs;
  }

  /**
   * R2 from the sums of squares of errors and of targets about their mean; of equal targets 0 or 1.
   */
  static double r2(double errors, double spread) {
    if (spread > 0) {
      return 1 - errors / spread;
    }
    return errors == 0 ? 1 : errors > 0 ? 0 : Double.NaN;
  }
}
