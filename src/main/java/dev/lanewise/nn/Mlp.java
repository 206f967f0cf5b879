package dev.lanewise.nn;

import dev.lanewise.format.NdArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A multilayer perceptron: an immutable value, safe to share between threads.
 *
 * <p>Beside its parameters it carries what a user needs to apply it to raw data: the scaling of the
 * features, and of targets in regression, the names of the classes and the shape of an input.
 */
public final class Mlp {
  private final Architecture architecture;
  private final float[] parameters; // W1 [in][out], b1 [out], W2, b2, ...
  private final Facts facts;
  private float[][] packed; // a layer: its weights as the kernels read them fastest; see packed()

  private Mlp(Architecture architecture, float[] parameters, Facts facts) {
    this.architecture = architecture;
    this.parameters = parameters;
    this.facts = facts;
  }

  private Mlp with(Facts other) {
    return new Mlp(architecture, parameters, other);
  }

  /**
   * A network of given parameters, for softmax cross entropy, without a scaling.
   *
   * @param architecture its sizes
   * @param parameters W1, b1, W2, b2, ..., each W [in][out] row-major; copied
   * @return the network
   * @throws IllegalArgumentException if the number of parameters is wrong
   */
  public static Mlp of(Architecture architecture, float[] parameters) {
    return plain(architecture, checked(architecture, parameters).clone());
  }

  private static float[] checked(Architecture architecture, float[] parameters) {
    if (parameters.length != architecture.parameterCount()) {
      throw new IllegalArgumentException(
          parameters.length
              + " parameters: network "
              + architecture
              + " has "
              + architecture.parameterCount());
    }
    return parameters;
  }

  /** The same on top of the parameters, which are as many as there must be. */
  static Mlp plain(Architecture architecture, float[] parameters) {
    return new Mlp(architecture, parameters, Facts.NONE);
  }

  /**
   * A network before training, for softmax cross entropy.
   *
   * @param architecture its sizes
   * @param initializer how the weights start; biases start at 0
   * @param seed the seed of the weights
   * @return the network, without a scaling
   */
  public static Mlp initial(Architecture architecture, Initializer initializer, long seed) {
    float[] parameters = initializer.parameters(architecture, seed);
    return plain(architecture, parameters);
  }

  /**
   * Reads a model.
   *
   * @param file an .npz with W1, b1, W2, b2, ..., float32 or float64, as {@link #save} or numpy
   *     writes it; entries that are not known are passed over
   * @return the model
   * @throws IOException if the file cannot be read or is not a model; the message says what was
   *     found and what was expected
   */
  public static Mlp load(Path file) throws IOException {
    return ModelFile.read(file);
  }

  /**
   * Reads a model for who goes on from its parameters, of which there may be no room for a copy.
   *
   * @param file as for {@link #load(Path)}
   * @param parameters is given the very array on which the model stands, in the layout of {@link
   *     #of}: once a number is changed there, the model is not to be used any more
   * @return the model
   * @throws IOException as {@link #load(Path)}
   */
  public static Mlp load(Path file, Consumer<float[]> parameters) throws IOException {
    Mlp model = load(file);
    parameters.accept(model.parameters);
    return model;
  }

  /**
   * Writes the model as .npz, which numpy reads without pickle, and replaces a file whole.
   *
   * @param file where to
   * @throws IOException if the file cannot be written; what was there before stays
   */
  public void save(Path file) throws IOException {
    save(file, Map.of());
  }

  /**
   * Writes the model as {@link #save(Path)} does, with other arrays behind its own, which {@link
   * #load} passes over.
   *
   * @param file where to
   * @param others further arrays by name, none of them a model's
   * @throws IOException if the file cannot be written; what was there before stays
   */
  public void save(Path file, Map<String, NdArray> others) throws IOException {
    ModelFile.write(this, file, others);
  }

  /**
   * The same network with other parameters.
   *
   * @param parameters as for {@link #of}; copied
   * @return the network
   * @throws IllegalArgumentException if the number of parameters is wrong
   */
  public Mlp withParameters(float[] parameters) {
    return onParameters(parameters.clone());
  }

  /**
   * The same network on top of other parameters, of which there may be no room for a copy.
   *
   * @param parameters as for {@link #of}; not copied, and not to be changed any more
   * @return the network
   * @throws IllegalArgumentException if the number of parameters is wrong
   */
  public Mlp onParameters(float[] parameters) {
    return new Mlp(architecture, checked(architecture, parameters), facts);
  }

  /**
   * The same network for another loss, which training makes small and which says what predictions
   * are. A scaling of targets is kept from one loss of regression to another only.
   *
   * @param loss the loss
   * @return the network
   */
  public Mlp withLoss(Loss loss) {
    return with(facts.withLoss(loss, loss.isRegression() ? targetScaling() : Scaling.none()));
  }

  /**
   * The same network with a scaling.
   *
   * @param scaling how raw features are scaled
   * @return the network
   * @throws IllegalArgumentException if the scaling is for another number of features
   */
  public Mlp withScaling(Scaling scaling) {
    int features = scaling.features().orElse(architecture.inputs());
    if (features != architecture.inputs()) {
      throw new IllegalArgumentException(
          "scaling of "
              + features
              + " features: network "
              + architecture
              + " takes "
              + architecture.inputs());
    }
    return with(facts.withScaling(Optional.of(scaling)));
  }

  /**
   * The same network whose outputs are scaled targets: predictions undo the scaling.
   *
   * @param scaling how targets were scaled for the network
   * @return the network
   * @throws IllegalArgumentException if the scaling is for another number of outputs, or the loss
   *     is not one of regression
   */
  public Mlp withTargetScaling(Scaling scaling) {
    int outputs = scaling.features().orElse(architecture.outputs());
    if (outputs != architecture.outputs()) {
      throw new IllegalArgumentException(
          "target scaling of %s outputs: network %s has %s"
              .formatted(outputs, architecture, architecture.outputs()));
    }
    if (!loss().isRegression() && !(scaling instanceof Scaling.None)) {
      throw new IllegalArgumentException(
          "target scaling: loss " + loss().label() + " takes none, mse and huber do");
    }
    return with(facts.withTargetScaling(scaling));
  }

  /**
   * The same network with names for its classes.
   *
   * @param names one a class, or none
   * @return the network
   * @throws IllegalArgumentException if there are some, but not one a class
   */
  public Mlp withClassNames(List<String> names) {
    if (!names.isEmpty() && names.size() != architecture.outputs()) {
      throw new IllegalArgumentException(
          names.size()
              + " class names: network "
              + architecture
              + " has "
              + architecture.outputs()
              + " classes");
    }
    return with(facts.withClassNames(names));
  }

  /**
   * The same network with the shape of an input, such as 48 x 48 for a picture.
   *
   * @param shape its dimensions, or none
   * @return the network
   * @throws IllegalArgumentException if the dimensions do not multiply to the number of inputs
   */
  public Mlp withInputShape(int... shape) {
    long product = 1;
    for (int dimension : shape) {
      // A negative or overflowing product is caught below: the number of inputs is an int.
      product = dimension < 1 || product > Integer.MAX_VALUE ? -1 : product * dimension;
    }
    if (shape.length > 0 && product != architecture.inputs()) {
      throw new IllegalArgumentException(
          "input shape "
              + Arrays.toString(shape)
              + ": network "
              + architecture
              + " takes "
              + architecture.inputs()
              + " inputs");
    }
    return with(facts.withInputShape(Arrays.stream(shape).boxed().toList()));
  }

  /**
   * The sizes of the layers.
   *
   * @return the architecture
   */
  public Architecture architecture() {
    return architecture;
  }

  /**
   * The layers, first to last.
   *
   * @return hidden layers and the output layer
   */
  public List<Layer> layers() {
    return architecture.layers();
  }

  /**
   * The loss that the network is trained by.
   *
   * @return the loss
   */
  public Loss loss() {
    return facts.loss();
  }

  /**
   * The scaling that was stored with the model.
   *
   * @return the scaling, or nothing if it is not known, as in a file written by numpy
   */
  public Optional<Scaling> scaling() {
    return facts.scaling();
  }

  /**
   * The scaling of the targets that the network was trained on.
   *
   * @return the scaling, which predictions undo; {@link Scaling#none} if there is none
   */
  public Scaling targetScaling() {
    return facts.targetScaling();
  }

  /**
   * The names of the classes.
   *
   * @return one a class, or none
   */
  public List<String> classNames() {
    return facts.classNames();
  }

  /**
   * The name of a class, or its number where the classes have none.
   *
   * @param label from 0 to classes - 1
   * @return the name
   */
  public String className(int label) {
    return classNames().isEmpty() ? Integer.toString(label) : classNames().get(label);
  }

  /**
   * The shape of an input.
   *
   * @return its dimensions, a copy; empty if it is not known
   */
  public int[] inputShape() {
    return facts.inputShape().stream().mapToInt(d -> d).toArray();
  }

  /**
   * The number of parameters.
   *
   * @return weights and biases together
   */
  public int parameterCount() {
    return parameters.length;
  }

  /**
   * All parameters.
   *
   * @return W1, b1, W2, b2, ..., a copy
   */
  public float[] parameters() {
    return parameters.clone();
  }

  /** The same, not a copy: to be read only. */
  float[] shared() {
    return parameters;
  }

  /**
   * The weights of a layer.
   *
   * @param layer from 0
   * @return W, [in][out] row-major, a copy
   */
  public float[] weights(int layer) {
    Layer l = layers().get(layer);
    return Arrays.copyOfRange(parameters, l.weights(), l.biases());
  }

  /**
   * The biases of a layer.
   *
   * @param layer from 0
   * @return b, [out], a copy
   */
  public float[] biases(int layer) {
    Layer l = layers().get(layer);
    return Arrays.copyOfRange(parameters, l.biases(), l.biases() + l.outputs());
  }

  /**
   * The digest by which two models are told apart to the last bit.
   *
   * @return the SHA-256 of W1, b1, W2, b2, ... as little-endian float32, row-major, in hexadecimal
   */
  public String sha256() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer floats = bytes.asFloatBuffer();
    for (int from = 0; from < parameters.length; from += floats.capacity()) {
      int count = Math.min(floats.capacity(), parameters.length - from);
      floats.clear().put(parameters, from, count);
      digest.update(bytes.array(), 0, count * Float.BYTES);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * A predictor for this model; make one for each thread. Without a stored scaling it takes
   * features as they are.
   *
   * @param maxRows rows of the largest batch, at least 1
   * @return the predictor
   * @throws IllegalArgumentException if maxRows is below 1 or so large that a buffer would hold
   *     2^31 values
   */
  public Predictor predictor(int maxRows) {
    return new Predictor(
        parameters,
        packed(),
        architecture,
        loss(),
        scaling().orElse(Scaling.none()),
        targetScaling(),
        maxRows);
  }

  /** The weights in the order of the kernels: made for the first predictor, shared by all. */
  private synchronized float[][] packed() {
    if (packed == null) {
      packed = ForwardPass.pack(architecture, parameters);
    }
    return packed;
  }
}
