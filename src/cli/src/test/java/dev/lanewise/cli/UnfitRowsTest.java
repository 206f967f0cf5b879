package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.terminal.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A good model may have no finite result for test rows. It is saved all the same, and the failure
 * is reported.
 */
class UnfitRowsTest {
  @TempDir Path directory;

  private Run train(NdArray targets, NdArray testTargets, String loss) throws IOException {
    float[] test = new float[8];
    Arrays.fill(test, 4, 8, 3e38f);
    Path data =
        Fixtures.npz(
            directory.resolve("data.npz"),
            "inputs_train target_train inputs_test target_test",
            NdArray.of(new float[] {1, 2, 3, 4, 4, 3, 2, 1}, 2, 4),
            targets,
            NdArray.of(test, 2, 4),
            testTargets);
    return Run.line(
        "train --data=%s --out=%s --loss=%s --init=he --scale=none --epochs=1 --eta=1e-6",
        data, directory.resolve("run"), loss);
  }

  private void assertSaved(Run run, String message) throws IOException {
    assertEquals(Problem.FAILED, run.code(), run.err());
    assertEquals("lanewise: " + directory.resolve("data.npz") + ": " + message, run.errors());
    run.says("\nWeights sha256 ", "Saved in " + directory.resolve("run") + ": nn_model.npz, ");
    assertTrue(Files.exists(directory.resolve("run/nn_model.npz")));
    List<String> log = Files.readAllLines(directory.resolve("run/log.jsonl"));
    assertEquals("done", JsonReader.object(log.get(log.size() - 1)).get("event"));
  }

  @Test
  void ofClasses() throws IOException {
    NdArray classes = NdArray.of(new long[] {0, 1}, 2);
    assertSaved(
        train(classes, classes, "softmax"),
        "split test, row 1, output 0 is NaN, expected a finite number (did the model diverge?)");
  }

  @Test
  void ofNumbers() throws IOException {
    NdArray numbers = NdArray.of(new float[] {0, 1}, 2, 1);
    Run run = train(numbers, numbers, "mse");
    assertSaved(
        run,
        "split test, row 1, output 0 is NaN, expected a finite number (did the model diverge?)");
  }
}
