package dev.lanewise.nn;

import dev.lanewise.format.Message;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.SealedNpz;
import dev.lanewise.nn.internal.Assumption;
import dev.lanewise.nn.internal.Fact;
import dev.lanewise.nn.internal.Facts;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A trained model: one network ({@link Mlp}) or several whose predictions are averaged ({@link
 * Ensemble}). It is an immutable value that threads can share.
 *
 * <pre>{@code
 * Model model = Model.load(Path.of("nn_model.npz"));
 * Predictions predictions = model.predictor(1).predict(5.1, 3.5, 1.4, 0.2);
 * }</pre>
 *
 * <p>Besides its parameters, a model holds all that is needed to apply it to raw data: the scaling
 * of the features and, in regression, of the targets, the class names, and the shape of an input.
 * Java serialization stores the bytes that {@link #save(OutputStream)} writes.
 *
 * @serial exclude
 */
public abstract sealed class Model implements Serializable permits Mlp, Ensemble {
  private static final long serialVersionUID = 1L;

  final transient Facts facts;
  final transient Set<Assumption> assumed;

  Model(Facts facts, Set<Assumption> assumed) {
    this.facts = facts;
    this.assumed = assumed;
  }

  /**
   * Reads a model of one or several networks.
   *
   * @param file as for {@link Mlp#load(Path)}, which reads single networks only
   * @return the model
   * @throws IOException as {@link Mlp#load(Path)}
   */
  public static Model load(Path file) throws IOException {
    return ModelFormats.read(Objects.requireNonNull(file, "file"), List.of(), false);
  }

  /**
   * Reads a model of one or several networks from a stream.
   *
   * @param in the bytes of a file, whose first bytes determine the format; not closed
   * @param name the name of the model in error messages
   * @return the model
   * @throws IOException as {@link Mlp#load(Path)}
   */
  public static Model load(InputStream in, String name) throws IOException {
    return ModelFormats.read(Objects.requireNonNull(in, "in"), name);
  }

  /** {@return the networks, at least one; a single network is its own only member} */
  public abstract List<Mlp> members();

  /** Returns this model with another value of a fact, null for none. */
  abstract <T> Model with(Fact<T> fact, T value);

  /**
   * {@return this model with another scaling of the features, and without a calibration}
   *
   * @param scaling the scaling of raw features
   * @throws IllegalArgumentException if the scaling is for another number of features
   */
  public Model withScaling(Scaling scaling) {
    return with(NetworkFacts.SCALING, Objects.requireNonNull(scaling, "scaling"));
  }

  /**
   * {@return this model with another calibration of its probabilities, which every predictor
   * applies} A model with other parameters, activations, scaling or loss has none. A threshold and
   * a coverage of the model are not kept, because they are for other probabilities.
   *
   * @param calibration fitted to the probabilities that the model gives without one; empty for
   *     these probabilities themselves
   * @throws IllegalArgumentException if the calibration is for another loss or number of outputs
   */
  public Model withCalibration(Optional<Calibration> calibration) {
    return with(
        ModelFacts.CALIBRATION, Objects.requireNonNull(calibration, "calibration").orElse(null));
  }

  /**
   * {@return this model with another rule by which classes follow from probabilities, which every
   * predictor applies} A model with other parameters, activations, scaling or loss has none.
   *
   * @param rule for the calibrated probabilities; empty for the largest probability
   * @throws IllegalArgumentException if the model has not as many classes as the rule, or the loss
   *     is not softmax
   */
  public Model withRule(Optional<DecisionRule> rule) {
    return with(ModelFacts.DECISION, Objects.requireNonNull(rule, "rule").orElse(null));
  }

  /**
   * {@return this model with other scores of rows, from which follow sets of classes or intervals
   * of numbers} A model with other parameters, activations, scaling, loss or calibration has none.
   *
   * @param coverage by the results that the model gives; empty for none
   * @throws IllegalArgumentException if the coverage is for another loss or number of outputs; a
   *     model of a sigmoid or a pinball loss has none
   */
  public Model withCoverage(Optional<Coverage> coverage) {
    return with(ModelFacts.COVERAGE, Objects.requireNonNull(coverage, "coverage").orElse(null));
  }

  /**
   * {@return this model with notes for people on how it was trained}
   *
   * @param options such as {@code epochs=256}
   * @throws IllegalArgumentException if a note cannot be saved
   */
  public Model withTraining(List<String> options) {
    return with(NetworkFacts.TRAINING, Objects.requireNonNull(options, "options"));
  }

  /**
   * Returns this model with further facts: named arrays that its file keeps for other packages, and
   * that predictions do not depend on. They replace all earlier ones. {@link #equals} and {@link
   * #digest} include them, {@link #sha256} does not. Training drops them, as they may be about
   * other rows.
   *
   * @param facts the arrays by name, which are not copied; none removes the facts
   * @return the model
   * @throws IllegalArgumentException if a name is empty or {@link NdArray#checkNames} refuses it
   */
  public Model withFurtherFacts(Map<String, NdArray> facts) {
    return with(ModelFacts.FURTHER, Objects.requireNonNull(facts, "facts"));
  }

  /**
   * {@return the digest of the parameters alone, in hexadecimal. For one network, it is the SHA-256
   * of W1, b1, W2, b2, ... as little-endian float32, row-major; for several, the SHA-256 of the
   * digests of the members in order, 32 bytes each}
   */
  public abstract String sha256();

  /** {@return the number of weights and biases of all members together} */
  public abstract int parameterCount();

  /** {@return the sizes of the layers, such as {@code 64-16-10}, of several networks in a list} */
  public final String sizes() {
    return String.join(", ", members().stream().map(m -> m.architecture().toString()).toList());
  }

  /** Returns the facts that people want to see, with the columns and classes or outputs. */
  final String shown() {
    return Message.of(
            "loss %s, scaling %s, %s parameters%s%s",
            loss().label(),
            scaling().map(Scaling::name).orElse("not known"),
            parameterCount(),
            schema().map(s -> Message.of(", columns %s", s.columnNames())).orElse(Message.of("")),
            classNames().isEmpty()
                ? ""
                : Message.of(", " + loss().task().outputs() + " %s", classNames()))
        .toString();
  }

  /** {@return the number of raw features of a row} */
  public final int inputs() {
    return facts.inputs();
  }

  /** {@return the number of classes or numeric outputs} */
  public final int outputs() {
    return facts.outputs();
  }

  /** {@return the loss that training minimises} */
  public final Loss loss() {
    return facts.get(NetworkFacts.LOSS);
  }

  /**
   * {@return the scaling of the features; empty if it is unknown, as in a file written by numpy}
   */
  public final Optional<Scaling> scaling() {
    return facts.find(NetworkFacts.SCALING);
  }

  /**
   * {@return the scaling of the training targets, which predictions undo; {@link Scaling#none} if
   * the targets were not scaled}
   */
  public final Scaling targetScaling() {
    return facts.get(NetworkFacts.TARGET_SCALING);
  }

  /** {@return one name per class, or none} */
  public final List<String> classNames() {
    return facts.get(NetworkFacts.CLASS_NAMES);
  }

  /**
   * {@return the name of a class, or its number if the classes have no names}
   *
   * @param label from 0 to classes - 1
   */
  public final String className(int label) {
    return classNames().isEmpty() ? Integer.toString(label) : classNames().get(label);
  }

  /** {@return the dimensions of an input, a copy; empty if they are unknown} */
  public final int[] inputShape() {
    return facts.get(NetworkFacts.INPUT_SHAPE).stream().mapToInt(d -> d).toArray();
  }

  /** {@return the schema of the training table; empty if the model was not trained on a table} */
  public final Optional<Schema> schema() {
    return facts.find(TableFacts.SCHEMA);
  }

  /**
   * {@return how the rows of the training file were divided, so that {@code evaluate} finds the
   * test rows again; empty if it is unknown}
   */
  public final Optional<Division> division() {
    return facts.find(TableFacts.DIVISION);
  }

  /** {@return the calibration of the probabilities; empty if the model has none} */
  public final Optional<Calibration> calibration() {
    return facts.find(ModelFacts.CALIBRATION);
  }

  /** {@return how classes follow from probabilities; empty for the largest probability} */
  public final Optional<DecisionRule> rule() {
    return facts.find(ModelFacts.DECISION);
  }

  /** {@return the scores for sets or intervals that contain the truth; empty if it has none} */
  public final Optional<Coverage> coverage() {
    return facts.find(ModelFacts.COVERAGE);
  }

  /** {@return the notes on the training, see {@link #withTraining}} */
  public final List<String> training() {
    return facts.get(NetworkFacts.TRAINING);
  }

  /** {@return the further facts by name, in order of code points, see {@link #withFurtherFacts}} */
  public final Map<String, NdArray> furtherFacts() {
    return facts.get(ModelFacts.FURTHER);
  }

  /**
   * Creates a predictor that takes the values of columns by name; each thread needs its own.
   *
   * @return the predictor
   * @throws IllegalStateException if the model was not trained on a table
   */
  public final TablePredictor tablePredictor() {
    return new TablePredictor(this);
  }

  /**
   * Returns the assumptions about facts that the model file does not contain, and the parts of the
   * file that were read as the model if there was a choice.
   *
   * @return one line per assumption, such as {@code no loss stored: softmax is assumed}, or {@code
   *     taken: output y of the graph (passed over: z)}; empty for an unchanged file that {@link
   *     #save} wrote, and for a model that was not read from a file
   */
  public final List<String> assumptions() {
    return assumed.stream().map(Assumption::text).toList();
  }

  /**
   * {@return a digest of the whole model: the SHA-256 in hexadecimal that {@link SealedNpz} defines
   * as the checksum of the file that {@link #save(Path)} writes}
   */
  public final String digest() {
    return SealedNpz.sha256(ModelFile.arrays(this));
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
  public final void save(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    ModelFormats.write(this, file);
  }

  /**
   * Writes the model as .npz to a stream.
   *
   * @param out neither flushed nor closed
   * @throws IllegalStateException as {@link #save(Path)}
   * @throws IOException if writing fails
   */
  public final void save(OutputStream out) throws IOException {
    SealedNpz.write(Objects.requireNonNull(out, "out"), ModelFile.saved(this, "stream"));
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
  public final Predictor predictor(int maxRows) {
    return new Predictor(this, maxRows);
  }

  /** Returns the bytes of the model's file in place of this object. */
  final Object writeReplace() {
    return new Serialised(ModelFile.bytes(ModelFile.saved(this, "stream")), false);
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw Serialised.missing();
  }
}
