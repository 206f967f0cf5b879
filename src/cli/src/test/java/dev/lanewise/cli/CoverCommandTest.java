package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Coverage;
import dev.lanewise.nn.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code cover} as a user calls it. */
class CoverCommandTest {
  private static final String QUICK = "--preset course --epochs 30 --hidden 8 --out";

  @TempDir static Path directory;

  private static Path data;
  private static Path classes; // a run that kept a quarter of its rows
  private static Path number;

  /** Writes rows whose class and number depend on the first column. */
  private static Path table(String name, int rows, long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("a,b,class,number\n");
    for (int row = 0; row < rows; row++) {
      double a = random.nextGaussian();
      double number = 10 * a + 3 * random.nextGaussian();
      String kind = number < -5 ? "x y" : number < 5 ? "\"a,b\"" : "z";
      text.append("%s,%s,%s,%s\n".formatted(a, random.nextInt(1000), kind, number));
    }
    return Files.writeString(directory.resolve(name), text);
  }

  @BeforeAll
  static void train() throws IOException {
    data = table("train.csv", 400, 1);
    classes = directory.resolve("classes");
    number = directory.resolve("number");
    String kept = "train --calibration-fraction 0.25 --target";
    Run.line(kept, "class --ignore number", data, QUICK, classes).ok();
    Run.line(kept, "number --ignore class --loss mae", data, QUICK, number).ok();
  }

  @Test
  void theModelKeepsTheScoresOfTheRows() throws IOException {
    Path file = directory.resolve("covering.npz");
    Run run = Run.line("cover --json", classes, "--out", file).ok();
    assertEquals("calibration", run.json().get("split"));
    assertEquals(90.0, ((Number) run.json().get("rows")).doubleValue());
    Coverage coverage = Model.load(file).coverage().orElseThrow();
    assertEquals(90, coverage.rows(0));
    Map<?, ?> limits = (Map<?, ?>) ((List<?>) run.json().get("limits")).get(0);
    assertEquals(coverage.at(0.9).limit(0), limits.get("0.9"));
    Run.line("inspect", file).ok("Coverage: sets of classes by 90 rows\n");
    Run.line("cover", classes, "--by-class --out", file).ok("\nz ");
    assertTrue(Model.load(file).coverage().orElseThrow().isByClass());
    Path back = directory.resolve("back.npz");
    Run.line("cover", file, "--remove --out", back).ok();
    assertArrayEquals(
        Files.readAllBytes(classes.resolve("nn_model.npz")), Files.readAllBytes(back));
    Run.line("cover", number, "--out", file).ok("\nnumber  ");
    assertEquals("intervals by 90 rows", Model.load(file).coverage().orElseThrow().toString());
    Path page = directory.resolve("page.html");
    Run.line("report", file, "--data", data, "--out", page).ok();
    assertTrue(Files.readString(page).contains("intervals by 90 rows"));
  }

  @Test
  void aSmallNumberOfRowsIsSaid() throws IOException {
    Path few = table("few.csv", 8, 3);
    Path file = directory.resolve("few.npz");
    String err = Run.line("cover", number, few, "--out", file).ok("inf").err();
    assertTrue(
        err.contains("Level 0.9 needs at least 9 rows: with 8, intervals have no ends"), err);
    err = Run.line("cover", classes, few, "--by-class --out", file).ok("inf").err();
    assertTrue(err.contains("rows of each class: with "), err);
  }

  @Test
  void aCalibrationTakesThemOut() throws IOException {
    Path file = directory.resolve("covering2.npz");
    Path calibrated = directory.resolve("calibrated.npz");
    Run.line("cover", classes, "--out", file).ok();
    Run run =
        Run.line("calibrate", file, "--data", data, "--split calibration --out", calibrated).ok();
    assertTrue(run.err().contains("The coverage of the model is taken out"), run.err());
    assertTrue(Model.load(calibrated).coverage().isEmpty());
    String both = "--split calibration --out";
    String err = Run.line("cover", calibrated, "--data", data, both, file).ok().err();
    assertTrue(err.contains("the coverage is only nearly as promised"), err);
    err = Run.line("convert", file, directory.resolve("m.onnx")).ok().err();
    assertTrue(err.contains("m.onnx: without the coverage of the model"), err);
  }

  @Test
  void whatCannotBeCoveredIsRefused() throws IOException {
    Path out = directory.resolve("never.npz");
    Run.line("cover", classes, "--split train --out", out)
        .failed("rows that the model was trained");
    Run.line("cover", classes, "--split valid --out", out)
        .failed("rows by which the best epoch was chosen, expected others");
    String err = Run.line("cover", classes, "--split test --out", out).ok().err();
    assertTrue(err.contains("The test rows decide about the coverage"), err);
    Run.line("cover", number, "--by-class --out", out)
        .failed("coverage by class of loss mae, expected a model of classes");
    Path quantile = directory.resolve("quantile");
    Run.line("train --loss pinball-0.5 --target number --ignore class", data, QUICK, quantile).ok();
    Run.line("cover", quantile, "--out", out)
        .failed("coverage of loss pinball-0.5, expected classes or numbers, as a quantile is");
    Run.line("cover", classes, "--remove --out", out).failed("a model without a coverage");
    Run.line("cover", classes, "--remove --by-class --out", out)
        .misused("--by-class: not together with --remove");
    Run.line("cover", classes).misused("no file to write, expected --out FILE.npz");
  }
}
