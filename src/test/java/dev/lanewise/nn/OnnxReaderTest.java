package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Onnx;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    FormatException e = assertThrows(FormatException.class, this::read);
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Conv",
        "LSTM",
        "GRU",
        "RNN",
        "Softsign",
        "HardSwish",
        "Concat",
        "Split",
        "Gather",
        "Reshape",
        "LayerNormalization",
        "MaxPool",
        "GlobalAveragePool",
        "ReduceMean",
        "Attention",
        "Loop",
        "If",
        "LogSoftmax",
        "TopK",
        "PRelu",
        "Sin",
        "QuantizeLinear"
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
    try (Budget budget = Budget.of(0)) {
      refused("expected at most 0 (--unfold BYTES");
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
    try (Budget budget = Budget.of(0)) {
      FormatException e =
          assertThrows(FormatException.class, () -> Onnx.read(new ByteArrayInputStream(file), "f"));
      assertTrue(
          e.getMessage().matches("f: its 4003 bytes unfold to .* or more.*"), e.getMessage());
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
    FormatException e =
        assertThrows(FormatException.class, () -> graph.run(Map.of("x", new double[] {1})));
    assertTrue(e.getMessage().contains("Concat (node n20), expected at most 1048576"));
  }

  @Test
  void operatorsThatTakeTooLongAreRefused() throws FormatException {
    constants.put("ones", NdArray.of(new float[1000], 1, 1000));
    node("MatMul", "z0", "x", "ones");
    for (int i = 0; i < 1000; i++) {
      node("Neg", "z" + (i + 1), "z" + i);
    }
    node("Neg", "y", "z1000");
    OnnxGraph graph = new OnnxGraph(onnx(), "f");
    FormatException e =
        assertThrows(
            FormatException.class,
            () -> {
              for (int row = 0; row < 1000; row++) {
                graph.run(Map.of("x", new double[] {1}));
              }
            });
    assertTrue(e.getMessage().contains("expected fewer operators"));
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
}
