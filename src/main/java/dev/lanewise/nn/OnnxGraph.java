package dev.lanewise.nn;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Onnx;
import dev.lanewise.format.Onnx.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph that is computed for one row at a time, operator by operator in double: what a file says,
 * independent of any network made of it. A value of a row is a double[], or a String in a column of
 * categories.
 */
final class OnnxGraph {
  /** Operators that make a number of each number. */
  private static final Set<String> UNARY =
      Set.of(
          "Identity",
          "Dropout",
          "Flatten",
          "ZipMap",
          "Cast",
          "Neg",
          "Exp",
          "Sqrt",
          "Erf",
          "Relu",
          "LeakyRelu",
          "Elu",
          "Selu",
          "Sigmoid",
          "Tanh",
          "Softplus",
          "Gelu",
          "Mish",
          "Clip",
          "IsNaN");

  /** Operators on two numbers. */
  private static final Set<String> BINARY = Set.of("Add", "Sub", "Mul", "Div", "Pow");

  private static final Set<String> OF_LABELS = Set.of("ArgMax", "ArrayFeatureExtractor", "TopK");

  private static final int MOST_OUTPUTS = 8; // that are looked at
  private static final int MOST_COLUMNS = 1 << 24;

  final Onnx onnx;
  final String file;
  private final Map<String, NdArray> constants;
  private final Map<String, double[]> doubles = new HashMap<>(); // of constants that are vectors
  private final String target;
  private final List<Node> needed;

  OnnxGraph(Onnx onnx, String file) throws FormatException {
    this.onnx = onnx;
    this.file = file;
    constants = new HashMap<>(onnx.constants());
    long room = 0; // for what is made of constants: no more than they are
    for (NdArray constant : constants.values()) {
      room += constant.length();
    }
    for (Node node : onnx.nodes()) {
      NdArray made = folded(node);
      if (made != null) {
        room -= node.operator().equals("Transpose") ? made.length() : 0;
        constants.put(node.outputs().get(0), made);
      }
      if (room < 0) {
        throw refused(node, "fewer constants");
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

  /** What a node makes of constants alone; null if it is none of these. */
  private NdArray folded(Node node) {
    List<String> inputs = node.inputs();
    Object value = node.attributes().get("value");
    if (node.operator().equals("Constant") && value instanceof NdArray array) {
      return array;
    } else if (node.attributes().get("value_float") instanceof Float number) {
      return NdArray.of(new float[] {number});
    }
    NdArray of = inputs.size() == 1 ? constants.get(inputs.get(0)) : null;
    if (of != null && Set.of("Identity", "Cast").contains(node.operator())) {
      return of;
    } else if (of != null && node.operator().equals("Transpose") && of.rank() == 2) {
      int rows = of.dimension(0);
      int columns = of.dimension(1);
      float[] transposed = LayerArrays.transposed(of.toFloats(), rows, columns);
      return NdArray.ofFloats(transposed, 0, columns, rows);
    }
    return null;
  }

  /** The nodes that a tensor depends on, in their order. */
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

  /** The output with the results, not the labels. */
  String target() {
    return target;
  }

  /** The nodes that it depends on, in their order. */
  List<Node> needed() {
    return needed;
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
    return new FormatException(file, "operator %s, expected %s", node.where(), expected);
  }

  /** Computes the results of a row from the inputs of the graph. */
  double[] run(Map<String, Object> inputs) throws FormatException {
    Map<String, Object> values = new HashMap<>(inputs);
    for (Node node : needed) {
      compute(node, values);
    }
    if (values.get(target) instanceof double[] results) {
      return results;
    }
    throw new FormatException(file, "an output %s that is not computed, expected numbers", target);
  }

  /** Computes the first output of a node from values that were computed before, and constants. */
  void compute(Node node, Map<String, Object> values) throws FormatException {
    values.put(node.outputs().get(0), value(node, values));
  }

  private double[] value(Node node, Map<String, Object> values) throws FormatException {
    String operator = node.operator();
    if (node.attributes().get("cats_strings") instanceof List<?> names
        && !node.inputs().isEmpty()) {
      double[] hot = new double[names.size()];
      int place = names.indexOf(values.get(node.inputs().get(0)));
      if (place >= 0) {
        hot[place] = 1;
      }
      return hot;
    }
    double[] x = input(node, 0, values);
    if (UNARY.contains(operator)) {
      checkUnary(node);
      double[] y = x.clone();
      for (int i = 0; i < y.length; i++) {
        y[i] = unary(node, x[i], values);
      }
      return y;
    } else if (operator.equals("Gemm") || operator.equals("MatMul")) {
      return linear(node, x);
    } else if (operator.equals("Softmax")) {
      return softmax(x);
    } else if (operator.equals("Concat")) {
      double[] all = new double[0];
      for (int i = 0; i < node.inputs().size(); i++) {
        double[] part = input(node, i, values);
        if (all.length + part.length > MOST_COLUMNS) { // a graph can double it again and again
          throw refused(node, "at most " + MOST_COLUMNS + " columns");
        }
        all = Arrays.copyOf(all, all.length + part.length);
        System.arraycopy(part, 0, all, all.length - part.length, part.length);
      }
      return all;
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
      double epsilon = attribute(node, "epsilon", 1e-5);
      if (attribute(node, "training_mode", 0) != 0) {
        throw refused(node, "one that is no longer trained");
      }
      double[] y = new double[x.length];
      for (int i = 0; i < y.length; i++) {
        double scale = at(node, input(node, 1, values), i, y.length);
        double shift = at(node, input(node, 2, values), i, y.length);
        double mean = at(node, input(node, 3, values), i, y.length);
        double variance = at(node, input(node, 4, values), i, y.length);
        y[i] = (x[i] - mean) / Math.sqrt(variance + epsilon) * scale + shift;
      }
      return y;
    }
    throw refused(
        node,
        "a chain of Gemm, MatMul, Add, activations, Flatten, Dropout, BatchNormalization, Softmax");
  }

  private double[] input(Node node, int i, Map<String, Object> values) throws FormatException {
    String name = i < node.inputs().size() ? node.inputs().get(i) : "";
    NdArray constant = constants.get(name);
    if (constant != null) {
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
            default -> StrictMath.pow(p, q);
          };
    }
    return y;
  }

  /** Attributes that make another thing of an operator than is computed here. */
  private void checkUnary(Node node) throws FormatException {
    double to = attribute(node, "to", Onnx.FLOAT);
    boolean cast = node.operator().equals("Cast");
    if (cast && to != Onnx.FLOAT && to != Onnx.DOUBLE || attribute(node, "axis", 1) != 1) {
      throw refused(node, "a cast to float, and rows that stay rows");
    }
  }

  private double unary(Node node, double x, Map<String, Object> values) throws FormatException {
    double alpha = attribute(node, "alpha", node.operator().equals("LeakyRelu") ? 0.01 : 1);
    return switch (node.operator()) {
      case "Cast" -> attribute(node, "to", Onnx.FLOAT) == Onnx.FLOAT ? (float) x : x;
      case "Neg" -> -x;
      case "Exp" -> StrictMath.exp(x);
      case "Sqrt" -> Math.sqrt(x);
      case "Erf" -> Activation.erf(x);
      case "Relu" -> x < 0 ? 0 : x;
      case "LeakyRelu" -> x < 0 ? alpha * x : x;
      case "Elu" -> x < 0 ? alpha * StrictMath.expm1(x) : x;
      case "Selu" ->
          attribute(node, "gamma", 1.0507009873554805)
              * (x < 0 ? attribute(node, "alpha", 1.6732632423543772) * StrictMath.expm1(x) : x);
      case "Sigmoid" -> Activation.SIGMOID.of(x);
      case "Tanh" -> StrictMath.tanh(x);
      case "Softplus" -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
      case "Gelu" ->
          ("tanh".equals(node.attributes().get("approximate"))
                  ? Activation.GELU_TANH
                  : Activation.GELU)
              .of(x);
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

  private double bound(Node node, int i, String name, double none, Map<String, Object> values)
      throws FormatException {
    boolean given = i < node.inputs().size() && !node.inputs().get(i).isEmpty();
    return given ? at(node, input(node, i, values), 0, 1) : attribute(node, name, none);
  }

  static double attribute(Node node, String name, double otherwise) {
    return node.attributes().get(name) instanceof Number number ? number.doubleValue() : otherwise;
  }

  /** The weights of Gemm or MatMul as they stand, [in][out], or with transB [out][in]. */
  NdArray weights(Node node) throws FormatException {
    NdArray w = node.inputs().size() < 2 ? null : constants.get(node.inputs().get(1));
    if (w == null || w.rank() != 2 || attribute(node, "transA", 0) != 0) {
      throw refused(node, "a constant matrix behind rows");
    }
    return w;
  }

  /** The biases of a layer: those of Gemm, or 0. */
  double[] biases(Node node, int outputs) throws FormatException {
    double[] biases = new double[outputs];
    if (node.inputs().size() > 2 && !node.inputs().get(2).isEmpty()) {
      double[] given = input(node, 2, Map.of());
      for (int j = 0; j < outputs; j++) {
        biases[j] = at(node, given, j, outputs) * attribute(node, "beta", 1);
      }
    }
    return biases;
  }

  private double[] linear(Node node, double[] x) throws FormatException {
    NdArray w = weights(node);
    boolean transposed = attribute(node, "transB", 0) != 0;
    int inputs = w.dimension(transposed ? 1 : 0);
    int outputs = w.dimension(transposed ? 0 : 1);
    if (x.length != inputs) {
      throw refused(node, x.length + " inputs, found " + inputs);
    }
    double alpha = attribute(node, "alpha", 1);
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
}
