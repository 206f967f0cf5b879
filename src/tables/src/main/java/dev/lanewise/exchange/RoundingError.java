package dev.lanewise.exchange;

import dev.lanewise.engine.ModelAccess;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.util.List;

/**
 * How far the results of a row may move when numbers are rounded to float: those of the inputs, the
 * parameters and the sums. Each rounding moves a number by up to {@code 2^-24} of it, independently
 * of the others, so variances are added from layer to layer. Large inputs that cancel each other in
 * a sum move a result by far more than its own last place.
 */
final class RoundingError {
  /** How much of a column's scaling range an input of a graph may be rounded by. */
  static final double INPUT = 1e-6;

  private static final double UNIT = 0x1p-24;
  private static final int FUNCTION = 4; // units that an activation is rounded by
  private static final int DEVIATIONS = 16; // beyond which a difference is no rounding

  private final Mlp model;

  RoundingError(Mlp model) {
    this.model = model;
  }

  /**
   * The differences that rounding may make.
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

  /** What the loss makes of the errors of the last sums. */
  private double[] results(double[] sums, double[] errors) {
    double[] results = new double[sums.length];
    double largest = 0;
    for (double error : errors) {
      largest = Math.max(largest, error);
    }
    for (int k = 0; k < results.length; k++) {
      double error = 2 * largest; // of a probability, which a difference of two sums moves
      if (model.loss() == Loss.SIGMOID) {
        error = errors[k] * Activation.SIGMOID.of(errors[k] - Math.abs(sums[k])); // its slope
      } else if (model.loss() != Loss.SOFTMAX) {
        Scaling scaling = model.targetScaling();
        error = Math.abs(scaling.undo(sums[k] + errors[k], k) - scaling.undo(sums[k], k));
      }
      results[k] = DEVIATIONS * error;
    }
    return results;
  }
}
