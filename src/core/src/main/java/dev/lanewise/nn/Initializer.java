package dev.lanewise.nn;

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

  private double draw(long key, int i, Layer layer, boolean last) {
    return switch (this) {
      case COURSE -> (last ? 0.01 : 0.1) * CounterRandom.gaussian(key, i);
      case HE -> Math.sqrt(2.0 / layer.inputs()) * CounterRandom.gaussian(key, i);
      case GLOROT ->
          Math.sqrt(6.0 / ((double) layer.inputs() + layer.outputs()))
              * (2 * CounterRandom.uniform(key, i) - 1);
      case REALMLP -> last ? 0 : CounterRandom.gaussian(key, i) / Math.sqrt(layer.inputs());
    };
  }

  /** Draws the initial parameters of a network. */
  float[] parameters(Architecture architecture, long seed) {
    float[] parameters = new float[architecture.parameterCount()];
    List<Layer> layers = architecture.layers();
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      long key = CounterRandom.key(seed, CounterRandom.INITIAL_WEIGHTS, l);
      boolean last = l == layers.size() - 1;
      int weights = layer.biasesOffset() - layer.weightsOffset();
      for (int i = 0; i < weights; i++) {
        parameters[layer.weightsOffset() + i] = (float) draw(key, i, layer, last);
      }
      for (int j = 0; this == REALMLP && !last && j < layer.outputs(); j++) {
        parameters[layer.biasesOffset() + j] = (float) CounterRandom.gaussian(key, weights + j);
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
