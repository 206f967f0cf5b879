package dev.lanewise.exchange;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An ONNX file, the graph of operators that many runtimes execute (onnx.proto3 of onnx/onnx). Only
 * features for networks of one chain are supported: no subgraphs, and no data outside the file.
 *
 * @param nodes the operators in an order in which they can be computed
 * @param constants tensors by name
 * @param inputs the inputs of the graph
 * @param outputs the outputs of the graph
 * @param metadata texts by name
 * @param doc a description for users, or an empty text
 */
record Onnx(
    List<Node> nodes,
    Map<String, NdArray> constants,
    List<Value> inputs,
    List<Value> outputs,
    Map<String, String> metadata,
    String doc) {
  // Element types.
  static final int FLOAT = 1;
  static final int INT64 = 7;
  static final int STRING = 8;
  static final int BOOL = 9;
  static final int DOUBLE = 11;

  /** Default values of attributes, by type from 1. */
  private static final List<Object> ZEROS = List.of(0f, 0L, "");

  private static final int IR_VERSION = 7;
  private static final int OPSET = 13;
  private static final int ML_OPSET = 3; // version of the domain for tables

  /** The domain of operators for tables. */
  static final String ML = "ai.onnx.ml";

  /**
   * An operator of the graph.
   *
   * @param operator its type, with the name of its domain as a prefix if ONNX does not define the
   *     domain
   * @param name its name; may be empty
   * @param inputs the names of tensors; empty for an omitted optional one
   * @param outputs the names of tensors
   * @param attributes by name: a Float, Long, String or {@link NdArray}, or a List of one of the
   *     first three
   */
  record Node(
      String operator,
      String name,
      List<String> inputs,
      List<String> outputs,
      Map<String, Object> attributes) {
    /** {@return the operator and its place for messages, such as {@code Conv (node conv1)}} */
    String where() {
      return operator + " (node " + (name.isEmpty() ? String.join(", ", outputs) : name) + ")";
    }

    /** Returns an attribute that is a number, or another number if there is none. */
    double number(String name, double otherwise) {
      return attributes.get(name) instanceof Number number ? number.doubleValue() : otherwise;
    }

    /** Tests whether a cast results in floating-point numbers; true for other operators. */
    boolean isFloat() {
      double to = number("to", FLOAT);
      return to == FLOAT || to == DOUBLE;
    }
  }

  /** An input or output of the graph; a vector of rows has 0 columns. */
  record Value(String name, int type, int columns) {
    /** {@return the name of its type for callers of a runtime} */
    String typeName() {
      return Map.of(STRING, "string", DOUBLE, "double", INT64, "int64").getOrDefault(type, "float");
    }
  }

  /** Tests whether another graph is equal except for the values of some constants. */
  boolean isLike(Onnx other, Set<String> but) {
    return nodes.equals(other.nodes)
        && inputs.equals(other.inputs)
        && outputs.equals(other.outputs)
        && constants.keySet().equals(other.constants.keySet())
        && constants.keySet().stream()
            .filter(name -> !but.contains(name))
            .allMatch(
                name ->
                    Arrays.equals(
                        constants.get(name).toDoubles(), other.constants.get(name).toDoubles()));
  }

  /** Reads a file; refuses what is not a graph of supported features. */
  static Onnx read(Path file) throws IOException {
    return read(Bytes.all(file, "an .onnx file"), file.toString());
  }

  /** Reads a stream into memory as a file; the name is for errors. */
  static Onnx read(InputStream in, String file) throws FormatException {
    return read(Bytes.of(in, file).content(), file);
  }

  private static Onnx read(byte[] content, String file) throws FormatException {
    Proto model = new Proto(content, file);
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Proto entry : model.messages(14)) {
      metadata.put(entry.text(1), entry.text(2));
    }
    if (!model.has(7)) {
      throw new FormatException(file, "no graph, expected an ONNX model");
    }
    Proto graph = model.message(7);
    List<Node> nodes = new ArrayList<>();
    for (Proto node : graph.messages(1)) {
      nodes.add(node(node));
    }
    Map<String, NdArray> constants = new LinkedHashMap<>();
    for (Proto tensor : graph.messages(5)) {
      OnnxTensor.read(tensor, constants);
    }
    if (graph.has(15)) {
      throw graph.wrong("sparse constants, expected dense constants");
    }
    return new Onnx(
        nodes, constants, values(graph, 11), values(graph, 12), metadata, model.text(6));
  }

  private static Node node(Proto in) throws FormatException {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (Proto attribute : in.messages(5)) {
      attributes.put(attribute.text(1), attribute(attribute));
    }
    String domain = in.text(7);
    String of = List.of("", "ai.onnx", ML).contains(domain) ? "" : domain + ".";
    Node node = new Node(of + in.text(4), in.text(3), in.texts(1), in.texts(2), attributes);
    if (node.outputs.isEmpty()) {
      throw in.wrong("operator " + in.text(4) + " without an output, expected one output");
    }
    return node;
  }

  private static Object attribute(Proto in) throws FormatException {
    if (in.has(5)) {
      return OnnxTensor.read(in.message(5), new LinkedHashMap<>());
    } else if (in.has(4)) {
      return in.text(4);
    } else if (in.has(3)) {
      return in.number(3);
    } else if (in.has(2)) {
      return Float.intBitsToFloat((int) in.number(2));
    }
    long type = in.number(20);
    if (type > 0 && type <= ZEROS.size()) { // onnx.proto3 omits zeros
      return ZEROS.get((int) type - 1);
    }
    List<Object> several = new ArrayList<>(in.texts(9));
    in.numbers(7, Float.BYTES, b -> several.add(Float.intBitsToFloat((int) b)));
    in.numbers(8, 0, several::add);
    return several;
  }

  private static List<Value> values(Proto graph, int field) throws FormatException {
    List<Value> values = new ArrayList<>();
    for (Proto value : graph.messages(field)) {
      Proto tensor = value.message(2).message(1);
      long columns = Math.min(columns(tensor.message(2)), Integer.MAX_VALUE);
      values.add(new Value(value.text(1), (int) tensor.number(1), (int) columns));
    }
    return values;
  }

  /** Returns the product of all dimensions except the first; 0 if one is unknown. */
  private static long columns(Proto shape) throws FormatException {
    List<Proto> dimensions = shape.messages(1);
    long product = dimensions.size() < 2 ? 0 : 1;
    for (Proto dimension : dimensions.subList(Math.min(1, dimensions.size()), dimensions.size())) {
      long size = Math.max(0, Math.min(dimension.number(1), 1 << 30));
      product = Math.min(product, 1L << 31) * size;
    }
    return product;
  }

  /** Writes the file for IR version 7 and opset 13, which old and new runtimes support. */
  void write(OutputStream out) throws IOException {
    Proto.Writer graph = new Proto.Writer();
    boolean ml = false;
    for (Node node : nodes) {
      graph.message(1, written(node));
      ml |= isMl(node);
    }
    graph.text(2, "lanewise");
    constants.forEach((name, array) -> graph.message(5, written(name, array)));
    inputs.forEach(value -> graph.message(11, written(value)));
    outputs.forEach(value -> graph.message(12, written(value)));
    Proto.Writer model = new Proto.Writer().number(1, IR_VERSION).text(2, "lanewise");
    try (InputStream version = Onnx.class.getResourceAsStream("version.txt")) {
      model.text(3, new String(version.readAllBytes(), StandardCharsets.UTF_8).strip());
    }
    if (!doc.isEmpty()) {
      model.text(6, doc);
    }
    model.message(7, graph);
    model.message(8, new Proto.Writer().text(1, "").number(2, OPSET));
    if (ml) {
      model.message(8, new Proto.Writer().text(1, ML).number(2, ML_OPSET));
    }
    metadata.forEach((k, v) -> model.message(14, new Proto.Writer().text(1, k).text(2, v)));
    model.writeTo(out);
  }

  private static boolean isMl(Node node) {
    return node.operator.equals("OneHotEncoder") || node.operator.equals("LabelEncoder");
  }

  private static Proto.Writer written(Node node) {
    Proto.Writer out = new Proto.Writer();
    node.inputs.forEach(input -> out.text(1, input));
    node.outputs.forEach(output -> out.text(2, output));
    out.text(3, node.name).text(4, node.operator);
    new TreeMap<>(node.attributes).forEach((name, value) -> out.message(5, attribute(name, value)));
    return isMl(node) ? out.text(7, ML) : out;
  }

  private static Proto.Writer attribute(String name, Object value) {
    Proto.Writer out = new Proto.Writer().text(1, name);
    if (value instanceof Float number) {
      return out.fixed(2, Float.floatToRawIntBits(number)).number(20, 1);
    } else if (value instanceof Long number) {
      return out.number(3, number).number(20, 2);
    }
    List<?> all = (List<?>) value;
    if (!all.isEmpty() && all.get(0) instanceof Long) {
      all.forEach(each -> out.number(8, (Long) each));
      return out.number(20, 7);
    }
    all.forEach(text -> out.text(9, (String) text));
    return out.number(20, 8);
  }

  private static Proto.Writer written(String name, NdArray array) {
    Proto.Writer out = new Proto.Writer();
    Arrays.stream(array.shape()).forEach(dimension -> out.number(1, dimension));
    ElementType type = array.type();
    int of = type == ElementType.FLOAT32 ? FLOAT : type == ElementType.FLOAT64 ? DOUBLE : BOOL;
    out.number(2, type == ElementType.INT64 ? INT64 : of);
    return out.text(8, name).raw(9, array);
  }

  private static Proto.Writer written(Value value) {
    Proto.Writer shape = new Proto.Writer();
    shape.message(1, new Proto.Writer().text(2, "N"));
    if (value.columns > 0) {
      shape.message(1, new Proto.Writer().number(1, value.columns));
    }
    Proto.Writer tensor = new Proto.Writer().number(1, value.type).message(2, shape);
    return new Proto.Writer().text(1, value.name).message(2, new Proto.Writer().message(1, tensor));
  }
}
