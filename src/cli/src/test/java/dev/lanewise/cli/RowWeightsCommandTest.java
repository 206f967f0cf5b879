package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
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
        "inputs_train",
        Fixtures.inputs(30),
        "target_train",
        Fixtures.labels(30),
        "weights_train",
        NdArray.of(weights, 30),
        "inputs_test",
        Fixtures.inputs(6),
        "target_test",
        NdArray.of(new int[] {0, 1, 2, 0, 0, 0}, 6),
        "weights_test",
        NdArray.of(new float[] {1, 0.5f, 2, 1, 0.5f, 0}, 6));
  }

  private Run train(Path data, String out, String... more) {
    String[] words = {
      "train", "--data=" + data, "--out=" + directory.resolve(out), "--hidden=none", "--eta=2"
    };
    String[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return Run.of(all).ok();
  }

  private static String sha256(Run run) {
    return run.out().replaceAll("(?s).*Weights sha256 (\\w+).*", "$1");
  }

  @Test
  void weightsCountInTrainingAndEvaluation() throws IOException {
    Path data = data("data.npz", 1, 3);
    Run run = train(data, "a", "--epochs=40").says(", scaling 255, rows with weights\n");
    Run ones = train(data("ones.npz", 1), "b", "--epochs=40");
    assertNotEquals(sha256(run), sha256(ones));
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
    String text = Run.of("evaluate", model, "--data=" + data).out();
    assertTrue(text.contains("f1  support   weight  roc_auc\n"), text);
    assertTrue(text.contains("\nAcc: Train 1.00000 Validation - Test 0.90000\n"), text);
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
    assertEquals(sha256(train(data, "b", "--epochs=3")), sha256(same));
  }

  @Test
  void weightsOfTables() throws IOException {
    StringBuilder text = new StringBuilder("a,weight,b,kind\n");
    for (int i = 0; i < 60; i++) {
      text.append(i % 7).append(',').append(i % 3).append(',').append(i % 5).append(',');
      text.append(i % 7 < 3 ? "low\n" : "high\n");
    }
    Path csv = Fixtures.text(directory.resolve("t.csv"), text.toString());
    Run run =
        train(csv, "a", "--epochs=20", "--weight-column=weight").says("2 features, 2 classes");
    assertNotEquals(sha256(run), sha256(train(csv, "b", "--epochs=20")));
    String model = "--model=" + directory.resolve("a/nn_model.npz");
    String weighted = "--weight-column=1";
    for (String[] words :
        new String[][] {
          {"evaluate", model, "--data=" + csv, weighted, "--top-k=1"},
          {"predict", model, "--data=" + csv, weighted},
          {"uncertain", model, "--data=" + csv, weighted, "--out=" + directory.resolve("u.svg")},
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
