package dev.lanewise.trust;

import dev.lanewise.engine.ModelAccess;
import dev.lanewise.kernel.math.ErrorFunction;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;

/**
 * A network in double, forward and backward, for one row at a time. It begins at the sums of the
 * first layer: on a straight path between two rows these sums move on a straight line, too, so the
 * first layer, often the largest, is needed for the two ends only. It is not thread-safe.
 */
final class PathNetwork {
  private static final double LEAK = 0.01;
  private static final double SELU_SCALE = 1.0507009873554805;
  private static final double SELU_SLOPE = 1.7580993408473766;
  private static final double CUBE = 0.044715; // of GELU's approximation
  private static final double SOFTPLUS_END = 20;
  private static final double ROBUST_LIMIT = 3; // of a robust scaling

  private final Mlp network;
  private final List<Layer> layers;
  private final float[] parameters;
  private final double[] probabilities; // or outputs, [outputs]
  private final double[][] sums; // per layer: [outputs]; the first is the caller's
  private final double[][] gradients; // per layer: [outputs], with respect to the sums
  private final double[] scale; // [outputs], units of the data per unit of an output
  private final boolean[] isRobust; // [outputs], whether the target has a robust scaling

  PathNetwork(Mlp network) {
    this.network = network;
    layers = network.layers();
    parameters = ModelAccess.parameters(network);
    probabilities = new double[network.outputs()];
    sums = new double[layers.size()][];
    gradients = new double[layers.size()][];
    for (int l = 0; l < sums.length; l++) {
      sums[l] = l == 0 ? null : new double[layers.get(l).outputs()];
      gradients[l] = new double[layers.get(l).outputs()];
    }
    Scaling targets = network.targetScaling();
    scale = new double[network.outputs()];
    isRobust = new boolean[scale.length];
    for (int k = 0; k < scale.length; k++) {
      double range = targets instanceof Scaling.Robust robust ? robust.range()[k] : Double.NaN;
      isRobust[k] = !Double.isNaN(range);
      scale[k] = isRobust[k] ? range : targets.undo(1, k) - targets.undo(0, k);
    }
  }

  /**
   * Returns the inputs of a row: its features, and their bins.
   *
   * @param features scaled, [features]
   */
  float[] inputs(float[] features) {
    float[] inputs = Arrays.copyOf(features, network.architecture().inputs());
    network.bins().ifPresent(bins -> bins.encode(features, 0, inputs, features.length));
    return inputs;
  }

  /** Returns the sums of the first layer, for inputs as {@link #inputs} gives them. */
  double[] firstSums(float[] inputs) {
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
    return network.loss().isRegression() ? Math.abs(scale[output]) : 1;
  }

  /**
   * Computes an output: a probability, or a number in the units of the data.
   *
   * @param first the sums of the first layer, not changed
   */
  double value(double[] first, int output) {
    sums[0] = first;
    for (int l = 1; l < sums.length; l++) {
      Activation activation = layers.get(l - 1).activation();
      double[] outputs = sums[l - 1].clone();
      Arrays.setAll(outputs, i -> activation.of(outputs[i]));
      sums(layers.get(l), outputs, sums[l]);
    }
    double[] last = sums[sums.length - 1];
    if (network.loss().isRegression()) {
      return network.targetScaling().undo(last[output], output);
    } else if (network.loss().takesFlags()) {
      return Activation.SIGMOID.of(last[output]);
    }
    double most = Arrays.stream(last).max().orElse(0);
    double sum = 0;
    for (int k = 0; k < last.length; k++) {
      probabilities[k] = StrictMath.exp(last[k] - most);
      sum += probabilities[k];
    }
    for (int k = 0; k < last.length; k++) {
      probabilities[k] /= sum;
    }
    return probabilities[output];
  }

  /**
   * Adds the gradient of an output with respect to the sums of the first layer, times a factor.
   *
   * @param first the sums of the first layer, not changed
   * @param total receives the gradient, [outputs of the first layer]
   * @return the output, as {@link #value} does
   */
  double addGradient(double[] first, int output, double factor, double[] total) {
    double value = value(first, output);
    int last = sums.length - 1;
    double[] gradient = gradients[last];
    Arrays.fill(gradient, 0);
    if (network.loss().isRegression()) {
      gradient[output] = scale[output] * robustSlope(sums[last][output], output);
    } else if (network.loss().takesFlags()) {
      gradient[output] = value * (1 - value);
    } else {
      Arrays.setAll(gradient, k -> -value * probabilities[k]);
      // 1 - p would lose the digits of a probability near 1, whose rest the others hold
      gradient[output] = -others(gradient, output);
    }
    for (int l = last; l > 0; l--) {
      Layer layer = layers.get(l);
      Activation activation = layers.get(l - 1).activation();
      for (int i = 0; i < layer.inputs(); i++) {
        double sum = dot(layer, i, gradients[l]);
        gradients[l - 1][i] = sum * derivative(activation, sums[l - 1][i]);
      }
    }
    for (int i = 0; i < total.length; i++) {
      total[i] += factor * gradients[0][i];
    }
    return value;
  }

  private static double others(double[] numbers, int without) {
    double sum = 0;
    for (int k = 0; k < numbers.length; k++) {
      sum += k == without ? 0 : numbers[k];
    }
    return sum;
  }

  /**
   * Returns the gradient with respect to the inputs, given the one with respect to the sums of the
   * first layer.
   */
  double[] toInputs(double[] ofFirst) {
    Layer layer = layers.get(0);
    double[] gradient = new double[layer.inputs()];
    Arrays.setAll(gradient, i -> dot(layer, i, ofFirst));
    return gradient;
  }

  /** Computes the sums of a layer, x W + b. */
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
    double sum = 0;
    for (int o = 0; o < numbers.length; o++) {
      sum += parameters[row + o] * numbers[o];
    }
    return sum;
  }

  /** Returns the factor by which a robust scaling of targets widens differences at an output. */
  private double robustSlope(double z, int output) {
    if (!isRobust[output]) {
      return 1;
    }
    double third = z / ROBUST_LIMIT;
    double rest = 1 - third * third;
    return 1 / (rest * Math.sqrt(rest));
  }

  /** Returns the derivative of an activation, as its constant documents it. */
  static double derivative(Activation activation, double x) {
    return switch (activation) {
      case RELU -> x > 0 ? 1 : 0;
      case LEAKY_RELU -> x > 0 ? 1 : LEAK;
      case ELU -> x > 0 ? 1 : StrictMath.exp(x);
      case SELU -> x > 0 ? SELU_SCALE : SELU_SLOPE * StrictMath.exp(x);
      case GELU -> {
        double density = StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
        yield (1 + ErrorFunction.erf(x / Math.sqrt(2))) / 2 + x * density;
      }
      case GELU_TANH -> {
        double c = 2 * Math.sqrt(2 / Math.PI);
        double s = Activation.SIGMOID.of(c * (x + CUBE * x * x * x));
        yield s + x * c * (1 + 3 * CUBE * x * x) * s * (1 - s);
      }
      case SILU -> {
        double s = Activation.SIGMOID.of(x);
        yield s * (1 + x * (1 - s));
      }
      case MISH -> {
        double t = StrictMath.tanh(Activation.SOFTPLUS.of(x));
        yield t + x * (1 - t * t) * Activation.SIGMOID.of(x);
      }
      case SOFTPLUS -> x > SOFTPLUS_END ? 1 : Activation.SIGMOID.of(x);
      case TANH -> {
        double t = StrictMath.tanh(x);
        yield 1 - t * t;
      }
      case SIGMOID -> {
        double s = Activation.SIGMOID.of(x);
        yield s * (1 - s);
      }
      case IDENTITY -> 1;
    };
  }
}
