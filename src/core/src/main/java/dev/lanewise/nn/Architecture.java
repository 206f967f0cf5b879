package dev.lanewise.nn;

import dev.lanewise.engine.internal.Network;
import dev.lanewise.format.ArgumentException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The layer sizes of a multilayer perceptron and its activations.
 *
 * @param inputs number of features
 * @param hidden sizes of the hidden layers; empty for a linear model
 * @param outputs number of classes or numeric outputs
 * @param activations one per hidden layer
 */
public record Architecture(
    int inputs, List<Integer> hidden, int outputs, List<Activation> activations) {
  /** Limits what a small hostile file can ask for; real networks have far fewer layers. */
  public static final int MOST_LAYERS = 1000;

  /**
   * Checks the sizes.
   *
   * @param inputs number of features
   * @param hidden sizes of the hidden layers; empty for a linear model
   * @param outputs number of classes or numeric outputs
   * @param activations one per hidden layer
   * @throws IllegalArgumentException if a size is below 1, the number of activations is wrong,
   *     there are more than 1000 layers, or more parameters than an array can hold
   */
  public Architecture {
    if (hidden.size() >= MOST_LAYERS) {
      throw new ArgumentException(
          "network of %s layers: must have at most %s", hidden.size() + 1, MOST_LAYERS);
    }
    hidden = List.copyOf(hidden);
    activations = List.copyOf(activations);
    long parameters = 0;
    int previous = inputs;
    boolean empty = inputs < 1;
    for (int l = 0; l <= hidden.size(); l++) {
      int size = l < hidden.size() ? hidden.get(l) : outputs;
      empty |= size < 1;
      long more = parameters + (previous + 1L) * size;
      parameters = more < parameters ? Long.MAX_VALUE : more; // the sum overflowed
      previous = size;
    }
    String problem = null;
    if (empty) {
      problem = "a layer without units, expected at least 1 in every layer";
    } else if (activations.size() != hidden.size()) {
      problem = activations.size() + " activations for " + hidden.size() + " hidden layers";
    } else if (parameters > Integer.MAX_VALUE - 8) {
      // JVMs limit arrays to slightly fewer than 2^31 elements.
      problem = parameters + " parameters, expected fewer than 2^31";
    }
    if (problem != null) {
      throw new IllegalArgumentException(
          "network " + sizes(inputs, hidden, outputs) + ": " + problem);
    }
  }

  /**
   * {@return a network with ReLU in every hidden layer}
   *
   * @param inputs number of features
   * @param hidden sizes of the hidden layers
   * @param outputs number of classes or numeric outputs
   * @throws IllegalArgumentException as the constructor
   */
  public static Architecture relu(int inputs, List<Integer> hidden, int outputs) {
    return new Architecture(
        inputs, hidden, outputs, Collections.nCopies(hidden.size(), Activation.RELU));
  }

  /** {@return the hidden layers and the output layer, first to last} */
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    int offset = 0;
    int previous = inputs;
    for (int i = 0; i <= hidden.size(); i++) {
      boolean last = i == hidden.size();
      int size = last ? outputs : hidden.get(i);
      Activation activation = last ? Activation.IDENTITY : activations.get(i);
      int biases = offset + previous * size;
      layers.add(new Layer(previous, size, offset, biases, activation));
      offset = biases + size;
      previous = size;
    }
    return List.copyOf(layers);
  }

  /** {@return the number of weights and biases of all layers} */
  public int parameterCount() {
    List<Layer> layers = layers();
    Layer last = layers.get(layers.size() - 1);
    return last.biasesOffset() + last.outputs();
  }

  /** {@return the sizes, for example {@code 2304-16-80-7}} */
  @Override
  public String toString() {
    return sizes(inputs, hidden, outputs);
  }

  /** Returns the layers in the form of the engine. */
  Network network() {
    List<Network.Layer> all = new ArrayList<>();
    for (Layer layer : layers()) {
      all.add(
          new Network.Layer(
              layer.inputs(),
              layer.outputs(),
              layer.weightsOffset(),
              layer.biasesOffset(),
              layer.activation().kernel));
    }
    return new Network(all);
  }

  private static String sizes(int inputs, List<Integer> hidden, int outputs) {
    StringBuilder sizes = new StringBuilder().append(inputs);
    for (int size : hidden) {
      sizes.append('-').append(size);
    }
    return sizes.append('-').append(outputs).toString();
  }
}
