package dev.lanewise.engine;

import dev.lanewise.kernel.math.Nonlinearity;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers of a network as arithmetic sees them. All parameters stand in one array, W1, b1, W2,
 * b2, ..., and a layer says where its own are.
 *
 * @param layers from the first hidden layer to the outputs
 */
public record Network(List<Layer> layers) {
  /**
   * One layer: y = activation(x W + b).
   *
   * @param inputs how many x has
   * @param outputs how many y has
   * @param weights where W begins, [inputs][outputs], row-major
   * @param biases where b begins, [outputs]
   * @param relu whether the activation is ReLU, which goes with the product
   * @param activation the pass behind the product; null for ReLU and for none
   */
  public record Layer(
      int inputs, int outputs, int weights, int biases, boolean relu, Nonlinearity activation) {
    /** Whether the way back needs the sums beside the outputs. */
    boolean keepsSums() {
      return activation != null && activation.keepsSums;
    }
  }

  /** Keeps a copy of the list. */
  public Network {
    layers = List.copyOf(layers);
  }

  /**
   * A network by its sizes.
   *
   * @param inputs how many inputs the first layer has
   * @param hidden units of each hidden layer
   * @param outputs outputs of the last layer
   * @param activations of each hidden layer, by the name of the constant: RELU, IDENTITY, or one of
   *     {@link Nonlinearity}
   * @return the network
   */
  public static Network of(
      int inputs, List<Integer> hidden, int outputs, List<? extends Enum<?>> activations) {
    List<Layer> layers = new ArrayList<>();
    int weights = 0;
    int in = inputs;
    for (int l = 0; l <= hidden.size(); l++) {
      int out = l < hidden.size() ? hidden.get(l) : outputs;
      String name = l < hidden.size() ? activations.get(l).name() : "IDENTITY";
      boolean relu = name.equals("RELU");
      boolean passes = !relu && !name.equals("IDENTITY");
      int biases = weights + in * out;
      layers.add(
          new Layer(in, out, weights, biases, relu, passes ? Nonlinearity.valueOf(name) : null));
      weights = biases + out;
      in = out;
    }
    return new Network(layers);
  }

  /**
   * How many inputs a row has.
   *
   * @return the number
   */
  public int inputs() {
    return layers.get(0).inputs();
  }

  /**
   * How many outputs a row has.
   *
   * @return the number
   */
  public int outputs() {
    return layers.get(layers.size() - 1).outputs();
  }
}
