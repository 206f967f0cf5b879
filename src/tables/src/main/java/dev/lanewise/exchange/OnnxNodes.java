package dev.lanewise.exchange;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The nodes and constants of a graph that is being made. Methods that add a node return the name of
 * its tensor.
 */
abstract class OnnxNodes {
  private static final String OURS = "lanewise/";

  /** Names of tensors of the graph, which columns cannot have. */
  private static final Pattern TAKEN =
      Pattern.compile("|(?:member\\d+/)?[Wb]\\d+|label|probabilities|outputs|lanewise/.*");

  final List<Onnx.Value> inputs = new ArrayList<>();
  final List<Onnx.Node> nodes = new ArrayList<>();
  final Map<String, NdArray> constants = new LinkedHashMap<>();

  private final Set<String> whole;

  /** Starts a graph whose inputs of these names are int64. */
  OnnxNodes(Set<String> whole) {
    this.whole = whole;
  }

  /** Tests whether an input is int64. */
  final boolean isWhole(String name) {
    return whole.contains(name);
  }

  /** Adds an input and returns its tensor in the given type, which an int64 input is cast to. */
  final String input(String name, int type, int columns) {
    if (TAKEN.matcher(name).matches() || inputs.stream().anyMatch(i -> i.name().equals(name))) {
      throw new ArgumentException(
          "onnx: column %s, expected another name, as the graph has this one", name);
    }
    inputs.add(new Onnx.Value(name, isWhole(name) ? Onnx.INT64 : type, columns));
    return isWhole(name) ? node("Cast", Map.of("to", (long) type), name) : name;
  }

  final String input(String name, boolean isWide, int columns) {
    return input(name, isWide ? Onnx.DOUBLE : Onnx.FLOAT, columns);
  }

  /** Refuses names of int64 inputs that the graph does not have. */
  final void checkWhole() {
    List<String> names = inputs.stream().map(Onnx.Value::name).toList();
    for (String name : whole) {
      if (!names.contains(name)) {
        throw ArgumentException.of("int64", name, "inputs of the model: " + names);
      }
    }
  }

  final String wide(String x) {
    return node("Cast", Map.of("to", (long) Onnx.DOUBLE), x);
  }

  final String narrow(String x) {
    return node("Cast", Map.of("to", (long) Onnx.FLOAT), x);
  }

  final String node(String operator, String... of) {
    return node(operator, Map.of(), of);
  }

  final String node(String operator, Map<String, Object> attributes, String... of) {
    String output = fresh();
    add(operator, output, attributes, of);
    return output;
  }

  final void add(String operator, String output, Map<String, Object> attributes, String... of) {
    nodes.add(
        new Onnx.Node(
            operator, operator + nodes.size(), Arrays.asList(of), List.of(output), attributes));
  }

  /** Returns a new tensor name that no column has. */
  final String fresh() {
    return OURS + nodes.size();
  }

  final String number(double value) {
    return constant(NdArray.of(new float[] {(float) value}, 1));
  }

  final String constant(double... values) {
    return constant(NdArray.of(values, values.length));
  }

  final String constant(NdArray array) {
    String name = OURS + "c" + constants.size();
    constants.put(name, array);
    return name;
  }

  /** Adds the nodes of an activation. */
  final String activated(String x, Activation activation) {
    return OnnxFormula.apply(
        activation,
        x,
        this::number,
        (node, of) -> node(node.operator(), node.attributes(), of.toArray(new String[0])));
  }
}
