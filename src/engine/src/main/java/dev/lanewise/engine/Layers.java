package dev.lanewise.engine;

import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.Inference;
import dev.lanewise.engine.internal.Network;
import dev.lanewise.engine.internal.NetworkView;
import dev.lanewise.kernel.KernelSet;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.Nonlinearity.Formula;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The layers of a multilayer perceptron. A layer computes {@code y = activation(x W + b)}, and the
 * last one has no activation. The parameters of all layers are in one array that belongs to the
 * caller: W of the first layer, [inputs][outputs], row-major, then its b, [outputs], then W and b
 * of the next layer. Immutable.
 *
 * <pre>{@code
 * Layers layers = Layers.of(64, 16, 80, 10);
 * float[] parameters = layers.he(0);
 * float[] logits = layers.outputs(parameters, x, rows);
 * }</pre>
 */
public final class Layers {
  final Network network;

  private Layers(Network network) {
    this.network = network;
  }

  /**
   * Makes layers with ReLU.
   *
   * @param sizes the number of inputs, of the units of each hidden layer, and of outputs
   * @return the layers
   * @throws IllegalArgumentException if there are fewer than two sizes, one is below 1, or an array
   *     could not hold the parameters
   */
  public static Layers of(int... sizes) {
    return of("relu", sizes);
  }

  /**
   * Makes layers with an activation in every hidden layer.
   *
   * @param activation its name, such as relu, gelu-tanh or identity
   * @param sizes the number of inputs, of the units of each hidden layer, and of outputs
   * @return the layers
   * @throws IllegalArgumentException as {@link #of(int...)}, or for another name
   */
  public static Layers of(String activation, int... sizes) {
    Nonlinearity hidden = nonlinearity(activation);
    if (sizes.length < 2 || Arrays.stream(sizes).min().orElse(0) < 1) {
      throw new IllegalArgumentException(
          "layers "
              + Arrays.toString(sizes)
              + ": expected inputs, units and outputs of at least 1");
    }
    List<Network.Layer> layers = new ArrayList<>();
    long offset = 0;
    for (int l = 0; l + 1 < sizes.length; l++) {
      long biases = offset + (long) sizes[l] * sizes[l + 1];
      offset = biases + sizes[l + 1];
      if (offset > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            "layers " + Arrays.toString(sizes) + ": expected fewer than 2^31 parameters");
      }
      boolean isLast = l + 2 == sizes.length;
      Nonlinearity function = isLast ? new Nonlinearity(Formula.IDENTITY) : hidden;
      int weights = (int) (biases - (long) sizes[l] * sizes[l + 1]);
      layers.add(new Network.Layer(sizes[l], sizes[l + 1], weights, (int) biases, function));
    }
    return new Layers(new Network(layers));
  }

  private static Nonlinearity nonlinearity(String name) {
    for (Formula formula : Formula.values()) {
      if (formula.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name)) {
        return new Nonlinearity(formula);
      }
    }
    throw new IllegalArgumentException(
        "activation '" + name + "': expected one such as relu, tanh, silu or gelu");
  }

  /** {@return the number of inputs} */
  public int inputs() {
    return network.inputs();
  }

  /** {@return the number of outputs} */
  public int outputs() {
    return network.outputs();
  }

  /** {@return the length of the array of parameters} */
  public int parameterCount() {
    return network.parameterCount();
  }

  /**
   * Draws initial parameters: weights from a normal distribution of standard deviation 0.1, in the
   * last layer 0.01; biases are 0.
   *
   * @param seed any number
   * @return the parameters
   */
  public float[] course(long seed) {
    return network.draw(seed, Network.COURSE);
  }

  /**
   * Draws initial parameters for ReLU: weights from a normal distribution of variance 2 / inputs;
   * biases are 0 (He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", 2015).
   *
   * @param seed any number
   * @return the parameters
   */
  public float[] he(long seed) {
    return network.draw(seed, Network.HE);
  }

  /**
   * Computes the outputs of rows, on the calling thread.
   *
   * @param parameters as {@link Layers} says
   * @param x [rows][inputs], row-major
   * @param rows how many rows, at least 1
   * @return the outputs, before any softmax, [rows][outputs]
   * @throws IllegalArgumentException if an array has another length
   */
  public float[] outputs(float[] parameters, float[] x, int rows) {
    check(parameters, x, rows);
    NetworkView parts = new NetworkView(parameters, network, Loss.SOFTMAX.objective, null);
    Inference inference = new Inference(parts, null, rows);
    inference.run(x, 0, rows);
    return Arrays.copyOf(inference.outputs(), rows * outputs());
  }

  /**
   * Computes the gradient of the mean loss of rows, on the calling thread: the way of a float
   * forward and backward through all layers.
   *
   * @param loss a loss on classes
   * @param parameters as {@link Layers} says
   * @param x [rows][inputs], row-major
   * @param labels [rows], each from 0 to outputs - 1
   * @param gradient receives the gradient, in the layout of the parameters
   * @return the mean loss
   * @throws IllegalArgumentException if an array has another length, a label is out of range, or
   *     the loss takes numbers
   */
  public double gradient(Loss loss, float[] parameters, float[] x, int[] labels, float[] gradient) {
    return gradient(parameters, x, Targets.of(loss, labels, outputs()), gradient);
  }

  /**
   * Computes the same for a loss on numbers.
   *
   * @param loss a loss on numbers
   * @param parameters as {@link Layers} says
   * @param x [rows][inputs], row-major
   * @param targets [rows][outputs], row-major
   * @param gradient receives the gradient, in the layout of the parameters
   * @return the mean loss
   * @throws IllegalArgumentException if an array has another length, or the loss takes classes
   */
  public double gradient(
      Loss loss, float[] parameters, float[] x, float[] targets, float[] gradient) {
    return gradient(parameters, x, Targets.of(loss, targets, outputs()), gradient);
  }

  private double gradient(float[] parameters, float[] x, Targets targets, float[] gradient) {
    int rows = targets.rows();
    check(parameters, x, rows);
    check(gradient);
    Backpropagation buffers =
        new Backpropagation(
            new NetworkView(parameters, network, targets.loss().objective, null), rows, 1);
    System.arraycopy(x, 0, buffers.inputs(), 0, x.length);
    targets.copy(null, 0, 0, rows, buffers);
    buffers.rows(parameters, 0, rows, rows, 0);
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      sum += buffers.losses()[i];
    }
    for (int l = 0; l < network.layers().size(); l++) {
      Network.Layer layer = network.layers().get(l);
      buffers.weightGradient(l, 0, layer.inputs(), rows, gradient, 0);
      buffers.biasGradient(l, 0, layer.outputs(), rows, gradient);
    }
    return sum / rows;
  }

  /**
   * Computes softmax of each row: {@code exp(x - max)} divided by the sum of the row.
   *
   * @param logits [rows][columns]
   * @param columns the length of a row
   * @return the probabilities, [rows][columns]
   * @throws IllegalArgumentException if the array has no whole rows
   */
  public static float[] softmax(float[] logits, int columns) {
    if (columns < 1 || logits.length == 0 || logits.length % columns != 0) {
      throw new IllegalArgumentException(
          "softmax of %d numbers in rows of %d: expected whole rows"
              .formatted(logits.length, columns));
    }
    float[] probabilities = new float[logits.length];
    float[] scratch = new float[KernelSet.rowScratch(columns)];
    int rows = logits.length / columns;
    KernelSet.active().softmax(rows, columns, logits, 0, probabilities, 0, scratch);
    return probabilities;
  }

  /**
   * Computes an activation of numbers, one by one.
   *
   * @param activation a name as for {@link #of(String, int...)}
   * @param x the numbers
   * @return the outputs, one for each number
   * @throws IllegalArgumentException for another name
   */
  public static float[] activation(String activation, float[] x) {
    Nonlinearity function = nonlinearity(activation);
    float[] y = new float[x.length];
    if (function.isPass()) {
      float[] scratch = new float[KernelSet.ACTIVATION_SCRATCH];
      KernelSet.active().activation(function, 0, x.length, x, y, scratch);
      return y;
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = function.activate(x[i]);
    }
    return y;
  }

  /** Refuses a gradient of another length. */
  void check(float[] gradient) {
    if (gradient.length != parameterCount()) {
      throw wrong("the gradient", gradient.length, parameterCount());
    }
  }

  /** Refuses parameters or rows that do not fit. */
  void check(float[] parameters, float[] x, int rows) {
    if (parameters.length != parameterCount()) {
      throw wrong("the parameters", parameters.length, parameterCount());
    }
    if (rows < 1 || x.length != (long) rows * inputs()) {
      throw wrong("x of " + rows + " rows of " + inputs(), x.length, (long) rows * inputs());
    }
  }

  private static IllegalArgumentException wrong(String what, long found, long expected) {
    return new IllegalArgumentException(
        "layers: %s: an array of %d, expected %d".formatted(what, found, expected));
  }
}
