package dev.lanewise.metrics;

import java.util.Objects;

/**
 * How outputs agree with targets that are numbers: mean squared error, mean absolute error and R2,
 * the coefficient of determination, of each output and their means over the outputs. They are
 * scikit-learn's {@code mean_squared_error}, {@code mean_absolute_error} and {@code r2_score} with
 * the weights as {@code sample_weight}.
 */
public final class RegressionMetrics {
  private final double[] mse; // [outputs]
  private final double[] mae;
  private final double[] r2;

  private RegressionMetrics(float[] targets, float[] results, int outputs, float[] weights) {
    int rows = targets.length / outputs;
    double all = MetricRows.sum(weights);
    mse = new double[outputs];
    mae = new double[outputs];
    r2 = new double[outputs];
    for (int k = 0; k < outputs; k++) {
      double squares = 0;
      double magnitudes = 0;
      // Sums take the first target as their origin, so that the mean of equal targets is exact.
      double origin = targets[k];
      double shift = 0;
      for (int row = 0, at = k; row < rows; row++, at += outputs) {
        double weight = weights[row];
        double d = (double) results[at] - targets[at];
        squares += weight * (d * d);
        magnitudes += weight * Math.abs(d);
        shift += weight * (targets[at] - origin);
      }
      double mean = origin + shift / all;
      double spread = 0;
      for (int row = 0, at = k; row < rows; row++, at += outputs) {
        double d = targets[at] - mean;
        spread += weights[row] * (d * d);
      }
      mse[k] = squares / all;
      mae[k] = magnitudes / all;
      r2[k] = Tally.r2(squares, spread);
    }
  }

  /**
   * The metrics of an evaluation.
   *
   * @param evaluation a model's outputs, or probabilities of a sigmoid loss
   * @return the metrics
   * @throws IllegalArgumentException if its loss takes classes
   */
  public static RegressionMetrics of(Evaluation evaluation) {
    if (evaluation.targets == null) {
      throw new IllegalArgumentException(
          "errors of numbers with loss softmax: must be with one that does not take classes");
    }
    return new RegressionMetrics(
        evaluation.targets, evaluation.results, evaluation.classes(), evaluation.weights);
  }

  /**
   * The metrics of given outputs.
   *
   * @param targets [rows][outputs]
   * @param outputs [rows][outputs]
   * @return the metrics
   * @throws IllegalArgumentException if there are no rows, not as many of each
   */
  public static RegressionMetrics of(float[][] targets, float[][] outputs) {
    return of(targets, outputs, MetricRows.equal(targets.length));
  }

  /**
   * The metrics of given outputs of rows with weights.
   *
   * @param targets [rows][outputs]
   * @param outputs [rows][outputs]
   * @param weights [rows], finite, not below 0, not all 0
   * @return the metrics
   * @throws IllegalArgumentException if there are no rows, not as many of each, or weights are
   *     others
   */
  public static RegressionMetrics of(float[][] targets, float[][] outputs, float[] weights) {
    float[] flatOutputs = MetricRows.flat(outputs, targets.length);
    float[] flatTargets = MetricRows.flat(targets, outputs.length);
    int columns = outputs[0].length;
    if (targets[0].length != columns) {
      throw new IllegalArgumentException(
          "metrics: targets of %s numbers, %s outputs: must be as many"
              .formatted(targets[0].length, columns));
    }
    float[] checked = MetricRows.checked(weights, targets.length);
    return new RegressionMetrics(flatTargets, flatOutputs, columns, checked);
  }

  /**
   * The number of outputs.
   *
   * @return at least 1
   */
  public int outputs() {
    return mse.length;
  }

  /**
   * The mean squared error of an output, {@code sum(w (y - t)^2) / sum(w)}.
   *
   * @param output from 0
   * @return at least 0
   */
  public double mse(int output) {
    return mse[Objects.checkIndex(output, mse.length)];
  }

  /**
   * The mean absolute error of an output, {@code sum(w |y - t|) / sum(w)}.
   *
   * @param output from 0
   * @return at least 0
   */
  public double mae(int output) {
    return mae[Objects.checkIndex(output, mae.length)];
  }

  /**
   * R2 of an output, {@code 1 - sum(w (y - t)^2) / sum(w (t - m)^2)} with the weighted mean m of
   * the targets. Targets that are all the same, of a single row too, give 1 if they are met, else
   * 0.
   *
   * @param output from 0
   * @return at most 1
   */
  public double r2(int output) {
    return r2[Objects.checkIndex(output, r2.length)];
  }

  /**
   * The mean squared error of all outputs.
   *
   * @return the mean over them
   */
  public double mse() {
    return mean(mse);
  }

  /**
   * The mean absolute error of all outputs.
   *
   * @return the mean over them
   */
  public double mae() {
    return mean(mae);
  }

  /**
   * R2 of all outputs.
   *
   * @return the mean over them, each counting alike
   */
  public double r2() {
    return mean(r2);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
