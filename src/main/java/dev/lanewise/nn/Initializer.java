package dev.lanewise.nn;

import dev.lanewise.kernel.math.CounterRandom;
import java.util.List;
import java.util.Locale;

/**
 * How a network's weights start; biases start at 0 where nothing else is said. Each weight depends
 * on its index alone.
 */
public enum Initializer {
  /** The course's: gaussian with deviation 0.1, of the last layer 0.01. */
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
   * Gaussian with variance 1 / inputs, biases with variance 1, and the last layer 0 (RealMLP:
   * Holzmueller, Grinsztajn and Steinwart, "Better by default: Strong pre-tuned MLPs and boosted
   * trees on tabular data", 2024).
   */
  REALMLP;

  private double draw(long key, int i, Layer layer, boolean last) {
    if (this == REALMLP) {
      return last ? 0 : CounterRandom.gaussian(key, i) / Math.sqrt(layer.inputs());
    } else if (this == GLOROT) {
      double bound = Math.sqrt(6.0 / ((double) layer.inputs() + layer.outputs()));
      return bound * (2 * CounterRandom.uniform(key, i) - 1);
    }
    double deviation = this == HE ? Math.sqrt(2.0 / layer.inputs()) : last ? 0.01 : 0.1;
    return deviation * CounterRandom.gaussian(key, i);
  }

  /** The parameters a network starts with. */
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

  /**
   * The name on the command line.
   *
   * @return the name
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The initialiser of a name.
   *
   * @param label as {@link #label} gives it
   * @return the initialiser
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Initializer of(String label) {
    for (Initializer initializer : values()) {
      if (initializer.label().equals(label)) {
        return initializer;
      }
    }
    throw new IllegalArgumentException(
        "initialiser " + label + ": must be course, he, glorot or realmlp");
  }
}
