package dev.lanewise.exchange;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.model.Bins;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.DecisionRule;
import dev.lanewise.model.Model;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.OutputFunction;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.Task;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Writes models as graphs of standard operators of opset 13; later operators are composed. Inputs
 * are scaled in double, as by the model. Each column of a table is an input. Numbers are float,
 * where NaN means a missing value; they are double where rounding to float would change them by
 * more than {@link RoundingError#INPUT} of the range that scaling maps to 1, or at all if they have
 * bins. Categories are strings, where an empty string means a missing value. Dates have an input
 * for each part that the model uses ({@link DateInput}).
 *
 * <p>The networks of a model stand side by side on one scaling and one set of bins. Their results
 * are multiplied by their weights and added in double, in order, and divided by the sum of the
 * weights.
 */
final class OnnxWriter extends OnnxNodes {
  private static final String FEATURES = "features";

  /** Limit of scaled values before they are squared, far beyond those that matter. */
  private static final double LARGE = 1e8;

  private static final Pattern WHOLE = Pattern.compile("\\d+");
  private static final int ZIP = 5; // minimum number of digits of a code with leading zeros
  private static final int LONGEST = 16;

  private static final Scaling NONE = Scaling.none();

  /**
   * The largest distance from 0, in ranges, at which numbers may be float if their rounding error
   * is not known. Within 16 ranges of 0, rounding changes a number by at most 10^-6 of the range.
   */
  private static final double NEAR = 12;

  private final Model model;
  private final Bins bins; // or null
  private final Scaling scaling;
  private final List<Onnx.Value> outputs = new ArrayList<>();

  private OnnxWriter(Model model, Set<String> whole) {
    super(whole);
    this.model = model;
    bins = model.bins().orElse(null);
    scaling = model.scaling().orElse(NONE);
  }

  /**
   * Returns the graph of a model.
   *
   * @param isNamed whether the output {@code label} is the name of the class
   * @param whole the names of inputs that are int64
   * @throws IllegalArgumentException if standard operators cannot express the model as such
   */
  static Onnx write(Model model, Map<String, String> metadata, boolean isNamed, Set<String> whole) {
    OnnxWriter writer = new OnnxWriter(model, whole);
    writer.write(isNamed);
    writer.checkWhole();
    String doc = model.schema().map(s -> Descriptions.of(s, writer.inputs)).orElse("");
    return new Onnx(writer.nodes, writer.constants, writer.inputs, writer.outputs, metadata, doc);
  }

  private void write(boolean isNamed) {
    String x = model.schema().isPresent() ? columns(model.schema().get()) : features();
    String expanded = bins == null ? x : expanded(x);
    List<String> sums = new ArrayList<>();
    List<Mlp> members = model.members();
    boolean isOne = members.size() == 1;
    for (int m = 0; m < members.size(); m++) {
      Mlp member = members.get(m);
      String prefix = isOne ? "" : ModelMetadata.prefix(m);
      sums.add(network(member, prefix, Model.of(member).bins().isPresent() ? expanded : x));
    }
    String y = isOne ? sums.get(0) : average(sums);
    Task task = model.loss().task();
    String name = task.results();
    if (isNamed && (!task.hasClasses() || model.classNames().isEmpty())) {
      throw new ArgumentException(
          "onnx: a model without %s, expected them for labels that are names",
          task.hasClasses() ? "names of classes" : "classes");
    }
    String label = isNamed ? "lanewise/label" : "label";
    if (task.hasClasses()) {
      outputs.add(new Onnx.Value("label", isNamed ? Onnx.STRING : Onnx.INT64, 0));
      if (model.rule().isEmpty() && !isBiased()) {
        add("ArgMax", label, Map.of("axis", 1L, "keepdims", 0L), y);
      }
    }
    if (task.hasNumbers()) {
      add("Identity", name, Map.of(), isOne ? result(y) : y);
    } else if (model.singleNetwork().isPresent()) {
      results(name, y);
    } else {
      String average = isOne ? wide(results(fresh(), y)) : y;
      String undone = model.weighting().map(w -> undone(average, w)).orElse(average);
      String p = model.calibration().map(c -> calibrated(undone, c)).orElse(undone);
      if (model.rule().isPresent()) {
        decide(p, model.rule().get(), label);
      } else if (isBiased()) {
        add("ArgMax", label, Map.of("axis", 1L, "keepdims", 0L), p);
      }
      add("Cast", name, Map.of("to", (long) Onnx.FLOAT), p);
    }
    if (isNamed) {
      List<Long> numbers = LongStream.range(0, model.outputs()).boxed().toList();
      Map<String, Object> names =
          Map.of("keys_int64s", numbers, "values_strings", model.classNames());
      add("LabelEncoder", "label", names, label);
    }
    boolean isDouble = task.hasNumbers() && (isUnscaled() || !isOne);
    outputs.add(new Onnx.Value(name, isDouble ? Onnx.DOUBLE : Onnx.FLOAT, model.outputs()));
  }

  private boolean isBiased() {
    return model.weighting().isEmpty()
        && model.calibration().filter(Calibration::hasBias).isPresent();
  }

  /** Adds the layers of a network; the prefix is for the names of its parameters. */
  private String network(Mlp network, String prefix, String inputs) {
    String x = inputs;
    List<Layer> layers = network.layers();
    float[] parameters = MlpState.of(network).parameters();
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      String w = prefix + "W" + (l + 1);
      String b = prefix + "b" + (l + 1);
      int columns = layer.outputs();
      constants.put(
          w, NdArray.ofFloats(parameters, layer.weightsOffset(), layer.inputs(), columns));
      constants.put(b, NdArray.ofFloats(parameters, layer.biasesOffset(), columns));
      x = activated(node("Gemm", x, w, b), layer.activation());
    }
    return x;
  }

  /** Averages the results of several networks; the operator Sum would not define the order. */
  private String average(List<String> sums) {
    int[] weights = model.memberWeights();
    String sum = null;
    for (int m = 0; m < weights.length; m++) {
      String result = result(sums.get(m));
      String number = isUnscaled() ? result : wide(result);
      number = weights[m] == 1 ? number : node("Mul", number, constant(weights[m]));
      sum = sum == null ? number : node("Add", sum, number);
    }
    return node("Div", sum, constant(Arrays.stream(weights).sum()));
  }

  /**
   * Adds the label by a rule: the largest of some sums of probabilities. With a threshold, it is
   * the distance from it for the positive class, and 0 for the other; equal ones are the positive
   * class.
   */
  private void decide(String p, DecisionRule rule, String label) {
    int classes = rule.classes();
    double[] factors = new double[classes * classes];
    double[] shift = new double[classes];
    if (rule.isThreshold()) {
      factors[rule.positive() * classes + rule.positive()] = 1;
      shift[rule.positive()] = -rule.threshold();
    } else {
      double[] costs = rule.costs();
      Arrays.setAll(factors, i -> -costs[i]);
    }
    String sums = node("MatMul", p, constant(NdArray.of(factors, classes, classes)));
    sums = rule.isThreshold() ? node("Add", sums, constant(shift)) : sums;
    long last = Math.max(0, rule.positive());
    add("ArgMax", label, Map.of("axis", 1L, "keepdims", 0L, "select_last_index", last), sums);
  }

  /**
   * Undoes weights of classes in double, by the formula of {@link ClassWeighting}. The operator
   * Softmax of logarithms divides by the sum, for which ReduceSum would not define the order
   * either.
   */
  private String undone(String q, ClassWeighting weighting) {
    double smoothing = weighting.smoothing();
    String floor = constant(smoothing / model.outputs());
    String sure = node("Clip", node("Sub", q, floor), constant(0), constant(2));
    String shares = shares(node("Div", sure, constant(weighting.weights())));
    if (smoothing == 0) {
      return shares;
    }
    String change = node("Sub", shares, shares(sure));
    return node("Add", q, node("Mul", change, constant(1 - smoothing)));
  }

  private String shares(String parts) {
    return node("Softmax", Map.of("axis", 1L), node("Log", parts));
  }

  /** Calibrates probabilities in double, by the formulas of {@link Calibration}. */
  private String calibrated(String p, Calibration calibration) {
    String slopes = constant(calibration.slopes());
    if (calibration.isTemperature()) {
      String logs = node("Log", node("Clip", p, constant(Calibration.LEAST), constant(1)));
      String scaled = node("Div", logs, slopes);
      double[] biases = {0, calibration.hasBias() ? calibration.intercepts()[0] : 0};
      String sums = calibration.hasBias() ? node("Add", scaled, constant(biases)) : scaled;
      return node("Softmax", Map.of("axis", 1L), sums);
    }
    String inside = node("Clip", p, constant(Calibration.LEAST), constant(Calibration.MOST));
    String odds = node("Sub", node("Log", inside), node("Log", node("Sub", constant(1), inside)));
    String intercepts = constant(calibration.intercepts());
    return node("Sigmoid", node("Add", node("Mul", odds, slopes), intercepts));
  }

  /** Adds the results of outputs of the last layer, which the output function makes of them. */
  private String results(String results, String outputs) {
    OutputFunction function = model.loss().task().outputFunction();
    boolean isSoftmax = function == OutputFunction.SOFTMAX;
    add(function.operator(), results, isSoftmax ? Map.of("axis", 1L) : Map.of(), outputs);
    return results;
  }

  /** Returns the results in the units of the targets. */
  private String result(String outputs) {
    boolean isSame = model.loss().task().outputFunction() == OutputFunction.IDENTITY;
    return unscaled(isSame ? outputs : results(fresh(), outputs));
  }

  /** Returns whether the scaling of targets is undone, which makes results double. */
  private boolean isUnscaled() {
    return !model.targetScaling().isNone();
  }

  /** Appends the bins to scaled features: all bins are computed at once. */
  private String expanded(String x) {
    long[] features = new long[bins.count()];
    double[] lower = new double[features.length];
    double[] width = new double[features.length];
    int at = 0;
    for (int j = 0; j < bins.features(); j++) {
      double[] edges = bins.edges(j);
      for (int i = 1; i < edges.length; i++, at++) {
        features[at] = j;
        lower[at] = edges[i - 1];
        width[at] = edges[i] - edges[i - 1];
      }
    }
    String chosen = constant(NdArray.of(features, features.length));
    String z = node("Gather", Map.of("axis", 1L), wide(x), chosen);
    z = node("Div", node("Sub", z, constant(lower)), constant(width));
    z = node("Clip", z, constant(0), constant(1));
    return node("Concat", Map.of("axis", 1L), x, narrow(z));
  }

  /** Adds one input for all features. */
  private String features() {
    int columns = model.inputs();
    boolean isWide = // as float, large whole numbers would change
        isWhole(FEATURES) || IntStream.range(0, columns).anyMatch(i -> isWide(i, Double.NaN));
    String x = input(FEATURES, isWide, columns);
    return scaling.isNone() ? x : scaled(isWide ? x : wide(x));
  }

  /** Tests whether an input must be double to keep all its digits. */
  private boolean isWide(int input, double rounding) {
    boolean isOfFeatures = scaling.features().isPresent();
    boolean isScaled = // a robust range of 0 maps all values to 0
        isOfFeatures ? scaling.divisor()[input] > 0 : scaling.kind() == Scaling.Kind.DIVIDE;
    if (bins != null && bins.edges(input).length > 0) {
      return isScaled && rounding != 0; // a bin may be as narrow as a rounding error
    } else if (!isOfFeatures) {
      return false; // the network itself uses floats
    }
    double range = scaling.divisor()[input];
    double far = Math.abs(scaling.first()[input]);
    return isScaled
        && (rounding == rounding ? rounding > RoundingError.INPUT * range : far > NEAR * range);
  }

  private String columns(Schema schema) {
    List<String> parts = new ArrayList<>();
    int input = 0;
    for (Column column : schema.columns()) {
      if (column instanceof CategoryColumn category) {
        category(category, schema, parts);
      } else if (column instanceof NumberColumn number) {
        number(number, number.name(), isWide(input, number.rounding()), parts);
      } else {
        DateColumn date = (DateColumn) column;
        date(date, isWide(input, date.days().rounding()), parts);
      }
      input += column.inputs();
    }
    double[] none = Cell.missingNumbers(schema.missing());
    if (none.length > 0) {
      throw new ArgumentException(
          "onnx: the number %s stands for a missing value in this table, expected that only texts"
              + " and NaN stand for one",
          Cell.text(none[0]));
    }
    String all = fresh();
    add("Concat", all, Map.of("axis", 1L), parts.toArray(new String[0]));
    return scaled(all);
  }

  /** Adds the input of a column and returns its tensor. */
  private String number(NumberColumn column, String name, boolean isFar, List<String> parts) {
    boolean isWide = isFar || isWhole(name);
    String read = input(name, isWide, 1);
    String x = isWide ? read : wide(read);
    if (Double.isNaN(column.median())) {
      parts.add(x);
      return read;
    }
    String missing = node("IsNaN", x);
    parts.add(node("Where", missing, constant(column.median()), x));
    if (column.hasMissing()) {
      parts.add(wide(missing));
    }
    return read;
  }

  /** Adds the inputs of a column of dates. */
  private void date(DateColumn column, boolean isWide, List<String> parts) {
    String days = number(column.days(), DateInput.DAYS.of(column), isWide, parts);
    String missing = node("IsNaN", days);
    for (DateInput part : List.of(DateInput.MONTH, DateInput.WEEKDAY)) {
      CategoryColumn list = part == DateInput.MONTH ? column.months() : column.weekdays();
      if (list.inputs() > 0) {
        String name = part.of(column);
        String x = input(name, false, 1);
        String hot = hot(part, name, node("Where", missing, number(DateInput.MISSING), x));
        parts.add(product(hot, part, part.encoded(list)));
      }
    }
    if (column.hours().isEmpty()) {
      return;
    }
    DateInput part = DateInput.TIME;
    String name = part.of(column);
    String time = input(name, true, 1); // as float, it could reach the next hour
    String hour = node("Floor", node("Mul", time, constant(part.last + 1)));
    String hot = hot(part, name, node("Where", missing, constant(DateInput.MISSING), hour));
    CategoryColumn list = column.hours().get();
    if (list.inputs() > 0) {
      parts.add(product(hot, part, part.encoded(list)));
    }
    double[] present = new double[part.last + 2];
    Arrays.fill(present, 1, present.length, 1);
    String angle = node("Mul", node("Where", missing, constant(0), time), constant(2 * Math.PI));
    // The cosine is a sine, as some runtimes only have the cosine of float.
    angle = node("Add", angle, constant(0, Math.PI / 2));
    parts.add(node("Mul", node("Sin", angle), product(hot, part, present)));
  }

  /**
   * Adds a one-hot encoding of a part of dates. The runtime stops at a number that is not a
   * category, such as day 0 of the week; its message has the name of the node, which is that of the
   * input.
   */
  private String hot(DateInput part, String input, String x) {
    List<Long> known = new ArrayList<>(List.of(DateInput.MISSING));
    LongStream.rangeClosed(part.first, part.last).forEach(known::add);
    String hot = fresh();
    Map<String, Object> attributes = Map.of("cats_int64s", known, "zeros", 0L);
    nodes.add(new Onnx.Node("OneHotEncoder", input, List.of(x), List.of(hot), attributes));
    return node("Flatten", hot);
  }

  private String floats(double[] values, int... shape) {
    return constant(NdArray.of(NdArray.of(values, shape).toFloats(), shape));
  }

  /** Multiplies a one-hot encoding by a matrix, [1 + categories][width]. */
  private String product(String hot, DateInput part, double... matrix) {
    int rows = part.last - part.first + 2;
    return wide(node("MatMul", hot, floats(matrix, rows, matrix.length / rows)));
  }

  /**
   * Adds a one-hot encoding of all known categories, multiplied by a matrix that holds the inputs
   * of each category.
   */
  private void category(CategoryColumn column, Schema schema, List<String> parts) {
    int width = column.inputs();
    if (width == 0) {
      return; // a constant column is not an input of the graph
    }
    String x = input(column.name(), Onnx.STRING, 1);
    List<String> words = new ArrayList<>(new TreeSet<>(schema.missing()));
    words.add("");
    for (String category : column.categories()) {
      words.add(category);
      words.addAll(spellings(category, column, schema));
      if (category.equals("true") || category.equals("false")) { // the case does not matter
        words.add(category.substring(0, 1).toUpperCase(Locale.ROOT) + category.substring(1));
        words.add(category.toUpperCase(Locale.ROOT));
      }
    }
    // pandas keeps the blank after a comma in some files.
    List.copyOf(words).forEach(word -> words.add(" " + word));
    List<String> known = List.copyOf(new LinkedHashSet<>(words));
    double[] unseen = new double[width];
    column.encode("\0", unseen, 0);
    double[] matrix = new double[known.size() * width];
    for (int i = 0; i < known.size(); i++) {
      Cell cell = Cell.of(schema, column.name(), known.get(i));
      column.encode(cell.number(), cell.string(), matrix, i * width);
      for (int j = 0; j < width; j++) {
        matrix[i * width + j] -= unseen[j];
      }
    }
    String hot = node("OneHotEncoder", Map.of("cats_strings", known, "zeros", 1L), x);
    String w = floats(matrix, known.size(), width);
    parts.add(wide(node("Gemm", node("Flatten", hot), w, floats(unseen, width))));
  }

  /**
   * Returns other spellings of an integer category that the schema treats as the same number: 7.0,
   * as pandas writes it in a column with missing values, and 007, up to the length of the longest
   * category.
   */
  private static List<String> spellings(String category, CategoryColumn column, Schema schema) {
    List<String> spellings = new ArrayList<>();
    if (WHOLE.matcher(category).matches()) {
      spellings.add(category + ".0");
      int longest = column.categories().stream().mapToInt(String::length).max().orElse(0);
      int most = Math.min(Math.max(longest, ZIP), LONGEST);
      for (String digits = "0" + category; digits.length() <= most; digits = "0" + digits) {
        spellings.add(digits);
      }
    }
    spellings.removeIf(
        word -> {
          Cell cell = Cell.of(schema, column.name(), word);
          return !category.equals(column.text(cell.number(), cell.string()));
        });
    return spellings;
  }

  /** Scales numbers in double and converts them to float. */
  private String scaled(String x) {
    if (scaling.kind() == Scaling.Kind.ROBUST) {
      return narrow(robust(x));
    } else if (scaling.isNone()) {
      return narrow(x);
    }
    boolean divides = scaling.kind() == Scaling.Kind.DIVIDE;
    return narrow(node("Div", divides ? x : node("Sub", x, shift(scaling)), factor(scaling)));
  }

  /** Undoes the scaling of targets in double, as float would round numbers far from 0. */
  private String unscaled(String y) {
    Scaling scaling = model.targetScaling();
    if (scaling.isNone()) {
      return y;
    } else if (scaling.kind() == Scaling.Kind.ROBUST) {
      throw new ArgumentException(
          "onnx: targets with robust scaling, expected none or standard (train with %s)",
          Remedy.SCALE_TARGETS.with("standard"));
    }
    String product = node("Mul", wide(y), factor(scaling));
    return scaling.kind() == Scaling.Kind.DIVIDE ? product : node("Add", product, shift(scaling));
  }

  private String shift(Scaling scaling) {
    return constant(scaling.first());
  }

  private String factor(Scaling scaling) {
    double[] divisor = scaling.divisor();
    return scaling.kind() == Scaling.Kind.DIVIDE ? constant(divisor[0]) : constant(divisor);
  }

  /** Computes z / sqrt(1 + (z / 3)^2) for scaled columns; others stay unchanged. */
  private String robust(String x) {
    double[] width = scaling.second();
    byte[] asIs = new byte[width.length];
    boolean any = false;
    for (int i = 0; i < width.length; i++) {
      asIs[i] = (byte) (Double.isNaN(width[i]) ? 1 : 0);
      any |= asIs[i] != 0;
      width[i] = asIs[i] != 0 ? 1 : width[i] == 0 ? Double.POSITIVE_INFINITY : width[i];
    }
    String z = node("Div", node("Sub", x, constant(scaling.first())), constant(width));
    z = node("Clip", z, constant(-LARGE), constant(LARGE));
    String third = node("Div", z, constant(3));
    String root = node("Sqrt", node("Add", constant(1), node("Mul", third, third)));
    String y = node("Div", z, root);
    return any ? node("Where", constant(NdArray.ofBytes(asIs, asIs.length)), x, y) : y;
  }
}
