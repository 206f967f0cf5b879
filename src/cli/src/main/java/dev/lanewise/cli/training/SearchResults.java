package dev.lanewise.cli.training;

import dev.lanewise.cli.inputs.Preset;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.print.Result.Decided;
import dev.lanewise.cli.print.Result.MeasuredOn;
import dev.lanewise.cli.print.Shown;
import dev.lanewise.cli.print.Table;
import dev.lanewise.cli.results.RecordedScores;
import dev.lanewise.cli.results.Scores;
import dev.lanewise.cli.runs.RunRecord;
import dev.lanewise.data.Dataset;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.report.RunComparison;
import dev.lanewise.report.SearchPage;
import dev.lanewise.rows.Division;
import dev.lanewise.selection.GreedyEnsemble;
import dev.lanewise.selection.SearchRun;
import dev.lanewise.selection.Trial;
import dev.lanewise.selection.ValidationScoring;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.train.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a search found: the best trial, and an ensemble of the trials. */
public final class SearchResults {
  /** Largest number of selections, as a prediction computes all networks of each. */
  private static final int SELECTED = 5;

  private final SearchRun run;
  private final Trial winner;
  private final Dataset data;
  private final GreedyEnsemble selected;

  /** What was found. */
  public final Result result;

  private final Result best; // its part about the winner

  /** The selected networks as one model. */
  public final Model ensemble;

  private final Map<Trial, Integer> members = new LinkedHashMap<>(); // with their weights
  private final Score test; // of the ensemble; null without test rows

  /** Selects the ensemble, and measures it. */
  public SearchResults(
      SearchRun run, Dataset data, ValidationScoring scoring, int threads, Output output) {
    this.run = run;
    this.data = data;
    winner = run.winner().orElseThrow();
    List<Model> models = List.copyOf(run.candidates().values());
    selected = scoring.select(models, SELECTED);
    ensemble = scoring.model(selected, models).withTraining(List.of("searched=yes"));
    List<Trial> candidates = List.copyOf(run.candidates().keySet());
    for (int i = 0; i < selected.members().size(); i++) {
      members.put(candidates.get(selected.members().get(i)), selected.weights().get(i));
    }
    test =
        data.test()
            .map(rows -> Evaluator.evaluate(ensemble, rows, threads))
            .map(RecordedScores::of)
            .orElse(null);
    result =
        new Result("searched", output)
            .put("trials", run.count())
            .put("trainings", run.trials().size());
    best = result.part("winner").on(measuredOn(Decided.EPOCH, Decided.OPTIONS));
    best.values.put(SearchProgress.json(winner));
  }

  /** Says the best trial. */
  public void sayWinner() {
    best.say(
        "Trial {trial} of "
            + run.count()
            + " has the smallest validation loss, {validation_loss}, by which it was chosen: {options}");
  }

  /**
   * Says the ensemble, and completes the event.
   *
   * @param trained the record of the winner's training
   */
  public void sayEnsemble(RunRecord trained, double seconds) throws IOException {
    Loss loss = data.loss();
    best.part("test", Scores.json(RecordedScores.of(trained).get("test"), false), measuredOn());
    List<String> names = new ArrayList<>();
    members.forEach(
        (trial, weight) ->
            names.add(trial.number() + (weight == 1 ? "" : " (weight " + weight + ")")));
    Table<Trial> networks =
        Table.of(List.copyOf(members.keySet()))
            .column("trial", Trial::number)
            .column("rung", Trial::rung)
            .column("weight", members::get)
            .column("sha256", Trial::sha256);
    Result found = result.part("ensemble");
    found
        .on(measuredOn(Decided.EPOCH, Decided.OPTIONS))
        .put("members", new Shown(networks, String.join(", ", names)))
        .say(
            "Ensemble of the networks of trials: {members} (%s in all)"
                .formatted(ensemble.members().size()))
        .put("validation_loss", selected.loss())
        .part("test", Scores.json(test, false), measuredOn());
    for (String name : RunComparison.RANKING) {
      if (test != null && !Double.isNaN(test.figure(name))) {
        String title = RunComparison.title(name);
        found.say("Rarer class, " + title + ": Validation - Test {test." + name + "}");
      }
    }
    found
        .say(Scores.lossName(loss, data.targetScaling()) + ": Validation - Test {test.ce}")
        .say(Scores.accuracyName(loss) + ": Validation - Test {test.acc}")
        .put("sha256", ensemble.sha256());
    result.put("seconds", seconds);
  }

  private MeasuredOn measuredOn(Decided... decided) {
    boolean isGrouped = Division.of(data).filter(DivisionOptions::isGrouped).isPresent();
    return new MeasuredOn(Set.of(decided), isGrouped);
  }

  /** Returns the page about the search. */
  public String page(Path file, RunRecord trained, double seconds) throws IOException {
    Path name = file.toAbsolutePath().normalize().getFileName();
    List<Trial> shown = run.trials().stream().map(SearchResults::named).toList();
    Map<String, Score> scores = RecordedScores.of(trained);
    String score = data.loss().task().score();
    Double training = trained.get(Double.class, "seconds_of_epochs");
    return new SearchPage(String.valueOf(name), shown, named(winner), score)
        .result("winner, trial " + winner.number(), scores.get("test"))
        .result("ensemble of trials", test)
        .fact("networks of the ensemble", Integer.toString(ensemble.members().size()))
        .fact("epochs", Integer.toString(winner.epochs()))
        .fact("seconds of training the winner", training == null ? "-" : Math.round(training) + "")
        .fact("seconds of the search", Long.toString(Math.round(seconds)))
        .html();
  }

  private static Trial named(Trial t) {
    Map<String, String> names = Preset.words(t.options());
    return new Trial(
        t.number(), t.rung(), t.epochs(), names, t.bestEpoch(), t.loss(), t.score(), t.sha256());
  }
}
