package dev.lanewise.exchange;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.io.ByteArrayInputStream;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs that are chains of layers, and graphs that are not. */
class OnnxReaderTest extends GraphText {
  private void refused(String text) {
    unreadable(this::read, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Conv", "LSTM", "GRU", "RNN", "Softsign", "HardSwish",
        "Concat", "Split", "Gather", "Transpose", "LayerNormalization", "MaxPool",
        "GlobalAveragePool", "ReduceMean", "Attention", "Loop", "If", "Scan",
        "TopK", "Shape", "Sin", "QuantizeLinear"
      })
  void otherOperatorsAreRefusedByName(String operator) {
    node("Gemm", "a", "x", "W", "v");
    node(operator, "b", "a");
    node("Gemm", "y", "b", "W", "v");
    refused("operator " + operator + " (node n1), expected a chain");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "b = Gemm a W v; y = Add a b|operator Gemm (node n1)", // a residual connection
        "b = LeakyRelu[alpha=0.2] a; y = Gemm b W v|LeakyRelu (node n1), expected an activation that is known here",
        "b = Mul a nan; c = Erf b; y = Gemm c W v|Erf (node n2), expected an activation that is known here",
        "b = Tanh a; c = Relu b; y = Gemm c W v|Tanh (node n1), Relu (node n2), expected an activation that is known here",
        "a = Relu a; y = Gemm a W v|operator Relu (node n1), expected outputs of names of their own, found a",
        "y = Add a down|operator Add (node n1), expected a constant that goes along the columns",
        "y = Add a|operator Add (node n1), expected numbers as input 1, found ''",
        "y = Softmax[axis=0] a|Softmax (node n1), expected softmax of each row, after a layer",
        "b = Relu a; c = Dropout b _ yes; y = Gemm c W v|operator Dropout (node n2), expected one that is no longer trained",
        "y = LogSoftmax[axis=0] a|expected softmax of each row, after a layer",
        "b = LogSoftmax a; y = Gemm b W v|operator LogSoftmax (node n1), expected no layer after Soft",
        "b = Sigmoid a; y = Log b|Sigmoid (node n1), Log (node n2), expected an activation that is known here",
        "b = PRelu a two; y = Gemm b W v|PRelu (node n1), expected an activation that is known here",
        "y = ArgMax a|operator ArgMax (node n1), expected a chain of Gemm",
        // bumps of a width of 1e-9 and 1e-4, which a sample of numbers would not find
        "b = Sub a v; c = Mul b b; d = Sub tiny c; e = Relu d; f = Relu a; g = Add e f; y = Gemm g W v|expected an activation that is known here",
        "b = Sub a v; c = Div b small; d = Tanh c; e = Add c two; f = Tanh e; g = Sub f d; h = Tanh a; i = Add g h; y = Gemm i W v|expected an activation that is known here"
      })
  void chainsThatAreNotANetworkAreRefused(String graph, String expected) {
    floats("nan", Float.NaN);
    floats("tiny", 1e-18f);
    floats("small", 1e-4f);
    constants.put("down", NdArray.of(new float[] {1, 2}, 2, 1)); // differs in each row of a batch
    longs("yes", 1);
    graph("a = Gemm x W v; " + graph);
    refused(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "y = MatMul x x|operator MatMul (node n0), expected a constant matrix",
        "y = Relu x|no layer",
        "a = Softmax x; y = Gemm a W v|Softmax (node n0), expected softmax of each row, after",
        "t = Transpose[perm=0:1] W; y = Gemm x t v|(node n", // either node may be named
        "w = Cast[to=7] W; y = Gemm x w v|(node n" // to int64
      })
  void graphsThatDoNotBeginWithALayerAreRefused(String graph, String expected) {
    graph(graph);
    refused(expected);
  }

  @Test
  void scalingAndBiasesComeOutExactly() throws FormatException {
    graph("s = Sub x v; t = Div s two; a = MatMul t W; b = Add a v; c = Relu b");
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

  /** The same matrix takes memory in each layer that uses it. */
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

  /** An operator of four bytes in the file takes more than a hundred bytes in memory. */
  @Test
  void emptyOperatorsUnfold() {
    byte[] file = new byte[4 * 1000 + 3];
    file[0] = 0x3a; // graph
    file[1] = (byte) (4000 | 0x80);
    file[2] = 4000 >> 7;
    for (int i = 3; i < file.length; i += 4) {
      file[i] = 0x0a; // node
      file[i + 1] = 2;
      file[i + 2] = 0x12; // an output without a name
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

  /** Returns the number of rows after which a graph has taken too long. */
  private int rows(Object x, int expected) throws FormatException {
    OnnxGraph graph = new OnnxGraph(onnx(), "f");
    graph.allow(expected, Model.of(Mlp.of(Architecture.relu(1, List.of(), 1), new float[2])));
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

  /** More rows of a model, or a larger one, may compute for longer. */
  @Test
  void operatorsThatTakeTooLongAreRefused() throws FormatException {
    constants.clear();
    node("OneHotEncoder", Map.of("cats_strings", Collections.nCopies(1 << 20, "a")), "y", "x");
    assertEquals(64, rows("a", 1));
    assertEquals(128, rows("a", 1 << 24));
    constants.put("matrix", NdArray.of(new float[1 << 20], 1, 1 << 20));
    nodes.clear();
    node("MatMul", "y", "x", "matrix"); // a product and four units a number
    assertEquals(51, rows(new double[] {1}, 1));
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Activation#values")
  void graphsOfOursAreChains(Activation activation) throws Exception {
    Architecture layers = new Architecture(2, List.of(3, 4), 2, List.of(activation, activation));
    Mlp network = Mlp.initial(layers, Initializer.HE, 2).withScaling(Scaling.none());
    Model model = Model.of(network);
    assertEquals(network, read(OnnxWriter.write(model, Map.of(), false, Set.of())));
  }

  /** The definition of an activation's operators for numbers agrees with the activation. */
  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Activation#values")
  void formulasComputeTheirActivation(Activation activation) {
    for (double x : new double[] {-30, -3, -0.5, -1e-3, 0, 1e-3, 0.5, 3, 15}) {
      double found =
          OnnxFormula.<Double>apply(
              activation,
              x,
              number -> number,
              (node, in) ->
                  OnnxOperator.of(node)
                      .numbers()
                      .applyAsDouble(in.stream().mapToDouble(i -> i).toArray()));
      double tolerance = 1e-7 * Math.abs(activation.of(x)) + 1e-12; // attributes are float
      assertEquals(activation.of(x), found, tolerance, activation + " of " + x);
    }
  }

  static void assertParameters(Mlp model, float... expected) {
    assertArrayEquals(expected, model.parameters());
  }

  @Test
  void factorsThatNoScalingHasGoIntoTheLayer() throws FormatException {
    floats("m", -1, 2);
    graph("a = Mul x m; b = Add a v; y = Gemm b W v");
    Mlp model = read();
    assertEquals(Optional.of(Scaling.none()), model.scaling());
    assertParameters(model, -1, -2, 6, 8, 5 + 5 + 18, 6 + 10 + 24);
    nodes.clear();
    graph("a = Div x two; y = Gemm a W v");
    model = read();
    assertEquals(
        Optional.of(Scaling.standardise(new double[2], new double[] {2, 2})), model.scaling());
    assertParameters(model, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void normalisationsGoIntoTheLayer() throws FormatException {
    floats("scale", 3, 4);
    floats("shift", 1, 2);
    floats("variance", 0.75f, 3.75f);
    graph("a = Gemm x W v; y = BatchNormalization[epsilon=0.25] a scale shift v variance");
    assertParameters(read(), 3, 4, 9, 8, 1, 2);
  }

  @Test
  void constantsMayBeMadeOfConstants() throws FormatException {
    graph("a = Identity W; b = Cast[to=11] a; c = Constant[value_float=3.0]");
    graph("d = Gemm x b v; y = Mul d c");
    assertParameters(read(), 3, 6, 9, 12, 15, 18);
  }

  /** The first output that does not consist of labels is read, and the others are named. */
  @Test
  void outputsThatArePassedOverAreNamed() throws FormatException {
    graph("a = Gemm x W v; b = Relu a; y = Gemm b W v; label = ArgMax y");
    Mlp model = read(onnx(2, "label", "y", "a"));
    assertEquals(2, model.layers().size());
    List<String> said = model.assumptions();
    assertTrue(said.contains("taken: output y of the graph (passed over: a)"), "" + said);
    assertTrue(read().assumptions().stream().noneMatch(line -> line.startsWith("taken")));
  }

  /** A constant that the graph casts to float is rounded when the graph is read. */
  @Test
  void castsOfConstantsRound() throws FormatException {
    constants.put("wide", NdArray.of(new double[] {0.1, 0.2, 0.3, 0.4}, 2, 2));
    graph("w = Cast[to=1] wide; y = MatMul x w");
    assertArrayEquals(new double[] {1.1 * 0.1f, 1.1 * 0.2f}, run(1.1, 0));
  }

  /** A product with each of several vectors in a row is not a layer. */
  @Test
  void productsOfPartsOfARowAreRefused() {
    node("MatMul", "y", "x", "W");
    Onnx parts = onnx(6, "y"); // N x 3 x 2
    unreadable(() -> read(parts), "all 6 numbers of a row as inputs, found 2");
  }

  @Test
  void wholeNumbersAreNamesOfClassesToo() throws FormatException {
    longs("classes", 3, 7);
    graph("a = Gemm x W v; y = Softmax[axis=-1] a");
    graph("best = ArgMax y; label = ArrayFeatureExtractor classes best");
    assertEquals(List.of("3", "7"), read().classNames());
    nodes.subList(2, 4).clear();
    node("ZipMap", Map.of("classlabels_int64s", List.of(5L, 6L)), "z", "y");
    assertEquals(List.of("5", "6"), read().classNames());
  }

  @Test
  void classNamesOfAZipMapAreKept() throws FormatException {
    graph("a = Gemm x W v; p = Softmax[axis=-1] a");
    node("ZipMap", Map.of("classlabels_strings", List.of("no", "yes")), "y", "p");
    Mlp model = read();
    assertEquals(List.of("no", "yes"), model.classNames());
    assertEquals(Loss.SOFTMAX, model.loss());
    nodes.remove(2);
    node("ZipMap", Map.of("classlabels_strings", List.of("no", "yes", "more")), "y", "p");
    assertEquals(List.of(), read().classNames());
  }

  /** Up to 16 operators together may form one step. */
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

  /** A transposed matrix takes as much memory as the original. */
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
          "f: its 28 bytes unfold to 928 bytes or more, expected at most 0 ("
              + Remedy.UNFOLD.with()
              + "");
    } finally {
      budget.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Neg x, 1 -2, -1 2",
    "IsNaN x, NaN 3, 1 0",
    "Cast[to=1] x, 0.1 1, 0.10000000149011612 1",
    "Cast[to=11] x, 0.1 1, 0.1 1",
    "Gelu x, 1 2, 0.841345 1.954500",
    "Gelu[approximate=tanh] x, 1 2, 0.841192 1.954598",
    "Clip x two, 1 3, 2 3",
    "Clip x _ two, 1 3, 1 2",
    "Softmax x, 1000 999, 0.731059 0.268941", // without a shift, its exponentials would be infinite
    "Where c x two, 5 6, 5 2"
  })
  void operatorsAreComputedAsTheyAreDefined(String node, String input, String expected)
      throws FormatException {
    longs("c", 1, 0);
    graph("y = " + node);
    boolean isRounded = expected.contains(".") && !node.startsWith("Cast");
    assertArrayEquals(numbers(expected), run(numbers(input)), isRounded ? 1e-6 : 0);
  }

  private static double[] numbers(String text) {
    return Stream.of(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  @Test
  void transposesOfConstantsAreComputed() throws FormatException {
    graph("t = Transpose[perm=1:0] W; y = Gemm x t v");
    assertEquals(3, read().parameters()[1]);
  }

  /** Dropout has no effect outside training. */
  @ParameterizedTest
  @ValueSource(strings = {"b _ no", "b two"})
  void dropoutIsPassedOver(String inputs) throws FormatException {
    longs("no", 0);
    graph("a = Gemm x W v; b = Relu a; c = Dropout " + inputs + "; y = Gemm c W v");
    assertEquals(List.of(Activation.RELU), read().architecture().activations());
  }

  /** A file decides how long these chains are, so reading them does not use the stack. */
  @ParameterizedTest
  @ValueSource(ints = {100_000, 0})
  void longChainsOfUnsqueezeAreRefused(int length) {
    longs("two", 2);
    StringBuilder text = new StringBuilder(length > 0 ? "u0 = Shape x" : "u0 = Unsqueeze u0");
    for (int i = 1; i <= length; i++) {
      text.append("; u" + i + " = Unsqueeze u" + (i - 1));
    }
    graph(text + "; c = Concat u" + length + " two; r = Reshape x c; y = MatMul r W");
    refused("expected");
  }
}
