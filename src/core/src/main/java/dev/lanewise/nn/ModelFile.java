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
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads and writes models as .npz: the parameters as W1, b1, W2, b2, ..., the other facts of a
 * model in further arrays, and a checksum of all of them. The arrays are plain numbers and strings,
 * which numpy reads without pickle. Arrays with other names are ignored.
 */
final class ModelFile {
  private static final String ACTIVATIONS = "activations"; // one string per hidden layer
  private static final String LOSS = "loss"; // a string
  private static final String SCALING = "scaling"; // none, divide, standard, minmax or robust
  private static final String TARGET_SCALING = "target_scaling"; // like scaling; may be absent

  /** Suffix of the array with the divisor of a scaling: float64. */
  private static final String DIVISOR = "_divisor";

  private static final String CLASS_NAMES = "class_names"; // strings [classes]
  private static final String INPUT_SHAPE = "input_shape"; // int64
  private static final String TRAINING = "training"; // strings
  private static final String BIN_EDGES = "bin_edges"; // float64, one feature after another
  private static final String BIN_COUNTS = "bin_counts"; // int64 [features], edges of each
  private static final String MEMBERS = "members"; // int64 [1], if there are several networks

  /** Names of parameters of any layer, perhaps of a member such as {@code member2/W1}. */
  static final Pattern NUMBERED = Pattern.compile("(?:member\\d+/)?[Wb]\\d+");

  /** All names with a meaning here; if there is a checksum, it must cover such an array. */
  private static final Pattern NAMES =
      Pattern.compile(
          String.join(
              "|",
              NUMBERED.pattern(),
              "(?:member\\d+/)?" + ACTIVATIONS,
              MEMBERS,
              BIN_EDGES + "|" + BIN_COUNTS,
              LOSS,
              "(?:" + SCALING + "|" + TARGET_SCALING + ")(?:_.*)?",
              CLASS_NAMES,
              INPUT_SHAPE,
              TRAINING,
              SchemaArrays.NAMES));

  private final String file;
  private final SealedNpz npz;
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

  /** Returns the name of an array of a member, from 1, or of a single network. */
  private static String named(int member, int members, String name) {
    return members == 1 ? name : "member" + member + "/" + name;
  }

  /** Returns the arrays of a whole model; the parameters are not copied. */
  static Map<String, NdArray> arrays(Model model) {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    List<Mlp> members = model.members();
    for (int m = 0; m < members.size(); m++) {
      Mlp network = members.get(m);
      float[] parameters = network.shared();
      for (int l = 0; l < network.layers().size(); l++) {
        Layer layer = network.layers().get(l);
        int in = layer.inputs();
        int out = layer.outputs();
        arrays.put(
            named(m + 1, members.size(), "W" + (l + 1)),
            NdArray.ofFloats(parameters, layer.weightsOffset(), in, out));
        arrays.put(
            named(m + 1, members.size(), "b" + (l + 1)),
            NdArray.ofFloats(parameters, layer.biasesOffset(), out));
      }
      List<Activation> activations = network.architecture().activations();
      String name = named(m + 1, members.size(), ACTIVATIONS);
      putStrings(arrays, name, activations.stream().map(Activation::label).toList());
    }
    if (members.size() > 1) {
      arrays.put(MEMBERS, NdArray.of(new int[] {members.size()}, 1));
    }
    members.stream().flatMap(m -> m.bins().stream()).findFirst().ifPresent(b -> put(arrays, b));
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
    if (model.schema().isPresent()) {
      SchemaArrays.put(arrays, model.schema().get());
    }
    if (model.division().isPresent()) {
      SchemaArrays.put(arrays, model.division().get());
    }
    return arrays;
  }

  private static void put(Map<String, NdArray> arrays, Bins bins) {
    double[][] edges = new double[bins.features()][];
    Arrays.setAll(edges, bins::edges);
    double[] all = Arrays.stream(edges).flatMapToDouble(Arrays::stream).toArray();
    arrays.put(BIN_EDGES, NdArray.of(all, all.length));
    int[] counts = Arrays.stream(edges).mapToInt(e -> e.length).toArray();
    arrays.put(BIN_COUNTS, NdArray.of(counts, counts.length));
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
    arrays.keySet().removeIf(name -> NUMBERED.matcher(name).matches());
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
      List<Mlp> networks = networks(given);
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
      Facts facts = model.facts;
      npz.verify();
      refuseLeftOver();
      Set<Assumption> known = assumptions();
      List<Mlp> members =
          networks.stream()
              .map(n -> new Mlp(n.architecture(), n.shared(), facts.like(n.facts), known))
              .toList();
      return members.size() == 1 ? members.get(0) : Ensemble.of(members);
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      throw new FormatException(file, Message.of(e), e);
    }
  }

  /** Returns whether an array is there; if not, notes the assumption. */
  private boolean says(String name, Assumption otherwise) {
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

  /** Reads the layers of all members, unless they are given, and their bins. */
  private List<Mlp> networks(List<Mlp> given) throws IOException {
    int count = 1;
    if (npz.contains(MEMBERS)) {
      long[] members = longs(MEMBERS);
      count = members.length == 1 ? (int) Math.min(members[0], Integer.MAX_VALUE) : 0;
      require(count > 1, MEMBERS, "one number, at least 2");
    }
    List<Mlp> networks = new ArrayList<>();
    List<String> names = new ArrayList<>();
    if (!given.isEmpty() && given.size() != count) {
      throw new FormatException(file, "facts of %s networks, expected %s", count, given.size());
    }
    for (int m = 1; m <= count; m++) {
      String stored = named(m, count, ACTIVATIONS);
      if (given.isEmpty()) {
        networks.add(parameters(named(m, count, ""), names));
      } else {
        Mlp network = given.get(m - 1);
        boolean says = npz.contains(stored);
        networks.add(says ? network.withActivations(activations(stored)) : network);
      }
    }
    if (given.isEmpty()) {
      refuseGaps(names);
    }
    if (npz.contains(BIN_EDGES)) {
      Bins bins = Bins.of(longs(BIN_COUNTS), doubles(BIN_EDGES));
      int inputs = bins.features() + bins.count();
      networks.replaceAll(n -> n.architecture().inputs() == inputs ? n.withBins(bins) : n);
      if (networks.stream().allMatch(n -> n.bins().isEmpty())) {
        throw new FormatException(
            file, "%s, expected a network of %s inputs that sees them", bins, inputs);
      }
    }
    return networks;
  }

  private Mlp parameters(String prefix, List<String> all) throws IOException {
    List<String> names = new ArrayList<>(); // W1, b1, W2, b2, ...
    List<Integer> sizes = new ArrayList<>();
    for (int l = 1; l == 1 || npz.contains(prefix + "W" + l); l++) {
      if (l > Architecture.MOST_LAYERS) { // checked before more headers are read
        throw new FormatException(file, "W%s, expected at most %s layers", l, l - 1);
      }
      String w = prefix + "W" + l;
      String b = prefix + "b" + l;
      List<Integer> shape = shape(w);
      require(
          shape.size() == 2 && npz.header(w).type().isFloatingPoint(),
          w,
          "a floating-point matrix [inputs][outputs]");
      if (l == 1) {
        sizes.add(shape.get(0));
      }
      int inputs = sizes.get(l - 1);
      int outputs = shape.get(1);
      require(
          shape.get(0) == inputs,
          w,
          inputs + " rows as " + prefix + "W" + (l - 1) + " has columns");
      // Biases with shape 1 x outputs are common in numpy programs.
      List<Integer> biases = shape(b);
      require(
          (biases.equals(List.of(outputs)) || biases.equals(List.of(1, outputs)))
              && npz.header(b).type().isFloatingPoint(),
          b,
          outputs + " floating-point values as " + w + " has columns");
      sizes.add(outputs);
      names.add(w);
      names.add(b);
    }
    all.addAll(names);
    int last = sizes.size() - 1;
    List<Activation> activations = new ArrayList<>();
    String stored = prefix + ACTIVATIONS;
    if (last == 1 && !npz.contains(stored)) {
      // Without a hidden layer there are no activations.
    } else if (says(stored, Assumption.ACTIVATIONS)) {
      activations.addAll(activations(stored));
    } else {
      activations.addAll(Collections.nCopies(last - 1, Activation.RELU));
    }
    Architecture architecture =
        new Architecture(sizes.get(0), sizes.subList(1, last), sizes.get(last), activations);
    float[] parameters = npz.readFloats(names);
    int offset = 0;
    for (int i = 0; i < names.size(); i++) {
      int outputs = sizes.get(i / 2 + 1);
      int length = i % 2 == 0 ? sizes.get(i / 2) * outputs : outputs;
      requireFinite(names.get(i), parameters, offset, length);
      offset += length;
    }
    return new Mlp(architecture, parameters);
  }

  private List<Activation> activations(String name) throws IOException {
    return strings(name).stream().map(Activation::of).toList();
  }

  private Map<String, NdArray> all() throws IOException {
    Map<String, NdArray> all = new LinkedHashMap<>();
    for (String name : npz.names()) {
      all.put(name, npz.read(name));
    }
    return all;
  }

  /** Refuses parameters of a layer after a missing one instead of ignoring them. */
  private void refuseGaps(List<String> names) throws FormatException {
    for (String name : npz.names()) {
      if (NUMBERED.matcher(name).matches() && !names.contains(name)) {
        String found =
            name.contains("/")
                ? name + " beside " + String.join(", ", names)
                : name.charAt(1) == '0'
                    ? name + " beside W1"
                    : name + " without W" + (names.size() / 2 + 1);
        throw new FormatException(
            file, found + ", expected the layers to be W1, b1, W2, b2 and so on, without a gap");
      }
    }
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
          && !NUMBERED.matcher(name).matches()
          && !taken.contains(name)) {
        String owner = name.replaceFirst("(?<=scaling|division)_.*|(?<=schema_).*", "");
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

  /** Refuses parameters that are not finite in float32. */
  private void requireFinite(String name, float[] parameters, int offset, int length)
      throws FormatException {
    for (int i = 0; i < length; i++) {
      float value = parameters[offset + i];
      if (!Float.isFinite(value)) {
        throw new FormatException(
            file,
            name + " has " + value + " at element " + i + ", expected finite float32 numbers");
      }
    }
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

  private List<Integer> shape(String name) throws IOException {
    if (!npz.contains(name)) {
      throw new FormatException(
          file, "no array " + name + " (it has " + npz.names() + "), expected it in a model");
    }
    return npz.header(name).shape();
  }

  private void require(boolean right, String name, String expected) throws IOException {
    if (!right) {
      Npz.Header header = npz.header(name);
      throw new FormatException(
          file, name + " is " + header.type() + " " + header.shape() + ", expected " + expected);
    }
  }
}
