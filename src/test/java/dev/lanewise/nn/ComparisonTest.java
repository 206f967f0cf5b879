package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Onnx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not what a model is, and that this is seen. */
class ComparisonTest {
  @TempDir private Path folder;

  private Path write(Onnx onnx) throws IOException {
    Path file = folder.resolve("changed.onnx");
    try (OutputStream out = Files.newOutputStream(file)) {
      onnx.write(out);
    }
    return file;
  }

  private static Onnx.Node node(String operator, String from, String to, String... constants) {
    List<String> inputs = new ArrayList<>(List.of(from));
    inputs.addAll(List.of(constants));
    return new Onnx.Node(operator, to, inputs, List.of(to), Map.of());
  }

  /** What is no number is as far away as can be, whatever the rows behind it are. */
  @Test
  void noNumberIsNoAgreement() throws IOException {
    Mlp model = Mlp.of(Architecture.relu(1, List.of(), 1), new float[] {1, 0}).withLoss(Loss.MSE);
    Onnx roots =
        new Onnx(
            List.of(node("Gemm", "x", "a", "W"), node("Sqrt", "a", "y")),
            Map.of("W", NdArray.of(new float[] {1}, 1, 1)),
            List.of(new Onnx.Value("x", Onnx.FLOAT, 1)),
            List.of(new Onnx.Value("y", Onnx.FLOAT, 1)),
            Map.of());
    Comparison found = Comparison.of(write(roots), model, new float[] {-1, 4}).orElseThrow();
    assertEquals(2, found.rows());
    assertEquals(Double.POSITIVE_INFINITY, found.largest());
    found = Comparison.of(write(roots), model, new float[] {4, 1}).orElseThrow();
    assertEquals(2, found.largest());
  }

  /** Weights may be others, as after more training; operators and other constants may not. */
  @Test
  void aGraphThatIsAnotherThanItsModelIsRefused() throws IOException {
    Mlp model =
        Mlp.initial(Architecture.relu(2, List.of(3), 2), Initializer.HE, 0)
            .withScaling(Scaling.standardise(new double[] {1, 2}, new double[] {3, 4}))
            .withClassNames(List.of("no", "yes"));
    Path file = folder.resolve("model.onnx");
    model.save(file);
    Onnx ours = Onnx.read(file);
    assertEquals(model, Mlp.load(write(ours)));

    Map<String, NdArray> constants = new LinkedHashMap<>(ours.constants());
    constants.put("b2", NdArray.of(new float[] {5, 6}, 2));
    Mlp other = Mlp.load(write(with(ours, ours.nodes(), constants)));
    assertEquals(model.classNames(), other.classNames());
    assertEquals(6, other.parameters()[other.parameterCount() - 1]);

    List<Onnx.Node> nodes = new ArrayList<>();
    for (Onnx.Node node : ours.nodes()) {
      String operator = node.operator().equals("Relu") ? "Tanh" : node.operator();
      nodes.add(
          new Onnx.Node(operator, node.name(), node.inputs(), node.outputs(), node.attributes()));
    }
    refused(with(ours, nodes, ours.constants()));
    constants = new LinkedHashMap<>(ours.constants());
    String mean =
        constants.keySet().stream().filter(name -> name.startsWith("lanewise/")).findFirst().get();
    constants.put(mean, NdArray.of(new double[] {1, 3}, 2));
    refused(with(ours, ours.nodes(), constants));
  }

  private static Onnx with(Onnx onnx, List<Onnx.Node> nodes, Map<String, NdArray> constants) {
    return new Onnx(nodes, constants, onnx.inputs(), onnx.outputs(), onnx.metadata());
  }

  private void refused(Onnx onnx) throws IOException {
    Path file = write(onnx);
    FormatException e = assertThrows(FormatException.class, () -> Mlp.load(file));
    assertTrue(e.getMessage().startsWith(file + ": another graph than that of the model"));
  }
}
