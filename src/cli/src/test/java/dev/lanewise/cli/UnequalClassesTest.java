package dev.lanewise.cli;

import static dev.lanewise.cli.Fixtures.assertOmits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.files.RunRecord;
import dev.lanewise.model.Model;
import dev.lanewise.terminal.PythonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code train} and {@code evaluate} say about classes of which one is rare. */
class UnequalClassesTest {
  private static final String ALWAYS = "Always answering \"no\" is right in 0.90000 of the ";

  @TempDir Path directory;

  /** Writes a table in which a share of the rows is of class yes, with large values of x. */
  private Path table(String name, int rows, int one) throws IOException {
    StringBuilder text = new StringBuilder("x,z,y\n");
    Random random = new Random(3);
    for (int row = 0; row < rows; row++) {
      boolean isRare = row % one == 0;
      double x = random.nextGaussian() + (isRare ? 2 : 0);
      text.append(x).append(',').append(random.nextInt(50)).append(isRare ? ",yes\n" : ",no\n");
    }
    return Files.writeString(directory.resolve(name), text);
  }

  private Run train(Path table, String more) {
    return Run.line(
        "train --members 1 --epochs 4 --hidden 8 --data %s --out %s --force",
        table, directory, more);
  }

  @Test
  void trainAndEvaluateSayTheSame() throws IOException {
    Path table = table("table.csv", 400, 10);
    Run trained = train(table, "--progress off").ok();
    List<String> lines = trained.lines();
    int at = lines.indexOf(trained.first(ALWAYS));
    assertTrue(
        lines
            .get(at)
            .matches(".* of the test rows, the model in 0\\.\\d{5}; balanced accuracy 0\\.\\d{5}"));
    assertTrue(
        lines
            .get(at + 1)
            .matches("Class \"yes\": ROC AUC [01]\\.\\d{5}, average precision [01]\\.\\d{5}"));
    assertTrue(lines.get(at + 2).startsWith("Validation (out of fold, "));
    assertTrue(lines.get(at + 3).startsWith("CE: Train "), "the course's lines come last");
    Run evaluated = Run.line("evaluate --model", directory).ok();
    String said = String.join("\n", lines.subList(at, at + 5)) + "\n";
    assertTrue(evaluated.out().contains(said));
    Run all = Run.line("evaluate --split all --model", directory).ok();
    assertTrue(all.out().contains(ALWAYS + "rows, the model in "));
    assertTrue(Files.readString(directory.resolve("report.html")).contains("average precision"));
  }

  @Test
  void objectsAndTheRecordHaveTheFigures() throws IOException {
    Path table = table("table.csv", 400, 10);
    Map<String, Object> done = train(table, "--json").ok().json();
    Map<?, ?> unequal = (Map<?, ?>) done.get("imbalance");
    Map<String, Object> event = Run.line("evaluate --json --model", directory).ok().json(0);
    assertEquals(unequal, event.get("imbalance"));
    assertEquals("test", unequal.get("split"));
    assertEquals("no", unequal.get("majority_class"));
    assertEquals("yes", unequal.get("rarest_class"));
    for (String name :
        List.of("majority_share", "balanced_accuracy", "roc_auc", "average_precision")) {
      assertEquals(event.get(name), unequal.get(name), name);
    }
    Map<String, Object> record = RunRecord.of(directory).object("metrics");
    assertEquals(unequal, record.get("imbalance"));
    Run.line("verify", directory).ok("verified: same weights, same metrics");
  }

  /** Without test rows, the baseline stands beside the score out of fold, not of training rows. */
  @Test
  void allRowsAreComparedOutOfFold() throws IOException {
    Path table = table("table.csv", 400, 10);
    Run run = train(table, "--all-rows --json").ok();
    Map<?, ?> unequal = (Map<?, ?>) run.json().get("imbalance");
    assertEquals("valid", unequal.get("split"));
    assertEquals(((Map<?, ?>) run.json().get("valid")).get("acc"), unequal.get("accuracy"));
    assertFalse(unequal.containsKey("balanced_accuracy"));
    train(table, "--all-rows --progress off")
        .ok(" of the validation rows, each network alone in 0.")
        .omits("of the train rows");
    Run.line("verify", directory).ok("verified: same weights, same metrics");
    Run.line("evaluate --split train --model", directory).ok().omits("Always answering");
  }

  /** Also of many classes without a rare one, a model that is worse than one answer is named. */
  @Test
  void worseThanOneAnswerIsSaid() throws IOException {
    StringBuilder text = new StringBuilder("a,b,kind\n");
    Random random = new Random(3);
    for (int row = 0; row < 300; row++) {
      text.append(random.nextInt(9) + "," + random.nextInt(9) + ",k" + random.nextInt(5) + "\n");
    }
    Path table = Files.writeString(directory.resolve("noise.csv"), text);
    Path run = directory.resolve("noise");
    int worse = 0;
    for (int seed = 0; seed < 6; seed++) {
      String options = "train --preset course --epochs 1 --force --seed " + seed;
      Run.line(options, "--data", table, "--out", run).ok();
      Run said = Run.line("evaluate --json --model", run).ok();
      boolean isWorse = said.json(0).get("imbalance") != null;
      assertEquals(isWorse, (Double) said.json(0).get("accuracy") < share(said));
      worse += isWorse ? 1 : 0;
    }
    assertTrue(worse > 0 && worse < 6, worse + " of 6");
  }

  private static double share(Run said) {
    List<?> classes = (List<?>) said.json(0).get("classes");
    double[] support =
        classes.stream().mapToDouble(c -> (Double) ((Map<?, ?>) c).get("support")).toArray();
    return Arrays.stream(support).max().orElseThrow() / Arrays.stream(support).sum();
  }

  @Test
  void equalClassesNeedNoWords() throws IOException {
    Path table = table("table.csv", 400, 2);
    Run trained = train(table, "--progress off").ok();
    Run evaluated = Run.line("evaluate --model", directory).ok();
    assertFalse((trained.out() + evaluated.out()).contains("Always"));
    assertFalse(evaluated.out().contains("balanced"));
    assertFalse(RunRecord.of(directory).object("metrics").containsKey("imbalance"));
  }

  /** The line says which score has chosen the epoch, as the plain one is not the largest. */
  @Test
  void theBestEpochIsChosenByClassWeights() throws IOException {
    Path table = table("table.csv", 400, 10);
    for (String option : List.of("--balanced", "--class-weights balanced")) {
      Run run = train(table, option + " --best error").ok();
      Map<String, Object> record = RunRecord.of(directory).members();
      int best = ((Double) record.get("best_epoch")).intValue();
      Map<String, Object> epoch =
          JsonReader.object(Files.readAllLines(directory.resolve("log.jsonl")).get(1 + best));
      String score = PythonFormat.fixed5((Double) epoch.get("valid_acc"));
      run.says(
          "The weights are those of epoch %s, whose class-weighted validation accuracy %s is the largest"
              .formatted(best, score));
      assertFalse(
          run.out().contains(" Validation " + score), "the last lines have no such weights");
      String page = Files.readString(directory.resolve("report.html"));
      assertTrue(page.contains("In the validation values, classes count by their weights"));
    }
    train(table, "--class-weights balanced --best loss")
        .ok("whose class-weighted validation CE ", " is the smallest");
    train(table, "--progress off --best error")
        .ok("whose validation accuracy ")
        .omits("class-weighted");
    assertOmits(Files.readString(directory.resolve("report.html")), "count by their weights");
    Run.line("train --members 2 --epochs 2 --balanced --force --data", table, "--out", directory)
        .ok(", by class-weighted validation figures");
  }

  /** A model of an earlier version has no weights in its file, and says so in every command. */
  @Test
  void probabilitiesUndoWeightsOrSayThatTheyDoNot() throws IOException {
    Path table = table("table.csv", 400, 10);
    for (String option : List.of("--balanced", "--class-weights balanced")) {
      train(table, option).ok();
      Path file = directory.resolve("nn_model.npz");
      Model model = Model.load(file);
      assertTrue(model.weighting().isPresent(), option);
      Run.line("inspect", file).ok("Weights of the classes in the training, which probabilities");
      Path old = directory.resolve("old.npz");
      model.withWeighting(Optional.empty()).save(old);
      String said = "no class weights stored: probabilities are as the weights of the training";
      for (String command : List.of("predict", "evaluate")) {
        Run run = Run.line(command, old, "--data", table).ok();
        assertTrue(run.err().contains(said), run.err());
        assertFalse(Run.line(command, file, "--data", table).ok().err().contains(said));
      }
      Run.line("inspect", old).ok(said);
      assertEquals(classes(file, table), classes(old, table));
      Run.line("verify", directory).ok("verified: same weights, same metrics");
    }
  }

  private static List<Object> classes(Path file, Path table) {
    Run run = Run.line("predict --json --quiet", file, "--data", table).ok();
    return run.objects().stream().map(row -> row.get("predicted")).toList();
  }

  /** The record has the choice that was made, so the run can be repeated without the rule. */
  @Test
  void theChoiceMayFollowTheClasses() throws IOException {
    for (int one : new int[] {10, 4}) {
      Path table = table("table.csv", 400, one);
      train(table, "--best auto --label-smoothing auto").ok();
      Map<String, Object> options = RunRecord.of(directory).object("options");
      assertEquals(one == 10 ? "loss" : "error", options.get("best"));
      assertEquals(one == 10 ? "0" : "0.1", options.get("label-smoothing"));
      String best = one == 10 ? "--best loss --label-smoothing 0" : "--best error";
      String sha256 = RunRecord.of(directory).text("weights", "final");
      Run.line("verify", directory).ok("verified: same weights, same metrics");
      train(table, best).ok(sha256);
    }
  }

  /** The rarer class is the first here, which curves of two equal classes do not show. */
  @Test
  void theReportShowsTheRarerClass() throws IOException {
    Path table = table("table.csv", 400, 10);
    Files.writeString(table, Files.readString(table).replace(",yes", ",aye"));
    train(table, "--progress off").ok();
    String page = Files.readString(directory.resolve("report.html"));
    assertTrue(page.contains("cross entropy rises by"));
    assertTrue(page.contains("aye: area ") && page.contains("aye: average "));
    assertTrue(page.contains("balanced accuracy") && page.contains("majority share"));
  }
}
