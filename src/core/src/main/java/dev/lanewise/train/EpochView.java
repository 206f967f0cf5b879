package dev.lanewise.train;

import dev.lanewise.kernel.math.GradientNorm;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;

/**
 * The network of a training run at the end of an epoch, for a {@link TrainingListener}. It is valid
 * until the listener returns, because the next step changes the parameters.
 */
public final class EpochView {
  private final Mlp network;
  private final float[] parameters; // W1, b1, W2, b2, ...
  private final float[] gradient; // in the layout of the parameters

  EpochView(Mlp network, float[] parameters, float[] gradient) {
    this.network = network;
    this.parameters = parameters;
    this.gradient = gradient;
  }

  /**
   * Returns the network. It has layers and parameters, but may lack other parts of the trained
   * model, such as names of classes.
   *
   * @return a network on parameters that the next step changes; to keep it, take {@code
   *     network.withParameters(network.parameters())}
   */
  public Mlp network() {
    // A new object each time, because a network caches what it computes from its parameters.
    return MlpState.of(network).on(parameters);
  }

  /** {@return the Euclidean norm of each layer's weights, without biases: [layers]} */
  public double[] weightNorms() {
    return norms(parameters);
  }

  /**
   * {@return the Euclidean norm of the gradient of each layer's weights in the epoch's last
   * mini-batch, after clipping: [layers]}
   */
  public double[] gradientNorms() {
    return norms(gradient);
  }

  private double[] norms(float[] values) {
    return network.architecture().layers().stream()
        .mapToDouble(layer -> norm(values, layer))
        .toArray();
  }

  private static double norm(float[] values, Layer layer) {
    int count = layer.inputs() * layer.outputs();
    return Math.sqrt(GradientNorm.squares(values, layer.weightsOffset(), count));
  }
}
