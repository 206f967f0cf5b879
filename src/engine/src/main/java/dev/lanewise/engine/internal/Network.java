package dev.lanewise.engine.internal;

import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.Nonlinearity.Formula;
import java.util.List;

/**
 * The layers of a network as arithmetic sees them. All parameters are in one array, W1, b1, W2, b2,
 * ..., and a layer says where its own are.
 *
 * @param layers from the first hidden layer to the outputs
 */
public record Network(List<Layer> layers) {
  private static final int MOST_VALUES = Integer.MAX_VALUE - 8;

  /**
   * One layer: y = activation(x W + b).
   *
   * @param inputs length of x
   * @param outputs length of y
   * @param weights where W begins, [inputs][outputs], row-major
   * @param biases where b begins, [outputs]
   * @param activation the activation of the pre-activations
   */
  public record Layer(int inputs, int outputs, int weights, int biases, Nonlinearity activation) {
    /** Whether the activation is ReLU, which is part of the matrix product. */
    boolean relu() {
      return activation.formula() == Formula.RELU;
    }
  }

  /** A distribution of initial weights. */
  public interface Draw {
    /** Returns weight i of a layer, which follows from the key of that layer. */
    double of(long key, int i, Layer layer, boolean isLast);
  }

  /** Gaussian with standard deviation 0.1, in the last layer 0.01. */
  public static final Draw COURSE =
      (key, i, layer, isLast) -> (isLast ? 0.01 : 0.1) * CounterRandom.gaussian(key, i);

  /** Gaussian with variance 2 / inputs. */
  public static final Draw HE =
      (key, i, layer, isLast) -> Math.sqrt(2.0 / layer.inputs()) * CounterRandom.gaussian(key, i);

  /** Keeps a copy of the list. */
  public Network {
    layers = List.copyOf(layers);
  }

  /** {@return the number of inputs} */
  public int inputs() {
    return layers.get(0).inputs();
  }

  /** {@return the number of outputs} */
  public int outputs() {
    return layers.get(layers.size() - 1).outputs();
  }

  /** {@return the number of weights and biases of all layers} */
  public int parameterCount() {
    Layer last = layers.get(layers.size() - 1);
    return last.biases() + last.outputs();
  }

  /** {@return the key of the random numbers of a layer} */
  public static long key(long seed, int layer) {
    return CounterRandom.key(seed, CounterRandom.INITIAL_WEIGHTS, layer);
  }

  /** {@return drawn weights, and biases of 0} */
  public float[] draw(long seed, Draw draw) {
    float[] parameters = new float[parameterCount()];
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      long key = key(seed, l);
      for (int i = 0; i < layer.biases() - layer.weights(); i++) {
        boolean isLast = l == layers.size() - 1;
        parameters[layer.weights() + i] = (float) draw.of(key, i, layer, isLast);
      }
    }
    return parameters;
  }

  /**
   * {@return the length of a buffer: rows times columns}
   *
   * @param columns values per row
   * @throws IllegalArgumentException if it would hold 2^31 values or more
   */
  public static int size(int rows, int columns) {
    long size = (long) rows * columns;
    if (size > MOST_VALUES) {
      throw new IllegalArgumentException(
          "a batch of "
              + rows
              + " rows of "
              + columns
              + " values (inputs, units of a layer or classes), expected less than 2^31 values");
    }
    return (int) size;
  }
}
