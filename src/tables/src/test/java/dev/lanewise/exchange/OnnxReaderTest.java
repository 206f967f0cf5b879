package dev.lanewise.exchange;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Remedy;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs that are chains, and those that are none. */
class OnnxReaderTest {
  private final List<Onnx.Node> nodes = new ArrayList<>();
  private final Map<String, NdArray> constants = new LinkedHashMap<>();

  OnnxReaderTest() {
    constants.put("W", NdArray.of(new float[] {1, 2, 3, 4}, 2, 2));
    constants.put("v", NdArray.of(new float[] {5, 6}, 2));
    constants.put("two", NdArray.of(new float[] {2}, 1));
  }

  private void node(String operator, String output, String... inputs) {
    node(operator, Map.of(), output, inputs);
  }

  private void node(String operator, Map<String, Object> attributes, String out, String... in) {
    nodes.add(new Onnx.Node(operator, "n" + nodes.size(), List.of(in), List.of(out), attributes));
  }

  private Mlp read() throws FormatException {
    return OnnxReader.read(onnx(), "f");
  }

  private Onnx onnx() {
    List<Onnx.Value> inputs = List.of(new Onnx.Value("x", Onnx.FLOAT, 2));
    List<Onnx.Value> outputs = List.of(new Onnx.Value("y", Onnx.FLOAT, 2));
    return new Onnx(nodes, constants, inputs, outputs, Map.of());
  }

  private void refused(String text) {
    unreadable(this::read, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Conv", "LSTM", "GRU", "RNN", "Softsign", "HardSwish",
        "Concat", "Split", "Gather", "Reshape", "LayerNormalization", "MaxPool",
        "GlobalAveragePool", "ReduceMean", "Attention", "Loop", "If", "LogSoftmax",
        "TopK", "Shape", "Sin", "QuantizeLinear"
      })
  void otherOperatorsAreRefusedByName(String operator) {
    node("Gemm", "a", "x", "W", "v");
    node(operator, "b", "a");
    node("Gemm", "y", "b", "W", "v");
    refused("operator " + operator + " (node n1), expected a chain");
  }

  @Test
  void branchesAreRefused() {
    node("Gemm", "a", "x", "W", "v");
    node("Gemm", "b", "a", "W", "v");
    node("Add", "y", "a", "b"); // a residual
    refused("operator Gemm (node n1)");
  }

  @Test
  void activationsThatAreNoneOfOursAreRefused() {
    node("Gemm", "a", "x", "W", "v");
    node("LeakyRelu", Map.of("alpha", 0.2f), "b", "a");
    node("Gemm", "y", "b", "W", "v");
    refused("LeakyRelu (node n1), expected an activation that is known here");
  }

  @Test
  void constantsThatAreNoNumbersAreRefused() {
    constants.put("nan", NdArray.of(new float[] {Float.NaN}, 1));
    node("Gemm", "a", "x", "W", "v");
    node("Mul", "b", "a", "nan");
    node("Erf", "c", "b");
    node("Gemm", "y", "c", "W", "v");
    refused("Erf (node n2), expected an activation that is known here");
  }

  @Test
  void productsOfRowsAreRefused() {
    node("MatMul", "y", "x", "x");
    refused("operator MatMul (node n0), expected a constant matrix");
  }

  @Test
  void aGraphWithoutALayerIsRefused() {
    node("Relu", "y", "x");
    refused("no layer");
  }

  @Test
  void scalingAndBiasesComeOutExactly() throws FormatException {
    node("Sub", "s", "x", "v");
    node("Div", "t", "s", "two");
    node("MatMul", "a", "t", "W");
    node("Add", "b", "a", "v");
    node("Relu", "c", "b");
    node("Gemm", Map.of("transB", 1L, "alpha", 2f, "beta", 0.5f), "y", "c", "W", "v");
    Mlp model = read();
    assertEquals(
        Scaling.standardise(new double[] {5, 6}, new double[] {2, 2}), model.scaling().get());
    float[] expected = {1, 2, 3, 4, 5, 6, 2, 6, 4, 8, 2.5f, 3};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], model.parameters()[i]);
    }
    assertEquals(List.of(Activation.RELU), model.architecture().activations());
    assertTrue(model.assumptions().get(0).startsWith("no loss stored"));
  }

  /** The same matrix in many layers takes room in each. */
  @Test
  void whatUnfoldsToManyTimesItsSizeIsRefused() throws FormatException {
    String x = "x";
    for (int l = 0; l < 99; l++) {
      node("MatMul", "y" + l, x, "W");
      x = "y" + l;
    }
    node("MatMul", "y", x, "W");
    assertEquals(100, read().layers().size());
    Budget budget = Budget.of(0);
    try {
      refused("expected at most 0 (" + Remedy.UNFOLD.with() + "");
    } finally {
      budget.close();
    }
  }

  /** An operator of four bytes makes an object of some hundred. */
  @Test
  void emptyOperatorsUnfold() {
    byte[] file = new byte[4 * 1000 + 3];
    file[0] = 0x3a; // graph
    file[1] = (byte) (4000 | 0x80);
    file[2] = 4000 >> 7;
    for (int i = 3; i < file.length; i += 4) {
      file[i] = 0x0a; // node
      file[i + 1] = 2;
      file[i + 2] = 0x12; // output of no name
    }
    Budget budget = Budget.of(0);
    try {
      FormatException e =
          assertThrows(FormatException.class, () -> Onnx.read(new ByteArrayInputStream(file), "f"));
      assertTrue(
          e.getMessage().matches("f: its 4003 bytes unfold to .* or more.*"), e.getMessage());
    } finally {
      budget.close();
    }
  }

  @Test
  void concatenationsThatDoubleAreRefused() throws FormatException {
    String x = "x";
    for (int i = 0; i < 30; i++) {
      node("Concat", "y" + i, x, x);
      x = "y" + i;
    }
    node("Relu", "y", x);
    OnnxGraph graph = new OnnxGraph(onnx(), "f");
    unreadable(
        () -> graph.run(Map.of("x", new double[] {1})),
        "Concat (node n20), expected at most 1048576");
  }

  /** After how many rows a graph has taken too long. */
  private int rows(Object x) throws FormatException {
    OnnxGraph graph = new OnnxGraph(onnx(), "f");
    for (int row = 0; row < 1000; row++) {
      try {
        graph.run(Map.of("x", x));
      } catch (FormatException e) {
        assertTrue(e.getMessage().contains("expected fewer operators"));
        return row;
      }
    }
    throw new AssertionError("not refused");
  }

  /** Of a larger file there may be more. */
  @Test
  void operatorsThatTakeTooLongAreRefused() throws FormatException {
    constants.clear();
    node("OneHotEncoder", Map.of("cats_strings", Collections.nCopies(1 << 20, "a")), "y", "x");
    assertEquals(64, rows("a"));
    constants.put("large", NdArray.of(new float[1 << 22], 1 << 22));
    assertEquals(128, rows("a"));
    constants.clear();
    constants.put("matrix", NdArray.of(new float[1 << 20], 1, 1 << 20));
    nodes.clear();
    node("MatMul", "y", "x", "matrix"); // each number of it is a product, and four are made of it
    assertEquals(64, rows(new double[] {1}));
  }

  @Test
  void namesThatAreThereTwiceAreRefused() {
    node("Gemm", "a", "x", "W", "v");
    node("Relu", "a", "a");
    node("Gemm", "y", "a", "W", "v");
    refused("operator Relu (node n1), expected outputs of names of their own, found a");
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void graphsOfOursAreChains(Activation activation) throws Exception {
    Mlp model =
        Mlp.initial(
                new Architecture(2, List.of(3, 4), 2, List.of(activation, activation)),
                Initializer.HE,
                2)
            .withScaling(Scaling.none());
    Mlp read = OnnxReader.read(OnnxWriter.write(model, Map.of()), "f");
    assertEquals(model, read);
  }

  /** An activation that is known does not stand for two of them. */
  @Test
  void activationsInARowAreRefused() {
    node("Gemm", "a", "x", "W", "v");
    node("Tanh", "b", "a");
    node("Relu", "c", "b");
    node("Gemm", "y", "c", "W", "v");
    refused("Tanh (node n1), Relu (node n2), expected an activation that is known here");
  }

  private static void assertParameters(Mlp model, float... expected) {
    assertArrayEquals(expected, model.parameters());
  }

  @Test
  void factorsThatNoScalingHasGoIntoTheLayer() throws FormatException {
    constants.put("m", NdArray.of(new float[] {-1, 2}, 2));
    node("Mul", "a", "x", "m");
    node("Add", "b", "a", "v");
    node("Gemm", "y", "b", "W", "v");
    Mlp model = read();
    assertEquals(Optional.of(Scaling.none()), model.scaling());
    assertParameters(model, -1, -2, 6, 8, 5 + 5 + 18, 6 + 10 + 24);
    nodes.clear();
    node("Div", "a", "x", "two");
    node("Gemm", "y", "a", "W", "v");
    model = read();
    assertEquals(
        Optional.of(Scaling.standardise(new double[2], new double[] {2, 2})), model.scaling());
    assertParameters(model, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void normalisationsGoIntoTheLayer() throws FormatException {
    constants.put("scale", NdArray.of(new float[] {3, 4}, 2));
    constants.put("shift", NdArray.of(new float[] {1, 2}, 2));
    constants.put("variance", NdArray.of(new float[] {0.75f, 3.75f}, 2));
    node("Gemm", "a", "x", "W", "v");
    node(
        "BatchNormalization",
        Map.of("epsilon", 0.25f),
        "y",
        "a",
        "scale",
        "shift",
        "v",
        "variance");
    assertParameters(read(), 3, 4, 9, 8, 1, 2);
  }

  @Test
  void constantsMayBeMadeOfConstants() throws FormatException {
    node("Identity", "a", "W");
    node("Cast", Map.of("to", (long) Onnx.DOUBLE), "b", "a");
    node("Constant", Map.of("value_float", 3f), "c");
    node("Gemm", "d", "x", "b", "v");
    node("Mul", "y", "d", "c");
    assertParameters(read(), 3, 6, 9, 12, 15, 18);
  }

  /** Of several outputs the first is read that is not made of labels. */
  @Test
  void otherOutputsAreLeftAlone() throws FormatException {
    node("Gemm", "a", "x", "W", "v");
    node("Relu", "b", "a");
    node("Gemm", "y", "b", "W", "v");
    node("ArgMax", "label", "y");
    List<Onnx.Value> outputs = new ArrayList<>();
    for (String name : List.of("label", "y", "a")) {
      outputs.add(new Onnx.Value(name, Onnx.FLOAT, 2));
    }
    Onnx all = new Onnx(nodes, constants, onnx().inputs(), outputs, Map.of());
    assertEquals(2, OnnxReader.read(all, "f").layers().size());
  }

  /** Which of several outputs is read is said, as the other may be what is meant. */
  @Test
  void outputsThatArePassedOverAreNamed() throws FormatException {
    node("Gemm", "a", "x", "W", "v");
    node("Relu", "b", "a");
    node("Gemm", "y", "b", "W", "v");
    node("ArgMax", "label", "y");
    List<Onnx.Value> outputs = new ArrayList<>();
    for (String name : List.of("label", "y", "a")) {
      outputs.add(new Onnx.Value(name, Onnx.FLOAT, 2));
    }
    Onnx all = new Onnx(nodes, constants, onnx().inputs(), outputs, Map.of());
    List<String> said = OnnxReader.read(all, "f").assumptions();
    assertTrue(said.contains("taken: output y of the graph (passed over: a)"), "" + said);
    assertTrue(read().assumptions().stream().noneMatch(line -> line.startsWith("taken")));
  }

  /** In a batch of two rows it would be another number for each of them. */
  @Test
  void constantsThatGoAlongRowsAreRefused() {
    constants.put("down", NdArray.of(new float[] {1, 2}, 2, 1));
    node("Gemm", "a", "x", "W", "v");
    node("Add", "y", "a", "down");
    refused("operator Add (node n1), expected a constant that goes along the columns");
  }

  /** A constant that a graph rounds is rounded here. */
  @Test
  void castsOfConstantsRound() throws FormatException {
    constants.put("wide", NdArray.of(new double[] {0.1, 0.2, 0.3, 0.4}, 2, 2));
    node("Cast", Map.of("to", (long) Onnx.FLOAT), "w", "wide");
    node("MatMul", "y", "x", "w");
    assertArrayEquals(new double[] {1.1 * 0.1f, 1.1 * 0.2f}, run(1.1, 0));
  }

  /** A product with each of several vectors of a row is no layer. */
  @Test
  void productsOfPartsOfARowAreRefused() {
    node("MatMul", "y", "x", "W");
    List<Onnx.Value> inputs = List.of(new Onnx.Value("x", Onnx.FLOAT, 6)); // N x 3 x 2
    Onnx parts =
        new Onnx(nodes, constants, inputs, List.of(new Onnx.Value("y", Onnx.FLOAT, 6)), Map.of());
    unreadable(() -> OnnxReader.read(parts, "f"), "all 6 numbers of a row as inputs, found 2");
  }

  @Test
  void wholeNumbersAreNamesOfClassesToo() throws FormatException {
    constants.put("classes", NdArray.of(new long[] {3, 7}, 2));
    node("Gemm", "a", "x", "W", "v");
    node("Softmax", Map.of("axis", -1L), "y", "a");
    node("ArgMax", "best", "y");
    node("ArrayFeatureExtractor", "label", "classes", "best");
    assertEquals(List.of("3", "7"), read().classNames());
    nodes.subList(2, 4).clear();
    node("ZipMap", Map.of("classlabels_int64s", List.of(5L, 6L)), "z", "y");
    assertEquals(List.of("5", "6"), read().classNames());
  }

  @Test
  void classNamesOfAZipMapAreKept() throws FormatException {
    node("Gemm", "a", "x", "W", "v");
    node("Softmax", Map.of("axis", -1L), "p", "a");
    node("ZipMap", Map.of("classlabels_strings", List.of("no", "yes")), "y", "p");
    Mlp model = read();
    assertEquals(List.of("no", "yes"), model.classNames());
    assertEquals(Loss.SOFTMAX, model.loss());
    nodes.remove(2);
    node("ZipMap", Map.of("classlabels_strings", List.of("no", "yes", "more")), "y", "p");
    assertEquals(List.of(), read().classNames());
  }

  @Test
  void softmaxThatIsNotOfRowsIsRefused() {
    node("Gemm", "a", "x", "W", "v");
    node("Softmax", Map.of("axis", 0L), "y", "a");
    refused("operator Softmax (node n1), expected softmax of each row, after a layer");
    nodes.clear();
    node("Softmax", "a", "x");
    node("Gemm", "y", "a", "W", "v");
    refused("operator Softmax (node n0), expected softmax of each row, after a layer");
  }

  @Test
  void operatorsWithoutTheirInputsAreRefused() {
    node("Gemm", "a", "x", "W", "v");
    node("Add", "y", "a");
    refused("operator Add (node n1), expected numbers as input 1, found ''");
  }

  /** Operators that together make one step, of which there may be 16. */
  @Test
  void longStepsAreRefused() throws FormatException {
    node("Gemm", "n0", "x", "W", "v");
    for (int i = 1; i <= 15; i++) {
      node("Neg", "n" + i, "n" + (i - 1));
    }
    node("Sub", "y", "n0", "n15");
    assertParameters(read(), 2, 4, 6, 8, 10, 12);
    nodes.remove(16);
    node("Neg", "n16", "n15");
    node("Add", "y", "n0", "n16");
    refused("at most 16 operators between layers");
  }

  /** A transpose takes as much room as its matrix. */
  @Test
  void transposesUnfold() throws FormatException {
    node("Gemm", "y", "x", "W", "v");
    Budget budget = Budget.of(0);
    try {
      for (int i = 0; i < 50; i++) {
        node("Transpose", "t" + i, "W");
      }
      assertParameters(read(), 1, 2, 3, 4, 5, 6);
      for (int i = 50; i < 100; i++) {
        node("Transpose", "t" + i, "W");
      }
      refused(
          "f: its 28 bytes unfold to 928 or more, expected at most 0 ("
              + Remedy.UNFOLD.with()
              + "");
    } finally {
      budget.close();
    }
  }

  private double[] run(double... x) throws FormatException {
    return new OnnxGraph(onnx(), "f").run(Map.of("x", x));
  }

  @Test
  void operatorsAreComputedAsTheyAreDefined() throws FormatException {
    node("Neg", "y", "x");
    assertArrayEquals(new double[] {-1, 2}, run(1, -2));
    nodes.clear();
    node("IsNaN", "y", "x");
    assertArrayEquals(new double[] {1, 0}, run(Double.NaN, 3));
    nodes.clear();
    node("Cast", Map.of("to", (long) Onnx.FLOAT), "y", "x");
    assertArrayEquals(new double[] {0.1f, 1}, run(0.1, 1));
    nodes.clear();
    node("Cast", Map.of("to", (long) Onnx.DOUBLE), "y", "x");
    assertArrayEquals(new double[] {0.1, 1}, run(0.1, 1));
    nodes.clear();
    node("Gelu", "y", "x");
    assertArrayEquals(new double[] {0.841345, 1.954500}, run(1, 2), 1e-6);
    nodes.clear();
    node("Gelu", Map.of("approximate", "tanh"), "y", "x");
    assertArrayEquals(new double[] {0.841192, 1.954598}, run(1, 2), 1e-6);
    nodes.clear();
    node("Clip", "y", "x", "two");
    assertArrayEquals(new double[] {2, 3}, run(1, 3));
    nodes.clear();
    node("Clip", "y", "x", "", "two");
    assertArrayEquals(new double[] {1, 2}, run(1, 3));
    nodes.clear();
    node("Softmax", "y", "x"); // whose terms, not moved, would be infinite
    assertArrayEquals(new double[] {0.731059, 0.268941}, run(1000, 999), 1e-6);
    nodes.clear();
    node("Where", "y", "c", "x", "two");
    constants.put("c", NdArray.of(new long[] {1, 0}, 2));
    assertArrayEquals(new double[] {5, 2}, run(5, 6));
  }

  /** A transpose that leaves the axes as they are. */
  @Test
  void axesOfATransposeCount() throws FormatException {
    node("Transpose", Map.of("perm", List.of(1L, 0L)), "t", "W");
    node("Gemm", "y", "x", "t", "v");
    assertEquals(3, read().parameters()[1]);
    nodes.clear();
    node("Transpose", Map.of("perm", List.of(0L, 1L)), "t", "W");
    node("Gemm", "y", "x", "t", "v");
    refused("(node n"); // whichever of the two stands there
  }

  @Test
  void castsToWholeNumbersAreNoneOfConstants() throws FormatException {
    node("Cast", Map.of("to", (long) Onnx.INT64), "w", "W");
    node("Gemm", "y", "x", "w", "v");
    refused("(node n"); // whichever of the two stands there
  }

  @Test
  void dropoutThatIsTrainedIsRefused() throws FormatException {
    constants.put("yes", NdArray.of(new long[] {1}, 1));
    constants.put("no", NdArray.of(new long[] {0}, 1));
    node("Gemm", "a", "x", "W", "v");
    node("Relu", "b", "a");
    node("Dropout", "c", "b", "", "no");
    node("Gemm", "y", "c", "W", "v");
    assertEquals(List.of(Activation.RELU), read().architecture().activations());
    nodes.remove(2);
    nodes.add(2, new Onnx.Node("Dropout", "d", List.of("b", "two"), List.of("c"), Map.of()));
    assertEquals(List.of(Activation.RELU), read().architecture().activations());
    nodes.remove(2);
    nodes.add(2, new Onnx.Node("Dropout", "d", List.of("b", "", "yes"), List.of("c"), Map.of()));
    refused("operator Dropout (node d), expected one that is no longer trained");
  }
}
