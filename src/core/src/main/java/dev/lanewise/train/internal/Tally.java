package dev.lanewise.train.internal;

import dev.lanewise.data.Rows;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.train.Figure;
import dev.lanewise.train.Score;
import java.util.Arrays;
import java.util.List;

/**
 * The mean loss and the accuracy of rows, summed in their order, so that the result depends neither
 * on threads nor on the size of a mini-batch. The accuracy is as {@link Score} defines it.
 *
 * <p>Each row counts by its weight: the sums are of {@code w x}, and the means divide by the sum of
 * w.
 */
public final class Tally {
  /** Number of sums: of the losses, of the rows and of the right answers. */
  private static final int SUMS = 3;

  private final Loss loss;
  private final int outputs; // targets of a row
  private double lossSum;
  private double rows; // each counts as its weight
  private double right;
  private double outside; // weight of the rows whose class the network does not have

  private final ErrorSums[] errors; // one per output in regression, else empty

  /**
   * Makes a tally without rows.
   *
   * @param loss the loss of the network
   * @param outputs the number of outputs of the network
   */
  public Tally(Loss loss, int outputs) {
    if (outputs < 1) {
      throw new ArgumentException("a tally of %s outputs, expected at least 1", outputs);
    }
    this.loss = loss;
    this.outputs = loss.task().hasClasses() ? 1 : outputs;
    errors = new ErrorSums[loss.task().hasNumbers() ? outputs : 0];
    Arrays.setAll(errors, k -> new ErrorSums());
  }

  /** Forgets all rows. */
  public void reset() {
    lossSum = 0;
    rows = 0;
    right = 0;
    outside = 0;
    for (ErrorSums each : errors) {
      each.reset();
    }
  }

  /**
   * Adds a row of a loss that takes classes.
   *
   * @param weight the weight of the row, not below 0
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
   * @param weight the weight of the row, not below 0
   * @param rowLoss the loss of the row
   * @param y the outputs of the last layer, [rows][outputs]
   * @param t the targets, [rows][outputs]
   * @param row number of the row in both arrays
   */
  public void add(double weight, double rowLoss, float[] y, float[] t, int row) {
    for (int k = 0, at = row * outputs; k < outputs; k++, at++) {
      add(k, weight, added(y[at]), t[at]);
    }
    add(weight, rowLoss);
  }

  /**
   * Adds a row with a class that the network does not have. It counts as wrong and has no loss.
   *
   * @param weight the weight of the row, not below 0
   */
  public void addOutside(double weight) {
    rows += weight;
    outside += weight;
  }

  /**
   * {@return what {@link #add(int, double, double, double)} takes for an output of the last layer:
   * its result if targets are numbers, else the output itself, which decides a label}
   *
   * @param output an output of the last layer
   */
  public float added(float output) {
    return loss.task().hasNumbers() ? loss.task().outputFunction().of(output) : output;
  }

  /**
   * Adds one output of a row whose targets are numbers; {@link #add(double, double)} ends the row
   * after its last output.
   *
   * @param output from 0
   * @param weight the weight of the row, not below 0
   * @param y the output of the last layer; if targets are numbers, the result in their units
   * @param t the target
   */
  public void add(int output, double weight, double y, double t) {
    if (loss.task().hasNumbers()) {
      errors[output].add(weight, y, t);
    } else {
      right += y > 0 == t > 0.5 ? weight : 0;
    }
  }

  /**
   * Ends a row whose outputs were added one by one.
   *
   * @param weight the weight of the row, not below 0
   * @param rowLoss the loss of the row
   */
  public void add(double weight, double rowLoss) {
    lossSum += weight * rowLoss;
    rows += weight;
  }

  /**
   * Adds rows whose results are known.
   *
   * @param split the rows, with targets and weights
   * @param results [rows][outputs], probabilities, or in regression numbers in the units of the
   *     targets
   * @param decided [rows], the class of each row; not used if the loss does not take classes
   */
  public void add(Rows split, double[] results, int[] decided) {
    int columns = results.length / split.rows();
    for (int row = 0; row < split.rows(); row++) {
      double weight = split.weight(row);
      int at = row * columns;
      if (!loss.task().hasClasses()) {
        for (int k = 0; k < columns; k++) {
          // the sum before a sigmoid is above 0 where it holds
          double y = results[at + k] - (loss.task().hasNumbers() ? 0 : 0.5);
          add(k, weight, y, split.target(row, k));
        }
        add(weight, loss(split, results, row));
      } else if (split.label(row) < columns) {
        add(weight, loss(split, results, row), decided[row] == split.label(row));
      } else {
        addOutside(weight);
      }
    }
  }

  /**
   * {@return the loss of a row; 0 for a class that the network does not have}
   *
   * @param split the rows, with targets
   * @param results [rows][outputs], as {@link #add(Rows, double[], int[])} takes them
   * @param row from 0
   */
  public double loss(Rows split, double[] results, int row) {
    int columns = results.length / split.rows();
    int at = row * columns;
    if (loss.task().hasClasses()) {
      return split.label(row) < columns ? loss.of(results[at + split.label(row)], 1) : 0;
    }
    double sum = 0;
    for (int k = 0; k < columns; k++) {
      double y = results[at + k];
      double t = split.target(row, k);
      Scaling scaling = split.targetScaling();
      sum +=
          loss.task().hasNumbers()
              ? loss.of(scaling.scale(y, k), scaling.scale(t, k))
              : loss.of(y, t);
    }
    return sum / columns;
  }

  /**
   * Adds the rows of another tally, after those of this one.
   *
   * @param other a tally with the same loss and number of outputs
   * @throws IllegalArgumentException if these differ
   */
  public void add(Tally other) {
    if (!other.loss.equals(loss) || other.outputs != outputs) {
      throw new ArgumentException(
          "a tally of loss %s and %s outputs, expected %s and %s as in the tally to add to",
          other.loss.label(), other.outputs, loss.label(), outputs);
    }
    lossSum += other.lossSum;
    right += other.right;
    outside += other.outside;
    for (int k = 0; k < errors.length; k++) {
      errors[k].add(other.errors[k]);
    }
    rows += other.rows;
  }

  /** {@return all sums, for {@link #restore} from a checkpoint} */
  public double[] state() {
    double[] state = Arrays.copyOf(new double[] {lossSum, rows, right}, size());
    for (int k = 0; k < errors.length; k++) {
      errors[k].state(state, SUMS + k * ErrorSums.NUMBERS);
    }
    return state;
  }

  /**
   * Replaces all sums by those of a checkpoint.
   *
   * @param state the result of {@link #state}
   * @throws IllegalArgumentException if its length belongs to another kind of loss or another
   *     number of outputs
   */
  public void restore(double[] state) {
    if (state.length != size()) {
      throw new ArgumentException("a checkpoint of %s sums, expected %s", state.length, size());
    }
    lossSum = state[0];
    rows = state[1];
    right = state[2];
    for (int k = 0; k < errors.length; k++) {
      errors[k].restore(state, SUMS + k * ErrorSums.NUMBERS);
    }
  }

  private int size() {
    return SUMS + ErrorSums.NUMBERS * errors.length;
  }

  /** {@return the loss, the accuracy and the figures that need no results of single rows} */
  public Score score() {
    if (!loss.task().hasNumbers()) {
      return new Score(loss(), accuracy(), List.of(Figure.ofAccuracy(loss, accuracy())));
    }
    return new Score(loss(), accuracy(), ErrorSums.figures(errors));
  }

  /** {@return the mean loss of the rows whose class the network has; NaN if there are none} */
  public double loss() {
    return lossSum / (rows - outside);
  }

  /** {@return the share of right answers, or R2; NaN if there are no rows} */
  public double accuracy() {
    if (!loss.task().hasNumbers()) {
      return right / (rows * outputs);
    }
    return rows == 0 ? Double.NaN : ErrorSums.mean(errors, ErrorSums::r2);
  }
}
