package dev.lanewise.nn;

import dev.lanewise.engine.Inference;
import dev.lanewise.engine.ModelAccess;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.SealedNpz;
import dev.lanewise.kernel.gemm.PackedMatrix;
import dev.lanewise.nn.internal.Assumption;
import dev.lanewise.nn.internal.ModelParts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A multilayer perceptron: an immutable value that threads can share.
 *
 * <p>Besides its parameters, a model holds all that is needed to apply it to raw data: the scaling
 * of the features and, in regression, of the targets, the class names, and the shape of an input.
 * Two models are equal if all of these are equal; {@link #digest} compares models of different
 * processes. Java serialization stores the bytes that {@link #save(OutputStream)} writes.
 *
 * @serial exclude
 */
public final class Mlp implements Serializable {
  private static final long serialVersionUID = 1L;

  static {
    ModelAccess.install(
        Mlp.class,
        Mlp::shared,
        model ->
            new ModelAccess.Inside(
                model.parameters, model.architecture.network(), model.loss().objective),
        Mlp::on);
    ModelParts.install(new Parts());
  }

  private final transient Architecture architecture;
  private final transient float[] parameters; // W1 [in][out], b1 [out], W2, b2, ...
  private final transient Facts facts;
  private final transient Set<Assumption> assumed;
  private transient PackedMatrix[]
      packed; // per layer, in the layout of the kernels; null before the first predictor

  private Mlp(Architecture architecture, float[] parameters, Facts facts, Set<Assumption> assumed) {
    this.architecture = architecture;
    this.parameters = parameters;
    this.facts = facts;
    this.assumed = assumed;
  }

  /** Returns a copy with one fact changed. */
  private Mlp with(Consumer<Facts> change) {
    return new Mlp(architecture, parameters, facts.with(change), assumed);
  }

  /** Returns a copy with these assumptions. */
  Mlp assuming(Set<Assumption> assumptions) {
    return new Mlp(architecture, parameters, facts, assumptions);
  }

  /** Returns a copy without this assumption. */
  private Mlp without(Assumption assumption) {
    if (!assumed.contains(assumption)) {
      return this;
    }
    Set<Assumption> others = new LinkedHashSet<>(assumed);
    others.remove(assumption);
    return assuming(others);
  }

  /**
   * Returns a network with the given parameters, the softmax loss and no scaling.
   *
   * @param architecture its sizes
   * @param parameters W1, b1, W2, b2, ..., each W [in][out] row-major; copied
   * @return the network
   * @throws IllegalArgumentException if the number of parameters is wrong
   */
  public static Mlp of(Architecture architecture, float[] parameters) {
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(parameters, "parameters");
    return plain(architecture, checked(architecture, parameters).clone());
  }

  private static float[] checked(Architecture architecture, float[] parameters) {
    if (parameters.length != architecture.parameterCount()) {
      throw new IllegalArgumentException(
          "%s parameters: network %s has %s"
              .formatted(parameters.length, architecture, architecture.parameterCount()));
    }
    return parameters;
  }

  /** Returns a network that uses the array itself; the caller has checked its length. */
  static Mlp plain(Architecture architecture, float[] parameters) {
    return new Mlp(architecture, parameters, Facts.NONE, Set.of());
  }

  /**
   * Returns an untrained network with the softmax loss.
   *
   * @param architecture its sizes
   * @param initializer the distribution of the initial weights; biases start at 0
   * @param seed the seed of the weights
   * @return the network, without a scaling
   */
  public static Mlp initial(Architecture architecture, Initializer initializer, long seed) {
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(initializer, "initializer");
    float[] parameters = initializer.parameters(architecture, seed);
    return plain(architecture, parameters);
  }

  /**
   * Reads a model.
   *
   * @param file an .npz file with the float32 or float64 arrays W1, b1, W2, b2, ..., written by
   *     {@link #save} or numpy; unknown entries are ignored. A .safetensors file of weights and
   *     biases and an .onnx file of a chain of layers are recognised by their extension. The file
   *     may be inside a jar, as a path of {@link java.nio.file.FileSystems#newFileSystem(Path)}
   * @return the model
   * @throws IOException if the file cannot be read, is not a model, or was changed after {@link
   *     #save} wrote it; the message says what was found and what was expected
   */
  public static Mlp load(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    return load(file, List.of());
  }

  /**
   * Reads a model from a .npz or .safetensors file whose arrays have names of another program.
   *
   * @param file as for {@link #load(Path)}
   * @param layers the names of the weight matrices in the order of the layers, or prefixes of these
   *     names; other arrays are ignored. If empty, all arrays are read in the order of their names
   * @return the model; replace its {@link #assumptions} where they are wrong
   * @throws IOException as {@link #load(Path)}, or if the sizes of consecutive layers do not match
   */
  public static Mlp load(Path file, List<String> layers) throws IOException {
    Objects.requireNonNull(file, "file");
    return ModelFormats.read(file, layers, false);
  }

  /**
   * Reads a model from a stream, such as a resource of a program.
   *
   * @param in bytes as for {@link #load(byte[])}; read to the end into memory, not closed
   * @param name the name of the model in error messages
   * @return the model
   * @throws IOException as {@link #load(Path)}
   */
  public static Mlp load(InputStream in, String name) throws IOException {
    Objects.requireNonNull(in, "in");
    return ModelFormats.read(in, name);
  }

  /**
   * Reads a model from a stream.
   *
   * @param in bytes as for {@link #load(byte[])}; read to the end into memory, not closed
   * @return the model
   * @throws IOException as {@link #load(Path)}
   */
  public static Mlp load(InputStream in) throws IOException {
    Objects.requireNonNull(in, "in");
    return load(in, "stream");
  }

  /**
   * Reads a model from memory.
   *
   * @param content the bytes of a file that {@link #load(Path)} reads; the first bytes determine
   *     the format
   * @return the model
   * @throws IOException as {@link #load(Path)}
   */
  public static Mlp load(byte[] content) throws IOException {
    Objects.requireNonNull(content, "content");
    return load(new ByteArrayInputStream(content), "bytes");
  }

  /**
   * Reads a model without refusing a file that was changed after it was written. {@link
   * #assumptions} reports such a change.
   *
   * @param file as for {@link #load(Path)}
   * @return the model
   * @throws IOException as {@link #load(Path)}, except for a wrong checksum
   */
  public static Mlp loadTrusted(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    return ModelFormats.read(file, List.of(), true);
  }

  /**
   * Reads a model from an open file and verifies the file's checksum.
   *
   * @param file the file
   * @return the model
   * @throws IOException as {@link #load(Path)}, or as {@link #loadTrusted} if the file is trusted
   */
  public static Mlp load(SealedNpz file) throws IOException {
    Objects.requireNonNull(file, "file");
    return ModelFile.read(file);
  }

  /**
   * Writes the model as .npz, which numpy reads without pickle. The write is atomic: the file is
   * replaced as a whole. The file contains a checksum of its whole content, see {@link SealedNpz}.
   * The extensions .safetensors, .onnx and .java (source of a class) select another format.
   *
   * @param file the file to write
   * @throws IllegalArgumentException if the format cannot represent the model
   * @throws IllegalStateException if a parameter is not finite, as after a training that diverged
   * @throws IOException if the file cannot be written; an existing file then stays as it was
   */
  public void save(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    ModelFormats.write(this, file);
  }

  /**
   * Writes the model as .npz to a stream, for {@link #load(InputStream)}.
   *
   * @param out neither flushed nor closed
   * @throws IllegalStateException as {@link #save(Path)}
   * @throws IOException if writing fails
   */
  public void save(OutputStream out) throws IOException {
    Objects.requireNonNull(out, "out");
    ModelFile.requireFinite(this, "stream");
    SealedNpz.write(out, ModelFile.arrays(this));
  }

  /**
   * Writes the model as .npz with further arrays, which {@link #load} ignores. The checksum of the
   * file covers these arrays, too.
   *
   * @param file the file to write
   * @param others further arrays by name
   * @throws IllegalArgumentException if one of the names is reserved for an array of the model
   * @throws IllegalStateException as {@link #save(Path)}
   * @throws IOException if the file cannot be written; an existing file then stays as it was
   */
  public void save(Path file, Map<String, NdArray> others) throws IOException {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(others, "others");
    ModelFile.requireFinite(this, file);
    ModelFile.write(this, file, others);
  }

  /**
   * Returns this network with other parameters.
   *
   * @param parameters as for {@link #of}; copied
   * @return the network
   * @throws IllegalArgumentException if the number of parameters is wrong
   */
  public Mlp withParameters(float[] parameters) {
    Objects.requireNonNull(parameters, "parameters");
    return on(parameters.clone());
  }

  /** Returns this network with other parameters, in the array itself. */
  private Mlp on(float[] parameters) {
    // New parameters do not come from a file, so the file's checksum no longer applies.
    Mlp same = without(Assumption.CHECKSUM).without(Assumption.TRUST);
    return new Mlp(architecture, checked(architecture, parameters), facts, same.assumed);
  }

  /**
   * Returns this network with other activations in its hidden layers, for files that do not store
   * the activations.
   *
   * @param activations one per hidden layer
   * @return the network
   * @throws IllegalArgumentException if the number of activations is wrong
   */
  public Mlp withActivations(List<Activation> activations) {
    Objects.requireNonNull(activations, "activations");
    Architecture other =
        new Architecture(
            architecture.inputs(), architecture.hidden(), architecture.outputs(), activations);
    return new Mlp(other, parameters, facts, without(Assumption.ACTIVATIONS).assumed);
  }

  /**
   * Returns this network with another loss. Training minimises the loss, and the loss determines
   * the meaning of predictions. A target scaling is kept only if both losses are regression losses.
   *
   * @param loss the loss
   * @return the network
   */
  public Mlp withLoss(Loss loss) {
    Objects.requireNonNull(loss, "loss");
    return with(f -> {
          f.loss = loss;
          f.targetScaling = loss.isRegression() ? f.targetScaling : Scaling.none();
        })
        .without(Assumption.LOSS);
  }

  /**
   * Returns this network with another scaling of the features.
   *
   * @param scaling the scaling of raw features
   * @return the network
   * @throws IllegalArgumentException if the scaling is for another number of features
   */
  public Mlp withScaling(Scaling scaling) {
    Objects.requireNonNull(scaling, "scaling");
    int features = scaling.features().orElse(architecture.inputs());
    if (features != architecture.inputs()) {
      throw new IllegalArgumentException(
          "scaling of %s features: network %s takes %s"
              .formatted(features, architecture, architecture.inputs()));
    }
    return with(f -> f.scaling = Optional.of(scaling)).without(Assumption.SCALING);
  }

  /**
   * Returns this network with a target scaling: its outputs are scaled targets, and predictions
   * undo the scaling.
   *
   * @param scaling the scaling of the training targets
   * @return the network
   * @throws IllegalArgumentException if the scaling is for another number of outputs, or the loss
   *     is not a regression loss
   */
  public Mlp withTargetScaling(Scaling scaling) {
    Objects.requireNonNull(scaling, "scaling");
    int outputs = scaling.features().orElse(architecture.outputs());
    if (outputs != architecture.outputs()) {
      throw new IllegalArgumentException(
          "target scaling of %s outputs: network %s has %s"
              .formatted(outputs, architecture, architecture.outputs()));
    }
    if (!loss().isRegression() && !(scaling instanceof Scaling.None)) {
      throw new IllegalArgumentException(
          "target scaling: loss %s takes none, %s do"
              .formatted(loss().label(), Loss.regressionLabels()));
    }
    return with(f -> f.targetScaling = scaling);
  }

  /**
   * Returns this network with other class names.
   *
   * @param names one per class, or none
   * @return the network
   * @throws IllegalArgumentException if the number of names is neither 0 nor the number of classes,
   *     or {@link NdArray#checkNames} refuses the names
   */
  public Mlp withClassNames(List<String> names) {
    Objects.requireNonNull(names, "names");
    if (!names.isEmpty() && names.size() != architecture.outputs()) {
      throw new IllegalArgumentException(
          "%s class names: network %s has %s classes"
              .formatted(names.size(), architecture, architecture.outputs()));
    }
    NdArray.checkNames("class names", names);
    List<String> copy = List.copyOf(names);
    return with(f -> f.classNames = copy);
  }

  /**
   * Returns this network with the shape of an input, such as 48 x 48 for a picture.
   *
   * @param shape its dimensions, or none
   * @return the network
   * @throws IllegalArgumentException if the product of the dimensions is not the number of inputs
   */
  public Mlp withInputShape(int... shape) {
    Objects.requireNonNull(shape, "shape");
    long product = 1;
    for (int dimension : shape) {
      // A product of -1 differs from the number of inputs, so the check below refuses it.
      product = dimension < 1 || product > Integer.MAX_VALUE ? -1 : product * dimension;
    }
    if (shape.length > 0 && product != architecture.inputs()) {
      throw new IllegalArgumentException(
          "input shape %s: network %s takes %s inputs"
              .formatted(Arrays.toString(shape), architecture, architecture.inputs()));
    }
    List<Integer> copy = Arrays.stream(shape).boxed().toList();
    return with(f -> f.inputShape = copy);
  }

  /**
   * Returns this network with the schema of a table.
   *
   * @param schema how the columns of the table become the inputs
   * @return the network
   * @throws IllegalArgumentException if the schema makes another number of inputs
   */
  public Mlp withSchema(Schema schema) {
    Objects.requireNonNull(schema, "schema");
    if (schema.inputs() != architecture.inputs()) {
      throw new IllegalArgumentException(
          "schema of %s inputs: network %s takes %s"
              .formatted(schema.inputs(), architecture, architecture.inputs()));
    }
    return with(f -> f.schema = Optional.of(schema));
  }

  /**
   * Returns this network with the division of its training file.
   *
   * @param division how the rows were divided
   * @return the network
   */
  public Mlp withDivision(Division division) {
    Objects.requireNonNull(division, "division");
    return with(f -> f.division = Optional.of(division));
  }

  /**
   * Returns this network with notes for people on how it was trained.
   *
   * @param options such as {@code epochs=256}
   * @return the network
   * @throws IllegalArgumentException if {@link NdArray#ofStrings} refuses the notes
   */
  public Mlp withTraining(List<String> options) {
    Objects.requireNonNull(options, "options");
    NdArray.ofStrings(options, options.size()); // refuses texts that cannot be saved
    List<String> copy = List.copyOf(options);
    return with(f -> f.training = copy);
  }

  /** {@return the sizes and activations of the layers} */
  public Architecture architecture() {
    return architecture;
  }

  /** {@return the hidden layers and the output layer, first to last} */
  public List<Layer> layers() {
    return architecture.layers();
  }

  /** {@return the loss that training minimises} */
  public Loss loss() {
    return facts.loss;
  }

  /**
   * {@return the scaling of the features; empty if it is unknown, as in a file written by numpy}
   */
  public Optional<Scaling> scaling() {
    return facts.scaling;
  }

  /**
   * {@return the scaling of the training targets, which predictions undo; {@link Scaling#none} if
   * the targets were not scaled}
   */
  public Scaling targetScaling() {
    return facts.targetScaling;
  }

  /** {@return one name per class, or none} */
  public List<String> classNames() {
    return facts.classNames;
  }

  /**
   * Returns the name of a class, or its number if the classes have no names.
   *
   * @param label from 0 to classes - 1
   * @return the name
   */
  public String className(int label) {
    return classNames().isEmpty() ? Integer.toString(label) : classNames().get(label);
  }

  /** {@return the dimensions of an input, a copy; empty if they are unknown} */
  public int[] inputShape() {
    return facts.inputShape.stream().mapToInt(d -> d).toArray();
  }

  /** {@return the schema of the training table; empty if the model was not trained on a table} */
  public Optional<Schema> schema() {
    return facts.schema;
  }

  /**
   * {@return how the rows of the training file were divided, so that {@code evaluate} finds the
   * test rows again; empty if it is unknown}
   */
  public Optional<Division> division() {
    return facts.division;
  }

  /** {@return the notes on the training, see {@link #withTraining}} */
  public List<String> training() {
    return facts.training;
  }

  /**
   * Creates a predictor that takes the values of columns by name; each thread needs its own.
   *
   * @return the predictor
   * @throws IllegalStateException if the model was not trained on a table
   */
  public TablePredictor tablePredictor() {
    if (schema().isEmpty()) {
      throw new IllegalStateException(
          "table predictor: the model has no schema, expected one trained on a table (predictor()"
              + " takes arrays)");
    }
    return new TablePredictor(this);
  }

  /** {@return the number of weights and biases together} */
  public int parameterCount() {
    return parameters.length;
  }

  /** {@return a copy of W1, b1, W2, b2, ...} */
  public float[] parameters() {
    return parameters.clone();
  }

  /** Returns the parameters themselves, not a copy; callers must not change them. */
  float[] shared() {
    return parameters;
  }

  /**
   * Returns the weights of a layer.
   *
   * @param layer from 0
   * @return W, [in][out] row-major, a copy
   */
  public float[] weights(int layer) {
    Layer l = layers().get(layer);
    return Arrays.copyOfRange(parameters, l.weightsOffset(), l.biasesOffset());
  }

  /**
   * Returns the biases of a layer.
   *
   * @param layer from 0
   * @return b, [out], a copy
   */
  public float[] biases(int layer) {
    Layer l = layers().get(layer);
    return Arrays.copyOfRange(parameters, l.biasesOffset(), l.biasesOffset() + l.outputs());
  }

  /**
   * Returns the assumptions about facts that the model file does not contain, and the parts of the
   * file that were read as the model if there was a choice.
   *
   * @return one line per assumption, such as {@code no loss stored: softmax is assumed}, or {@code
   *     taken: output y of the graph (passed over: z)}; empty for an unchanged file that {@link
   *     #save} wrote, and for a model that was not read from a file
   */
  public List<String> assumptions() {
    List<String> lines = new ArrayList<>();
    for (Assumption assumption : assumed) {
      lines.add(assumption.text());
    }
    return lines;
  }

  /**
   * Returns the digest of the parameters alone.
   *
   * @return the SHA-256 of W1, b1, W2, b2, ... as little-endian float32, row-major, in hexadecimal
   * @see #digest
   */
  public String sha256() {
    return NdArray.ofFloats(parameters, 0, parameters.length).sha256();
  }

  /**
   * Returns a digest of the whole model: layers, activations, loss, scaling, names and parameters.
   *
   * @return the SHA-256 in hexadecimal that {@link SealedNpz} defines as the checksum of the file
   *     that {@link #save(Path)} writes
   */
  public String digest() {
    return SealedNpz.sha256(ModelFile.arrays(this));
  }

  /**
   * Compares whole models: layers, activations, loss, scaling, names and all parameters, bit by bit
   * (except that all NaNs are equal). {@link #assumptions} are not compared.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Mlp that
        && architecture.equals(that.architecture)
        && facts.equals(that.facts)
        && Arrays.equals(parameters, that.parameters);
  }

  /** Computes a hash of all parameters, so its time grows with their number. */
  @Override
  public int hashCode() {
    return 31 * (31 * architecture.hashCode() + facts.hashCode()) + Arrays.hashCode(parameters);
  }

  /**
   * Describes the model for people.
   *
   * @return for example {@code Mlp[64-16-10, activations [relu], loss softmax, scaling 255]}
   */
  @Override
  public String toString() {
    List<String> activations = new ArrayList<>();
    for (Activation activation : architecture.activations()) {
      activations.add(activation.label());
    }
    return "Mlp[%s, activations %s, loss %s, scaling %s]"
        .formatted(
            architecture,
            activations,
            loss().label(),
            scaling().isPresent() ? scaling().get().name() : "not known");
  }

  /**
   * Creates a predictor for this model; each thread needs its own. Without a stored scaling,
   * features are not scaled.
   *
   * @param maxRows rows of the largest batch, at least 1
   * @return the predictor
   * @throws IllegalArgumentException if maxRows is below 1, or so large that a buffer would need
   *     2^31 values
   */
  public Predictor predictor(int maxRows) {
    return new Predictor(this, packed(), maxRows);
  }

  private Object writeReplace() {
    ModelFile.requireFinite(this, "stream");
    return new Serialised(ModelFile.bytes(ModelFile.arrays(this)), false);
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw Serialised.missing();
  }

  /** Returns the weights in the layout of the kernels, which all predictors share. */
  private synchronized PackedMatrix[] packed() {
    if (packed == null) {
      packed = Inference.pack(architecture.network(), parameters);
    }
    return packed;
  }

  /** Gives readers and writers of model files access to the parts of a model. */
  private static final class Parts extends ModelParts {
    @Override
    public Mlp with(Mlp model, Architecture architecture, float[] parameters) {
      return new Mlp(architecture, parameters, model.facts, model.assumed);
    }

    @Override
    public Mlp assuming(Mlp model, Set<Assumption> assumptions) {
      return model.assuming(assumptions);
    }

    @Override
    public Mlp and(Mlp model, Assumption assumption) {
      Set<Assumption> all = new LinkedHashSet<>(model.assumed);
      all.add(assumption);
      return model.assuming(all);
    }

    @Override
    public byte[] facts(Mlp model) {
      return ModelFile.bytes(ModelFile.facts(model));
    }

    @Override
    public Mlp withFacts(Mlp model, SealedNpz facts) throws IOException {
      return ModelFile.withFacts(model, facts);
    }
  }
}
