package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.NdArray;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.metrics.ProbabilityMetrics;
import dev.lanewise.metrics.RocAuc;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.table.Datasets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands print the library's figures, each under its name, for a network that is often wrong.
 */
class EvaluationFiguresTest {
  private static final int ROWS = 60;
  private static final int FEATURES = 5;
  private static final int OUTPUTS = 4;

  @TempDir Path directory;
  private Path data;
  private Path model;
  private Evaluation evaluation;

  private void write(Loss loss, NdArray targets) throws IOException {
    float[] rows = new float[ROWS * FEATURES];
    Random random = new Random(5);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    NdArray inputs = NdArray.of(rows, ROWS, FEATURES);
    NdArray names = NdArray.ofStrings(List.of("north", "east", "south", "west"), OUTPUTS);
    data = directory.resolve("data.npz");
    Fixtures.npz(
        data,
        "inputs_train target_train inputs_test target_test class_names",
        inputs,
        targets,
        inputs,
        targets,
        names);
    Model network =
        Model.of(
            Mlp.initial(Architecture.relu(FEATURES, List.of(6), OUTPUTS), Initializer.HE, 1)
                .withLoss(loss)
                .withScaling(Scaling.none())
                .withClassNames(List.of("north", "east", "south", "west")));
    model = directory.resolve("model.npz");
    network.save(model);
    Dataset set = Datasets.load(data, network);
    evaluation = Evaluator.evaluate(network, set.test().orElseThrow(), 1);
  }

  private static int[] labels() {
    return new Random(6).ints(ROWS, 0, OUTPUTS).toArray();
  }

  private Run run(String command, String... more) {
    return Run.line(command, "--model", model, "--data", data, more).ok();
  }

  private static void assertFigures(Run run, Map<String, Double> expected) {
    Map<String, Object> json = run.json(0);
    expected.forEach((name, value) -> assertEquals(value, json.get(name), name));
    assertEquals(expected.size(), new HashSet<>(expected.values()).size(), "all figures differ");
  }

  @Test
  void ofClasses() throws IOException {
    write(Loss.SOFTMAX, NdArray.of(labels(), ROWS));
    ProbabilityMetrics metrics = ProbabilityMetrics.of(evaluation);
    assertFigures(
        run("evaluate", "--json", "--top-k=2"),
        Map.of(
            "accuracy", evaluation.accuracy(),
            "matthews", Metrics.of(evaluation).matthews(),
            "loss", evaluation.loss(),
            "top_k_accuracy", metrics.topAccuracy(2)));
  }

  @Test
  void ofLabels() throws IOException {
    byte[] flags = new byte[ROWS * OUTPUTS];
    Random random = new Random(7);
    for (int i = 0; i < flags.length; i++) {
      flags[i] = (byte) (random.nextInt(2 + i % OUTPUTS) == 0 ? 1 : 0);
    }
    write(Loss.SIGMOID, NdArray.ofBytes(flags, ROWS, OUTPUTS));
    RocAuc auc = RocAuc.of(evaluation);
    assertFigures(
        run("evaluate", "--json"),
        Map.of(
            "accuracy", evaluation.accuracy(),
            "loss", evaluation.loss(),
            "subset_accuracy", evaluation.subsetAccuracy(),
            "roc_auc_macro", auc.macro(),
            "roc_auc_weighted", auc.weighted()));
  }

  /** Each row of the output names the true class beside the predicted one. */
  @Test
  void ofEachRow() throws IOException {
    write(Loss.SOFTMAX, NdArray.of(labels(), ROWS));
    List<String> names = List.of("north", "east", "south", "west");
    List<String> lines = run("predict").lines();
    List<String> heads = List.of(lines.get(0).split(","));
    for (int row = 0; row < ROWS; row++) {
      String[] cells = lines.get(row + 1).split(",");
      assertEquals(names.get(labels()[row]), cells[heads.indexOf("true")]);
      assertEquals(names.get(evaluation.predicted(row)), cells[heads.indexOf("predicted")]);
    }
  }
}
