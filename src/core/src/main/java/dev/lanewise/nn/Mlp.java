package dev.lanewise.nn;

import dev.lanewise.engine.internal.Inference;
import dev.lanewise.engine.internal.NetworkView;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.kernel.gemm.PackedMatrix;
import dev.lanewise.nn.internal.Assumption;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.nn.internal.ModelFile;
import dev.lanewise.nn.internal.NetworkMetadata;
import dev.lanewise.nn.internal.ObjectPool;
import dev.lanewise.nn.internal.RowPass;
import dev.lanewise.nn.internal.SerialisedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A multilayer perceptron: an immutable value that threads can share.
 *
 * <p>Besides its parameters, a network holds all that is needed to apply it to raw data: the
 * scaling of the features and, in regression, of the targets, the class names, and the shape of an
 * input. Two networks are equal if all of these are equal; {@link #checksum} compares networks of
 * different processes. Java serialization stores the bytes that {@link #save(OutputStream)} writes.
 *
 * <p>A network that was trained on a table, or with bins, also carries these facts for the {@code
 * Model} of lanewise-models that is made of it; alone it predicts from the encoded rows of the
 * table.
 *
 * @serial exclude
 */
public final class Mlp implements PredictiveModel, Serializable {
  private static final long serialVersionUID = 1L;

  static {
    MlpState.HOOK.install(network -> network.state, Mlp::new);
    MlpState.ENGINE.install(Mlp::engine, null);
    MlpState.PACKED.install(Mlp::packed, null);
  }

  private final transient MlpState state;
  private final transient ObjectPool<Predictor> predictors = new ObjectPool<>(() -> predictor(1));
  private transient PackedMatrix[] packed; // per layer; null before the first predictor

  private Mlp(MlpState state) {
    this.state = state;
  }

  /** Makes a network that uses the array itself; the caller has checked its length. */
  private static Mlp of(float[] parameters, Architecture architecture) {
    return new Mlp(new MlpState(NetworkMetadata.of(architecture), parameters, Set.of()));
  }

  private Mlp with(NetworkMetadata facts, Assumption... known) {
    return new Mlp(state.with(facts, known));
  }

  /**
   * {@return a network with the given parameters, the softmax loss and no scaling}
   *
   * @param architecture its sizes
   * @param parameters W1, b1, W2, b2, ..., each W [in][out] row-major; copied
   * @throws IllegalArgumentException if the number of parameters is wrong
   */
  public static Mlp of(Architecture architecture, float[] parameters) {
    Objects.requireNonNull(architecture, "architecture");
    return of(new float[0], architecture).withParameters(parameters);
  }

  /**
   * {@return an untrained network with the softmax loss and no scaling}
   *
   * @param architecture its sizes
   * @param initializer the distribution of the initial weights; biases start at 0
   * @param seed the seed of the weights
   */
  public static Mlp initial(Architecture architecture, Initializer initializer, long seed) {
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(initializer, "initializer");
    return of(initializer.parameters(architecture, seed), architecture);
  }

  /**
   * Reads a network.
   *
   * @param file an .npz file with the float32 or float64 arrays W1, b1, W2, b2, ..., written by
   *     {@link #save} or numpy; unknown entries are ignored. {@code Model.load} reads the files of
   *     other programs. The file may be inside a jar, as a path of {@link
   *     java.nio.file.FileSystems#newFileSystem(Path)}
   * @return the network
   * @throws IOException if the file cannot be read, is not a network, was changed after {@link
   *     #save} wrote it, or is of more than a network can honour: several networks, bins, a schema,
   *     a calibration or a decision, which {@code Model.load} of lanewise-models reads; the message
   *     says what was found and what was expected
   */
  public static Mlp load(Path file) throws IOException {
    return load(file, false);
  }

  private static Mlp load(Path file, boolean trusting) throws IOException {
    Objects.requireNonNull(file, "file");
    try (SealedNpz npz = SealedNpz.open(NetworkFiles.requireNpz(file), trusting)) {
      return NetworkFiles.read(npz);
    }
  }

  /**
   * Reads a network from a stream, such as a resource of a program or an array of bytes.
   *
   * @param in the bytes of an .npz file; not closed
   * @param name the name of the model in error messages
   * @return the network
   * @throws IOException as {@link #load(Path)}
   */
  public static Mlp load(InputStream in, String name) throws IOException {
    try (SealedNpz npz = SealedNpz.open(Objects.requireNonNull(in, "in"), name, false)) {
      return NetworkFiles.read(npz);
    }
  }

  /**
   * Reads a network without refusing a file that was changed after it was written. {@link
   * #assumptions} reports such a change.
   *
   * @param file as for {@link #load(Path)}
   * @return the network
   * @throws IOException as {@link #load(Path)}, except for a wrong checksum
   */
  public static Mlp loadTrusted(Path file) throws IOException {
    return load(file, true);
  }

  /**
   * {@return this network with other parameters}
   *
   * @param parameters as for {@link #of}; copied
   * @throws IllegalArgumentException if the number of parameters is wrong
   */
  public Mlp withParameters(float[] parameters) {
    Objects.requireNonNull(parameters, "parameters");
    return state.on(parameters.clone());
  }

  /**
   * {@return this network with other activations in its hidden layers, for files that do not store
   * the activations}
   *
   * @param activations one per hidden layer
   * @throws IllegalArgumentException if the number of activations is wrong
   */
  public Mlp withActivations(List<Activation> activations) {
    Objects.requireNonNull(activations, "activations");
    Architecture old = architecture();
    Architecture other = new Architecture(old.inputs(), old.hidden(), old.outputs(), activations);
    return with(state.facts().on(other), Assumption.ACTIVATIONS);
  }

  /**
   * Returns this network with another loss. Training minimises the loss, and the loss determines
   * the meaning of predictions. A target scaling is kept only if both losses are regression losses,
   * and neither a calibration nor a rule of decision nor a coverage is kept.
   *
   * @param loss the loss
   * @return the network
   */
  public Mlp withLoss(Loss loss) {
    return with(state.facts().withLoss(Objects.requireNonNull(loss, "loss")), Assumption.LOSS);
  }

  /**
   * {@return this network with another scaling of the features}
   *
   * @param scaling the scaling of raw features
   * @throws IllegalArgumentException if the scaling is for another number of features
   */
  public Mlp withScaling(Scaling scaling) {
    Objects.requireNonNull(scaling, "scaling");
    return with(state.facts().withScaling(scaling), Assumption.SCALING);
  }

  /**
   * {@return this network with a target scaling: its outputs are scaled targets, and predictions
   * undo the scaling}
   *
   * @param scaling the scaling of the training targets
   * @throws IllegalArgumentException if the scaling is for another number of outputs, or the loss
   *     is not a regression loss
   */
  public Mlp withTargetScaling(Scaling scaling) {
    return with(state.facts().withTargetScaling(Objects.requireNonNull(scaling, "scaling")));
  }

  /**
   * {@return this network with other class names}
   *
   * @param names one per class, or none
   * @throws IllegalArgumentException if the number of names is neither 0 nor the number of classes,
   *     or {@link NdArray#checkNames} refuses the names
   */
  public Mlp withClassNames(List<String> names) {
    return with(state.facts().withClassNames(Objects.requireNonNull(names, "names")));
  }

  /**
   * {@return this network with the shape of an input, such as 48 x 48 for a picture}
   *
   * @param shape its dimensions, or none
   * @throws IllegalArgumentException if the product of the dimensions is not the number of inputs
   */
  public Mlp withInputShape(int... shape) {
    Objects.requireNonNull(shape, "shape");
    return with(state.facts().withInputShape(Arrays.stream(shape).boxed().toList()));
  }

  /**
   * {@return this network with notes for people on how it was trained}
   *
   * @param options such as {@code epochs=256}
   * @throws IllegalArgumentException if a note cannot be saved
   */
  public Mlp withTraining(List<String> options) {
    return with(state.facts().withTraining(Objects.requireNonNull(options, "options")));
  }

  /**
   * {@return this network with weights of classes, which results undo}
   *
   * @param weighting the weights of classes in its training; empty for results that are its outputs
   * @throws IllegalArgumentException if the weights are for another number of classes, or the loss
   *     is not softmax
   */
  public Mlp withWeighting(Optional<ClassWeighting> weighting) {
    Objects.requireNonNull(weighting, "weighting");
    return with(state.facts().withWeighting(weighting.orElse(null)));
  }

  /** {@return the sizes and activations of the layers} */
  public Architecture architecture() {
    return state.facts().network();
  }

  /** {@return the hidden layers and the output layer, first to last} */
  public List<Layer> layers() {
    return architecture().layers();
  }

  @Override
  public List<Mlp> members() {
    return List.of(this);
  }

  @Override
  public Optional<Mlp> singleNetwork() {
    return weighting().isEmpty() ? Optional.of(this) : Optional.empty();
  }

  @Override
  public Predictor predictor(int maxRows) {
    return new Predictor(new RowPass(this, RowPass.checked(maxRows), null));
  }

  @Override
  public Predictions predict(double[][] rows) {
    Objects.requireNonNull(rows, "rows");
    return rows.length == 1
        ? predictors.call(predictor -> predictor.predict(rows))
        : predictor(Math.max(1, Math.min(RowPass.BATCH, rows.length))).predict(rows);
  }

  @Override
  public int parameterCount() {
    return state.parameters().length;
  }

  /** {@return a copy of W1, b1, W2, b2, ...} */
  public float[] parameters() {
    return state.parameters().clone();
  }

  /**
   * {@return the weights of a layer, [in][out] row-major, a copy}
   *
   * @param layer from 0
   */
  public float[] weights(int layer) {
    Layer l = layers().get(layer);
    return Arrays.copyOfRange(state.parameters(), l.weightsOffset(), l.biasesOffset());
  }

  /**
   * {@return the biases of a layer, [out], a copy}
   *
   * @param layer from 0
   */
  public float[] biases(int layer) {
    Layer l = layers().get(layer);
    return Arrays.copyOfRange(state.parameters(), l.biasesOffset(), l.biasesOffset() + l.outputs());
  }

  /**
   * {@return the digest of the parameters alone: the SHA-256, in hexadecimal, of W1, b1, W2, b2,
   * ... as little-endian float32, row-major}
   */
  public String sha256() {
    return NdArray.ofFloats(state.parameters(), 0, parameterCount()).sha256();
  }

  /**
   * {@return a digest of the network with all its facts: the SHA-256 in hexadecimal that is the
   * checksum in the file that {@link #save(Path)} writes}
   */
  public String checksum() {
    return SealedNpz.sha256(ModelFile.arrays(members(), state.facts()));
  }

  /**
   * Writes the network as .npz; {@code Model.save} of lanewise-models also writes other formats.
   *
   * @param file the file to write
   * @throws IllegalStateException if a parameter is not finite, as after a training that diverged
   * @throws IOException if the file cannot be written or has the extension of another format; an
   *     existing file then stays as it was
   */
  public void save(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    ModelFile.write(this, NetworkFiles.requireNpz(file), Map.of());
  }

  /**
   * Writes the network as .npz to a stream.
   *
   * @param out neither flushed nor closed
   * @throws IllegalStateException as {@link #save(Path)}
   * @throws IOException if writing fails
   */
  public void save(OutputStream out) throws IOException {
    SealedNpz.write(
        Objects.requireNonNull(out, "out"), ModelFile.saved(members(), state.facts(), "stream"));
  }

  /**
   * Compares whole networks: layers, activations, loss, scaling, names and all parameters, bit by
   * bit (except that all NaNs are equal). {@link #assumptions} are not compared.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Mlp that
        && state.facts().equals(that.state.facts())
        && Arrays.equals(state.parameters(), that.state.parameters());
  }

  @Override
  public int hashCode() {
    return 31 * state.facts().hashCode() + Arrays.hashCode(state.parameters());
  }

  /** {@return its layers and facts, such as {@code Mlp[4-3-2, activations [relu], loss mse]}} */
  @Override
  public String toString() {
    Architecture layers = architecture();
    return "Mlp[%s, activations %s, %s]"
        .formatted(layers, layers.activations(), MlpState.shown(this, Message.of("")));
  }

  private Object writeReplace() {
    return new Serialised(ModelFile.saved(members(), state.facts(), "stream"));
  }

  /** The bytes of its file. */
  private static final class Serialised extends SerialisedFile {
    private static final long serialVersionUID = 1L;

    Serialised(Map<String, NdArray> arrays) {
      super(arrays);
    }

    @Override
    protected Mlp read(SealedNpz file) throws IOException {
      return ModelFile.read(file, List.of()).network();
    }
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw SerialisedFile.missing();
  }

  private NetworkView engine() {
    return new NetworkView(
        state.parameters(), architecture().network(), loss().objective, state.facts().further());
  }

  private synchronized PackedMatrix[] packed() {
    if (packed == null) {
      packed = Inference.pack(architecture().network(), state.parameters());
    }
    return packed;
  }
}
