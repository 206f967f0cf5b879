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
 * A multilayer perceptron: an immutable value, safe to share between threads.
 *
 * <p>Beside its parameters it carries what a user needs to apply it to raw data: the scaling of the
 * features, and of targets in regression, the names of the classes and the shape of an input. Two
 * models are equal if all of this is; {@link #digest} tells them apart as well, also those of other
 * processes. Serialised, a model is the bytes that {@link #save(OutputStream)} writes.
 *
 * @serial exclude
 */
public final class Mlp implements Serializable {
  private static final long serialVersionUID = 1L;

  static {
    ModelAccess.install(
        Mlp.class,
        model ->
            new ModelAccess.Inside(
                model.parameters, model.architecture.network(), model.loss().objective),
        Mlp::on);
    ModelParts.install(new Parts());
  }

  private final transient Architecture architecture;
  private final transient float[] parameters; // W1 [in][out], b1 [out], W2, b2, ...
  private final transient Facts facts;
  private final transient Set<Assumption> assumed; // never changed
  private transient PackedMatrix[]
      packed; // a layer: its weights as kernels read them fastest, or null

  private Mlp(Architecture architecture, float[] parameters, Facts facts, Set<Assumption> assumed) {
    this.architecture = architecture;
    this.parameters = parameters;
    this.facts = facts;
    this.assumed = assumed;
  }

  /** The same with one fact changed. */
  private Mlp with(Consumer<Facts> change) {
    return new Mlp(architecture, parameters, facts.with(change), assumed);
  }

  /** The same, of which this was assumed. */
  Mlp assuming(Set<Assumption> assumptions) {
    return new Mlp(architecture, parameters, facts, assumptions);
  }

  /** The same, of which this is assumed no longer. */
  private Mlp without(Assumption assumption) {
    if (!assumed.contains(assumption)) {
      return this;
    }
    Set<Assumption> others = new LinkedHashSet<>(assumed);
    others.remove(assumption);
    return assuming(others);
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

  /** The same on top of the parameters, which are as many as there must be. */
  static Mlp plain(Architecture architecture, float[] parameters) {
    return new Mlp(architecture, parameters, Facts.NONE, Set.of());
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
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(initializer, "initializer");
    float[] parameters = initializer.parameters(architecture, seed);
    return plain(architecture, parameters);
  }

  /**
   * Reads a model.
   *
   * @param file an .npz with W1, b1, W2, b2, ..., float32 or float64, as {@link #save} or numpy
   *     writes it; entries that are not known are passed over. Or, by the ending of its name, a
   *     .safetensors file of weights and biases, or an .onnx file of a chain of layers. It may be
   *     within a jar, as a path of {@link java.nio.file.FileSystems#newFileSystem(Path)} is
   * @return the model
   * @throws IOException if the file cannot be read, is not a model, or is one that was changed
   *     since {@link #save} wrote it; the message says what was found and what was expected
   */
  public static Mlp load(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    return load(file, List.of());
  }

  /**
   * Reads a model of layers that others named, in a .npz or .safetensors file.
   *
   * @param file as for {@link #load(Path)}
   * @param layers the names of its matrices in the order of the layers, or what these begin with;
   *     other arrays are passed over. None: all, in the order of their names
   * @return the model, of which its {@link #assumptions} are to be set right
   * @throws IOException as {@link #load(Path)}, or if layers do not follow on each other
   */
  public static Mlp load(Path file, List<String> layers) throws IOException {
    Objects.requireNonNull(file, "file");
    return ModelFormats.read(file, layers, false);
  }

  /**
   * Reads a model that need be in no file, such as a resource of a program.
   *
   * @param in as for {@link #load(byte[])}, up to their end, which are kept in memory meanwhile;
   *     not closed
   * @param name stands for a file's name in errors
   * @return the model
   * @throws IOException as {@link #load(Path)}
   */
  public static Mlp load(InputStream in, String name) throws IOException {
    Objects.requireNonNull(in, "in");
    return ModelFormats.read(in, name);
  }

  /**
   * Reads a model.
   *
   * @param in as for {@link #load(byte[])}, up to their end; not closed
   * @return the model
   * @throws IOException as {@link #load(Path)}
   */
  public static Mlp load(InputStream in) throws IOException {
    Objects.requireNonNull(in, "in");
    return load(in, "stream");
  }

  /**
   * Reads a model.
   *
   * @param content the bytes of a file that {@link #load(Path)} reads, whose format is known by how
   *     they begin
   * @return the model
   * @throws IOException as {@link #load(Path)}
   */
  public static Mlp load(byte[] content) throws IOException {
    Objects.requireNonNull(content, "content");
    return load(new ByteArrayInputStream(content), "bytes");
  }

  /**
   * Reads a model as it is, although it may have been changed since it was written: {@link
   * #assumptions} tells if so.
   *
   * @param file as for {@link #load(Path)}
   * @return the model
   * @throws IOException as {@link #load(Path)}, but whatever the checksum says
   */
  public static Mlp loadTrusted(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    return ModelFormats.read(file, List.of(), true);
  }

  /**
   * Reads a model of a file that is open, and verifies that.
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
   * Writes the model as .npz, which numpy reads without pickle, and replaces a file whole. The file
   * has a checksum of all that it holds, as {@link SealedNpz} describes it. By the ending of its
   * name it may be a .safetensors file, an .onnx file or the .java source of a class instead.
   *
   * @param file where to
   * @throws IllegalArgumentException if the format cannot say what the model does
   * @throws IllegalStateException if a parameter is not finite, as after a training that diverged
   * @throws IOException if the file cannot be written; what was there before stays
   */
  public void save(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    ModelFormats.write(this, file);
  }

  /**
   * Writes what {@link #save(Path)} does, and {@link #load(InputStream)} reads.
   *
   * @param out where to; neither flushed nor closed
   * @throws IllegalStateException as {@link #save(Path)}
   * @throws IOException if writing fails
   */
  public void save(OutputStream out) throws IOException {
    Objects.requireNonNull(out, "out");
    ModelFile.requireFinite(this, "stream");
    SealedNpz.write(out, ModelFile.arrays(this));
  }

  /**
   * Writes the model as .npz as {@link #save(Path)} does, with other arrays behind its own, which
   * {@link #load} passes over. The checksum of the file is of them, too.
   *
   * @param file where to
   * @param others further arrays by name, none of them a model's
   * @throws IllegalArgumentException if one of them has a name that a model's array can have
   * @throws IllegalStateException as {@link #save(Path)}
   * @throws IOException if the file cannot be written; what was there before stays
   */
  public void save(Path file, Map<String, NdArray> others) throws IOException {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(others, "others");
    ModelFile.requireFinite(this, file);
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
    Objects.requireNonNull(parameters, "parameters");
    return on(parameters.clone());
  }

  /** The same on the given array. */
  private Mlp on(float[] parameters) {
    // They are no file's: whether that had been changed says nothing of them.
    Mlp same = without(Assumption.CHECKSUM).without(Assumption.TRUST);
    return new Mlp(architecture, checked(architecture, parameters), facts, same.assumed);
  }

  /**
   * The same parameters in a network whose hidden layers do something else: of use for files that
   * do not say what they do.
   *
   * @param activations one a hidden layer
   * @return the network
   * @throws IllegalArgumentException if there are fewer or more
   */
  public Mlp withActivations(List<Activation> activations) {
    Objects.requireNonNull(activations, "activations");
    Architecture other =
        new Architecture(
            architecture.inputs(), architecture.hidden(), architecture.outputs(), activations);
    return new Mlp(other, parameters, facts, without(Assumption.ACTIVATIONS).assumed);
  }

  /**
   * The same network for another loss, which training makes small and which says what predictions
   * are. A scaling of targets is kept from one loss of regression to another only.
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
   * The same network with a scaling.
   *
   * @param scaling how raw features are scaled
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
   * The same network whose outputs are scaled targets: predictions undo the scaling.
   *
   * @param scaling how targets were scaled for the network
   * @return the network
   * @throws IllegalArgumentException if the scaling is for another number of outputs, or the loss
   *     is not one of regression
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
   * The same network with names for its classes.
   *
   * @param names one a class, or none
   * @return the network
   * @throws IllegalArgumentException if there are some, but not one a class, or they are not as
   *     {@link NdArray#checkNames} has them
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
   * The same network with the shape of an input, such as 48 x 48 for a picture.
   *
   * @param shape its dimensions, or none
   * @return the network
   * @throws IllegalArgumentException if the dimensions do not multiply to the number of inputs
   */
  public Mlp withInputShape(int... shape) {
    Objects.requireNonNull(shape, "shape");
    long product = 1;
    for (int dimension : shape) {
      // A negative or overflowing product is caught below: the number of inputs is an int.
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
   * The same network for the rows of a table.
   *
   * @param schema how its columns become the inputs
   * @return the network
   * @throws IllegalArgumentException if it makes another number of inputs
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
   * The same network with what is known of its training file.
   *
   * @param division how the rows were divided
   * @return the network
   */
  public Mlp withDivision(Division division) {
    Objects.requireNonNull(division, "division");
    return with(f -> f.division = Optional.of(division));
  }

  /**
   * The same network with notes on how it was trained, for people to read.
   *
   * @param options such as {@code epochs=256}
   * @return the network
   * @throws IllegalArgumentException if they are none that {@link NdArray#ofStrings} takes
   */
  public Mlp withTraining(List<String> options) {
    Objects.requireNonNull(options, "options");
    NdArray.ofStrings(options, options.size()); // or it could not be saved
    List<String> copy = List.copyOf(options);
    return with(f -> f.training = copy);
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
    return facts.loss;
  }

  /**
   * The scaling that was stored with the model.
   *
   * @return the scaling, or nothing if it is not known, as in a file written by numpy
   */
  public Optional<Scaling> scaling() {
    return facts.scaling;
  }

  /**
   * The scaling of the targets that the network was trained on.
   *
   * @return the scaling, which predictions undo; {@link Scaling#none} if there is none
   */
  public Scaling targetScaling() {
    return facts.targetScaling;
  }

  /**
   * The names of the classes.
   *
   * @return one a class, or none
   */
  public List<String> classNames() {
    return facts.classNames;
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
    return facts.inputShape.stream().mapToInt(d -> d).toArray();
  }

  /**
   * How the columns of a table become inputs.
   *
   * @return the schema of the training rows; empty if those were no table
   */
  public Optional<Schema> schema() {
    return facts.schema;
  }

  /**
   * How the rows of the training file were divided.
   *
   * @return what {@code evaluate} needs to find the test rows again; empty if it is not known
   */
  public Optional<Division> division() {
    return facts.division;
  }

  /**
   * How it was trained, as {@link #withTraining} has noted it.
   *
   * @return lines, or none
   */
  public List<String> training() {
    return facts.training;
  }

  /**
   * A predictor that takes the values of columns by name; make one for each thread.
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
    return Arrays.copyOfRange(parameters, l.weightsOffset(), l.biasesOffset());
  }

  /**
   * The biases of a layer.
   *
   * @param layer from 0
   * @return b, [out], a copy
   */
  public float[] biases(int layer) {
    Layer l = layers().get(layer);
    return Arrays.copyOfRange(parameters, l.biasesOffset(), l.biasesOffset() + l.outputs());
  }

  /**
   * What the file of this model did not say, and was assumed; and which parts of it were taken for
   * the model where others were possible.
   *
   * @return a line each, such as {@code no loss stored: softmax is assumed}, or {@code taken:
   *     output y of the graph (passed over: z)}; empty for a file that {@link #save} wrote and
   *     nobody has changed, and for a model of no file
   */
  public List<String> assumptions() {
    List<String> lines = new ArrayList<>();
    for (Assumption assumption : assumed) {
      lines.add(assumption.text());
    }
    return lines;
  }

  /**
   * The digest of the parameters alone.
   *
   * @return the SHA-256 of W1, b1, W2, b2, ... as little-endian float32, row-major, in hexadecimal
   * @see #digest
   */
  public String sha256() {
    return NdArray.ofFloats(parameters, 0, parameters.length).sha256();
  }

  /**
   * The digest by which two models are told apart to the last bit, in all that they are: layers,
   * activations, loss, scaling, names and parameters.
   *
   * @return the checksum of the file that {@link #save(Path)} writes, as {@link SealedNpz} defines
   *     it: a SHA-256 in hexadecimal
   */
  public String digest() {
    return SealedNpz.sha256(ModelFile.arrays(this));
  }

  /**
   * Whether another model is the same in all that it is: layers, activations, loss, scaling, names
   * and every parameter, bit by bit (but one NaN is as another). What was assumed of its file is no
   * part of it.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Mlp that
        && architecture.equals(that.architecture)
        && facts.equals(that.facts)
        && Arrays.equals(parameters, that.parameters);
  }

  /** Takes time in proportion to the number of parameters. */
  @Override
  public int hashCode() {
    return 31 * (31 * architecture.hashCode() + facts.hashCode()) + Arrays.hashCode(parameters);
  }

  /**
   * A few words for people.
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
        classNames(),
        maxRows);
  }

  private Object writeReplace() {
    ModelFile.requireFinite(this, "stream");
    return new Serialised(ModelFile.bytes(ModelFile.arrays(this)), false);
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw Serialised.missing();
  }

  /** The weights in the order of the kernels: made for the first predictor, shared by all. */
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
