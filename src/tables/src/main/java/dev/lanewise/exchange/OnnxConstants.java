package dev.lanewise.exchange;

import dev.lanewise.exchange.Onnx.Node;
import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Computes tensors that do not depend on rows, such as the shape that Reshape gives each row. */
final class OnnxConstants {
  private static final double ROWS = Double.NaN; // the number of rows, in a shape
  private static final List<Long> REVERSED = List.of(1L, 0L); // the axes of a transpose

  private final String file;
  private final Map<String, NdArray> constants;
  private final Map<String, Node> makers = new HashMap<>(); // nodes that make tensors
  private final long numbers; // numbers in the file
  private long made; // numbers copied or computed from constants

  /** Starts with the constants of a graph, to which its owner adds those that are made of them. */
  OnnxConstants(String file, Map<String, NdArray> constants) {
    this.file = file;
    this.constants = constants;
    numbers = constants.values().stream().mapToLong(NdArray::length).sum();
  }

  /** Counts numbers in copies of constants, which are limited by the budget of the file. */
  void take(int count) throws FormatException {
    made += count;
    Budget.require(file, Float.BYTES * numbers, Float.BYTES * made);
  }

  /** Computes a node with constant inputs; returns null for operators without support. */
  NdArray folded(Node node) throws FormatException {
    makers.put(node.outputs().get(0), node);
    List<String> inputs = node.inputs();
    Object value = node.attributes().get("value");
    if (node.operator().equals("Constant") && value instanceof NdArray array) {
      return array;
    } else if (node.attributes().get("value_float") instanceof Float number) {
      return NdArray.of(new float[] {number});
    }
    NdArray of = inputs.size() == 1 ? constants.get(inputs.get(0)) : null;
    boolean same = node.operator().equals("Identity") || node.operator().equals("Cast");
    if (of != null && same && node.isFloat()) {
      boolean rounds = node.operator().equals("Cast") && node.number("to", 0) == Onnx.FLOAT;
      return rounds ? NdArray.of(of.toFloats(), of.shape()) : of;
    } else if (of != null
        && node.operator().equals("Transpose")
        && of.rank() == 2
        && node.attributes().getOrDefault("perm", REVERSED).equals(REVERSED)) {
      int rows = of.dimension(0);
      int columns = of.dimension(1);
      take(of.length());
      float[] transposed = ForeignModelReader.transposed(of.toFloats(), rows, columns);
      return NdArray.ofFloats(transposed, 0, columns, rows);
    }
    NdArray columns = inputs.size() == 2 ? constants.get(inputs.get(1)) : null;
    boolean isShape = columns != null && node.operator().equals("Concat") && columns.length() == 1;
    return isShape && isRows(inputs.get(0))
        ? NdArray.of(new double[] {ROWS, columns.doubleAt(0)}, 2)
        : null;
  }

  /** Tests whether a tensor is the number of rows, as {@code x.size(0)} of PyTorch. */
  private boolean isRows(String tensor) {
    Node node = makers.get(tensor);
    if (node != null && node.operator().equals("Unsqueeze") && !node.inputs().isEmpty()) {
      node = makers.get(node.inputs().get(0)); // a number, of which this makes a list
    }
    if (node == null || node.inputs().isEmpty() || !node.operator().equals("Gather")) {
      return false;
    }
    NdArray index = constants.get(node.inputs().get(node.inputs().size() - 1));
    boolean isFirst = index != null && index.length() == 1 && index.doubleAt(0) == 0;
    Node shape = makers.get(node.inputs().get(0));
    return isFirst && shape != null && shape.operator().equals("Shape");
  }
}
