package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Calibration;
import dev.lanewise.model.DecisionRule;
import dev.lanewise.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests {@code decide} as a user calls it. */
class DecideCommandTest {
  @TempDir static Path directory;

  private static Path model;
  private static Path held;

  /** Writes rows of which about a fifth are of the class yes, most of them with a large number. */
  private static Path table(String name, int rows, long seed) throws IOException {
    return CalibrateCommandTest.table(
        directory.resolve(name),
        rows,
        seed,
        (random, a) -> random.nextInt(1000) < a * a / 2000 ? "yes" : "no");
  }

  @BeforeAll
  static void train() throws IOException {
    Path data = table("train.csv", 400, 1);
    held = table("held.csv", 500, 2);
    Path run = directory.resolve("run");
    Run.line("train", data, "--preset course --members 2 --epochs 100 --hidden 10 --out", run).ok();
    model = run.resolve("nn_model.npz");
  }

  private static List<Map<String, Object>> rows(Path file) {
    return Run.line("predict --json --quiet", file, held).ok().objects();
  }

  private static double probability(Map<String, Object> row, int label) {
    return (Double) ((List<?>) row.get("probabilities")).get(label);
  }

  @Test
  void aThresholdDecidesWhereverTheModelPredicts() throws IOException {
    Path file = directory.resolve("decided.npz");
    Map<String, Object> json = Run.line("decide --json", model, held, "--out", file).ok().json();
    assertEquals("yes", json.get("positive"));
    double threshold = (Double) json.get("threshold");
    assertTrue(threshold < 0.5);
    double best = 0;
    for (Object cut : (List<?>) json.get("thresholds")) {
      best = Math.max(best, (Double) ((Map<?, ?>) cut).get("f1"));
    }
    Map<?, ?> f1 = (Map<?, ?>) ((List<?>) json.get("measures")).get(3);
    assertEquals(best, (Double) f1.get("decided"), 1e-12);
    assertTrue(best > (Double) f1.get("largest probability"));
    Model plain = Model.load(model);
    int yes = plain.classNames().indexOf("yes");
    assertEquals(DecisionRule.threshold(yes, threshold), Model.load(file).rule().orElseThrow());
    int changed = 0;
    List<Map<String, Object>> before = rows(model);
    List<Map<String, Object>> after = rows(file);
    for (int row = 0; row < before.size(); row++) {
      assertEquals(before.get(row).get("probabilities"), after.get(row).get("probabilities"));
      boolean holds = probability(after.get(row), yes) >= threshold;
      assertEquals(holds ? "yes" : "no", after.get(row).get("predicted"));
      changed += before.get(row).get("predicted").equals(after.get(row).get("predicted")) ? 0 : 1;
    }
    assertEquals((double) changed, json.get("changed"));
    assertTrue(changed > 0);
    Run.line("inspect", file).ok("Decision: class ");
    Path back = directory.resolve("back.npz");
    Run.line("decide", file, "--remove --out", back).ok();
    assertArrayEquals(Files.readAllBytes(model), Files.readAllBytes(back));
    Run.line("calibrate", file, held, "--out", back)
        .ok()
        .warns("The threshold of the model is removed");
    assertTrue(Model.load(back).rule().isEmpty());
  }

  @Test
  void anOptionOverridesTheModel() throws IOException {
    Path file = directory.resolve("fixed.npz");
    Run.line("decide", model, held, "--positive yes --threshold 0.25 --out", file).ok();
    String expected = Run.line("predict", file, held).ok().out();
    String[] option = {"--threshold", "0.25"};
    Run.line("predict", model, held, option)
        .misused("no class is named, expected --positive with one");
    Run.line("predict", model, held, "--positive yes").misused("works with --threshold P only");
    assertEquals(expected, Run.line("predict", model, held, "--positive yes", option).ok().out());
    Path other = directory.resolve("other.npz");
    Run.line("decide", model, held, "--positive yes --threshold 0.9 --out", other).ok();
    assertEquals(expected, Run.line("predict", other, held, option).ok().out());
    Object accuracy = Run.line("evaluate --json", file, held).ok().json().get("accuracy");
    assertEquals(
        accuracy, Run.line("evaluate --json", other, held, option).ok().json().get("accuracy"));
  }

  @Test
  void furtherTrainingKeepsNeither() throws IOException {
    Path data = directory.resolve("train.csv");
    Path run = directory.resolve("first");
    Run.line("train", data, "--preset course --epochs 20 --hidden 5 --out", run).ok();
    Path decided = directory.resolve("again.npz");
    Run.line("decide", run, held, "--positive yes --threshold 0.25 --out", decided).ok();
    Path next = directory.resolve("next");
    Run.line("train", data, "--preset course --epochs 2 --out", next, "--initial-model", decided)
        .ok()
        .warns("decision and coverage are not kept");
    assertTrue(Model.load(next.resolve("nn_model.npz")).rule().isEmpty());
    Run.line("evaluate", decided, held).ok("The class is yes from probability 0.25 on");
  }

  @Test
  void costsDecideByTheSmallestExpectedCost() throws IOException {
    Path costs = directory.resolve("costs.csv");
    Files.writeString(costs, "true,yes,no\nno,1,0\nyes,0,7\n");
    Path file = directory.resolve("cheap.npz");
    Run run = Run.line("decide --json", model, held, "--costs", costs, "--out", file).ok();
    Map<?, ?> cost = (Map<?, ?>) ((List<?>) run.json().get("measures")).get(1);
    assertTrue((Double) cost.get("decided") < (Double) cost.get("largest probability"));
    Model decided = Model.load(file);
    int yes = decided.classNames().indexOf("yes");
    for (Map<String, Object> row : rows(file)) {
      boolean isYes = 7 * probability(row, yes) > probability(row, 1 - yes);
      assertEquals(isYes ? "yes" : "no", row.get("predicted"));
    }
    // Costs are about the world: another calibration keeps them.
    Calibration other = Calibration.temperature(2);
    assertEquals(decided.rule(), decided.withCalibration(Optional.of(other)).rule());
  }

  /** Figures on the rows that chose a threshold say so: in evaluate, compare and the report. */
  @Test
  void rowsThatChoseTheThresholdAreNamed() throws IOException {
    Path file = directory.resolve("chosen.npz");
    Run.line("decide", model, held, "--out", file).ok();
    String said = "These rows chose the threshold, so figures of fresh rows are worse";
    Run.line("evaluate", file, held).ok(said);
    Run json = Run.line("evaluate --json", file, held).ok();
    assertEquals(true, json.json().get("chosen_by_these_rows"));
    Run.line("compare", model, file, "--data", held, "--out", directory.resolve("c.html"))
        .ok("#2: Warning: " + said)
        .omits("#1: Warning: " + said);
    Run.line("report", file, "--data", held, "--out", directory.resolve("r.html")).ok().warns(said);
    Path fresh = table("fresh.csv", 300, 9);
    Run.line("evaluate", file, fresh).ok().omits("These rows chose");
    Path plain = directory.resolve("plain.npz");
    Run.line("decide --remove", file, "--out", plain).ok();
    assertArrayEquals(Files.readAllBytes(model), Files.readAllBytes(plain));
  }

  /** On rows with swapped targets, each class costs more than one answer for all rows. */
  @Test
  void aRuleThatCostsMoreThanDoingWithoutIsRefused() throws IOException {
    Path swapped = directory.resolve("swapped.csv");
    String text = Files.readString(held);
    Files.writeString(
        swapped, text.replace(",yes", ",?").replace(",no", ",yes").replace(",?", ",no"));
    Path costs = directory.resolve("costs.csv");
    Files.writeString(costs, "true,yes,no\nno,1,0\nyes,0,1\n");
    Path out = directory.resolve("worse.npz");
    Run.line("decide", model, swapped, "--costs", costs, "--out", out)
        .failed("the rule costs ", "always answering \"", "--even-if-worse");
    assertFalse(Files.exists(out));
    Run run =
        Run.line("decide --json --even-if-worse", model, swapped, "--costs", costs, "--out", out)
            .ok();
    assertTrue((Double) run.json().get("always_cost") < 0.6);
    assertTrue(Model.load(out).rule().isPresent());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true,yes;no,1;yes,0 | 1 predicted classes in the first line, expected 2",
        "true,yes,maybe;no,1,0;yes,0,7 | line 1: no class 'maybe', expected one of",
        "true,yes,yes;no,1,0;yes,0,7 | a predicted class is there twice",
        "true,yes,no;no,1,0 | no line of the true class yes",
        "true,yes,no;no,1,0;no,1,0 | line 3: class no for the second time",
        "true,yes,no;no,1,0;yes,0,much | line 3: cost 'much', expected a number",
        "true,yes,no;no,1,0;yes,0 | line 3: 2 cells, expected 3",
      })
  void wrongCostsAreRefused(String text, String problem) throws IOException {
    Path costs = Files.writeString(directory.resolve("wrong.csv"), text.replace(';', '\n'));
    Path out = directory.resolve("never.npz");
    Run.line("decide", model, held, "--costs", costs, "--out", out).failed(problem);
    assertTrue(Files.notExists(out));
  }
}
