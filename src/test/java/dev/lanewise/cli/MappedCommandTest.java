package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --targets}: inputs that stay in their file. */
class MappedCommandTest {
  private static final int ROWS = 45;

  @TempDir Path directory;
  private Path x;
  private Path y;
  private Path model;

  @BeforeEach
  void write() throws IOException {
    x = npy("x.npy", Fixtures.inputs(ROWS));
    y = npy("y.npy", Fixtures.labels(ROWS));
    model = directory.resolve("out/nn_model.npz");
  }

  private Path npy(String name, NdArray array) throws IOException {
    Path file = directory.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      Npy.write(out, array);
    }
    return file;
  }

  private Run run(String command, String... more) {
    List<String> words =
        new ArrayList<>(List.of(command, "--data", x.toString(), "--targets", y.toString()));
    words.addAll(Arrays.asList(more));
    return Run.of(words.toArray(String[]::new));
  }

  private String out() {
    return directory.resolve("out").toString();
  }

  private static String sha256(Run run) {
    assertEquals(0, run.code(), run.err());
    return run.lines().stream().filter(line -> line.startsWith("Weights")).findFirst().orElse("");
  }

  @Test
  void resultsAreThoseOfAnArchive() throws IOException {
    Path npz =
        Fixtures.npz(
            directory.resolve("d.npz"),
            "x_train",
            Fixtures.inputs(ROWS),
            "y_train",
            Fixtures.labels(ROWS));
    Run mapped = run("train", "--epochs", "5", "--out", out());
    String other = directory.resolve("other").toString();
    Run read = Run.of("train", "--data", npz.toString(), "--epochs", "5", "--out", other);
    assertTrue(
        mapped.out().contains("train 41, valid 4 rows; 4 features (2x2), 3 classes, scaling 255"));
    assertTrue(sha256(mapped).length() > 64);
    assertEquals(sha256(read), sha256(mapped));
    Run all = run("evaluate", "--model", model.toString());
    assertTrue(all.out().contains("Split all"), all.out() + all.err());
    assertEquals(sha256(read), sha256(all));
    Run valid = run("predict", "--model", model.toString(), "--split", "valid");
    String archive = npz.toString();
    Run same = Run.of("predict", "--model", "" + model, "--data", archive, "--split", "valid");
    assertEquals(5, valid.lines().size(), valid.err());
    assertEquals(same.out(), valid.out());
    assertEquals(ROWS + 1, run("predict", "--model", model.toString()).lines().size());
    String picture = directory.resolve("u.svg").toString();
    assertEquals(0, run("uncertain", "--model", model.toString(), "--out", picture).code());
  }

  @Test
  void aRunIsResumed() {
    Run whole = run("train", "--epochs", "6", "--out", directory.resolve("whole").toString());
    assertEquals(
        0, run("train", "--epochs", "3", "--checkpoint-every", "1e-9", "--out", out()).code());
    Run resumed = Run.of("train", "--resume", "--out", out(), "--epochs", "6");
    assertEquals(sha256(whole), sha256(resumed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "evaluate"})
  void aNumberThatIsNotFiniteIsOneLine(String command) throws IOException {
    run("train", "--epochs", "1", "--scale", "none", "--out", out());
    float[] inputs = new float[ROWS * 4];
    inputs[7 * 4 + 1] = Float.NaN;
    npy("x.npy", NdArray.of(inputs, ROWS, 4));
    Path other = directory.resolve("other");
    Run run =
        command.equals("train")
            ? run("train", "--scale", "none", "--out", other.toString())
            : run("evaluate", "--model", model.toString());
    assertEquals(Problem.FAILED, run.code());
    assertEquals(
        "lanewise: " + x + ": row 7, feature 1 is NaN, expected a finite number", run.errors());
    assertTrue(Files.notExists(other));
  }

  @Test
  void targetsOfOtherFilesAreRefused() throws IOException {
    Path npz = Fixtures.data(directory.resolve("d.npz"));
    Run run = Run.of("train", "--data", npz.toString(), "--targets", y.toString());
    assertEquals(Problem.USAGE, run.code());
    assertEquals(
        "lanewise: --targets: of use with inputs in a .npy file only, expected --data X.npy",
        run.errors());
    Run alone = Run.of("train", "--data", x.toString());
    assertEquals(Problem.FAILED, alone.code());
    assertTrue(alone.errors().contains("or targets beside (--targets)"), alone.err());
  }
}
