package dev.lanewise.nn;

import dev.lanewise.engine.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The sizes of a multilayer perceptron and the activations between them.
 *
 * @param inputs number of features
 * @param hidden sizes of the hidden layers; empty for a linear model
 * @param outputs number of classes
 * @param activations one a hidden layer
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
   * @param outputs number of classes
   * @param activations one a hidden layer
   * @throws IllegalArgumentException if a size is below 1, the number of activations is wrong,
   *     there are more than 1000 layers, or more parameters than an array can hold
   */
  public Architecture {
    if (hidden.size() >= MOST_LAYERS) {
      throw new IllegalArgumentException(
          "network of %s layers: must have at most %s".formatted(hidden.size() + 1, MOST_LAYERS));
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
      parameters = more < parameters ? Long.MAX_VALUE : more; // beyond 2^63
      previous = size;
    }
    String problem = null;
    if (empty) {
      problem = "every layer must have at least 1 unit";
    } else if (activations.size() != hidden.size()) {
      problem = activations.size() + " activations for " + hidden.size() + " hidden layers";
    } else if (parameters > Integer.MAX_VALUE - 8) {
      // A little below 2^31: no JVM has arrays of quite that length.
      problem = parameters + " parameters, must be below 2^31";
    }
    if (problem != null) {
      throw new IllegalArgumentException(
          "network " + sizes(inputs, hidden, outputs) + ": " + problem);
    }
  }

  /**
   * A network with ReLU in every hidden layer.
   *
   * @param inputs number of features
   * @param hidden sizes of the hidden layers
   * @param outputs number of classes
   * @return the architecture
   * @throws IllegalArgumentException as the constructor
   */
  public static Architecture relu(int inputs, List<Integer> hidden, int outputs) {
    return new Architecture(
        inputs, hidden, outputs, Collections.nCopies(hidden.size(), Activation.RELU));
  }

  /**
   * The layers, first to last.
   *
   * @return hidden layers and the output layer
   */
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

  /**
   * The number of parameters of all layers.
   *
   * @return weights and biases together
   */
  public int parameterCount() {
    List<Layer> layers = layers();
    Layer last = layers.get(layers.size() - 1);
    return last.biasesOffset() + last.outputs();
  }

  /**
   * The sizes as they are usually written.
   *
   * @return for example {@code 2304-16-80-7}
   */
  @Override
  public String toString() {
    return sizes(inputs, hidden, outputs);
  }

  /** Returns the layers as the engine takes them. */
  Network network() {
    List<Network.Layer> all = new ArrayList<>();
    for (Layer layer : layers()) {
      Activation activation = layer.activation();
      all.add(
          new Network.Layer(
              layer.inputs(),
              layer.outputs(),
              layer.weightsOffset(),
              layer.biasesOffset(),
              activation == Activation.RELU,
              activation.pass));
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
