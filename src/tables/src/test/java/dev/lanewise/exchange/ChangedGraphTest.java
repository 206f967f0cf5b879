package dev.lanewise.exchange;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.NdArray;
import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs with the facts of a model that compute something else are refused. */
class ChangedGraphTest {
  @TempDir private Path folder;

  /** Weights may differ, as after more training, but operators and other constants may not. */
  @Test
  void aGraphThatIsAnotherThanItsModelIsRefused() throws IOException {
    Model model =
        Model.of(
            Mlp.initial(Architecture.relu(2, List.of(3), 2), Initializer.HE, 0)
                .withScaling(Scaling.standardise(new double[] {1, 2}, new double[] {3, 4}))
                .withClassNames(List.of("no", "yes")));
    Path file = folder.resolve("model.onnx");
    model.save(file);
    Onnx ours = Onnx.read(file);
    assertEquals(model, Model.load(written(ours)));

    Map<String, NdArray> constants = new LinkedHashMap<>(ours.constants());
    constants.put("b2", NdArray.of(new float[] {5, 6}, 2));
    Mlp other = Model.load(written(with(ours, ours.nodes(), constants))).members().get(0);
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

  @Test
  void membersThatAreMissingOrChangedAreRefused() throws IOException {
    Mlp one =
        Mlp.initial(Architecture.relu(4, List.of(3), 2), Initializer.HE, 0)
            .withScaling(Scaling.none());
    Path file = folder.resolve("model.onnx");
    Model model = ModelKind.MIXED.of(one, 1);
    model.save(file);
    Onnx ours = Onnx.read(file);
    assertEquals(model, Model.load(written(ours)));

    Map<String, NdArray> all = ours.constants();
    Map<String, NdArray> fewer = new LinkedHashMap<>(all);
    fewer.keySet().removeIf(name -> name.startsWith("member3/"));
    unreadable(
        () -> Model.load(written(with(ours, ours.nodes(), fewer))), "3 networks, expected 2");
    for (String gone : List.of("member1/W1", "member3/W2", "member2/b1")) {
      Map<String, NdArray> some = new LinkedHashMap<>(all);
      some.remove(gone);
      unreadable(() -> Model.load(written(with(ours, ours.nodes(), some))), file.getParent() + "/");
    }
    Map<String, NdArray> swapped = new LinkedHashMap<>(all);
    for (String name : List.of("W1", "b1", "W2", "b2")) { // member 3 sees no bins, member 2 does
      swapped.put("member2/" + name, all.get("member3/" + name));
      swapped.put("member3/" + name, all.get("member2/" + name));
    }
    refused(with(ours, ours.nodes(), swapped));
    Map<String, NdArray> more = new LinkedHashMap<>(all);
    more.put("member4/b1", all.get("member3/b1"));
    refused(with(ours, ours.nodes(), more));
    Map<String, NdArray> edges = new LinkedHashMap<>(all);
    edges.replaceAll(
        (name, array) ->
            array.type() == ElementType.INT64
                ? NdArray.of(new long[array.length()], array.length())
                : array);
    refused(with(ours, ours.nodes(), edges));
    List<Onnx.Node> nodes = new ArrayList<>(ours.nodes());
    nodes.removeIf(node -> node.operator().equals("Clip"));
    refused(with(ours, nodes, all));
  }

  private Path written(Onnx onnx) throws IOException {
    return GraphText.write(onnx, folder);
  }

  private static Onnx with(Onnx onnx, List<Onnx.Node> nodes, Map<String, NdArray> constants) {
    return new Onnx(nodes, constants, onnx.inputs(), onnx.outputs(), onnx.metadata(), "");
  }

  private void refused(Onnx onnx) throws IOException {
    Path file = written(onnx);
    unreadable(() -> Model.load(file), file + ": another graph than that of the model");
  }
}
