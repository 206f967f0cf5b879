package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static dev.lanewise.cli.Fixtures.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lanewise.format.NdArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests data files with weights of rows, from training to evaluation. */
class RowWeightsCommandTest {
  @TempDir Path directory;

  private Path data(String name, float... trainWeights) throws IOException {
    float[] weights = new float[30];
    for (int row = 0; row < 30; row++) {
      weights[row] = trainWeights[row % trainWeights.length];
    }
    return Fixtures.npz(
        directory.resolve(name),
        "inputs_train target_train weights_train inputs_test target_test weights_test",
        Fixtures.inputs(30),
        Fixtures.labels(30),
        NdArray.of(weights, 30),
        Fixtures.inputs(6),
        NdArray.of(new int[] {0, 1, 2, 0, 0, 0}, 6),
        NdArray.of(new float[] {1, 0.5f, 2, 1, 0.5f, 0}, 6));
  }

  private Run train(Path data, String out, String... more) {
    Path run = directory.resolve(out);
    return Run.line("train --data=%s --out=%s --hidden=none --eta=2", data, run, more).ok();
  }

  @Test
  void weightsCountInTrainingAndEvaluation() throws IOException {
    Path data = data("data.npz", 1, 3);
    Run run = train(data, "a", "--epochs=40").says(", scaling 255, rows with weights\n");
    Run ones = train(data("ones.npz", 1), "b", "--epochs=40");
    assertNotEquals(run.sha256(), ones.sha256());
    String model = "--model=" + directory.resolve("a/nn_model.npz");
    Map<String, Object> json = Run.of("evaluate", model, "--data=" + data, "--json").json();
    // Rows 4 and 5 have wrong labels and the weights 0.5 and 0; the weights of all rows sum to 5.
    assertEquals(6.0, json.get("rows"));
    assertEquals(0.9, json.get("accuracy"));
    assertEquals(
        List.of(List.of(2.0, 1.0, 1.0), List.of(0.0, 1.0, 0.0), List.of(0.0, 0.0, 1.0)),
        json.get("confusion"));
    assertEquals(
        List.of(List.of(2.0, 0.5, 0.0), List.of(0.0, 0.5, 0.0), List.of(0.0, 0.0, 2.0)),
        json.get("weighted_confusion"));
    Map<?, ?> second = (Map<?, ?>) ((List<?>) json.get("classes")).get(1);
    assertEquals(0.5, second.get("precision"));
    assertEquals(1.0, second.get("support"));
    assertEquals(0.5, second.get("weight"));
    assertContains(
        Run.of("evaluate", model, "--data=" + data).out(),
        "f1  support   weight  roc_auc\n",
        "\nAcc: Train 1.00000 Validation - Test 0.90000\n");
  }

  /** A run cannot be resumed with other weights. */
  @Test
  void resumingNeedsTheSameWeights() throws IOException {
    Path data = data("data.npz", 1, 2);
    train(data, "a", "--epochs=2", "--checkpoint-every=1e-9");
    Path directoryOfRun = directory.resolve("a");
    data("data.npz", 1, 2.5f);
    Run.line("train --resume --out=" + directoryOfRun, "--epochs=3")
        .failed("a checkpoint of data=30 rows");
    data("data.npz", 1, 2);
    Run same = Run.line("train --resume --out=" + directoryOfRun, "--epochs=3").ok();
    assertEquals(train(data, "b", "--epochs=3").sha256(), same.sha256());
  }

  @Test
  void weightsOfTables() throws IOException {
    String text =
        table("a,weight,b,kind", 60, i -> List.of(i % 7, i % 3, i % 5, i % 7 < 3 ? "low" : "high"));
    Path csv = Fixtures.text(directory.resolve("t.csv"), text);
    Run run =
        train(csv, "a", "--epochs=20", "--weight-column=weight").says("2 features, 2 classes");
    assertNotEquals(run.sha256(), train(csv, "b", "--epochs=20").sha256());
    String model = "--model=" + directory.resolve("a/nn_model.npz");
    String weighted = "--weight-column=1";
    for (String[] words :
        new String[][] {
          {"evaluate", model, "--data=" + csv, weighted, "--top-k=1"},
          {"predict", model, "--data=" + csv, weighted},
          {"uncertain", model, "--data=" + csv, weighted},
          {"inspect", csv.toString(), weighted}
        }) {
      Run.of(words).ok().omits("3 features");
    }
    assertEquals(
        Run.of("evaluate", model, "--data=" + csv, weighted).out(),
        Run.of("evaluate", model, "--data=" + csv).out(),
        "the model remembers the column");
  }
}
