package dev.lanewise.exchange;

import dev.lanewise.exchange.Onnx.Node;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.model.Model;
import dev.lanewise.nn.OutputFunction;
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
  private static final Set<String> OF_LABELS = Set.of("ArgMax", "ArrayFeatureExtractor", "TopK");

  private static final int MOST_OUTPUTS = 8;
  private static final int MOST_COLUMNS = 1 << 20; // numbers of a row
  private static final long MOST_WORK = 1L << 28; // allowed products, about half a second
  private static final int WORK = 1 << 3; // additional products per product of the model
  private static final int UNIT = 4; // cost per number of other operators, in products

  final Onnx onnx;
  final String file;
  private final Map<String, NdArray> constants;
  final OnnxConstants folding;
  // values of constants that are vectors
  private final Map<String, double[]> doubles = new HashMap<>();
  private final List<String> outputs; // that are read
  final String target; // the output with the results
  final List<Node> needed; // the nodes that it depends on, in their order
  private long allowed = MOST_WORK; // in products
  private long work; // so far

  OnnxGraph(Onnx onnx, String file) throws FormatException {
    this.onnx = onnx;
    this.file = file;
    constants = new HashMap<>(onnx.constants());
    folding = new OnnxConstants(file, constants);
    Set<String> names = new HashSet<>(constants.keySet());
    onnx.inputs().forEach(input -> names.add(input.name()));
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
    outputs = onnx.outputs().stream().limit(MOST_OUTPUTS).map(Onnx.Value::name).toList();
    if (outputs.isEmpty()) {
      throw new FormatException(file, "a graph without an output, expected one output output");
    }
    target =
        outputs.stream()
            .filter(output -> !areLabels(output))
            .findFirst()
            .orElse(outputs.get(outputs.size() - 1));
    needed = nodesOf(target);
  }

  private boolean areLabels(String output) {
    return nodesOf(output).stream().anyMatch(node -> OF_LABELS.contains(node.operator()));
  }

  /** Returns the nodes that tensors depend on, in their order. */
  List<Node> nodesOf(String... tensors) {
    Set<String> wanted = new HashSet<>(Arrays.asList(tensors));
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

  /** Returns the names of the outputs that are not read, except labels; empty if there are none. */
  String passedOver() {
    List<String> others = new ArrayList<>(outputs);
    others.removeIf(output -> output.equals(target) || areLabels(output));
    if (onnx.outputs().size() > MOST_OUTPUTS) {
      others.add("and " + (onnx.outputs().size() - MOST_OUTPUTS) + " more");
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

  /** Returns the inputs that differ from row to row, which are not constants with other values. */
  List<Onnx.Value> rowInputs() {
    return onnx.inputs().stream().filter(input -> !isConstant(input.name())).toList();
  }

  boolean isConstant(String tensor) {
    return tensor.isEmpty() || constants.containsKey(tensor);
  }

  FormatException refused(Node node, String expected) {
    return new FormatException(file, "operator %s, expected %s", node.where(), expected);
  }

  /** Allows the work of rows through a model, beside what any graph may take. */
  void allow(long rows, Model model) {
    allowed = MOST_WORK + WORK * rows * model.parameterCount();
  }

  /** Computes the results of a row from the inputs of the graph. */
  double[] run(Map<String, Object> inputs) throws FormatException {
    return run(inputs, needed, target)[0];
  }

  /** Computes nodes for a row, and returns tensors of numbers. */
  double[][] run(Map<String, Object> inputs, List<Node> nodes, String... tensors)
      throws FormatException {
    Map<String, Object> values = new HashMap<>(inputs);
    for (Node node : nodes) {
      compute(node, values);
    }
    double[][] results = new double[tensors.length][];
    for (int i = 0; i < results.length; i++) {
      if (!(values.get(tensors[i]) instanceof double[] numbers)) {
        throw new FormatException(
            file, "an output %s that is not computed, expected numbers", tensors[i]);
      }
      results[i] = numbers;
    }
    return results;
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
    if (work > allowed) {
      throw refused(node, "fewer operators, as these take too long");
    }
    values.put(node.outputs().get(0), made);
  }

  private double[] value(Node node, Map<String, Object> values) throws FormatException {
    boolean areNumbers = node.attributes().containsKey("cats_int64s");
    if (node.attributes().get(areNumbers ? "cats_int64s" : "cats_strings") instanceof List<?> names
        && !node.inputs().isEmpty()) {
      return hot(node, names, areNumbers, values);
    }
    double[] x = input(node, 0, values);
    check(node, x.length);
    OnnxOperator operator = OnnxOperator.of(node);
    if (operator != null) {
      return each(node, operator, values);
    }
    return switch (node.operator()) {
      case "Gemm", "MatMul" -> linear(node, x);
      case "Softmax" -> OutputFunction.SOFTMAX.of(x);
      case "LogSoftmax" -> logSoftmax(x);
      case "Sin" -> Arrays.stream(x).map(StrictMath::sin).toArray();
      case "Floor" -> Arrays.stream(x).map(Math::floor).toArray();
      case "Concat" -> concatenated(node, values);
      case "Gather" -> gathered(node, x, input(node, 1, values));
      default ->
          throw refused(
              node,
              "a chain of Gemm, MatMul, Add, activations, Flatten, Dropout, BatchNormalization,"
                  + " Softmax");
    };
  }

  /** Returns 1 at the place of a category and 0 elsewhere. */
  private double[] hot(Node node, List<?> names, boolean areNumbers, Map<String, Object> values)
      throws FormatException {
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

  private double[] concatenated(Node node, Map<String, Object> values) throws FormatException {
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
  }

  private double[] gathered(Node node, double[] x, double[] places) throws FormatException {
    double[] y = new double[places.length];
    for (int i = 0; i < y.length; i++) {
      if (!(places[i] >= 0 && places[i] < x.length) || node.number("axis", 0) != 1) {
        throw refused(node, "columns of " + x.length + " by their numbers");
      }
      y[i] = x[(int) places[i]];
    }
    return y;
  }

  /** Applies an operator to each column. */
  private double[] each(Node node, OnnxOperator operator, Map<String, Object> values)
      throws FormatException {
    List<double[]> arguments = new ArrayList<>();
    for (int i = 0; i < operator.inputs(); i++) {
      arguments.add(input(node, i, values));
    }
    arguments.addAll(List.of(parameters(node, arguments.get(0).length, values)));
    double[] y = new double[arguments.stream().mapToInt(a -> a.length).max().orElse(0)];
    double[] column = new double[arguments.size()];
    for (int i = 0; i < y.length; i++) {
      for (int k = 0; k < column.length; k++) {
        column[k] = at(node, arguments.get(k), i, y.length);
      }
      y[i] = operator.numbers().applyAsDouble(column);
    }
    return y;
  }

  /** Returns the parameters of an elementwise operator, with one number or one per column each. */
  double[][] parameters(Node node, int columns, Map<String, Object> values) throws FormatException {
    return switch (node.operator()) {
      case "Clip" ->
          new double[][] {
            {bound(node, 1, "min", Double.NEGATIVE_INFINITY, values)},
            {bound(node, 2, "max", Double.POSITIVE_INFINITY, values)}
          };
      case "PRelu" -> new double[][] {input(node, 1, values)};
      case "BatchNormalization" -> normalisation(node, columns);
      default -> new double[0][];
    };
  }

  /** Returns the factor and the summand of each column. */
  private double[][] normalisation(Node node, int columns) throws FormatException {
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

  /** Refuses attributes that change an operator in a way that is not supported here. */
  void check(Node node, int width) throws FormatException {
    String operator = node.operator();
    if (operator.equals("Reshape")) {
      checkReshape(node, width);
    }
    if (OnnxOperator.unary(node) != null && (!node.isFloat() || node.number("axis", 1) != 1)) {
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
    keepsRows |= rowInputs().stream().anyMatch(input -> input.columns() > 0);
    if (!keepsRows || (isFree ? first == -1 : rest != width)) {
      throw refused(node, "rows that stay rows, of " + width + " numbers each");
    }
  }

  private boolean isTrained(Node dropout) throws FormatException {
    boolean says = dropout.inputs().size() > 2 && !dropout.inputs().get(2).isEmpty();
    return says && at(dropout, input(dropout, 2, Map.of()), 0, 1) != 0;
  }

  private double bound(Node node, int i, String name, double none, Map<String, Object> values)
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

  private static double[] logSoftmax(double[] x) {
    double largest = Arrays.stream(x).max().orElse(0);
    double sum = Arrays.stream(x).map(v -> StrictMath.exp(v - largest)).sum();
    return Arrays.stream(x).map(v -> v - largest - StrictMath.log(sum)).toArray();
  }
}
