package dev.lanewise.exchange;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs that give rows other shapes, and graphs that end with a logarithm. */
class OnnxShapesTest extends GraphText {
  OnnxShapesTest() {
    longs("split", -1, 2);
    longs("five", 5, -1);
    longs("copy", 0, 1, 2);
    longs("flat", -1);
    longs("half", -1, 1);
    longs("zero", 0);
    longs("one", 1);
  }

  /** The shapes of x.view(-1, 2), of x.view(x.size(0), -1), of squeeze and of others. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "r = Reshape x split; y = Gemm r W v",
        "r = Reshape x five; y = Gemm r W v",
        "r = Reshape x copy; y = Gemm r W v",
        "s = Shape x; g = Gather[axis=0] s zero; u = Unsqueeze g zero; t = Concat[axis=0] u flat;r = Reshape x t; y = Gemm r W v",
        "a = Gemm x W v; b = Reshape a copy; y = Squeeze b",
      })
  void shapesThatKeepRowsAreNoOperators(String graph) throws FormatException {
    graph(graph);
    OnnxReaderTest.assertParameters(read(), 1, 2, 3, 4, 5, 6);
    assertArrayEquals(new double[] {10, 12}, run(-1, 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "r = Reshape x half; y = Gemm r W v|rows that stay rows, of 2 numbers each",
        "a = Gemm x W v; y = Reshape a flat|rows that stay rows, of 2 numbers each",
        "a = Gemm x W v; b = Reshape a five; y = Softmax b|softmax of each row, after a layer",
        "a = Gemm x W v; b = Squeeze a; y = LogSoftmax[axis=-1] b|softmax of each row, after a layer",
        "s = Shape x; g = Gather[axis=0] s one; u = Unsqueeze g zero; t = Concat[axis=0] u flat;"
            + " r = Reshape x t; y = Gemm r W v|operator Shape (node n0), expected a chain",
        "s = Shape x; g = Gather[axis=0] s zero; c = Cast[to=1] g; r = Div x c; y = Gemm r W v|operator Shape (node n0), expected a chain"
      })
  void shapesThatMixRowsAreRefused(String graph, String expected) {
    graph(graph);
    unreadable(this::read, expected);
  }

  /** Of unknown columns, a row may be divided into several. */
  @Test
  void rowsOfUnknownColumnsAreKeptByTheirNumberOnly() throws FormatException {
    Onnx made = onnx(0, "y");
    graph("r = Reshape x copy; y = Gemm r W v");
    OnnxReaderTest.assertParameters(read(made), 1, 2, 3, 4, 5, 6);
    nodes.clear();
    graph("r = Reshape x split; y = Gemm r W v");
    unreadable(() -> read(made), "expected rows that stay rows, of 2 numbers");
  }

  @Test
  void theLogarithmOfSoftmaxIsSaid() throws FormatException {
    graph("a = Gemm x W v; y = LogSoftmax[axis=1] a");
    Mlp model = read();
    assertEquals(Loss.SOFTMAX, model.loss());
    assertEquals(
        List.of("taken: the probabilities (output y of the graph is their logarithm)"),
        model.assumptions());
    double log = run(-1, 2)[1];
    assertEquals(model.predictor(1).predict(-1, 2).value(0, 1), StrictMath.exp(log), 1e-7);
  }
}
