package dev.lanewise.nn;

import dev.lanewise.engine.internal.Network;
import dev.lanewise.format.internal.EnumLabels;
import dev.lanewise.kernel.math.CounterRandom;
import java.util.List;

/**
 * The distribution of a network's initial weights. Biases start at 0 unless noted. A weight depends
 * only on the seed, its layer and its index.
 */
public enum Initializer {
  /** The course's: Gaussian with standard deviation 0.1, in the last layer 0.01. */
  COURSE,
  /**
   * Gaussian with variance 2 / inputs, for ReLU (He, Zhang, Ren and Sun, "Delving Deep into
   * Rectifiers", 2015).
   */
  HE,
  /**
   * Uniform within sqrt(6 / (inputs + outputs)) of 0 (Glorot and Bengio, "Understanding the
   * difficulty of training deep feedforward neural networks", 2010).
   */
  GLOROT,
  /**
   * Gaussian with variance 1 / inputs, biases with variance 1, the last layer all 0 (RealMLP:
   * Holzmueller, Grinsztajn and Steinwart, "Better by default: Strong pre-tuned MLPs and boosted
   * trees on tabular data", 2024).
   */
  REALMLP;

  /** Draws the initial parameters of a network. */
  float[] parameters(Architecture architecture, long seed) {
    Network network = architecture.network();
    return switch (this) {
      case COURSE -> network.draw(seed, Network.COURSE);
      case HE -> network.draw(seed, Network.HE);
      case GLOROT -> network.draw(seed, Initializer::glorot);
      case REALMLP -> realmlp(network, seed);
    };
  }

  private static double glorot(long key, int i, Network.Layer layer, boolean isLast) {
    return Math.sqrt(6.0 / ((double) layer.inputs() + layer.outputs()))
        * (2 * CounterRandom.uniform(key, i) - 1);
  }

  private static float[] realmlp(Network network, long seed) {
    float[] parameters =
        network.draw(
            seed,
            (key, i, layer, isLast) ->
                isLast ? 0 : CounterRandom.gaussian(key, i) / Math.sqrt(layer.inputs()));
    for (int l = 0; l + 1 < network.layers().size(); l++) {
      Network.Layer layer = network.layers().get(l);
      for (int j = 0; j < layer.outputs(); j++) {
        int i = layer.biases() - layer.weights() + j;
        parameters[layer.weights() + i] = (float) CounterRandom.gaussian(Network.key(seed, l), i);
      }
    }
    return parameters;
  }

  /** {@return the name on the command line, such as he} */
  public String label() {
    return EnumLabels.of(this);
  }

  /** {@return the names of all initialisers, in the order of the constants} */
  public static List<String> labels() {
    return EnumLabels.of(values());
  }

  /**
   * Finds an initialiser by its name.
   *
   * @param label as {@link #label} gives it
   * @return the initialiser
   * @throws IllegalArgumentException if no initialiser has that name
   */
  public static Initializer of(String label) {
    return EnumLabels.find(values(), label, "initialiser");
  }
}
