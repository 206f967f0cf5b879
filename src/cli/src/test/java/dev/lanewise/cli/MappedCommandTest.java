package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests {@code --targets}, with which the inputs stay in their file. */
class MappedCommandTest {
  private static final int ROWS = 45;

  /** The default preset of inputs and targets in separate files; archives have another default. */
  private static final String COURSE = "--preset=course";

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
    return Fixtures.npy(directory.resolve(name), array);
  }

  /** Writes the same rows to an archive. */
  private Path archive() throws IOException {
    NdArray labels = Fixtures.labels(ROWS);
    return Fixtures.npz(
        directory.resolve("d.npz"), "x_train y_train", Fixtures.inputs(ROWS), labels);
  }

  private Run run(String command, String... more) {
    return Run.line(command, "--data", x, "--targets", y, more);
  }

  private String out() {
    return directory.resolve("out").toString();
  }

  @Test
  void resultsAreThoseOfAnArchive() throws IOException {
    Path npz = archive();
    Run mapped = run("train", "--epochs", "5", "--out", out());
    String other = directory.resolve("other").toString();
    Run read = Run.line("train --data=" + npz, COURSE, "--epochs 5 --out", other);
    mapped.says("train 41, valid 4 rows; 4 features (2x2), 3 classes, scaling 255");
    assertEquals(64, mapped.ok().sha256().length());
    assertEquals(read.ok().sha256(), mapped.ok().sha256());
    Run all = run("evaluate", "--model", model.toString()).says("Split all");
    assertEquals(read.ok().sha256(), all.ok().sha256());
    Run valid = run("predict", "--model", model.toString(), "--split", "valid");
    String archive = npz.toString();
    Run same = Run.line("predict --model", model, "--data", archive, "--split valid");
    assertEquals(5, valid.lines().size(), valid.err());
    assertEquals(same.out(), valid.out());
    assertEquals(ROWS + 1, run("predict", "--model", model.toString()).lines().size());
    run("uncertain", "--model", model.toString()).ok();
  }

  @Test
  void aRunIsResumed() {
    Run whole = run("train", "--epochs", "6", "--out", directory.resolve("whole").toString());
    run("train", "--epochs", "3", "--checkpoint-every", "1e-9", "--out", out()).ok();
    Run resumed = Run.line("train --resume --out", out(), "--epochs 6");
    assertEquals(whole.ok().sha256(), resumed.ok().sha256());
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
    run.failedWith(x + ": row 7, feature 1 is NaN, expected a finite number");
    assertTrue(Files.notExists(other));
  }

  @Test
  void targetsOfOtherFilesAreRefused() throws IOException {
    Run.line("train --data", x).failed("or targets beside (--targets FILE)");
  }

  @Test
  void theShareForValidationIsAsOfAnArchive() throws IOException {
    Path npz = archive();
    String share = "--valid-fraction=0.3";
    Run mapped =
        run("train", "--epochs", "3", "--out", out(), share).says("train 32, valid 13 rows;");
    String other = directory.resolve("other").toString();
    Run read = Run.line("train --data=" + npz, COURSE, "--epochs=3 --out", other, share);
    assertEquals(read.ok().sha256(), mapped.ok().sha256());
    Run valid = run("predict", "--model", model.toString(), "--split", "valid", share);
    assertEquals(14, valid.lines().size(), valid.err());
    run("evaluate", "--model", model.toString(), share).says("Split all");
    for (String command : new String[] {"train", "evaluate"}) {
      String to = command.equals("train") ? "--out=" + other + 2 : "--model=" + model;
      run(command, to, share, "--stratified")
          .misusedWith(
              "--stratified: not together with --targets, whose inputs stay in the order of their file");
    }
  }

  @Test
  void targetsThatAreNumbersAreScaled() throws IOException {
    float[] numbers = new float[ROWS];
    for (int row = 0; row < ROWS; row++) {
      numbers[row] = 1000 + 5 * (row % 3);
    }
    y = npy("y.npy", NdArray.of(numbers, ROWS));
    NdArray targets = NdArray.of(numbers, ROWS);
    Path npz =
        Fixtures.npz(directory.resolve("d.npz"), "x_train y_train", Fixtures.inputs(ROWS), targets);
    String[] more = {"--loss=mse", "--scale-targets=standard", "--epochs=60", "--out=" + out()};
    Run mapped = run("train", more).says("scaling 255, of targets standard");
    String[] words = {
      "train", "--data=" + npz, COURSE, more[0], more[1], more[2], "--out=" + out() + 2
    };
    assertEquals(Run.of(words).ok().sha256(), mapped.ok().sha256());
    Run run = run("evaluate", "--model", model.toString(), "--json");
    Map<String, Object> json = run.json();
    assertEquals(45.0, json.get("rows"));
    double mae = (double) json.get("mae");
    double mse = (double) json.get("mse");
    double loss = (double) json.get("loss");
    assertTrue(mae < 5, "near 1000, 1005 and 1010: " + mae);
    // The variance of the targets is 50 / 3, also within the 41 training rows.
    assertEquals(mse / loss, 50 / 3.0, 0.5);
    run("evaluate", "--model", model.toString()).says("loss (mse of scaled targets)");
  }
}
