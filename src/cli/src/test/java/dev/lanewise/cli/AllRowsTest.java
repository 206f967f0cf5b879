package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.files.RunFiles;
import dev.lanewise.files.RunRecord;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.Table;
import dev.lanewise.trust.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings without test rows, and scores of networks on folds, which every command says alike. */
class AllRowsTest {
  private static final String SMALL = "--hidden 6 --epochs 4 --batch-size 16 ";
  private static final String OUT_OF_FOLD = "out of fold, 150 of 150 rows, each by one network";
  private static final String USED = ", after the epoch that was best for the others";

  @TempDir private Path directory;
  private Path data;

  @BeforeEach
  void write() throws IOException {
    List<String> lines = new ArrayList<>(List.of("area,age,kind,sold"));
    for (int i = 0; i < 150; i++) {
      lines.add(
          "%s,%s,%s,%s"
              .formatted(
                  i * 37 % 101, i * i % 53, "abc".charAt(i % 3), i * 37 % 101 > 70 ? "yes" : "no"));
    }
    data = Files.write(directory.resolve("rooms.csv"), lines);
  }

  private Path out(String name) {
    return directory.resolve(name);
  }

  private Run train(String name, String options) {
    return Run.line("train --data", data, SMALL + options, "--out", out(name)).ok();
  }

  private Model model(String name) throws IOException {
    return Model.load(out(name).resolve(RunFiles.MODEL));
  }

  @Test
  void allRowsAreForFolds() throws IOException {
    Run run = train("run", "--all-rows --members 3");
    run.ok(
        "train 150 rows",
        "Validation (out of fold, 90 of 150 rows, each by one network" + USED + "): ",
        " Test -\n");
    train("sizes", "--split-sizes 1 --members 3");
    assertEquals(model("sizes").withTraining(List.of()), model("run").withTraining(List.of()));
    Recipe recipe =
        Recipe.TABLE
            .with("members", 3)
            .with("hidden", 6)
            .with("epochs", 4)
            .with("batchSize", 16); // from Java
    RecipeRun same =
        recipe.fit(Table.read(data).with(DivisionOptions.defaults().withSplitSizes(List.of(1.0))));
    Model trained = model("run").withTraining(List.of());
    assertEquals(same.model(), trained.withFurtherFacts(Map.of())); // without the profile
    Dataset rows = Datasets.load(data, same.model());
    assertEquals(Profile.keep(same.model(), rows), trained);
    assertEquals(same.validation(), Evaluator.validation(same.model(), rows, 2));
    train("course", "--all-rows --preset course")
        .ok("train 150 rows", " Validation - Test -\n", "Validation none, as there are no val");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--all-rows",
        "--seed 5",
        "--preset table-fast",
        "--preset table-best",
        "--members 2 --best none",
        "--target age --loss mse",
        "--weight-column area"
      })
  void evaluateSaysWhatTrainSays(String options) throws IOException {
    Run train = train("run", "--quiet " + options).ok("Validation (out of fold, ");
    String used = options.endsWith("fast") ? ", after its last epoch" : USED;
    assertEquals(options.contains("none"), !train.out().contains(used));
    if (options.contains("loss mse")) { // histories have no errors but the loss
      train.says("; R2 alone is known there", "R2: Train ", "RMSE: Train ", " Validation - Test ");
    }
    Run evaluate = Run.line("evaluate --quiet --model", out("run"), "--data", data).ok();
    assertTrue(evaluate.out().endsWith(train.out()), train.out() + evaluate.out());
    Run.line("verify", out("run")).ok("verified: same weights, same metrics");
  }

  /** What a network's own fold chose is not shown as if it were measured on other rows. */
  @Test
  void epochsThatTheFoldsChoseAreNoValidation() throws IOException {
    train("run", "--quiet --class-weights balanced")
        .ok(
            "No validation out of fold: each network chose its epoch by its fold, and classes count")
        .says("Validation - ");
    assertEquals(null, RunRecord.of(out("run")).members().get("valid"));
    Run.line("verify", out("run")).ok("verified: same weights, same metrics");
    train("other", "--quiet").ok("Validation (out of fold, ");
    Path alone = Files.copy(out("other").resolve(RunFiles.MODEL), out("alone.npz"));
    Run.line("evaluate", alone, "--data", data)
        .ok("the files of its run do not say how good other epochs were", "Validation - ");
  }

  /** Only the rows of the training in their order are known to be in the folds. */
  @Test
  void otherRowsHaveNoFolds() throws IOException {
    train("run", "--all-rows");
    List<String> lines = new ArrayList<>(Files.readAllLines(data));
    Collections.reverse(lines.subList(1, lines.size()));
    Path other = Files.write(out("other.csv"), lines);
    Run.line("evaluate --model", out("run"), "--data", other)
        .ok(" Validation - ")
        .omits("out of fold");
    Path valid = Files.write(out("valid.csv"), lines.subList(0, 30));
    train("given", "--all-rows --valid-data " + valid).omits("out of fold");
    assertEquals(
        Optional.empty(),
        Evaluator.validation(model("given"), Datasets.load(data, model("given")), 1));
  }

  @Test
  void reportsNameTheRows() throws IOException {
    train("run", "--all-rows");
    String first = Files.readString(out("run").resolve(RunFiles.REPORT));
    Run.line("report", out("run"), "--out", out("r.html")).ok();
    for (String page : List.of(first, Files.readString(out("r.html")))) {
      assertContains(
          page,
          "% of 150 training rows.",
          " The validation gives an accuracy of ",
          ": it measures each network alone on rows that it was not trained on (150 of the",
          "All figures here, except those of the validation, are measured on",
          "150 training rows. ",
          " The networks have the weights of the epochs ");
      assertTrue(page.contains(" training rows (") && !page.contains("test row"));
    }
  }

  @Test
  void recordsAndComparisonsNameTheRows() throws IOException {
    Run run = train("run", "--all-rows --json");
    Map<String, Object> done = JsonReader.object(run.lines().get(run.lines().size() - 1));
    assertEquals(OUT_OF_FOLD + USED, done.get("validation"));
    assertEquals(null, done.get("test"));
    RunRecord record = RunRecord.of(out("run"));
    assertEquals(OUT_OF_FOLD + USED, record.text("metrics", "validation"));
    assertEquals(120, record.networks(6).get(0).number("train_rows", -1));
    train("two", "--all-rows --members 2");
    String says = "#1: validation " + OUT_OF_FOLD + USED + ".";
    Run.line("compare", out("run"), out("two"), "--out", out("c.html"))
        .ok(says, "#2: validation out of fold, 60 of 150 rows")
        .warns("The rows of #1 and #2 were divided in different ways");
    assertTrue(Files.readString(out("c.html")).contains(says));
    train("again", "--all-rows");
    Run same = Run.line("compare", out("run"), out("again"), "--out", out("c.html")).ok(says);
    assertFalse(same.err().contains("were divided in different ways"), same.err());
  }

  @Test
  void aResumedRunHasTheSameFolds() throws IOException {
    train("whole", "--all-rows");
    Path run = out("run");
    train("run", "--all-rows --checkpoint-every 1e-9");
    Run.line("train --resume --out", run, "--epochs 6").ok("Validation (" + OUT_OF_FOLD);
    Run.line("inspect", run.resolve(RunFiles.MODEL)).ok("folds for validation with seed 0");
    assertEquals(model("whole").division(), model("run").division());
  }
}
