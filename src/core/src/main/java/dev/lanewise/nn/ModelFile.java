package dev.lanewise.nn;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Message;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.SealedNpz;
import dev.lanewise.format.internal.Allowed;
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
              ResultArrays.NAMES,
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
    ResultArrays.put(arrays, model);
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
      Optional<Calibration> calibration = ResultArrays.calibration(this);
      Optional<DecisionRule> rule = ResultArrays.rule(this, model.facts.outputs());
      Optional<Coverage> coverage = ResultArrays.coverage(this);
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

  /**
   * Returns whether an array is there; if not, notes the assumption. Every version has written
   * activations and loss, so a sealed file without them is refused; an unknown scaling is not.
   */
  boolean says(String name, Assumption otherwise) throws FormatException {
    boolean there = npz.contains(name);
    if (!there) {
      assumed.add(otherwise);
    }
    if (!there && otherwise != Assumption.SCALING) {
      npz.requireSealed(name);
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
        owner =
            owner.equals("schema_") ? "schema_columns" : owner.replace("bin_counts", "bin_edges");
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

  private Scaling scaling(String name) throws IOException {
    String kind = String.join(" ", strings(name));
    return switch (kind) {
      case "none" -> Scaling.none();
      case "divide" -> Scaling.divide(number(name + DIVISOR, Allowed.ABOVE_ZERO));
      case "standard" ->
          Scaling.standardise(
              doubles(name + "_mean", Allowed.FINITE),
              doubles(name + "_deviation", Allowed.FROM_ZERO));
      case "minmax" ->
          Scaling.minMax(
              doubles(name + "_minimum", Allowed.FINITE),
              doubles(name + "_maximum", Allowed.FINITE));
      case "robust" ->
          Scaling.robust(
              doubles(name + "_median", Allowed.FINITE),
              doubles(name + "_range", Allowed.FROM_ZERO_OR_NAN));
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

  double number(String name, Allowed what) throws IOException {
    double[] numbers = doubles(name, what);
    require(numbers.length == 1, name, "one number");
    return numbers[0];
  }

  double[] doubles(String name, Allowed what) throws IOException {
    boolean some = !shape(name).contains(0);
    require(some && npz.header(name).type().isFloatingPoint(), name, "floating-point values");
    return what.in(name, take(name).toDoubles());
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
