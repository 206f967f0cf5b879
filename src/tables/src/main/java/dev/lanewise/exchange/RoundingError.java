package dev.lanewise.exchange;

import dev.lanewise.model.Bins;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.OutputFunction;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.Task;
import dev.lanewise.nn.internal.MlpState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Estimates how much rounding to float may change the results of a row: rounding of the inputs, the
 * parameters and the sums. Each rounding changes a number by a relative error of up to {@code
 * 2^-24}, independently of the others, so variances are added from layer to layer. If large inputs
 * cancel each other in a sum, the result changes by much more than its last place.
 */
final class RoundingError {
  /** The accepted rounding error of an input of a graph, relative to its scaling range. */
  static final double INPUT = 1e-6;

  private static final double UNIT = 0x1p-24;
  private static final int FUNCTION = 4; // rounding error of an activation, in units
  private static final int DEVIATIONS = 16; // larger differences are not due to rounding

  private final Model model;

  RoundingError(Model model) {
    this.model = model;
  }

  /**
   * Returns the differences that rounding may cause. Several networks whose results are averaged
   * differ by at most the largest difference of one.
   *
   * @param scaled [features] of a row
   * @return [outputs]
   */
  double[] of(float[] scaled) {
    double[] largest = new double[model.outputs()];
    for (Mlp member : model.members()) {
      double[] one = of(member, scaled);
      Arrays.setAll(largest, k -> Math.max(largest[k], one[k]));
    }
    return largest;
  }

  private double[] of(Mlp network, float[] scaled) {
    int inputs = network.architecture().inputs();
    float[] row = Arrays.copyOf(scaled, inputs);
    double[] errors = new double[inputs];
    for (int i = 0; i < scaled.length; i++) {
      errors[i] = Math.max(INPUT, UNIT * Math.abs(row[i]));
    }
    Optional<Bins> bins = Model.of(network).bins();
    if (bins.isPresent()) {
      expand(bins.get(), row, errors);
    }
    double[] values = new double[inputs];
    Arrays.setAll(values, i -> row[i]);
    List<Layer> layers = network.layers();
    for (Layer layer : layers) {
      double[] sums = new double[layer.outputs()];
      double[] moved = new double[layer.outputs()];
      sum(network, layer, values, errors, sums, moved);
      for (int j = 0; j < sums.length; j++) {
        Activation activation = layer.activation();
        double y = activation.of(sums[j]);
        double up = Math.abs(activation.of(sums[j] + moved[j]) - y);
        double down = Math.abs(activation.of(sums[j] - moved[j]) - y);
        sums[j] = y;
        moved[j] = Math.max(up, down) + FUNCTION * UNIT * Math.abs(y);
      }
      values = sums;
      errors = moved;
    }
    return results(values, errors);
  }

  /** Appends the bins of a row; a narrow bin magnifies the rounding of its scaled feature. */
  private static void expand(Bins bins, float[] row, double[] errors) {
    int at = bins.features();
    bins.encode(row, 0, row, at);
    for (int j = 0; j < bins.features(); j++) {
      double[] edges = bins.edges(j);
      for (int i = 1; i < edges.length; i++, at++) {
        boolean isInside = row[at] > 0 && row[at] < 1;
        double rounding = UNIT * Math.abs(row[j]) / (edges[i] - edges[i - 1]);
        errors[at] = isInside ? Math.max(INPUT, rounding) : INPUT;
      }
    }
  }

  private static void sum(
      Mlp network, Layer layer, double[] values, double[] errors, double[] sums, double[] moved) {
    float[] parameters = MlpState.of(network).parameters();
    int columns = layer.outputs();
    for (int j = 0; j < columns; j++) {
      double sum = parameters[layer.biasesOffset() + j];
      double squares = sum * sum;
      double variance = 0;
      for (int i = 0; i < values.length; i++) {
        double w = parameters[layer.weightsOffset() + i * columns + j];
        double product = w * values[i];
        sum += product;
        squares += product * product;
        variance += w * w * errors[i] * errors[i];
      }
      double rounded = (values.length + 1) * UNIT * UNIT * Math.max(squares, sum * sum);
      sums[j] = sum;
      moved[j] = Math.sqrt(variance + rounded);
    }
  }

  /** Converts the errors of the last sums to errors of the results. */
  private double[] results(double[] sums, double[] errors) {
    double largest = Arrays.stream(errors).max().orElse(0);
    Task task = model.loss().task();
    OutputFunction function = task.outputFunction();
    Scaling scaling = model.targetScaling();
    double[] results = new double[sums.length];
    for (int k = 0; k < results.length; k++) {
      double error = errors[k];
      double moved = sums[k] + error;
      results[k] =
          DEVIATIONS
              * (task.hasClasses()
                  ? 2 * largest // a probability depends on differences of two sums
                  : task.hasLabels()
                      ? error * function.of(error - Math.abs(sums[k])) // times slope
                      : Math.abs(
                          scaling.undo(function.of(moved), k)
                              - scaling.undo(function.of(sums[k]), k)));
    }
    return results;
  }
}
