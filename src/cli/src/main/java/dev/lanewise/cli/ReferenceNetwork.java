package dev.lanewise.cli;

import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.OutputFunction;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;

/**
 * A plain implementation of a network in double, row by row, against which the kernels are checked.
 * It shares only the layout of the parameters with the rest of the program.
 */
final class ReferenceNetwork {
  private final List<Layer> layers;
  private final double[] parameters; // W1, b1, W2, b2, ...

  ReferenceNetwork(Mlp model) {
    layers = model.layers();
    float[] floats = model.parameters();
    parameters = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      parameters[i] = floats[i];
    }
  }

  int classes() {
    return layers.get(layers.size() - 1).outputs();
  }

  double get(int parameter) {
    return parameters[parameter];
  }

  void set(int parameter, double value) {
    parameters[parameter] = value;
  }

  /**
   * Returns the outputs of the last layer for one row.
   *
   * @param margins receives, for each unit whose activation has a kink at 0, the relative distance
   *     of its sum from 0: the sum over the sum of its terms' magnitudes, and 0 for 0 / 0
   */
  double[] outputs(float[] row, DoubleConsumer margins) {
    double[] x = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      x[i] = row[i];
    }
    for (Layer layer : layers) {
      int out = layer.outputs();
      double[] sums =
          Arrays.copyOfRange(parameters, layer.biasesOffset(), layer.biasesOffset() + out);
      double[] magnitudes = new double[out];
      for (int j = 0; j < out; j++) {
        magnitudes[j] = Math.abs(sums[j]);
      }
      for (int i = 0; i < layer.inputs(); i++) {
        for (int j = 0; j < out; j++) {
          double term = x[i] * parameters[layer.weightsOffset() + i * out + j];
          sums[j] += term;
          magnitudes[j] += Math.abs(term);
        }
      }
      Activation activation = layer.activation();
      boolean kink = activation.hasKink();
      for (int j = 0; j < out; j++) {
        if (kink) {
          margins.accept(magnitudes[j] == 0 ? 0 : sums[j] / magnitudes[j]);
        }
        sums[j] = activation.of(sums[j]);
      }
      x = sums;
    }
    return x;
  }

  /** Returns the smallest margin of a row, that of the activation nearest to its kink. */
  double clearance(float[] row) {
    double[] least = {Double.POSITIVE_INFINITY};
    outputs(row, margin -> least[0] = Math.min(least[0], Math.abs(margin)));
    return least[0];
  }

  /** Returns the class with the smallest mean probability over some rows. */
  int leastLikely(float[][] rows) {
    double[] sums = new double[classes()];
    for (float[] row : rows) {
      double[] p = OutputFunction.SOFTMAX.of(outputs(row, margin -> {}));
      for (int c = 0; c < sums.length; c++) {
        sums[c] += p[c];
      }
    }
    int least = 0;
    for (int c = 1; c < sums.length; c++) {
      least = sums[c] < sums[least] ? c : least;
    }
    return least;
  }
}
