package dev.lanewise.exchange;

import dev.lanewise.format.NdArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes and constants of a graph that is being made. Methods that add a node return the name of
 * its tensor.
 */
abstract class OnnxNodes {
  private static final String OURS = "lanewise/";

  final List<Onnx.Node> nodes = new ArrayList<>();
  final Map<String, NdArray> constants = new LinkedHashMap<>();

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

  final String constant(double value) {
    return constant(vector(value));
  }

  static NdArray vector(double... values) {
    return NdArray.of(values, values.length);
  }

  final String constant(NdArray array) {
    String name = OURS + "c" + constants.size();
    constants.put(name, array);
    return name;
  }
}
