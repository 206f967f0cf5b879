package dev.lanewise.metrics;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.train.Figure;
import dev.lanewise.train.internal.ErrorSums;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Mean squared error, mean absolute error and R2 (the coefficient of determination) per output, and
 * their means over the outputs. They are scikit-learn's {@code mean_squared_error}, {@code
 * mean_absolute_error} and {@code r2_score} with the weights as {@code sample_weight}.
 */
public final class RegressionMetrics {
  private final ErrorSums[] sums; // sums of each output

  private RegressionMetrics(ErrorSums[] sums) {
    this.sums = sums;
  }

  /**
   * {@return the metrics of an evaluation}
   *
   * @param evaluation a model's outputs, or probabilities of a sigmoid loss
   * @throws IllegalArgumentException if its loss takes classes
   */
  public static RegressionMetrics of(Evaluation evaluation) {
    if (evaluation.targets == null) {
      throw new ArgumentException(
          "errors of numbers with loss softmax, expected a loss of regression");
    }
    ErrorSums[] sums = sums(evaluation.classes());
    for (int row = 0; row < evaluation.rows(); row++) {
      for (int k = 0; k < sums.length; k++) {
        double target = evaluation.targets[row * sums.length + k];
        sums[k].add(evaluation.weights[row], evaluation.value(row, k), target);
      }
    }
    return new RegressionMetrics(sums);
  }

  /**
   * {@return the metrics of given outputs}
   *
   * @param targets [rows][outputs]
   * @param outputs [rows][outputs]
   * @param weights [rows], finite, at least 0, not all 0; none if all rows count alike
   * @throws IllegalArgumentException if there are no rows, or the arguments do not match
   */
  public static RegressionMetrics of(double[][] targets, double[][] outputs, float... weights) {
    MetricRows.check(outputs, targets.length);
    MetricRows.check(targets, outputs.length);
    int columns = outputs[0].length;
    if (targets[0].length != columns) {
      throw new ArgumentException(
          "%s targets and %s outputs in a row, expected the same number",
          targets[0].length, columns);
    }
    float[] checked = MetricRows.checked(weights, targets.length);
    ErrorSums[] sums = sums(columns);
    for (int row = 0; row < targets.length; row++) {
      for (int k = 0; k < columns; k++) {
        sums[k].add(checked[row], outputs[row][k], targets[row][k]);
      }
    }
    return new RegressionMetrics(sums);
  }

  private static ErrorSums[] sums(int outputs) {
    ErrorSums[] sums = new ErrorSums[outputs];
    Arrays.setAll(sums, k -> new ErrorSums());
    return sums;
  }

  /** {@return the number of outputs} */
  public int outputs() {
    return sums.length;
  }

  /**
   * {@return the mean squared error of an output, {@code sum(w (y - t)^2) / sum(w)}, at least 0}
   *
   * @param output from 0
   */
  public double mse(int output) {
    return sums[Objects.checkIndex(output, sums.length)].mse();
  }

  /**
   * {@return the mean absolute error of an output, {@code sum(w |y - t|) / sum(w)}, at least 0}
   *
   * @param output from 0
   */
  public double mae(int output) {
    return sums[Objects.checkIndex(output, sums.length)].mae();
  }

  /**
   * {@return R2 of an output, {@code 1 - sum(w (y - t)^2) / sum(w (t - m)^2)} with the weighted
   * mean m of the targets, at most 1} Equal targets, as those of a single row are, give 1 if they
   * are met, else 0. Targets that differ by so little (1e-146) that no double holds their squares
   * give NaN.
   *
   * @param output from 0
   */
  public double r2(int output) {
    return sums[Objects.checkIndex(output, sums.length)].r2();
  }

  /** {@return the mean squared error of all outputs} */
  public double mse() {
    return ErrorSums.mean(sums, ErrorSums::mse);
  }

  /** {@return the mean absolute error of all outputs} */
  public double mae() {
    return ErrorSums.mean(sums, ErrorSums::mae);
  }

  /** {@return the root of {@link #mse()}, in the units of the targets} */
  public double rmse() {
    return Math.sqrt(mse());
  }

  /** Returns the means over the outputs as named figures. */
  List<Figure> figures() {
    return ErrorSums.figures(sums);
  }

  /** {@return the mean R2 of the outputs} */
  public double r2() {
    return ErrorSums.mean(sums, ErrorSums::r2);
  }
}
