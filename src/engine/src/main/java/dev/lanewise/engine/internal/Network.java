package dev.lanewise.engine.internal;

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
