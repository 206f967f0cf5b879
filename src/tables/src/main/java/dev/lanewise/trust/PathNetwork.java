package dev.lanewise.trust;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.Task;
import dev.lanewise.nn.internal.MlpState;
import java.util.Arrays;
import java.util.List;

/**
 * A network in double, forward and backward, for one row at a time. It begins at the sums of the
 * first layer: on a straight path between two rows these numbers move on a straight line, too, so
 * the first layer, often the largest, is needed for the two ends only. It is not thread-safe.
 */
final class PathNetwork {
  private static final double ROBUST_LIMIT = 3; // limit of a robust scaling

  private final Mlp network;
  private final List<Layer> layers;
  private final float[] parameters; // the network's own
  private final double[] results; // [outputs], of the last forward pass
  private final double[][] sums; // per layer: [outputs]; the first is the caller's
  private final double[][] outputs; // per hidden layer, after the activation
  private final double[] scale; // [outputs], units of the data per unit of an output
  private final double[] range; // [outputs], of a robust scaling; NaN without one

  PathNetwork(Mlp network) {
    this.network = network;
    parameters = MlpState.of(network).parameters();
    layers = network.layers();
    results = new double[network.outputs()];
    sums = new double[layers.size()][];
    outputs = new double[layers.size() - 1][];
    Arrays.setAll(outputs, l -> new double[layers.get(l).outputs()]);
    Arrays.setAll(sums, l -> l == 0 ? null : new double[layers.get(l).outputs()]);
    Scaling targets = network.targetScaling();
    range = new double[network.outputs()];
    boolean isRobust = targets.kind() == Scaling.Kind.ROBUST;
    Arrays.setAll(range, k -> isRobust ? targets.second()[k] : Double.NaN);
    scale = range.clone();
    Arrays.setAll(scale, k -> isRobust(k) ? range[k] : targets.undo(1, k) - targets.undo(0, k));
  }

  private boolean isRobust(int output) {
    return !Double.isNaN(range[output]);
  }

  /**
   * Returns the inputs of a row: its features, and their bins.
   *
   * @param features scaled, [features]
   */
  float[] inputs(float[] features) {
    float[] inputs = Arrays.copyOf(features, network.architecture().inputs());
    Model.of(network).bins().ifPresent(bins -> bins.encode(features, 0, inputs, features.length));
    return inputs;
  }

  /** Returns the pre-activations of the first layer, for inputs as {@link #inputs} gives them. */
  double[] firstPreActivations(float[] inputs) {
    double[] wide = new double[inputs.length];
    Arrays.setAll(wide, i -> inputs[i]);
    double[] first = new double[layers.get(0).outputs()];
    sums(layers.get(0), wide, first);
    return first;
  }

  /**
   * Returns how much an output changes, in its units, per unit of the network's own output: 1 for a
   * probability, else the size of the target scaling.
   */
  double unit(int output) {
    return network.loss().task().hasNumbers() ? Math.abs(scale[output]) : 1;
  }

  /**
   * Computes the outputs: probabilities, or numbers in the units of the data.
   *
   * @param first the pre-activations of the first layer, not changed
   * @return the outputs, valid until the next call
   */
  double[] forward(double[] first) {
    sums[0] = first;
    for (int l = 1; l < sums.length; l++) {
      Activation activation = layers.get(l - 1).activation();
      double[] before = sums[l - 1];
      Arrays.setAll(outputs[l - 1], i -> activation.of(before[i]));
      sums(layers.get(l), outputs[l - 1], sums[l]);
    }
    return results(sums[sums.length - 1]);
  }

  /**
   * Computes the outputs from the pre-activations of the last layer.
   *
   * @return the outputs, valid until the next call
   */
  double[] results(double[] last) {
    sums[sums.length - 1] = last;
    double[] own = network.loss().task().outputFunction().of(last);
    Scaling targets = network.targetScaling();
    Arrays.setAll(results, k -> targets.undo(own[k], k));
    return results;
  }

  /**
   * Computes the gradient of a sum of the outputs of the last call of {@link #results} with respect
   * to the pre-activations of the last layer.
   *
   * @param weights the weights of the outputs in that sum
   * @param factor by which the gradient is multiplied
   * @param gradient receives the gradient, [outputs] from a place on
   */
  void gradient(double[] weights, double factor, float[] gradient, int at) {
    Task task = network.loss().task();
    int last = sums.length - 1;
    double mean = 0; // of the weights, by probabilities
    for (int k = 0; k < results.length; k++) {
      mean += weights[k] * results[k];
    }
    for (int k = 0; k < results.length; k++) {
      double p = results[k];
      double slope =
          task.hasClasses()
              ? p * (weights[k] - mean)
              : task.hasLabels()
                  ? p * (weights[k] * (1 - p))
                  : weights[k]
                      * scale[k]
                      * robustSlope(sums[last][k], k)
                      * task.outputFunction().slope(p);
      gradient[at + k] = (float) (factor * slope);
    }
  }

  /**
   * Returns the gradient with respect to the inputs, given the gradient with respect to the
   * pre-activations of the first layer.
   */
  double[] toInputs(double[] ofFirst) {
    Layer layer = layers.get(0);
    double[] gradient = new double[layer.inputs()];
    Arrays.setAll(gradient, i -> dot(layer, i, ofFirst));
    return gradient;
  }

  /** Computes the pre-activations of a layer, x W + b. */
  private void sums(Layer layer, double[] x, double[] out) {
    for (int o = 0; o < out.length; o++) {
      out[o] = parameters[layer.biasesOffset() + o];
    }
    for (int i = 0; i < x.length; i++) {
      int row = layer.weightsOffset() + i * out.length;
      double factor = x[i];
      for (int o = 0; o < out.length; o++) {
        out[o] += factor * parameters[row + o];
      }
    }
  }

  /** Multiplies the weights of an input of a layer by a number for each of its outputs. */
  private double dot(Layer layer, int input, double[] numbers) {
    int row = layer.weightsOffset() + input * numbers.length;
    int whole = numbers.length & -4;
    double a = 0; // four sums, so that additions need not wait for each other
    double b = 0;
    double c = 0;
    double d = 0;
    for (int o = 0; o < whole; o += 4) {
      a += parameters[row + o] * numbers[o];
      b += parameters[row + o + 1] * numbers[o + 1];
      c += parameters[row + o + 2] * numbers[o + 2];
      d += parameters[row + o + 3] * numbers[o + 3];
    }
    for (int o = whole; o < numbers.length; o++) {
      a += parameters[row + o] * numbers[o];
    }
    return a + b + (c + d);
  }

  /** Returns the factor by which a robust scaling of targets widens differences at an output. */
  private double robustSlope(double z, int output) {
    if (!isRobust(output)) {
      return 1;
    }
    double third = z / ROBUST_LIMIT;
    double rest = 1 - third * third;
    return 1 / (rest * Math.sqrt(rest));
  }
}
