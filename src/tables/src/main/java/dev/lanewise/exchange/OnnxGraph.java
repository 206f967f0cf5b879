package dev.lanewise.exchange;

import dev.lanewise.exchange.Onnx.Node;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.kernel.math.ErrorFunction;
import dev.lanewise.nn.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * Computes a graph for one row at a time, operator by operator in double. The result follows from
 * the file alone, independent of any network that was read from it. A value of a row is a double[],
 * or a String in a column of categories.
 */
final class OnnxGraph {
  /** Operators that map each number to a number. */
  static final Set<String> UNARY =
      Set.of(
          ("Identity Dropout Flatten Reshape Squeeze ZipMap Cast Neg Exp Log Reciprocal Sqrt Erf "
                  + "Relu LeakyRelu Elu Selu Celu Sigmoid Tanh Softplus Gelu Mish Clip IsNaN")
              .split(" "));

  /** Operators with two numbers as inputs. */
  static final Set<String> BINARY =
      Set.of(
          ("Add Sub Mul Div Pow PRelu Max Min Greater GreaterOrEqual Less " + "LessOrEqual")
              .split(" "));

  static final double LEAKY = 0.01; // the default of LeakyRelu
  static final double SELU_ALPHA = 1.6732632423543772;
  static final double SELU_GAMMA = 1.0507009873554805;

  private static final Set<String> OF_LABELS = Set.of("ArgMax", "ArrayFeatureExtractor", "TopK");

  private static final int MOST_OUTPUTS = 8; // that are read
  private static final int MOST_COLUMNS = 1 << 20; // in a row
  private static final long MOST_WORK = 1L << 28; // allowed products, about half a second
  private static final int WORK = 1 << 6; // additional products per number in the file
  private static final int UNIT = 4; // cost per number of other operators, in products

  final Onnx onnx;
  final String file;
  private final Map<String, NdArray> constants;
  final OnnxConstants folding;
  private final Map<String, double[]> doubles = new HashMap<>(); // of constants that are vectors
  final String target; // the output with the results
  private final List<Node> needed;
  private long work; // so far, in products

  OnnxGraph(Onnx onnx, String file) throws FormatException {
    this.onnx = onnx;
    this.file = file;
    constants = new HashMap<>(onnx.constants());
    folding = new OnnxConstants(file, constants);
    Set<String> names = new HashSet<>(constants.keySet());
    for (Onnx.Value input : onnx.inputs()) {
      names.add(input.name());
    }
    for (Node node : onnx.nodes()) {
      for (String output : node.outputs()) {
        if (!output.isEmpty() && !names.add(output)) {
          throw refused(node, "outputs of names of their own, found " + output);
        }
      }
      NdArray constant = folding.folded(node);
      if (constant != null) {
        constants.put(node.outputs().get(0), constant);
      }
    }
    String chosen = null;
    List<Node> nodes = List.of();
    int outputs = Math.min(onnx.outputs().size(), MOST_OUTPUTS);
    for (int i = 0; i < outputs && (chosen == null || areLabels(nodes)); i++) {
      chosen = onnx.outputs().get(i).name();
      nodes = nodesOf(chosen);
    }
    if (chosen == null) {
      throw new FormatException(file, "a graph without an output, expected one");
    }
    target = chosen;
    needed = nodes;
  }

  private static boolean areLabels(List<Node> nodes) {
    return nodes.stream().anyMatch(node -> OF_LABELS.contains(node.operator()));
  }

  /** Returns the nodes that a tensor depends on, in their order. */
  private List<Node> nodesOf(String tensor) {
    Set<String> wanted = new HashSet<>(Set.of(tensor));
    List<Node> nodes = new ArrayList<>();
    for (int i = onnx.nodes().size() - 1; i >= 0; i--) {
      Node node = onnx.nodes().get(i);
      boolean made = node.outputs().stream().anyMatch(wanted::contains);
      if (made && !constants.containsKey(node.outputs().get(0))) {
        nodes.add(node);
        wanted.addAll(node.inputs());
      }
    }
    Collections.reverse(nodes);
    return nodes;
  }

  /** Returns the nodes that the output with the results depends on, in their order. */
  List<Node> needed() {
    return needed;
  }

  /** Returns the names of the outputs that are not read, except labels; empty if there are none. */
  String passedOver() {
    List<String> others = new ArrayList<>();
    int count = onnx.outputs().size();
    for (int i = 0; i < Math.min(count, MOST_OUTPUTS); i++) {
      String output = onnx.outputs().get(i).name();
      if (!output.equals(target) && !areLabels(nodesOf(output))) {
        others.add(output);
      }
    }
    if (count > MOST_OUTPUTS) {
      others.add("and " + (count - MOST_OUTPUTS) + " more");
    }
    return String.join(", ", others);
  }

  /** Returns how many numbers an input has per row; 0 if unknown. */
  int columns(String input) {
    return onnx.inputs().stream()
        .filter(value -> value.name().equals(input))
        .mapToInt(Onnx.Value::columns)
        .findFirst()
        .orElse(0);
  }

  boolean isConstant(String tensor) {
    return tensor.isEmpty() || constants.containsKey(tensor);
  }

  static boolean isElementwise(Node node) {
    String operator = node.operator();
    return UNARY.contains(operator)
        || BINARY.contains(operator)
        || operator.equals("BatchNormalization")
        || operator.equals("Where");
  }

  FormatException refused(Node node, String expected) {
    return new FormatException(
        file, "operator %s, expected %s%s", node.where(), expected, OnnxAdvice.of(List.of(node)));
  }

  /** Computes the results of a row from the inputs of the graph. */
  double[] run(Map<String, Object> inputs) throws FormatException {
    return run(inputs, target);
  }

  /** Computes any tensor of numbers for a row. */
  double[] run(Map<String, Object> inputs, String tensor) throws FormatException {
    Map<String, Object> values = new HashMap<>(inputs);
    for (Node node : tensor.equals(target) ? needed : nodesOf(tensor)) {
      compute(node, values);
    }
    if (values.get(tensor) instanceof double[] results) {
      return results;
    }
    throw new FormatException(file, "an output %s that is not computed, expected numbers", tensor);
  }

  /** Computes the first output of a node from constants and values that were computed before. */
  void compute(Node node, Map<String, Object> values) throws FormatException {
    Object word = node.inputs().isEmpty() ? null : values.get(node.inputs().get(0));
    if (word instanceof String && node.number("to", 0) == Onnx.STRING) {
      values.put(node.outputs().get(0), word); // categories that are whole numbers
      return;
    }
    double[] made = value(node, values);
    work += (long) UNIT * made.length;
    if (work > MOST_WORK + WORK * folding.numbers) {
      throw refused(node, "fewer operators, as these take too long");
    }
    values.put(node.outputs().get(0), made);
  }

  private double[] value(Node node, Map<String, Object> values) throws FormatException {
    String operator = node.operator();
    boolean areNumbers = node.attributes().containsKey("cats_int64s");
    if (node.attributes().get(areNumbers ? "cats_int64s" : "cats_strings") instanceof List<?> names
        && !node.inputs().isEmpty()) {
      Object value = values.get(node.inputs().get(0));
      if (areNumbers) { // which are cut to whole numbers
        double number = at(node, input(node, 0, values), 0, 1);
        value = number == number ? (long) number : null;
      }
      double[] hot = new double[names.size()];
      int place = names.indexOf(value);
      if (place >= 0) {
        hot[place] = 1;
      } else if (node.number("zeros", 1) == 0) {
        throw refused(node, "one of " + names);
      }
      return hot;
    }
    double[] x = input(node, 0, values);
    check(node, x.length);
    if (UNARY.contains(operator)) {
      double[] y = x.clone();
      for (int i = 0; i < y.length; i++) {
        y[i] = unary(node, x[i], values);
      }
      return y;
    } else if (operator.equals("Gemm") || operator.equals("MatMul")) {
      return linear(node, x);
    } else if (operator.equals("Softmax")) {
      return softmax(x);
    } else if (operator.equals("LogSoftmax")) {
      return logSoftmax(x);
    } else if (operator.equals("Sin")) {
      return Arrays.stream(x).map(StrictMath::sin).toArray();
    } else if (operator.equals("Floor")) {
      return Arrays.stream(x).map(Math::floor).toArray();
    } else if (operator.equals("Concat")) {
      DoubleStream.Builder all = DoubleStream.builder();
      int columns = 0;
      for (int i = 0; i < node.inputs().size(); i++) {
        double[] part = input(node, i, values);
        columns += part.length;
        if (columns > MOST_COLUMNS) { // a graph can double them repeatedly
          throw refused(node, "at most " + MOST_COLUMNS + " columns");
        }
        Arrays.stream(part).forEach(all);
      }
      return all.build().toArray();
    } else if (operator.equals("Gather")) {
      double[] places = input(node, 1, values);
      double[] y = new double[places.length];
      for (int i = 0; i < y.length; i++) {
        if (!(places[i] >= 0 && places[i] < x.length) || node.number("axis", 0) != 1) {
          throw refused(node, "columns of " + x.length + " by their numbers");
        }
        y[i] = x[(int) places[i]];
      }
      return y;
    } else if (BINARY.contains(operator)) {
      return binary(node, x, input(node, 1, values));
    } else if (operator.equals("Where")) {
      double[] a = input(node, 1, values);
      double[] b = input(node, 2, values);
      double[] y = new double[Math.max(x.length, Math.max(a.length, b.length))];
      for (int i = 0; i < y.length; i++) {
        y[i] = at(node, x, i, y.length) != 0 ? at(node, a, i, y.length) : at(node, b, i, y.length);
      }
      return y;
    } else if (operator.equals("BatchNormalization")) {
      double[][] line = normalisation(node, x.length);
      double[] y = new double[x.length];
      Arrays.setAll(y, i -> x[i] * line[0][i] + line[1][i]);
      return y;
    }
    throw refused(
        node,
        "a chain of Gemm, MatMul, Add, activations, Flatten, Dropout, BatchNormalization, Softmax");
  }

  /** Returns the factor and the summand of each column. */
  double[][] normalisation(Node node, int columns) throws FormatException {
    double epsilon = node.number("epsilon", 1e-5);
    double[][] line = new double[2][columns];
    double[][] p = new double[5][]; // scale, shift, mean and variance from 1 on
    for (int k = 1; k < p.length; k++) {
      p[k] = input(node, k, Map.of());
    }
    for (int i = 0; i < columns; i++) {
      line[0][i] = at(node, p[1], i, columns) / Math.sqrt(at(node, p[4], i, columns) + epsilon);
      line[1][i] = at(node, p[2], i, columns) - at(node, p[3], i, columns) * line[0][i];
    }
    return line;
  }

  double[] input(Node node, int i, Map<String, Object> values) throws FormatException {
    String name = i < node.inputs().size() ? node.inputs().get(i) : "";
    NdArray constant = constants.get(name);
    if (constant != null) {
      int rank = constant.rank();
      if (rank > 1 && constant.length() > 1 && constant.dimension(rank - 1) == 1) {
        throw refused(node, "a constant that goes along the columns, found '" + name + "'");
      }
      double[] known = doubles.get(name);
      if (known == null) {
        known = constant.toDoubles();
        doubles.put(name, known);
      }
      return known;
    }
    if (values.get(name) instanceof double[] numbers) {
      return numbers;
    }
    throw refused(node, "numbers as input " + i + ", found '" + name + "'");
  }

  private double at(Node node, double[] values, int i, int length) throws FormatException {
    if (values.length != 1 && values.length != length) {
      throw refused(node, "inputs of " + length + " columns, found " + values.length);
    }
    return values[values.length == 1 ? 0 : i];
  }

  private double[] binary(Node node, double[] a, double[] b) throws FormatException {
    double[] y = new double[Math.max(a.length, b.length)];
    for (int i = 0; i < y.length; i++) {
      double p = at(node, a, i, y.length);
      double q = at(node, b, i, y.length);
      y[i] =
          switch (node.operator()) {
            case "Add" -> p + q;
            case "Sub" -> p - q;
            case "Mul" -> p * q;
            case "Div" -> p / q;
            case "PRelu" -> p < 0 ? p * q : p;
            case "Max" -> Math.max(p, q);
            case "Min" -> Math.min(p, q);
            case "Greater" -> p > q ? 1 : 0;
            case "GreaterOrEqual" -> p >= q ? 1 : 0;
            case "Less" -> p < q ? 1 : 0;
            case "LessOrEqual" -> p <= q ? 1 : 0;
            default -> StrictMath.pow(p, q);
          };
    }
    return y;
  }

  /** Refuses attributes that change an operator in a way that is not supported here. */
  void check(Node node, int width) throws FormatException {
    String operator = node.operator();
    if (operator.equals("Reshape")) {
      checkReshape(node, width);
    }
    if (UNARY.contains(operator) && (!node.isFloat() || node.number("axis", 1) != 1)) {
      throw refused(node, "a cast to float, and rows that stay rows");
    } else if (operator.equals("Dropout") && isTrained(node)
        || operator.equals("BatchNormalization")
            && (node.number("training_mode", 0) != 0 || node.outputs().size() > 1)) {
      throw refused(node, "one that is no longer trained");
    } else if ((operator.equals("Max") || operator.equals("Min")) && node.inputs().size() != 2) {
      throw refused(node, "two inputs, found " + node.inputs().size());
    }
  }

  /** Refuses a Reshape after which a row is not the same numbers in the same order. */
  private void checkReshape(Node node, int width) throws FormatException {
    double[] shape = input(node, 1, Map.of());
    double rest = 1;
    boolean isFree = false;
    for (int i = 1; i < shape.length; i++) {
      rest *= shape[i];
      isFree |= shape[i] == -1;
    }
    double first = shape.length > 0 ? shape[0] : 0;
    boolean keepsRows = first == 0 || first != first;
    for (Onnx.Value input : onnx.inputs()) {
      keepsRows |= !isConstant(input.name()) && input.columns() > 0;
    }
    if (!keepsRows || (isFree ? first == -1 : rest != width)) {
      throw refused(node, "rows that stay rows, of " + width + " numbers each");
    }
  }

  private boolean isTrained(Node dropout) throws FormatException {
    boolean says = dropout.inputs().size() > 2 && !dropout.inputs().get(2).isEmpty();
    return says && at(dropout, input(dropout, 2, Map.of()), 0, 1) != 0;
  }

  static boolean isTanhGelu(Node node) {
    return "tanh".equals(node.attributes().get("approximate"));
  }

  private double unary(Node node, double x, Map<String, Object> values) throws FormatException {
    double alpha = node.number("alpha", node.operator().equals("LeakyRelu") ? LEAKY : 1);
    return switch (node.operator()) {
      case "Cast" -> node.number("to", Onnx.FLOAT) == Onnx.FLOAT ? (float) x : x;
      case "Neg" -> -x;
      case "Exp" -> StrictMath.exp(x);
      case "Log" -> StrictMath.log(x);
      case "Reciprocal" -> 1 / x;
      case "Sqrt" -> Math.sqrt(x);
      case "Erf" -> ErrorFunction.erf(x);
      case "Relu" -> x < 0 ? 0 : x;
      case "LeakyRelu" -> x < 0 ? alpha * x : x;
      case "Elu" -> x < 0 ? alpha * StrictMath.expm1(x) : x;
      case "Selu" ->
          node.number("gamma", SELU_GAMMA)
              * (x < 0 ? node.number("alpha", SELU_ALPHA) * StrictMath.expm1(x) : x);
      case "Celu" -> x < 0 ? alpha * StrictMath.expm1(x / alpha) : x;
      case "Sigmoid" -> Activation.SIGMOID.of(x);
      case "Tanh" -> StrictMath.tanh(x);
      case "Softplus" -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
      case "Gelu" -> (isTanhGelu(node) ? Activation.GELU_TANH : Activation.GELU).of(x);
      case "Mish" -> Activation.MISH.of(x);
      case "Clip" -> {
        double low = bound(node, 1, "min", Double.NEGATIVE_INFINITY, values);
        double high = bound(node, 2, "max", Double.POSITIVE_INFINITY, values);
        yield Math.min(Math.max(x, low), high);
      }
      case "IsNaN" -> x == x ? 0 : 1;
      default -> x;
    };
  }

  double bound(Node node, int i, String name, double none, Map<String, Object> values)
      throws FormatException {
    boolean given = i < node.inputs().size() && !node.inputs().get(i).isEmpty();
    return given ? at(node, input(node, i, values), 0, 1) : node.number(name, none);
  }

  /** Returns the weights of Gemm or MatMul as stored, [in][out], or [out][in] with transB. */
  NdArray weights(Node node) throws FormatException {
    NdArray w = node.inputs().size() < 2 ? null : constants.get(node.inputs().get(1));
    if (w == null || w.rank() != 2 || node.number("transA", 0) != 0) {
      throw refused(node, "a constant matrix after rows");
    }
    return w;
  }

  /** Returns the biases of a layer, which are 0 except for Gemm. */
  double[] biases(Node node, int outputs) throws FormatException {
    double[] biases = new double[outputs];
    if (node.inputs().size() > 2 && !node.inputs().get(2).isEmpty()) {
      double[] given = input(node, 2, Map.of());
      for (int j = 0; j < outputs; j++) {
        biases[j] = at(node, given, j, outputs) * node.number("beta", 1);
      }
    }
    return biases;
  }

  private double[] linear(Node node, double[] x) throws FormatException {
    NdArray w = weights(node);
    boolean transposed = node.number("transB", 0) != 0;
    int inputs = w.dimension(transposed ? 1 : 0);
    int outputs = w.dimension(transposed ? 0 : 1);
    if (x.length != inputs) {
      throw refused(node, x.length + " inputs, found " + inputs);
    }
    work += w.length();
    double alpha = node.number("alpha", 1);
    double[] y = new double[outputs];
    double[] biases = biases(node, outputs);
    for (int j = 0; j < outputs; j++) {
      double sum = 0;
      for (int i = 0; i < inputs; i++) {
        sum += x[i] * w.doubleAt(transposed ? j * inputs + i : i * outputs + j);
      }
      y[j] = alpha * sum + biases[j];
    }
    return y;
  }

  static double[] softmax(double[] x) {
    double largest = Arrays.stream(x).max().orElse(0);
    double[] y = Arrays.stream(x).map(v -> StrictMath.exp(v - largest)).toArray();
    double sum = Arrays.stream(y).sum();
    return Arrays.stream(y).map(v -> v / sum).toArray();
  }

  private static double[] logSoftmax(double[] x) {
    double largest = Arrays.stream(x).max().orElse(0);
    double sum = Arrays.stream(x).map(v -> StrictMath.exp(v - largest)).sum();
    return Arrays.stream(x).map(v -> v - largest - StrictMath.log(sum)).toArray();
  }
}
