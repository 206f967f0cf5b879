package dev.lanewise.train;

import dev.lanewise.engine.ModelAccess;
import dev.lanewise.kernel.math.GradientNorm;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;

/**
 * The network of a training run as it is when an epoch has ended, for a {@link TrainingListener}.
 * Of use until the listener returns: the next step changes what it shows.
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
   * The network. What the trained model will have beside layers and parameters, such as names of
   * classes, this one need not have.
   *
   * @return a network on parameters that the next step changes; what is to be kept is {@code
   *     network.withParameters(network.parameters())}
   */
  public Mlp network() {
    // Made anew each time, as a network keeps what it computed from its parameters to predict.
    return ModelAccess.on(network, parameters);
  }

  /**
   * The Euclidean norm of each layer's weights, without biases.
   *
   * @return [layers]
   */
  public double[] weightNorms() {
    return norms(parameters);
  }

  /**
   * The Euclidean norm of the gradient of each layer's weights, of the epoch's last mini-batch,
   * after clipping.
   *
   * @return [layers]
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
