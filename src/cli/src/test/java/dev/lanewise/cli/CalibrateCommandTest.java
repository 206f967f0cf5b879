package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code calibrate} as a user calls it. */
class CalibrateCommandTest {
  @TempDir static Path directory;

  private static Path model;
  private static Path held;

  /** Writes rows of two numbers and a class, which is drawn by the first one, from 0 to 999. */
  static Path table(Path file, int rows, long seed, BiFunction<Random, Integer, String> classes)
      throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("a,b,class\n");
    for (int row = 0; row < rows; row++) {
      int a = random.nextInt(1000);
      String label = classes.apply(random, a);
      text.append("%s,%s,%s\n".formatted(a, random.nextInt(1000), label));
    }
    return Files.writeString(file, text);
  }

  /** Draws a class that depends on the number half of the time. */
  private static String label(Random random, int a) {
    return "k" + (random.nextBoolean() ? a / 334 : random.nextInt(3));
  }

  @BeforeAll
  static void train() throws IOException {
    Path data = table(directory.resolve("train.csv"), 300, 1, CalibrateCommandTest::label);
    held = table(directory.resolve("held.csv"), 400, 2, CalibrateCommandTest::label);
    Path run = directory.resolve("run");
    Run.line("train", data, "--preset course --members 2 --epochs 300 --hidden 30 --out", run).ok();
    model = run.resolve("nn_model.npz");
  }

  private static List<Map<String, Object>> rows(Path file) {
    return Run.line("predict --json --quiet", file, held).ok().objects();
  }

  @Test
  void probabilitiesChangeAndClassesDoNot() throws IOException {
    Path file = directory.resolve("calibrated.npz");
    Run run = Run.line("calibrate --json", model, held, "--out", file).ok();
    assertEquals(true, run.json().get("calibrated"));
    Map<?, ?> calibration = (Map<?, ?>) run.json().get("calibration");
    List<?> losses = (List<?>) calibration.get("losses");
    Map<?, ?> change = (Map<?, ?>) losses.get(2);
    assertEquals("change", change.get("log_loss"));
    assertTrue((Double) change.get("high") < 0, losses.toString());
    assertNotEquals(1.0, calibration.get("temperature"));
    List<?> measures = (List<?>) calibration.get("measures");
    Map<?, ?> loss = (Map<?, ?>) measures.get(0);
    assertTrue((Double) loss.get("calibrated") < (Double) loss.get("before"), loss.toString());
    Model plain = Model.load(model);
    Model calibrated = Model.load(file);
    assertEquals(plain.sha256(), calibrated.sha256());
    assertNotEquals(plain.checksum(), calibrated.checksum());
    List<Map<String, Object>> before = rows(model);
    List<Map<String, Object>> after = rows(file);
    for (int row = 0; row < before.size(); row++) {
      assertEquals(before.get(row).get("predicted"), after.get(row).get("predicted"));
      assertNotEquals(before.get(row).get("probabilities"), after.get(row).get("probabilities"));
    }
    Run evaluated = Run.line("evaluate --json", file, held).ok();
    Map<?, ?> own = (Map<?, ?>) evaluated.json().get("calibration");
    assertEquals(calibration.get("temperature"), own.get("temperature"));
    Map<?, ?> ownLoss = (Map<?, ?>) ((List<?>) own.get("measures")).get(0);
    assertEquals(loss.get("before"), ownLoss.get("uncalibrated"));
    assertEquals(ownLoss.get("calibrated"), evaluated.json().get("loss"));
    assertTrue(
        (Double) ownLoss.get("calibrated") < (Double) loss.get("calibrated"),
        "held-out rows are measured without deciding");
    Run.line("evaluate", file, held).ok("Probabilities are calibrated by a temperature of ");
    Run.line("inspect", file).ok("Calibration: temperature ");
    Path page = directory.resolve("page.html");
    Run.line("report", file, "--data", held, "--out", page).ok();
    assertTrue(Files.readString(page).contains("temperature "));
    Path back = directory.resolve("back.npz");
    Run.line("calibrate", file, "--remove --out", back).ok();
    assertArrayEquals(Files.readAllBytes(model), Files.readAllBytes(back));
  }

  @Test
  void whereNothingIsGainedTheModelStaysAsItIs() throws IOException {
    BiFunction<Random, Integer, String> noise = (random, a) -> "k" + random.nextInt(3);
    Path data = table(directory.resolve("noise.csv"), 300, 1, noise);
    Path rows = table(directory.resolve("others.csv"), 200, 3, noise);
    Path run = directory.resolve("noise");
    Run.line("train", data, "--preset course --epochs 3 --hidden 4 --out", run).ok();
    Path none = directory.resolve("none.npz");
    Run.line("calibrate", run, rows, "--out", none)
        .ok(
            "No calibration: the loss of held-out rows does not fall by more than its standard error",
            "The model stays as it is, and " + none + " is not written");
    Run json = Run.line("calibrate --json", run, rows, "--out", none);
    assertEquals(false, json.ok().json().get("calibrated"));
    assertNull(json.json().get("file"));
    assertFalse(Files.exists(none));
  }

  /** The rows are compared with the model as it predicts: its temperature is a good one. */
  @Test
  void aModelKeepsItsTemperatureUnlessAnotherOneIsBetter() throws IOException {
    Path first = directory.resolve("first.npz");
    Run.line("calibrate", model, held, "--out", first).ok();
    Path second = directory.resolve("second.npz");
    Run run = Run.line("calibrate --json", first, held, "--out", second).ok();
    assertFalse(Files.exists(second));
    assertTrue(((String) run.json().get("kept")).startsWith("temperature "));
    Map<?, ?> before =
        (Map<?, ?>) ((List<?>) ((Map<?, ?>) run.json().get("calibration")).get("losses")).get(0);
    Run evaluated = Run.line("evaluate --json", first, held).ok();
    assertEquals(evaluated.json().get("loss"), before.get("value"));
  }

  /** Validation rows chose the temperature of a training, until other rows choose another one. */
  @Test
  void rowsThatChoseTheTemperatureOfTheTrainingAreNamed() throws IOException {
    Path data = directory.resolve("train.csv");
    Path run = directory.resolve("validated");
    String options =
        "--preset course --temperature validation --hidden 30 --epochs 300 --valid-fraction 0.2 --out";
    Run.line("train", data, options, run).ok("Probabilities have the temperature ");
    String said = "These rows chose the temperature, so figures of fresh rows are worse";
    Run.line("evaluate", run, data, "--split valid").ok(said);
    Run.line("evaluate", run, data, "--split test").ok().omits("These rows chose");
    Run.line("evaluate", run, held).ok().omits("These rows chose");
    Path other = directory.resolve("other.npz");
    Run.line("calibrate", run, held, "--out", other).ok().omits("No calibration");
    Run.line("evaluate", other, data, "--split valid").ok().omits("These rows chose");
    Run.line("evaluate", other, held).ok(said);
  }

  @Test
  void testRowsAreTakenWithAWarning() {
    Path data = directory.resolve("train.csv");
    Path test = directory.resolve("test.npz");
    Run.line("calibrate", model, data, "--out", test)
        .ok()
        .warns("The test rows decide about the calibration");
  }
}
