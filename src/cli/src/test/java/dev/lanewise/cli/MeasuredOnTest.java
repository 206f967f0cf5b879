package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.files.RunRecord;
import dev.lanewise.files.Subject;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.selection.Search;
import dev.lanewise.selection.SearchRun;
import dev.lanewise.selection.SearchSpace;
import dev.lanewise.selection.ValidationScoring;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.Result.Decided;
import dev.lanewise.terminal.Result.MeasuredOn;
import dev.lanewise.terminal.Usage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what is known of the rows on which figures are measured. */
class MeasuredOnTest {
  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());
  private static final Output SILENT = new Output(NOWHERE, NOWHERE, true, false);

  @TempDir Path directory;

  private static Subject subject(Object... words) throws IOException {
    List<String> options = List.of(words).stream().map(String::valueOf).toList();
    return Subject.load(new Arguments(Usage.of("evaluate"), options), SILENT, false);
  }

  private static MeasuredOn rows(Object... words) throws IOException {
    return subject(words).measuredOn();
  }

  @Test
  void splitsSayWhatTheirRowsDecided() throws IOException {
    StringBuilder text = new StringBuilder("who,x,kind\n");
    for (int row = 0; row < 200; row++) {
      text.append(row / 4).append(',').append(row % 7).append(row % 7 < 3 ? ",a\n" : ",b\n");
    }
    Path table = Files.writeString(directory.resolve("table.csv"), text);
    Path run = directory.resolve("run");
    Run.line(
            "train --preset course --epochs 1 --group who --calibration-fraction 0.2 %s --target kind --out %s",
            table, run)
        .ok();
    Path calibrated = directory.resolve("calibrated.npz");
    Model model = Model.load(run.resolve("nn_model.npz"));
    model.withCalibration(Optional.of(Calibration.temperature(2))).save(calibrated);
    assertEquals(new MeasuredOn(Set.of(Decided.WEIGHTS), true), rows(run, "--split=train"));
    assertEquals(new MeasuredOn(Set.of(Decided.EPOCH), true), rows(run, "--split=valid"));
    assertEquals(new MeasuredOn(Set.of(), true), rows(run, "--split=test"));
    assertEquals(new MeasuredOn(Set.of(), true), rows(run, "--split=calibration"));
    assertEquals(
        new MeasuredOn(Set.of(Decided.TEMPERATURE), true),
        rows(calibrated, table, "--split=calibration"));
    Run.line("evaluate", run, "--split=all --json").ok().says("\"split\":\"all\",\"rows\":200,");
    Run.line("evaluate", run, "--split=all")
        .ok(
            "test and calibration ",
            "No 95% intervals: the model was trained on some of these rows")
        .says(" Test -");
    Path others = Files.writeString(directory.resolve("others.csv"), text + "99,1,a\n");
    assertEquals(new MeasuredOn(Set.of(), true), rows(run, others)); // it has the column who
    Path without = Files.writeString(directory.resolve("without.csv"), "x,kind\n1,a\n5,b\n");
    assertEquals(new MeasuredOn(Set.of(), false), rows(run, without));
    assertParts(subject(run, "--split=test"), RunRecord.of(run));
  }

  /** Checks the parts of the results of a training and a search. */
  private static void assertParts(Subject test, RunRecord run) throws IOException {
    Result done = new Result("done", SILENT);
    new Scores(test, Optional.empty(), null, 1).addTo(done);
    assertEquals(new MeasuredOn(Set.of(Decided.WEIGHTS), true), done.parts.get("train").measuredOn);
    assertEquals(new MeasuredOn(Set.of(Decided.EPOCH), true), done.parts.get("valid").measuredOn);
    assertEquals(new MeasuredOn(Set.of(), true), done.parts.get("test").measuredOn);
    SearchSpace space = SearchSpace.EMPTY.with("learningRate", "0.1,0.2");
    ValidationScoring scoring = ValidationScoring.of(Recipe.COURSE.with("epochs", "1"), test.data);
    SearchRun found = Search.of(Recipe.COURSE, space).trials(2).run(scoring);
    SearchResults results = new SearchResults(found, test.data, scoring, 1, SILENT);
    Recipe recipe = Recipe.COURSE;
    for (Map.Entry<String, String> option : results.options().entrySet()) {
      recipe = recipe.with(option.getKey(), option.getValue());
    }
    results.sayModels(recipe.fit(test.data).model(), 1);
    for (String name : List.of("winner", "ensemble")) {
      Result part = results.result.parts.get(name);
      assertEquals(new MeasuredOn(Set.of(Decided.EPOCH, Decided.OPTIONS), true), part.measuredOn);
      assertEquals(new MeasuredOn(Set.of(), true), part.parts.get("test").measuredOn);
    }
  }
}
