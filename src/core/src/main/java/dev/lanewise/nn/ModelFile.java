package dev.lanewise.nn;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Message;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.SealedNpz;
import dev.lanewise.nn.internal.Assumption;
import dev.lanewise.nn.internal.DataFacts;
import dev.lanewise.nn.internal.ForeignArrays;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads and writes models as .npz: the parameters as W1, b1, W2, b2, ..., the other facts of a
 * model in further arrays, and a checksum of all of them. The arrays are plain numbers and strings,
 * which numpy reads without pickle. Arrays with other names are ignored.
 */
final class ModelFile {
  private static final String LOSS = "loss"; // a string
  private static final String SCALING = "scaling"; // none, divide, standard, minmax or robust
  private static final String TARGET_SCALING = "target_scaling"; // like scaling; may be absent

  /** Suffix of the array with the divisor of a scaling: float64. */
  private static final String DIVISOR = "_divisor";

  private static final String CLASS_NAMES = "class_names"; // strings [classes]
  private static final String INPUT_SHAPE = "input_shape"; // int64
  private static final String CALIBRATION = "calibration"; // temperature or platt; may be absent
  private static final String DECISION = "decision"; // threshold or costs; may be absent
  private static final String COVERAGE = "coverage"; // classes, by-class or numbers; may be absent
  private static final String TRAINING = "training"; // strings

  /** Prefix of the names of further facts, arrays of any type. */
  private static final String FURTHER = "fact/";

  /** All names with a meaning here; if there is a checksum, it must cover such an array. */
  private static final Pattern NAMES =
      Pattern.compile(
          String.join(
              "|",
              NetworkArrays.NAMES,
              LOSS,
              "(?:" + SCALING + "|" + TARGET_SCALING + ")(?:_.*)?",
              CLASS_NAMES,
              INPUT_SHAPE,
              TRAINING,
              "(?s:" + FURTHER + ".*)",
              "(?:" + CALIBRATION + "|" + DECISION + "|" + COVERAGE + ")(?:_.*)?",
              SchemaArrays.NAMES));

  final String file;
  final SealedNpz npz;
  private final Set<Assumption> assumed = new LinkedHashSet<>();
  private final Set<String> taken =
      new HashSet<>(); // names of the arrays that the model is made of

  private ModelFile(SealedNpz npz) {
    this.file = npz.file();
    this.npz = npz;
  }

  static void write(Model model, Path file, Map<String, NdArray> others) throws IOException {
    Map<String, NdArray> arrays = saved(model, file);
    for (String name : others.keySet()) {
      if (NAMES.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "an array " + name + " beside a model: must have another name, as a model has this");
      }
    }
    arrays.putAll(others);
    SealedNpz.write(file, arrays);
  }

  /** Returns the arrays of a model; refuses a model that could not be read again. */
  static Map<String, NdArray> saved(Model model, Object file) {
    requireFinite(model, file);
    return arrays(model);
  }

  static void requireFinite(Model model, Object file) {
    for (Mlp member : model.members()) {
      float[] parameters = member.shared();
      for (int i = 0; i < parameters.length; i++) {
        if (!Float.isFinite(parameters[i])) {
          throw new IllegalStateException(
              "save %s: parameter %s of %s is %s, expected finite numbers (a training that diverged?)"
                  .formatted(file, i, parameters.length, parameters[i]));
        }
      }
    }
  }

  static byte[] bytes(Map<String, NdArray> arrays) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      SealedNpz.write(out, arrays);
      return out.toByteArray();
    } catch (IOException e) {
      throw new AssertionError("memory takes all", e);
    }
  }

  /** Returns the arrays of a whole model; the parameters are not copied. */
  static Map<String, NdArray> arrays(Model model) {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    NetworkArrays.put(arrays, model.members());
    arrays.put(LOSS, NdArray.ofStrings(List.of(model.loss().label())));
    if (model.scaling().isPresent()) {
      putScaling(arrays, SCALING, model.scaling().get());
    }
    if (!(model.targetScaling() instanceof Scaling.None)) {
      putScaling(arrays, TARGET_SCALING, model.targetScaling());
    }
    putStrings(arrays, CLASS_NAMES, model.classNames());
    int[] shape = model.inputShape();
    if (shape.length > 0) {
      arrays.put(INPUT_SHAPE, NdArray.of(shape, shape.length));
    }
    putStrings(arrays, TRAINING, model.training());
    model.calibration().ifPresent(calibration -> putCalibration(arrays, calibration));
    model.rule().ifPresent(rule -> putRule(arrays, rule));
    model.coverage().ifPresent(coverage -> putCoverage(arrays, coverage));
    if (model.schema().isPresent()) {
      SchemaArrays.put(arrays, model.schema().get());
    }
    if (model.division().isPresent()) {
      SchemaArrays.put(arrays, model.division().get());
    }
    model.furtherFacts().forEach((name, array) -> arrays.put(FURTHER + name, array));
    return arrays;
  }

  /** Returns the facts about data as arrays of the same names as in a model. */
  static Map<String, NdArray> arrays(DataFacts facts) {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put(LOSS, NdArray.ofStrings(List.of(facts.loss().label())));
    putScaling(arrays, SCALING, facts.scaling());
    putScaling(arrays, TARGET_SCALING, facts.targetScaling());
    putStrings(arrays, CLASS_NAMES, facts.classNames());
    SchemaArrays.put(arrays, facts.schema());
    SchemaArrays.put(arrays, facts.division());
    return arrays;
  }

  static DataFacts dataFacts(SealedNpz npz) throws IOException {
    ModelFile file = new ModelFile(npz);
    DataFacts facts =
        new DataFacts(
            Loss.of(String.join(" ", file.strings(LOSS))),
            file.scaling(SCALING),
            file.scaling(TARGET_SCALING),
            npz.contains(CLASS_NAMES) ? file.strings(CLASS_NAMES) : List.of(),
            SchemaArrays.schema(file),
            SchemaArrays.division(file));
    npz.verify();
    return facts;
  }

  private static void putScaling(Map<String, NdArray> arrays, String name, Scaling scaling) {
    boolean divides = scaling instanceof Scaling.Divide; // its name() is the divisor
    arrays.put(name, NdArray.ofStrings(List.of(divides ? "divide" : scaling.name())));
    if (scaling instanceof Scaling.Divide divide) {
      arrays.put(name + DIVISOR, NdArray.of(new double[] {divide.divisor()}));
    } else if (scaling instanceof FeatureScaling each) {
      int features = each.first.length;
      arrays.put(name + "_" + each.firstName, NdArray.of(each.first, features));
      arrays.put(name + "_" + each.secondName, NdArray.of(each.second, features));
    }
  }

  private static void putCalibration(Map<String, NdArray> arrays, Calibration calibration) {
    boolean isTemperature = calibration.isTemperature();
    int numbers = calibration.slopes.length;
    arrays.put(CALIBRATION, NdArray.ofStrings(List.of(isTemperature ? "temperature" : "platt")));
    arrays.put(
        CALIBRATION + (isTemperature ? "_temperature" : "_slope"),
        NdArray.of(calibration.slopes, numbers));
    if (!isTemperature) {
      arrays.put(CALIBRATION + "_intercept", NdArray.of(calibration.intercepts, numbers));
    }
  }

  private static void putRule(Map<String, NdArray> arrays, DecisionRule rule) {
    arrays.put(DECISION, NdArray.ofStrings(List.of(rule.isThreshold() ? "threshold" : "costs")));
    if (rule.isThreshold()) {
      arrays.put(DECISION + "_positive", NdArray.of(new int[] {rule.positive}, 1));
      arrays.put(DECISION + "_threshold", NdArray.of(new double[] {rule.threshold}, 1));
    } else {
      arrays.put(DECISION + "_costs", NdArray.of(rule.costs, rule.classes, rule.classes));
    }
  }

  private static void putCoverage(Map<String, NdArray> arrays, Coverage coverage) {
    arrays.put(COVERAGE, NdArray.ofStrings(List.of(EnumLabels.of(coverage.kind))));
    int[] counts = Arrays.stream(coverage.scores).mapToInt(group -> group.length).toArray();
    arrays.put(COVERAGE + "_counts", NdArray.of(counts, counts.length));
    double[] all = Arrays.stream(coverage.scores).flatMapToDouble(Arrays::stream).toArray();
    arrays.put(COVERAGE + "_scores", NdArray.of(all, all.length));
  }

  static void putStrings(Map<String, NdArray> arrays, String name, List<String> strings) {
    if (!strings.isEmpty()) {
      arrays.put(name, NdArray.ofStrings(strings, strings.size()));
    }
  }

  /** Reads a model and verifies the checksum of its file. */
  static Model read(SealedNpz file) throws IOException {
    return new ModelFile(file).readOn(List.of());
  }

  static Schema schema(SealedNpz file) throws IOException {
    Schema schema = SchemaArrays.schema(new ModelFile(file));
    file.verify();
    return schema;
  }

  /** Returns the arrays of a model without its parameters. */
  static Map<String, NdArray> facts(Model model) {
    Map<String, NdArray> arrays = arrays(model);
    arrays.keySet().removeIf(name -> NetworkArrays.NUMBERED.matcher(name).matches());
    return arrays;
  }

  /**
   * Adds the arrays that {@link #facts} returned, read from a file, to networks of bare parameters.
   */
  static Model withFacts(List<Mlp> networks, SealedNpz facts) throws IOException {
    return new ModelFile(facts).readOn(networks);
  }

  /** Reads a model; given networks, if there are any, replace those of the file. */
  private Model readOn(List<Mlp> given) throws IOException {
    npz.refuseAdded(NAMES);
    try {
      ForeignArrays foreign = given.isEmpty() ? ModelFormats.foreign(npz.names()) : null;
      if (foreign != null) {
        npz.verify();
        return foreign.read(file, all(), List.of());
      }
      List<Mlp> networks = NetworkArrays.read(this, given);
      Mlp model = networks.get(0);
      if (says(LOSS, Assumption.LOSS)) {
        model = model.withLoss(Loss.of(String.join(" ", strings(LOSS))));
      }
      if (says(SCALING, Assumption.SCALING)) {
        model = model.withScaling(scaling(SCALING));
      }
      if (npz.contains(TARGET_SCALING)) {
        model = model.withTargetScaling(scaling(TARGET_SCALING));
      }
      if (npz.contains(CLASS_NAMES)) {
        model = model.withClassNames(strings(CLASS_NAMES));
      }
      if (npz.contains(INPUT_SHAPE)) {
        long[] shape = longs(INPUT_SHAPE);
        model = model.withInputShape(Arrays.stream(shape).mapToInt(Math::toIntExact).toArray());
      }
      if (npz.contains(TRAINING)) {
        model = model.withTraining(strings(TRAINING));
      }
      if (SchemaArrays.hasSchema(this)) {
        model = model.withSchema(SchemaArrays.schema(this));
      }
      if (SchemaArrays.hasDivision(this)) {
        model = model.withDivision(SchemaArrays.division(this));
      }
      Map<String, NdArray> further = new HashMap<>();
      for (String name : npz.names()) {
        if (name.startsWith(FURTHER)) {
          further.put(name.substring(FURTHER.length()), take(name));
        }
      }
      model = model.withFurtherFacts(further);
      Facts facts = model.facts;
      Optional<Calibration> calibration = calibration();
      Optional<DecisionRule> rule = rule(model.facts.outputs());
      Optional<Coverage> coverage = coverage();
      npz.verify();
      refuseLeftOver();
      Set<Assumption> known = assumptions();
      List<Mlp> members =
          networks.stream()
              .map(n -> new Mlp(n.architecture(), n.shared(), facts.like(n.facts), known))
              .toList();
      Model all = members.size() == 1 ? members.get(0) : Ensemble.of(members);
      return all.withCalibration(calibration).withRule(rule).withCoverage(coverage);
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      throw new FormatException(file, Message.of(e), e);
    }
  }

  /** Returns whether an array is there; if not, notes the assumption. */
  boolean says(String name, Assumption otherwise) {
    boolean there = npz.contains(name);
    if (!there) {
      assumed.add(otherwise);
    }
    return there;
  }

  /** Returns the assumptions; in a file of Lanewise, a missing array is none. */
  private Set<Assumption> assumptions() {
    if (npz.trusted().isPresent()) {
      assumed.add(Assumption.TRUST);
    } else if (npz.format().isPresent()) {
      assumed.clear();
    } else {
      assumed.add(Assumption.CHECKSUM);
    }
    return assumed;
  }

  private Map<String, NdArray> all() throws IOException {
    Map<String, NdArray> all = new LinkedHashMap<>();
    for (String name : npz.names()) {
      all.put(name, npz.read(name));
    }
    return all;
  }

  private NdArray take(String name) throws IOException {
    taken.add(name);
    return npz.read(name);
  }

  /**
   * Refuses an array whose owner is absent or does not use it, such as target_scaling_mean without
   * target_scaling, because the model was a different one. A trusted file is not checked.
   */
  private void refuseLeftOver() throws FormatException {
    for (String name : npz.names()) {
      if (npz.trusted().isEmpty()
          && NAMES.matcher(name).matches()
          && !NetworkArrays.NUMBERED.matcher(name).matches()
          && !taken.contains(name)) {
        String owner =
            name.replaceFirst(
                "(?<=scaling|division|calibration|decision|coverage)_.*|(?<=schema_).*", "");
        owner = owner.equals("schema_") ? "schema_columns" : owner;
        throw new FormatException(
            file,
            npz.contains(owner)
                ? "%s beside a %s that does not use it, expected one that does, or no such array"
                : "%s without %s, expected both or none of them",
            name,
            owner);
      }
    }
  }

  private Optional<Calibration> calibration() throws IOException {
    if (!npz.contains(CALIBRATION)) {
      return Optional.empty();
    }
    String kind = String.join(" ", strings(CALIBRATION));
    return Optional.of(
        switch (kind) {
          case "temperature" -> Calibration.temperature(number(CALIBRATION + "_temperature"));
          case "platt" ->
              Calibration.platt(
                  doubles(CALIBRATION + "_slope"), doubles(CALIBRATION + "_intercept"));
          default ->
              throw new FormatException(
                  file, "calibration '%s', expected temperature or platt", kind);
        });
  }

  private Optional<DecisionRule> rule(int classes) throws IOException {
    if (!npz.contains(DECISION)) {
      return Optional.empty();
    }
    String kind = String.join(" ", strings(DECISION));
    if (kind.equals("threshold")) {
      long[] positive = longs(DECISION + "_positive");
      require(positive.length == 1, DECISION + "_positive", "one integer");
      double threshold = number(DECISION + "_threshold");
      return Optional.of(DecisionRule.threshold(Math.toIntExact(positive[0]), threshold));
    } else if (!kind.equals("costs")) {
      throw new FormatException(file, "decision '%s', expected threshold or costs", kind);
    }
    String name = DECISION + "_costs";
    List<Integer> square = List.of(classes, classes);
    require(shape(name).equals(square), name, "a matrix " + square);
    double[] all = doubles(name);
    double[][] costs = new double[classes][];
    Arrays.setAll(costs, t -> Arrays.copyOfRange(all, t * classes, (t + 1) * classes));
    return Optional.of(DecisionRule.costs(costs));
  }

  private Optional<Coverage> coverage() throws IOException {
    if (!npz.contains(COVERAGE)) {
      return Optional.empty();
    }
    Coverage.Kind kind =
        EnumLabels.find(Coverage.Kind.values(), String.join(" ", strings(COVERAGE)), COVERAGE);
    long[] counts = longs(COVERAGE + "_counts");
    double[] all = doubles(COVERAGE + "_scores");
    double[][] scores = new double[counts.length][];
    int from = 0;
    for (int g = 0; g < counts.length; g++) {
      boolean right = counts[g] >= 0 && counts[g] <= all.length - from;
      require(right, COVERAGE + "_counts", "the counts of " + all.length + " scores");
      scores[g] = Arrays.copyOfRange(all, from, from += (int) counts[g]);
    }
    require(from == all.length, COVERAGE + "_scores", from + " scores as counted");
    return Optional.of(Coverage.of(kind, scores));
  }

  private Scaling scaling(String name) throws IOException {
    String kind = String.join(" ", strings(name));
    return switch (kind) {
      case "none" -> Scaling.none();
      case "divide" -> Scaling.divide(number(name + DIVISOR));
      case "standard" -> Scaling.standardise(doubles(name + "_mean"), doubles(name + "_deviation"));
      case "minmax" -> Scaling.minMax(doubles(name + "_minimum"), doubles(name + "_maximum"));
      case "robust" -> Scaling.robust(doubles(name + "_median"), doubles(name + "_range"));
      default ->
          throw new FormatException(
              file, "%s '%s', expected none, divide, standard, minmax or robust", name, kind);
    };
  }

  boolean contains(String name) {
    return npz.contains(name);
  }

  long[] longs(String name) throws IOException {
    shape(name);
    require(npz.header(name).type().isInteger(), name, "integers");
    NdArray array = take(name);
    long[] values = new long[array.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.longAt(i);
    }
    return values;
  }

  private double number(String name) throws IOException {
    double[] numbers = doubles(name);
    require(numbers.length == 1, name, "one number");
    return numbers[0];
  }

  double[] doubles(String name) throws IOException {
    boolean some = !shape(name).contains(0);
    require(some && npz.header(name).type().isFloatingPoint(), name, "floating-point values");
    return take(name).toDoubles();
  }

  List<String> strings(String name) throws IOException {
    shape(name);
    require(npz.header(name).type() == ElementType.UNICODE, name, "strings");
    NdArray array = take(name);
    List<String> strings = new ArrayList<>();
    for (int i = 0; i < array.length(); i++) {
      strings.add(array.stringAt(i));
    }
    return strings;
  }

  List<Integer> shape(String name) throws IOException {
    if (!npz.contains(name)) {
      throw new FormatException(
          file, "no array " + name + " (it has " + npz.names() + "), expected it in a model");
    }
    return npz.header(name).shape();
  }

  void require(boolean right, String name, String expected) throws IOException {
    if (!right) {
      Npz.Header header = npz.header(name);
      throw new FormatException(
          file, name + " is " + header.type() + " " + header.shape() + ", expected " + expected);
    }
  }
}
