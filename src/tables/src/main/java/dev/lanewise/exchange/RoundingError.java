package dev.lanewise.exchange;

import dev.lanewise.engine.ModelAccess;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.util.List;

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

  private final Mlp model;

  RoundingError(Mlp model) {
    this.model = model;
  }

  /**
   * Returns the differences that rounding may cause.
   *
   * @param scaled [inputs] of a row
   * @return [outputs]
   */
  double[] of(float[] scaled) {
    double[] values = new double[scaled.length];
    double[] errors = new double[scaled.length];
    for (int i = 0; i < scaled.length; i++) {
      values[i] = scaled[i];
      errors[i] = Math.max(INPUT, UNIT * Math.abs(values[i]));
    }
    List<Layer> layers = model.layers();
    for (Layer layer : layers) {
      double[] sums = new double[layer.outputs()];
      double[] moved = new double[layer.outputs()];
      sum(layer, values, errors, sums, moved);
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

  private void sum(Layer layer, double[] values, double[] errors, double[] sums, double[] moved) {
    float[] parameters = ModelAccess.parameters(model);
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
    double[] results = new double[sums.length];
    double largest = 0;
    for (double error : errors) {
      largest = Math.max(largest, error);
    }
    for (int k = 0; k < results.length; k++) {
      double error = 2 * largest; // a probability depends on differences of two sums
      if (model.loss() == Loss.SIGMOID) {
        error = errors[k] * Activation.SIGMOID.of(errors[k] - Math.abs(sums[k])); // times slope
      } else if (model.loss() != Loss.SOFTMAX) {
        Scaling scaling = model.targetScaling();
        error = Math.abs(scaling.undo(sums[k] + errors[k], k) - scaling.undo(sums[k], k));
      }
      results[k] = DEVIATIONS * error;
    }
    return results;
  }
}
