package dev.lanewise.model;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.model.internal.ModelAccess;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.PredictiveModel;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.internal.FurtherInputs;
import dev.lanewise.nn.internal.MetadataName;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.nn.internal.ModelFile;
import dev.lanewise.nn.internal.NetworkMetadata;
import dev.lanewise.nn.internal.ObjectPool;
import dev.lanewise.nn.internal.PredictorAccess;
import dev.lanewise.nn.internal.RowPass;
import dev.lanewise.nn.internal.SerialisedFile;
import dev.lanewise.nn.internal.StoredModel;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.TableMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A trained model: one network ({@link Mlp}) or several whose predictions are averaged, and what
 * else decides about its predictions, such as the schema of a table or a calibration. It is an
 * immutable value that threads can share.
 *
 * <pre>{@code
 * Model model = Model.load(Path.of("nn_model.npz"));
 * Predictions predictions = model.predictor(1).predict(5.1, 3.5, 1.4, 0.2);
 * }</pre>
 *
 * <p>Several networks were trained for the same data: they share the scaling, the classes and all
 * other facts about data, but may differ in layers and in whether they see bins of the features. A
 * probability, or for regression a number in the units of the data, is the sum over the members in
 * their order of their weight ({@link #memberWeights}) times their result, divided by the sum of
 * the weights, all in double. The class is the one with the largest average, the first of equals.
 *
 * <p>Two models are equal if their networks and facts are equal; {@link #checksum} compares models
 * of different processes. Java serialization stores the bytes that {@link #save(OutputStream)}
 * writes.
 *
 * @serial exclude
 */
public final class Model implements PredictiveModel, Serializable {
  private static final long serialVersionUID = 1L;

  static {
    ModelAccess.install(new Access());
  }

  private final transient List<Mlp> members; // without facts of results
  final transient NetworkMetadata facts; // with the arrays of all others
  final transient CombinedMetadata known; // these arrays as values
  private final transient ObjectPool<Predictor> predictors = new ObjectPool<>(() -> predictor(1));
  private final transient ObjectPool<TablePredictor> tablePredictors =
      new ObjectPool<>(this::tablePredictor);

  private Model(List<Mlp> members, NetworkMetadata facts, CombinedMetadata known) {
    if (known.memberWeights() != null) {
      requireOneEach(known.memberWeights(), members.size());
    }
    this.members = members;
    this.facts = facts;
    this.known = known;
  }

  /** Makes a model of facts whose arrays are read here. */
  private static Model of(List<Mlp> members, NetworkMetadata facts) {
    try {
      return new Model(
          members, facts, CombinedMetadata.of(Fields.of("model", facts.others()), facts));
    } catch (IOException e) {
      throw new ArgumentException(Message.of(e), e);
    }
  }

  private static Mlp with(Mlp network, UnaryOperator<NetworkMetadata> change) {
    MlpState state = MlpState.of(network);
    return state.with(change.apply(state.facts())).mlp();
  }

  private Model with(UnaryOperator<Mlp> change, NetworkMetadata changed) {
    return of(members.stream().map(change).toList(), changed);
  }

  /** Returns this model with other arrays of a fact; none drops the fact. */
  Model with(MetadataName fact, Map<String, NdArray> arrays) {
    return with(
        m -> fact.isOfModel() ? m : with(m, own -> own.with(fact, arrays)),
        facts.with(fact, arrays));
  }

  /**
   * {@return a model of one network, with all facts that the network carries}
   *
   * @param network the network, such as {@code run.model()} of a training
   */
  public static Model of(Mlp network) {
    Objects.requireNonNull(network, "network");
    return of(List.of(with(network, NetworkMetadata::ofNetwork)), MlpState.facts(network));
  }

  /**
   * {@return a model of one or several networks}
   *
   * @param networks at least one; if their weights of classes differ, as those that balance the
   *     classes of different folds, the model has the means
   * @throws IllegalArgumentException if there is none, or they differ in features, outputs or facts
   *     about data
   */
  public static Model of(List<Mlp> networks) {
    int count = Objects.requireNonNull(networks, "networks").size();
    return of(networks, IntStream.generate(() -> 1).limit(count).toArray());
  }

  /**
   * {@return a model of networks with weights in the average, as of an ensemble that selected some
   * networks more often than others}
   *
   * @param networks as for {@link #of(List)}
   * @param weights one per network, at least 1, with a sum of at most 2^20; a common divisor
   *     changes nothing
   * @throws IllegalArgumentException as there, or if the weights are not such
   */
  public static Model of(List<Mlp> networks, int... weights) {
    List<Mlp> given = List.copyOf(Objects.requireNonNull(networks, "networks"));
    if (given.isEmpty()) {
      throw new IllegalArgumentException("no networks, expected at least one");
    }
    List<Integer> own = Arrays.stream(Objects.requireNonNull(weights, "weights")).boxed().toList();
    requireOneEach(own, given.size());
    List<Integer> shares = CombinedMetadata.divided(own);
    return average(sameWeights(given, weights))
        .with(
            MetadataName.MEMBER_WEIGHTS,
            arrays(Optional.ofNullable(shares), CombinedMetadata::memberWeights));
  }

  private static void requireOneEach(List<?> weights, int networks) {
    if (weights.size() != networks) {
      throw new ArgumentException(
          "%s member weights, expected one for each of %s networks", weights.size(), networks);
    }
  }

  /** Returns a model of networks that have the same weights of classes. */
  private static Model average(List<Mlp> all) {
    Mlp first = all.get(0);
    if (all.size() == 1) {
      return of(first);
    }
    if (all.stream().anyMatch(m -> !with(m, NetworkMetadata::ofNetwork).equals(m))) {
      throw new IllegalArgumentException(
          "members with calibrations, decisions or coverages of their own, expected none"
              + " (withCalibration, withRule, withCoverage), as the average of the members has them");
    }
    NetworkMetadata facts = MlpState.facts(first);
    for (int m = 1; m < all.size(); m++) {
      Mlp other = all.get(m);
      boolean fits = other.inputs() == first.inputs() && other.outputs() == first.outputs();
      if (!fits || !facts.like(MlpState.facts(other)).equals(MlpState.facts(other))) {
        throw new IllegalArgumentException(
            "member %s of %s is %s, expected the features, outputs and facts of member 1, %s"
                .formatted(m + 1, all.size(), of(other), of(first)));
      }
    }
    if (all.stream().flatMap(member -> of(member).bins().stream()).distinct().count() > 1) {
      throw new IllegalArgumentException(
          "members that see different bins, expected the same bins in all members that see bins");
    }
    Comparator<Mlp> byInputs = Comparator.comparingInt(member -> member.architecture().inputs());
    return of(all, MlpState.facts(Collections.max(all, byInputs))); // with the bins
  }

  /** Returns networks with the same weights of classes. */
  private static List<Mlp> sameWeights(List<Mlp> networks, int... shares) {
    List<ClassWeighting> all = networks.stream().flatMap(m -> m.weighting().stream()).toList();
    if (all.stream().distinct().count() < 2 && (all.isEmpty() || all.size() == networks.size())) {
      return networks;
    } else if (all.size() < networks.size()
        || networks.stream().mapToInt(Mlp::outputs).distinct().count() > 1) {
      throw new ArgumentException(
          "members with the class weights %s, expected the same classes, and weights of all or none (withWeighting)",
          all);
    }
    Optional<ClassWeighting> mean = Optional.of(ClassWeighting.mean(all, shares));
    return networks.stream().map(m -> m.withWeighting(mean)).toList();
  }

  /**
   * Reads a model of one or several networks.
   *
   * @param file as for {@link Mlp#load(Path)}, which reads single networks only, or an .onnx file
   *     of a chain of layers or a .safetensors file, recognised by its extension
   * @param activations those of the hidden layers, for a file that states none: one for all hidden
   *     layers, or one for each, first to last. A .safetensors file without them is refused if none
   *     are given
   * @return the model
   * @throws IllegalArgumentException if the number of activations is neither 1 nor that of the
   *     hidden layers, or there are no hidden layers
   * @throws FormatException if the file states other activations, or a .safetensors file states
   *     none and none are given
   * @throws IOException as {@link Mlp#load(Path)}, but for what only a model can honour
   */
  public static Model load(Path file, Activation... activations) throws IOException {
    return load(file, List.of(), activations);
  }

  /**
   * Reads a model whose arrays have names of another program.
   *
   * @param file as for {@link #load(Path, Activation...)}
   * @param layers the names of the weight matrices in the order of the layers, or prefixes of these
   *     names; other arrays are ignored. If empty, all arrays are read in the order of their names
   * @param activations as for {@link #load(Path, Activation...)}
   * @return the model
   * @throws IllegalArgumentException as {@link #load(Path, Activation...)}
   * @throws IOException as {@link #load(Path, Activation...)}, or if the sizes of consecutive
   *     layers do not match
   */
  public static Model load(Path file, List<String> layers, Activation... activations)
      throws IOException {
    return ModelFormats.read(Objects.requireNonNull(file, "file"), layers, List.of(activations));
  }

  /**
   * Reads a model of one or several networks from a stream.
   *
   * @param in the bytes of a file, whose first bytes determine the format; not closed
   * @param name the name of the model in error messages
   * @param activations as for {@link #load(Path, Activation...)}
   * @return the model
   * @throws IllegalArgumentException as {@link #load(Path, Activation...)}
   * @throws IOException as {@link #load(Path, Activation...)}
   */
  public static Model load(InputStream in, String name, Activation... activations)
      throws IOException {
    return ModelFormats.read(Objects.requireNonNull(in, "in"), name, List.of(activations));
  }

  @Override
  public List<Mlp> members() {
    return members;
  }

  @Override
  public Optional<Mlp> singleNetwork() {
    boolean isPlain = members.size() == 1 && calibration().isEmpty() && rule().isEmpty();
    return isPlain ? members.get(0).singleNetwork() : Optional.empty();
  }

  /**
   * {@return this model with another loss, see {@link Mlp#withLoss}}
   *
   * @param loss the loss
   */
  public Model withLoss(Loss loss) {
    NetworkMetadata changed = facts.withLoss(Objects.requireNonNull(loss, "loss"));
    return with(m -> m.withLoss(loss), changed);
  }

  /**
   * {@return this model with other weights of classes, see {@link Mlp#withWeighting}; a
   * calibration, a rule and a coverage are not kept}
   *
   * @param weighting the weights of classes in the training of all networks; empty for results that
   *     are their outputs
   * @throws IllegalArgumentException as {@link Mlp#withWeighting}
   */
  public Model withWeighting(Optional<ClassWeighting> weighting) {
    Objects.requireNonNull(weighting, "weighting");
    return with(m -> m.withWeighting(weighting), facts.withWeighting(weighting.orElse(null)));
  }

  /**
   * {@return this model with another scaling of the features, and without a calibration}
   *
   * @param scaling the scaling of raw features
   * @throws IllegalArgumentException if the scaling is for another number of features
   */
  public Model withScaling(Scaling scaling) {
    Objects.requireNonNull(scaling, "scaling");
    return with(m -> m.withScaling(scaling), facts.withScaling(scaling));
  }

  /**
   * {@return this model with another scaling of the targets, see {@link Mlp#withTargetScaling}}
   *
   * @param scaling the scaling of the training targets
   * @throws IllegalArgumentException as {@link Mlp#withTargetScaling}
   */
  public Model withTargetScaling(Scaling scaling) {
    Objects.requireNonNull(scaling, "scaling");
    return with(m -> m.withTargetScaling(scaling), facts.withTargetScaling(scaling));
  }

  /**
   * {@return this model with other class names}
   *
   * @param names one per class, or none
   * @throws IllegalArgumentException as {@link Mlp#withClassNames}
   */
  public Model withClassNames(List<String> names) {
    NetworkMetadata changed = facts.withClassNames(Objects.requireNonNull(names, "names"));
    return with(m -> m.withClassNames(names), changed);
  }

  /**
   * {@return this model with notes for people on how it was trained}
   *
   * @param options such as {@code epochs=256}
   * @throws IllegalArgumentException if a note cannot be saved
   */
  public Model withTraining(List<String> options) {
    NetworkMetadata changed = facts.withTraining(Objects.requireNonNull(options, "options"));
    return with(m -> m.withTraining(options), changed);
  }

  /**
   * {@return this model with bins: the inputs of its networks are the scaled features followed by
   * the bins}
   *
   * @param bins for fewer features than the networks have inputs
   * @throws IllegalArgumentException if the features and bins together are not the inputs of a
   *     network, or another fact is about another number of features
   */
  public Model withBins(Bins bins) {
    Objects.requireNonNull(bins, "bins");
    Schema schema = known.table().schema();
    NetworkMetadata changed = BinInputs.with(bins, facts, schema);
    return with(m -> with(m, own -> BinInputs.with(bins, own, schema)), changed);
  }

  /**
   * {@return this model with the schema of a table}
   *
   * @param schema how the columns of the table become the inputs
   * @throws IllegalArgumentException if the schema makes another number of inputs
   */
  public Model withSchema(Schema schema) {
    Objects.requireNonNull(schema, "schema");
    return with(MetadataName.SCHEMA, TableMetadata.arrays(schema, null, List.of(), List.of()));
  }

  /**
   * {@return this model with the division of its training file}
   *
   * @param division how the rows were divided
   */
  public Model withDivision(Division division) {
    Objects.requireNonNull(division, "division");
    return with(MetadataName.DIVISION, TableMetadata.arrays(null, division, List.of(), List.of()));
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
    Objects.requireNonNull(calibration, "calibration");
    // A threshold and a coverage are for the probabilities of one calibration; costs are for any.
    boolean keepsRule = rule().filter(DecisionRule::isThreshold).isEmpty();
    Model left = with(MetadataName.COVERAGE, Map.of());
    left = keepsRule ? left : left.with(MetadataName.DECISION, Map.of());
    return left.with(MetadataName.CALIBRATION, arrays(calibration, CombinedMetadata::calibration));
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
    Objects.requireNonNull(rule, "rule");
    return with(
        MetadataName.DECISION,
        arrays(rule, (r, out) -> CombinedMetadata.rule(r, out, r.classes())));
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
    Objects.requireNonNull(coverage, "coverage");
    return with(MetadataName.COVERAGE, arrays(coverage, CombinedMetadata::coverage));
  }

  /**
   * Returns this model with further facts: named arrays that its file keeps for other packages, and
   * that predictions do not depend on. They replace all earlier ones. {@link #equals} and {@link
   * #checksum} include them, {@link #sha256} does not. Training drops them, as they may be about
   * other rows.
   *
   * @param facts the arrays by name, which are not copied; none removes the facts
   * @return the model
   * @throws IllegalArgumentException if a name is empty or {@link NdArray#checkNames} refuses it
   */
  public Model withFurtherFacts(Map<String, NdArray> facts) {
    NdArray.checkNames("further facts", Objects.requireNonNull(facts, "facts").keySet());
    if (facts.containsKey("")) {
      throw new IllegalArgumentException("further facts: an empty name, expected a name");
    }
    Map<String, NdArray> arrays = new TreeMap<>(CodePoints.ORDER);
    facts.forEach((name, array) -> arrays.put(MetadataName.FURTHER.array() + name, array));
    return with(MetadataName.FURTHER, arrays);
  }

  /** {@return the bins of features that are further inputs of its networks; empty without bins} */
  public Optional<Bins> bins() {
    return facts.further() instanceof BinInputs inputs
        ? Optional.of(inputs.bins())
        : Optional.empty();
  }

  /** {@return the schema of the training table; empty if the model was not trained on a table} */
  public Optional<Schema> schema() {
    return Optional.ofNullable(known.table().schema());
  }

  /**
   * {@return how the rows of the training file were divided, so that {@code evaluate} finds the
   * test rows again; empty if it is unknown}
   */
  public Optional<Division> division() {
    return Optional.ofNullable(known.table().division());
  }

  /**
   * {@return the weight of each network in the average, without a common divisor; all are 1 if the
   * weights are equal}
   */
  public int[] memberWeights() {
    int[] weights = new int[members.size()];
    List<Integer> stored = known.memberWeights();
    Arrays.setAll(weights, m -> stored == null ? 1 : stored.get(m));
    return weights;
  }

  /** {@return the calibration of the probabilities; empty if the model has none} */
  public Optional<Calibration> calibration() {
    return Optional.ofNullable(known.calibration());
  }

  /** {@return how classes follow from probabilities; empty for the largest probability} */
  public Optional<DecisionRule> rule() {
    return Optional.ofNullable(known.rule());
  }

  /** {@return the scores for sets or intervals that contain the truth; empty if it has none} */
  public Optional<Coverage> coverage() {
    return Optional.ofNullable(known.coverage());
  }

  /** {@return the further facts by name, in order of code points, see {@link #withFurtherFacts}} */
  public Map<String, NdArray> furtherFacts() {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    int prefix = MetadataName.FURTHER.array().length();
    known.further().forEach((name, array) -> arrays.put(name.substring(prefix), array));
    return Collections.unmodifiableMap(arrays);
  }

  /**
   * Creates a predictor that takes the values of columns by name; each thread needs its own.
   *
   * @return the predictor
   * @throws IllegalArgumentException if the model was not trained on a table
   */
  public TablePredictor tablePredictor() {
    return new TablePredictor(this);
  }

  @Override
  public Predictions predict(double[][] rows) {
    Objects.requireNonNull(rows, "rows");
    return rows.length == 1
        ? predictors.call(predictor -> predictor.predict(rows))
        : predictor(Math.max(1, Math.min(RowPass.BATCH, rows.length))).predict(rows);
  }

  /**
   * Predicts a row from a map, in any number of threads at the same time. {@link #tablePredictor}
   * takes less time per row, and tells which values training did not see.
   *
   * @param row a value for each column, as {@link TablePredictor#predict(Map)} takes it
   * @return the predictions for this row alone
   * @throws IllegalArgumentException if the model was not trained on a table, or a column has no
   *     key or refuses its value
   */
  public Predictions predict(Map<String, ?> row) {
    return tablePredictors.call(predictor -> predictor.predict(row));
  }

  /**
   * Predicts a row from a record, as {@link #predict(Map)} does from a map.
   *
   * @param row as {@link TablePredictor#predict(Record)} takes it
   * @return the predictions for this row alone
   * @throws IllegalArgumentException as for {@link #predict(Map)}
   */
  public Predictions predict(Record row) {
    return tablePredictors.call(predictor -> predictor.predict(row));
  }

  /**
   * Predicts rows at a time, which is faster than one by one, as {@link #predict(Map)} does.
   *
   * @param rows maps or records
   * @return the predictions in the order of the rows
   * @throws IllegalArgumentException as for {@link #predict(Map)}; the message begins with the
   *     index of the row
   */
  public Predictions predict(List<?> rows) {
    return tablePredictors.call(predictor -> predictor.predict(rows));
  }

  @Override
  public Predictor predictor(int maxRows) {
    return singleNetwork().isPresent()
        ? members.get(0).predictor(maxRows)
        : PredictorAccess.PASS.make(new MemberPass(this, RowPass.checked(maxRows)));
  }

  /**
   * {@return the digest of the parameters alone, in hexadecimal: for one network, its {@link
   * Mlp#sha256}; for several, the SHA-256 of the digests of the members in order, 32 bytes each}
   */
  public String sha256() {
    if (members.size() == 1) {
      return members.get(0).sha256();
    }
    String all = String.join("", members.stream().map(Mlp::sha256).toList());
    byte[] digests = HexFormat.of().parseHex(all);
    return NdArray.ofBytes(digests, digests.length).sha256();
  }

  /**
   * {@return a digest of the whole model: the SHA-256 in hexadecimal that is the checksum in the
   * file that {@link #save(Path)} writes}
   */
  public String checksum() {
    return SealedNpz.sha256(ModelFile.arrays(members, facts));
  }

  /**
   * Writes the model as .npz, which numpy reads without pickle. The write is atomic: the file is
   * replaced as a whole. The file contains a checksum of its whole content. The extensions
   * .safetensors and .onnx select another format.
   *
   * @param file the file to write
   * @throws IllegalArgumentException if the format cannot represent the model
   * @throws IllegalStateException if a parameter is not finite, as after a training that diverged
   * @throws IOException if the file cannot be written; an existing file then stays as it was
   */
  public void save(Path file) throws IOException {
    ModelFormats.write(this, Objects.requireNonNull(file, "file"));
  }

  /**
   * Writes the model as .npz to a stream.
   *
   * @param out neither flushed nor closed
   * @throws IllegalStateException as {@link #save(Path)}
   * @throws IOException if writing fails
   */
  public void save(OutputStream out) throws IOException {
    SealedNpz.write(Objects.requireNonNull(out, "out"), saved("stream"));
  }

  /** Compares the members in order, each as a whole, and the facts about their results. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Model that && members.equals(that.members) && facts.equals(that.facts);
  }

  @Override
  public int hashCode() {
    return 31 * members.hashCode() + facts.hashCode();
  }

  /**
   * {@return its networks and facts, such as {@code Model[4-3-2, activations [relu], loss mse,
   * ...]} or {@code Model[2 networks 4-3-2, 4-3-2, ...]}}
   */
  @Override
  public String toString() {
    Message columns =
        schema().map(s -> Message.of(", columns %s", s.columnNames())).orElse(Message.of(""));
    Architecture first = members.get(0).architecture();
    String layers = first + ", activations " + first.activations();
    String networks = members.size() == 1 ? layers : members.size() + " networks " + sizes();
    String weights = known.memberWeights() == null ? "" : ", weights " + known.memberWeights();
    return "Model[%s%s, %s]".formatted(networks, weights, MlpState.shown(this, columns));
  }

  /** Returns the arrays of a model; refuses a model that could not be read again. */
  Map<String, NdArray> saved(Object file) {
    return ModelFile.saved(members, facts, file);
  }

  /**
   * Reads a model of an .npz file of Lanewise.
   *
   * @param networks networks that replace the networks of the file, if there are any
   */
  static Model stored(SealedNpz file, List<Mlp> networks) throws IOException {
    StoredModel stored = ModelFile.read(file, networks);
    try {
      Fields fields = Fields.of(file);
      CombinedMetadata known = CombinedMetadata.of(fields, stored.facts());
      if (file.trusted().isEmpty()) {
        CombinedMetadata.refuseLeftOver(fields);
      }
      NetworkMetadata all = stored.facts().withOthers(known.arrays());
      Map<String, NdArray> each = all.ofNetwork().others();
      Model model =
          of(stored.members().stream().map(m -> with(m, own -> own.withOthers(each))).toList());
      return new Model(model.members, model.facts.withOthers(all.others()), known);
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      throw new FormatException(file.file(), Message.of(e), e);
    }
  }

  /** Writes a value of a fact. */
  private interface Writer<T> {
    void write(T value, Fields fields) throws IOException;
  }

  private static <T> Map<String, NdArray> arrays(Optional<T> value, Writer<T> writer) {
    return value.isEmpty() ? Map.of() : Fields.written(fields -> writer.write(value.get(), fields));
  }

  /** Gives readers and writers access to the facts of a model. */
  private static final class Access extends ModelAccess {
    @Override
    public TableMetadata table(Model model) {
      return model.known.table();
    }

    @Override
    public Model withFitted(Model model, List<String> lines) {
      return model.with(MetadataName.FITTED, TableMetadata.arrays(null, null, lines, List.of()));
    }

    @Override
    public Model read(SealedNpz file, List<Mlp> networks) throws IOException {
      return networks.isEmpty() ? ModelFormats.read(file) : stored(file, networks);
    }

    @Override
    public Model activated(Model model, String file, Activation... given) throws FormatException {
      return ModelFormats.activated(model, file, List.of(given));
    }

    @Override
    public byte[] facts(Model model) {
      return SerialisedFile.bytes(ModelFile.withoutParameters(model.members, model.facts));
    }

    @Override
    public FurtherInputs bins(Fields file) throws IOException {
      return BinInputs.of(file);
    }
  }

  private Object writeReplace() {
    return new Serialised(saved("stream"));
  }

  /** The bytes of its file. */
  private static final class Serialised extends SerialisedFile {
    private static final long serialVersionUID = 1L;

    Serialised(Map<String, NdArray> arrays) {
      super(arrays);
    }

    @Override
    protected Model read(SealedNpz file) throws IOException {
      return stored(file, List.of());
    }
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw SerialisedFile.missing();
  }
}
