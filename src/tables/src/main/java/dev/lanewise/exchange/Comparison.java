package dev.lanewise.exchange;

import dev.lanewise.engine.internal.Decision;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.rows.internal.RowEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Measures how closely the file of a model agrees with the model. An ONNX graph is computed
 * operator by operator in double, so the differences contain the rounding errors of the model but
 * not those of a runtime. Files of other formats are read again as a model.
 *
 * @param rows the number of compared rows
 * @param largest the largest difference between two results
 * @param ulps this difference in units of the last place of the model's result
 * @param largestResult the largest result of the model that is a number
 * @param changed the number of rows with a different most likely class
 * @param beyond the number of rows with a result that differs by more than {@link #TOLERANCE} of
 *     the largest of the row and by more than rounding to float can explain; for formats that keep
 *     all bits, the number of rows with any difference
 */
public record Comparison(
    int rows, double largest, double ulps, double largestResult, int changed, int beyond) {
  /** The largest accepted difference, relative to the largest result of a row. */
  public static final double TOLERANCE = 1e-5;

  /** Below this value, floats lose precision. */
  private static final double SMALL = 1e-37;

  private static final int MOST_ROWS = 1000;
  private static final long MOST_PRODUCTS = 200_000_000; // about a second
  private static final int FEWEST_ROWS = 10;
  private static final double DRAWN = 4; // width of the range in standard deviations

  private static final long KEY = CounterRandom.key(0, CounterRandom.CHECK, 0);

  /** Operators that do not change results and may stand at the end of a graph. */
  private static final Set<String> SAME = Set.of("Identity", "Cast", "Flatten", "Dropout");

  /**
   * In a map of the inputs of a row, the key of its encoded features: a double[] before scaling.
   */
  private static final String FEATURES = "";

  /** Computes the results of a row from its features or from the inputs of a graph. */
  private interface Results {
    Answer of(Map<String, Object> row) throws IOException;
  }

  /** The results of a row, and its class if the model has classes. */
  private record Answer(double[] results, int label) {}

  /** {@return true if no row differs by more than the tolerance} */
  public boolean agrees() {
    return beyond == 0;
  }

  /**
   * Compares on rows of features.
   *
   * @param file the file
   * @param model the model
   * @param features [rows][inputs], row-major, unscaled, as precise as available
   * @return the comparison
   * @throws IOException if the file cannot be read
   */
  public static Comparison of(Path file, Model model, double[] features) throws IOException {
    int inputs = model.inputs();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int at = 0; at + inputs <= features.length; at += inputs) {
      rows.add(Map.of(FEATURES, Arrays.copyOfRange(features, at, at + inputs)));
    }
    return compare(file, model, rows);
  }

  /**
   * Compares on rows of a table.
   *
   * @param file the file
   * @param model a model with a schema
   * @param table one map per row with the value of each column, as for {@link Cell#of(Object,
   *     List)}
   * @return as {@link #of(Path, Mlp, double[])}
   * @throws IOException as in {@link #of(Path, Mlp, double[])}
   */
  public static Comparison of(Path file, Model model, List<Map<String, Object>> table)
      throws IOException {
    Schema schema = model.schema().orElseThrow();
    List<Map<String, Object>> rows = new ArrayList<>();
    RowEncoder encoder = new RowEncoder(schema, Scaling.none());
    for (Map<String, Object> values : table) {
      Map<String, Object> row = new HashMap<>();
      for (int c = 0; c < encoder.columns(); c++) {
        Column column = encoder.column(c);
        Object value = values.get(column.name());
        Cell cell = Cell.of(schema, column.name(), value);
        encoder.set(c, cell.number(), cell.string());
        if (column instanceof DateColumn date) {
          for (DateInput input : DateInput.values()) {
            row.put(input.of(date), new double[] {input.value(cell.string())});
          }
          continue;
        }
        row.put(
            column.name(),
            column instanceof NumberColumn
                ? new double[] {cell.number()}
                : value instanceof CharSequence
                    ? value.toString().strip() // in the spelling that a graph receives
                    : Objects.requireNonNullElse(text(column, cell), ""));
      }
      row.put(FEATURES, encoder.raw()); // also if a column has an empty name
      rows.add(row);
    }
    return compare(file, model, rows);
  }

  private static String text(Column column, Cell cell) {
    return column instanceof CategoryColumn category
        ? category.text(cell.number(), cell.string())
        : cell.text();
  }

  /**
   * Compares on random rows within the range of the model's scaling; for a table, with random
   * categories.
   *
   * @param file the file
   * @param model the model
   * @return as {@link #of(Path, Mlp, double[])}
   * @throws IOException as in {@link #of(Path, Mlp, double[])}
   */
  public static Comparison onDrawn(Path file, Model model) throws IOException {
    int inputs = model.inputs();
    int count = rows(model);
    double[] features = new double[count * inputs];
    for (int i = 0; i < features.length; i++) {
      features[i] = drawn(model, i % inputs, CounterRandom.uniform(KEY, i));
    }
    if (model.schema().isEmpty()) {
      return of(file, model, features);
    }
    List<Map<String, Object>> table = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      Map<String, Object> values = new HashMap<>();
      int at = 0;
      for (Column column : model.schema().get().columns()) {
        long counter = (long) features.length + row * 31L + at;
        double number = column.inputs() == 0 ? 0 : features[row * inputs + at];
        values.put(column.name(), value(column, number, CounterRandom.uniform(KEY, counter)));
        at += column.inputs();
      }
      table.add(values);
    }
    return of(file, model, table);
  }

  /**
   * {@return the number of rows for a comparison that takes about a second: 1000, or fewer for a
   * large model}
   *
   * @param model the model
   */
  public static int rows(Model model) {
    return (int) Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, MOST_PRODUCTS / model.parameterCount()));
  }

  private static float drawn(Model model, int input, double uniform) {
    Scaling scaling = model.scaling().orElse(Scaling.none());
    boolean isRange = List.of(Scaling.Kind.DIVIDE, Scaling.Kind.MINMAX).contains(scaling.kind());
    float raw = (float) scaling.undo(isRange ? uniform : DRAWN * (uniform - 0.5), input);
    return Float.isFinite(raw) ? raw : 0;
  }

  /** Returns a value of a column, sometimes a missing or an unknown one. */
  private static Object value(Column column, double number, double uniform) {
    if (column instanceof NumberColumn n) {
      return n.hasMissing() && uniform < 0.1 ? null : (Object) number;
    } else if (column instanceof DateColumn date) {
      if (uniform < 0.1 && !Double.isNaN(date.days().median())) {
        return null;
      }
      double days = Math.max(0, Math.min(40_000, number));
      return LocalDateTime.ofEpochSecond((long) (86_400 * days), 0, ZoneOffset.UTC);
    }
    List<String> categories = ((CategoryColumn) column).categories();
    int place = (int) (uniform * (categories.size() + 2));
    return place < categories.size()
        ? categories.get(place)
        : place == categories.size() ? "" : "\1";
  }

  private static Comparison compare(Path file, Model model, List<Map<String, Object>> rows)
      throws IOException {
    Results found;
    String name = file.toString().toLowerCase(Locale.ROOT);
    boolean isGraph = name.endsWith(OnnxFormat.ENDING);
    if (isGraph) {
      OnnxGraph graph = new OnnxGraph(Onnx.read(file), file.toString());
      graph.allow(rows.size(), model);
      found = graph(graph, model);
    } else {
      Model read = Model.load(file);
      boolean isOther = !read.loss().equals(model.loss());
      found = results(isOther && read.members().size() == 1 ? read.withLoss(model.loss()) : read);
    }
    return compare(model, rows, found, isGraph);
  }

  private static Comparison compare(
      Model model, List<Map<String, Object>> rows, Results found, boolean rounds)
      throws IOException {
    Results expected = results(model);
    RoundingError rounding = new RoundingError(model);
    // Differences are measured on scaled targets, as a large offset would make them look small.
    double[] middle = new double[model.outputs()];
    double[] units = new double[middle.length];
    for (int k = 0; k < middle.length; k++) {
      middle[k] = model.targetScaling().undo(0, k);
      units[k] = Math.abs(model.targetScaling().undo(1, k) - middle[k]);
    }
    int beyond = 0;
    double largest = 0;
    double ulps = 0;
    double largestResult = 0;
    int changed = 0;
    for (Map<String, Object> row : rows) {
      Answer answer = expected.of(row);
      Answer other = found.of(row);
      double[] a = answer.results;
      double[] b = other.results;
      if (b.length != a.length) {
        throw new IllegalArgumentException(
            b.length + " results a row, expected " + a.length + " as the model has");
      }
      double[] differences = new double[a.length];
      double[] sizes = new double[a.length];
      for (int k = 0; k < a.length; k++) {
        boolean none = a[k] != a[k] && !Double.isFinite((float) b[k]);
        double difference = a[k] == b[k] || none ? 0 : Math.abs(a[k] - b[k]);
        if (difference != difference) { // one of them is not a number
          difference = Double.POSITIVE_INFINITY;
        }
        differences[k] = difference / units[k];
        sizes[k] = (a[k] - middle[k]) / units[k];
        if (difference > largest) {
          largest = difference;
          ulps = difference / (units[k] * Math.ulp((float) ((a[k] - middle[k]) / units[k])));
        }
        largestResult = Math.max(largestResult, a[k] == a[k] ? Math.abs(a[k]) : 0);
      }
      boolean isChanged = model.loss().task().hasClasses() && answer.label != other.label;
      boolean isBeyond =
          isBeyond(differences, sizes, rounds, () -> rounding.of(scaled(model, row)), units);
      beyond += isBeyond || isChanged && !rounds ? 1 : 0;
      changed += isChanged ? 1 : 0;
    }
    return new Comparison(rows.size(), largest, ulps, largestResult, changed, beyond);
  }

  /** Tests whether the differences of a row exceed the tolerance. */
  private static boolean isBeyond(
      double[] differences,
      double[] results,
      boolean rounds,
      Supplier<double[]> rounding,
      double[] units) {
    double largest = Arrays.stream(results).map(Math::abs).filter(r -> r == r).max().orElse(0);
    double tolerance = rounds ? TOLERANCE * largest + SMALL : 0;
    if (Arrays.stream(differences).allMatch(d -> d <= tolerance)) {
      return false;
    } else if (!rounds) {
      return true;
    }
    double[] more = rounding.get();
    boolean isBeyond = false;
    for (int k = 0; k < more.length; k++) {
      isBeyond |= !(differences[k] <= tolerance + more[k] / units[k]);
    }
    return isBeyond;
  }

  private static float[] scaled(Model model, Map<String, Object> row) {
    Scaling scaling = model.scaling().orElse(Scaling.none());
    double[] features = (double[]) row.get(FEATURES);
    float[] scaled = new float[features.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = scaling.scale(features[i], i);
    }
    return scaled;
  }

  /** Returns the results of a model. */
  private static Results results(Model model) {
    Predictor predictor = model.predictor(1);
    double[] results = new double[model.outputs()];
    int[] labels = new int[results.length];
    return row -> {
      try {
        predictor.predictScaled(scaled(model, row), 1, results, labels);
      } catch (ArithmeticException | IllegalArgumentException e) { // not finite
        Arrays.fill(results, Double.NaN);
        labels[0] = -1;
      }
      // Averaged and calibrated ones are doubles, which every way out but the API rounds once.
      boolean isExact = model.loss().task().hasNumbers() || model.singleNetwork().isPresent();
      return new Answer(isExact ? results.clone() : rounded(results), labels[0]);
    };
  }

  private static double[] rounded(double[] numbers) {
    return Arrays.stream(numbers).map(number -> (float) number).toArray();
  }

  /** Returns the results of a graph. */
  private static Results graph(OnnxGraph graph, Model model) {
    List<String> operators = graph.needed.stream().map(Onnx.Node::operator).toList();
    boolean isOne = model.singleNetwork().isPresent();
    boolean hasResults =
        !isOne
            || (model.loss().task().hasClasses()
                ? operators.contains("Softmax")
                : operators.stream() // the last operator that changes results
                    .filter(o -> !SAME.contains(o))
                    .reduce("", (a, b) -> b)
                    .equals("Sigmoid"));
    String averages = // before they are rounded, as the class follows from them
        graph.onnx.nodes().stream()
            .filter(node -> !isOne && node.operator().equals("ArgMax"))
            .map(node -> node.inputs().get(0))
            .findFirst()
            .orElse(graph.target);
    List<Onnx.Value> columns = graph.rowInputs();
    List<Onnx.Node> nodes = graph.nodesOf(graph.target, averages);
    return row -> {
      Map<String, Object> inputs = new HashMap<>();
      for (Onnx.Value input : columns) {
        Object value = row.getOrDefault(input.name(), row.get(FEATURES));
        boolean rounds = input.type() == Onnx.FLOAT && value instanceof double[];
        inputs.put(input.name(), rounds ? rounded((double[]) value) : value);
      }
      double[][] tensors = graph.run(inputs, nodes, graph.target, averages);
      boolean isWhole = hasResults || model.loss().task().hasNumbers(); // else sums at the end
      double[] results = isWhole ? tensors[0] : model.loss().task().outputFunction().of(tensors[0]);
      return new Answer(results, Decision.first(tensors[1]));
    };
  }
}
