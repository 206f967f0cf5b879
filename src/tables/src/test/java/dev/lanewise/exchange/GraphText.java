package dev.lanewise.exchange;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A graph that a test makes of a text, from the input x, which has two columns, to the output y.
 * The constants W, v and two exist already.
 */
class GraphText {
  final List<Onnx.Node> nodes = new ArrayList<>();
  final Map<String, NdArray> constants = new LinkedHashMap<>();

  GraphText() {
    constants.put("W", NdArray.of(new float[] {1, 2, 3, 4}, 2, 2));
    floats("v", 5, 6);
    floats("two", 2);
  }

  final void floats(String name, float... values) {
    constants.put(name, NdArray.of(values, values.length));
  }

  final void longs(String name, long... values) {
    constants.put(name, NdArray.of(values, values.length));
  }

  final void node(String operator, String output, String... inputs) {
    node(operator, Map.of(), output, inputs);
  }

  final void node(String operator, Map<String, Object> attributes, String out, String... in) {
    nodes.add(new Onnx.Node(operator, "n" + nodes.size(), List.of(in), List.of(out), attributes));
  }

  /**
   * Adds nodes such as {@code y = LeakyRelu[alpha=0.2] x}, separated by semicolons. An underscore
   * stands for an input that is left out.
   */
  final void graph(String text) {
    for (String line : text.split(";")) {
      String[] parts = line.strip().split(" (= )?");
      String[] operator = parts[1].split("[\\[\\]=]");
      Map<String, Object> attributes =
          operator.length < 3 ? Map.of() : Map.of(operator[1], attribute(operator[2]));
      String[] inputs = Arrays.copyOfRange(parts, 2, parts.length);
      Arrays.setAll(inputs, i -> inputs[i].replace("_", ""));
      node(operator[0], attributes, parts[0], inputs);
    }
  }

  private static Object attribute(String text) {
    if (text.contains(":")) {
      return Stream.of(text.split(":")).map(Long::valueOf).toList();
    }
    boolean isNumber = Character.isDigit(text.charAt(text.length() - 1));
    return !isNumber
        ? text
        : text.contains(".") ? Float.valueOf(text) : (Object) Long.valueOf(text);
  }

  final Onnx onnx() {
    return onnx(2, "y");
  }

  /** Returns the graph with another number of columns of x, and with these outputs. */
  final Onnx onnx(int columns, String... outputs) {
    List<Onnx.Value> inputs = List.of(new Onnx.Value("x", Onnx.FLOAT, columns));
    List<Onnx.Value> results =
        Stream.of(outputs).map(name -> new Onnx.Value(name, Onnx.FLOAT, columns)).toList();
    return new Onnx(nodes, constants, inputs, results, Map.of(), "");
  }

  final Mlp read() throws FormatException {
    return read(onnx());
  }

  static Mlp read(Onnx onnx) throws FormatException {
    return OnnxReader.read(onnx, "f");
  }

  final double[] run(double... x) throws FormatException {
    return new OnnxGraph(onnx(), "f").run(Map.of("x", x));
  }

  /** Writes a graph into a folder and returns the file. */
  static Path write(Onnx onnx, Path folder) throws IOException {
    Path file = folder.resolve("written.onnx");
    try (OutputStream out = Files.newOutputStream(file)) {
      onnx.write(out);
    }
    return file;
  }
}
