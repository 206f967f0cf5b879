package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.selection.Interval;
import dev.lanewise.selection.Intervals;
import dev.lanewise.selection.PairedComparison;
import dev.lanewise.table.Datasets;
import dev.lanewise.terminal.PythonFormat;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands say what chance explains, with the figures of the library. */
class ChanceTest {
  @TempDir Path directory;
  private Path data;
  private Path page;

  @BeforeEach
  void writeRows() throws IOException {
    StringBuilder rows = new StringBuilder("a,b,kind,number,even\n");
    Random random = new Random(44);
    for (int i = 0; i < 600; i++) {
      double a = random.nextGaussian();
      double noise = random.nextGaussian();
      rows.append("%.4f,%.4f,%s,".formatted(a, random.nextGaussian(), a + noise > 1 ? "x" : "y"));
      rows.append("%.4f,%s%n".formatted(2 * a + noise, a + noise > 0 ? "x" : "y"));
    }
    data = Fixtures.text(directory.resolve("rows.csv"), rows.toString());
    page = directory.resolve("page.html");
  }

  private Path train(String name, String target, String... options) {
    Path out = directory.resolve(name);
    String others = "kind,number,even".replaceFirst(target + ",|," + target, "");
    String words = "--members=1 --hidden=4 --ignore=" + others;
    if (!String.join(" ", options).contains("split-sizes")) {
      words += " --split-sizes=0.4,0.1,0.5";
    }
    Run.line("train --quiet --data", data, "--target", target, words, "--out", out, options).ok();
    return out;
  }

  private Evaluation evaluation(Path run) throws IOException {
    Model model = Model.load(run.resolve("nn_model.npz"));
    return Evaluator.evaluate(model, Datasets.load(data, model).test().orElseThrow(), 1);
  }

  private static void assertEnds(Interval interval, Object json) {
    Map<?, ?> found = (Map<?, ?>) json;
    assertEquals(interval.low(), found.get("low"));
    assertEquals(interval.high(), found.get("high"));
    assertEquals(interval.method(), found.get("method"));
  }

  @Test
  void evaluateAndReportGiveTheIntervals() throws IOException {
    Path run = train("run", "kind", "--epochs=40");
    Evaluation evaluation = evaluation(run);
    Map<String, Interval> intervals = Intervals.of(evaluation);
    assertTrue(intervals.keySet().containsAll(List.of("loss", "accuracy", "matthews", "roc_auc")));
    Map<String, Object> json = Run.line("evaluate", run, "--json").ok().json(0);
    Map<?, ?> found = (Map<?, ?>) json.get("intervals");
    assertEquals(intervals.keySet(), found.keySet());
    intervals.forEach((name, interval) -> assertEnds(interval, found.get(name)));
    Map<?, ?> last = (Map<?, ?>) ((List<?>) json.get("classes")).get(1);
    Map<String, Interval> ofClass = Intervals.ofClass(evaluation, 1);
    assertEquals(4, ofClass.size());
    ofClass.forEach(
        (name, each) -> assertEnds(each, ((Map<?, ?>) last.get("intervals")).get(name)));
    Interval accuracy = intervals.get("accuracy");
    String low = PythonFormat.fixed5(accuracy.low());
    String line = "accuracy +" + low + "  " + PythonFormat.fixed5(accuracy.high()) + "  Wilson";
    assertTrue(
        Run.line("evaluate", run).ok().lines().stream().anyMatch(each -> each.matches(line)), line);
    String report = Files.readString(run.resolve("report.html"));
    String of = brief(accuracy.low()) + " to " + brief(accuracy.high());
    assertTrue(report.contains("<bdi>" + of + "</bdi>"), of);
  }

  /** Writes a number with four digits, as reports do. */
  private static String brief(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(4));
    return rounded.stripTrailingZeros().toPlainString();
  }

  @Test
  void rowsOfTheTrainingHaveNone() {
    Path run = train("run", "number", "--epochs=2");
    for (String split : List.of("train", "all")) {
      Run.line("evaluate", run, "--split", split).ok("No 95% intervals: the model was trained on");
      assertNull(Run.line("evaluate", run, "--json --split", split).ok().json(0).get("intervals"));
      Run.line("report", run, "--split", split, "--out", page).ok();
    }
    Run.line("evaluate", run, "--split=valid")
        .ok("No 95% intervals: these rows chose the best epoch")
        .omits("95% interval ");
    Path last = train("last", "number", "--epochs=2", "--best=none");
    Run.line("evaluate", last, "--split=valid").ok("95% interval ");
  }

  /** Rows of a group are as good as one row: their number alone would make intervals too narrow. */
  @Test
  void groupsAreWhatIntervalsAndComparisonsCount() throws IOException {
    StringBuilder rows = new StringBuilder("who,a,kind\n");
    Random random = new Random(6);
    for (int who = 0; who < 60; who++) {
      double common = random.nextGaussian();
      for (int i = 0; i < 10; i++) {
        double a = common + 0.1 * random.nextGaussian();
        rows.append("%s,%.4f,%s%n".formatted(who, a, common + (who % 3 - 1) > 0 ? "x" : "y"));
      }
    }
    Path file = Fixtures.text(directory.resolve("groups.csv"), rows.toString());
    String words = "--target kind --members=1 --hidden=4 --group=who --split-sizes=0.3,0.2,0.5";
    Path good = directory.resolve("good");
    Path bad = directory.resolve("bad");
    Run.line("train --quiet --data", file, words, "--epochs=40 --out", good).ok();
    Run.line("train --quiet --data", file, words, "--epochs=30 --out", bad).ok();
    Model model = Model.load(good.resolve("nn_model.npz"));
    Dataset data = Datasets.load(file, model);
    Evaluation evaluation = Evaluator.evaluate(model, data.test().orElseThrow(), 1);
    int[] groups = data.groups("test");
    Run found =
        Run.line("evaluate", good)
            .ok(
                "Wilson, by groups",
                "The intervals count the 30 groups of rows that belong together")
            .says("not the 300 rows");
    found.omits("as the groups of these rows are not known");
    Map<String, Object> json = Run.line("evaluate", good, "--json").ok().json(0);
    assertEquals(30, ((Number) json.get("groups")).intValue());
    Interval own = Intervals.of(evaluation, groups).get("accuracy");
    assertEnds(own, ((Map<?, ?>) json.get("intervals")).get("accuracy"));
    Interval alone = Intervals.of(evaluation).get("accuracy");
    assertTrue(own.high() - own.low() > 1.5 * (alone.high() - alone.low()), own + " " + alone);
    assertTrue(Files.readString(good.resolve("report.html")).contains("count the 30 groups"));
    Run.line("compare", good, bad, "--out", page).ok("on the same 300 test rows in 30 groups (p:");
    // Other rows are counted by groups if they have the column, and few groups have no interval.
    Path few =
        Fixtures.text(directory.resolve("few.csv"), rows.substring(0, rows.indexOf("\n6,") + 1));
    Run.line("evaluate", good, few)
        .ok("groups of rows, expected at least 10 of about the same size");
    String text = rows.toString().replaceAll("(?m)^[^,]*,", "");
    Path without = Fixtures.text(directory.resolve("without.csv"), text);
    Run.line("evaluate", good, without)
        .ok("The intervals count each row, as the groups of these rows are not known");
  }

  /** What few rows do not tell has no interval, but a line that says why. */
  @Test
  void fewRowsHaveALineInsteadOfAnInterval() throws IOException {
    Path run = train("run", "number", "--epochs=2", "--split-sizes=0.6,0.1,0.3");
    Run.line("evaluate", run)
        .ok("No 95% interval of r2, rmse, mse: 180 rows, expected at least 200, as fewer do not")
        .says("mae ");
    Map<String, Object> json = Run.line("evaluate", run, "--json").ok().json(0);
    assertEquals(Set.of("mae"), ((Map<?, ?>) json.get("intervals")).keySet());
    assertEquals(Set.of("r2", "rmse", "mse"), ((Map<?, ?>) json.get("no_intervals")).keySet());
  }

  @Test
  void aRunThatIsBetterThanChanceIsTheBest() throws IOException {
    Path good = train("good", "even", "--epochs=60");
    Path bad = train("bad", "even", "--epochs=1", "--eta=1e-6");
    Run run = Run.line("compare", good, bad, "--json --out", page).ok();
    PairedComparison accuracy = PairedComparison.of(evaluation(good), evaluation(bad), "accuracy");
    Map<String, Object> event = run.json(2);
    assertEquals("comparison", event.get("event"));
    assertEquals("accuracy", event.get("figure"));
    assertEquals(good.toString(), event.get("better"));
    assertEquals(bad.toString(), event.get("worse"));
    assertEquals(accuracy.difference(), event.get("difference"));
    assertEquals(accuracy.p(), event.get("p"));
    assertEquals(accuracy.p(), event.get("p_adjusted"));
    assertEquals(true, event.get("more_than_chance"));
    assertEnds(accuracy.interval(), event.get("interval"));
    Run.line("compare", good, bad, "--out", page)
        .ok(
            "#1, #2 on the same 300 test rows (p: how often equal models differ as much):\nAccuracy: #1 is better than #2 by ")
        .says(", more than chance explains (95% interval ", ", p below 0.0001)");
    String html = Files.readString(page);
    assertTrue(html.contains("<p>Accuracy: #1 is better than #2 by "));
  }

  @Test
  void noWinnerIsSaidThatIsNone() throws IOException {
    Path a = train("a", "number", "--epochs=20");
    Path b = train("b", "number", "--epochs=20", "--batch-size=200");
    Path c = train("c", "number", "--epochs=20", "--eta=0.041");
    Run.line("compare", a, b, c, "--out", page)
        .ok("#1, #2, #3 on the same 300 test rows", ", adjusted by Holm's method for 3 pairs):")
        .says("R2: #", ", no more than chance explains (95% interval -");
    Run.line("compare", a, a, "--out", page).ok("R2: #1 and #2 are equal.\n");
  }

  @Test
  void onlyRunsOnTheSameRowsAreCompared() throws IOException {
    Path a = train("a", "even", "--epochs=2");
    Path b = train("b", "even", "--epochs=2", "--seed=1");
    Path c = train("c", "even", "--epochs=3", "--split-sizes=0.3,0.2,0.5");
    Run.line("compare", a, b, c, "--out", page)
        .ok("#1, #3 on the same 300 test rows (")
        .says("Chance is not judged for #2: no other run here was tested on the same rows");
    Path moved = directory.resolve("moved.csv");
    Files.move(data, moved);
    Run.line("compare", a, b, "--out", page)
        .ok("Chance is not judged for #1: ", "rows.csv: no such file", "or --data FILE")
        .omits("Accuracy:");
    Run.line("compare", a, c, "--data", moved, "--out", page)
        .ok(
            "#1, #2 on the same 300 test rows (p: how often equal models differ as much):\nAccuracy: ");
    Files.writeString(data, Files.readString(moved) + "0,0,x,1,x\n");
    Run.line("compare", a, b, "--out", page)
        .ok("Chance is not judged for #2: ", ": changed: sha256 ");
    Run known =
        Run.line("compare", a, b, "--data", data, "--out", page)
            .ok("#1, #2 on the same 601 rows (")
            .warns("#1, #2: Warning: about 40% of the rows of ");
    known.says("\n#1, #2: Warning: about 40% of the rows of ");
    assertTrue(Files.readString(page).contains("Warning: about 40% of the rows of "));
    Files.delete(b.resolve("run.json"));
    Run.line("compare", a, b.resolve("nn_model.npz"), "--out", page)
        .ok("Chance is not judged for #2: there is no run.json, which says what its test rows are");
    Run.line("compare", a, c, "--data", data, "--out", data)
        .misusedWith(
            "--out: '%s', expected another file than %s, which is compared".formatted(data, data));
  }

  /** Runs whose rows are divided by another rule have as many test rows, but not the same. */
  @Test
  void rowsInAnOrderAreOthers() {
    Path shuffled = train("shuffled", "kind", "--epochs=2", "--no-stratified");
    Path ordered = train("ordered", "kind", "--epochs=2", "--order=b");
    Run.line("compare", shuffled, ordered, "--out", page)
        .ok("no other run here was tested on the same rows");
  }

  /** The seed draws no rows that are in an order, so other seeds give the same test rows. */
  @Test
  void equalDivisionsHaveEqualRows() {
    Path one = train("one", "kind", "--epochs=2", "--order=b");
    Path two = train("two", "kind", "--epochs=2", "--order=b", "--seed=5");
    Run same = Run.line("compare", one, two, "--out", page).ok("#1, #2 on the same 300 test rows");
    assertFalse(same.err().contains("in different ways"), same.err());
  }
}
