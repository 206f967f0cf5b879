package dev.lanewise.cli.training;

import dev.lanewise.cli.inputs.Preset;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.PythonFormat;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.print.Result.Decided;
import dev.lanewise.cli.print.Result.MeasuredOn;
import dev.lanewise.cli.print.Shown;
import dev.lanewise.cli.print.Table;
import dev.lanewise.cli.print.Words;
import dev.lanewise.cli.results.RecordedScores;
import dev.lanewise.cli.results.ScoreIntervals;
import dev.lanewise.cli.results.Scores;
import dev.lanewise.cli.runs.RunRecord;
import dev.lanewise.data.Dataset;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.report.RunComparison;
import dev.lanewise.report.SearchPage;
import dev.lanewise.rows.Division;
import dev.lanewise.selection.GreedyEnsemble;
import dev.lanewise.selection.Interval;
import dev.lanewise.selection.PairedComparison;
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
import java.util.Optional;
import java.util.Set;

/** What a search found: the best trial, and an ensemble of the trials, which is trained again. */
public final class SearchResults {
  private final SearchRun run;
  private final Trial winner;
  private final Dataset data;
  private final int threads;
  private final GreedyEnsemble selected;
  private final List<String> digests = new ArrayList<>(); // of the selected networks
  private Evaluation test; // results of the ensemble; null without test rows
  private Evaluation testOfBest; // likewise of the best trial

  /** What was found. */
  public final Result result;

  private final Result found; // its part about the winner

  /** The model of the best trial. */
  public final Model best;

  private final Map<Trial, Integer> members = new LinkedHashMap<>(); // with their weights

  /** Selects the ensemble. */
  public SearchResults(
      SearchRun run, Dataset data, ValidationScoring scoring, int threads, Output output) {
    this.run = run;
    this.data = data;
    this.threads = threads;
    winner = run.winner().orElseThrow();
    best = run.candidates().get(winner).withTraining(List.of("searched=yes"));
    List<Model> models = List.copyOf(run.candidates().values());
    selected = scoring.select(run);
    List<Trial> candidates = List.copyOf(run.candidates().keySet());
    for (int i = 0; i < selected.members().size(); i++) {
      int member = selected.members().get(i);
      members.put(candidates.get(member), selected.weights().get(i));
      models.get(member).members().forEach(network -> digests.add(network.sha256()));
    }
    result =
        new Result("searched", output)
            .put("trials", run.count())
            .put("trainings", run.trials().size())
            .put("interrupted", run.wasEnded());
    found = result.part("winner").on(measuredOn(Decided.EPOCH, Decided.OPTIONS));
    found.values.put(SearchProgress.json(winner));
  }

  /** Says the best trial. */
  public void sayWinner() {
    found.say(
        "Trial {trial} of "
            + run.count()
            + " has the smallest validation loss, {validation_loss}, by which it was chosen: {options}");
  }

  /** Returns the options of the ensemble by their names in recipes. */
  public Map<String, String> options() {
    return run.options(selected);
  }

  private Evaluation test(Model model) {
    return data.test().map(rows -> Evaluator.evaluate(model, rows, threads)).orElse(null);
  }

  private static Score score(Evaluation test) {
    return test == null ? null : RecordedScores.of(test);
  }

  /**
   * Says the ensemble, and completes the event.
   *
   * @param ensemble the model of the training, which must have the networks of the trials
   */
  public void sayEnsemble(Model ensemble, double seconds) {
    List<String> trained = ensemble.members().stream().map(Mlp::sha256).toList();
    if (!trained.equals(digests)) {
      throw Problem.failure(
          "the training of the selected trials gave the networks %s, expected %s as in the trials"
              + " (was the data changed meanwhile?)",
          trained, digests);
    }
    test = test(ensemble);
    testOfBest = test(best);
    found.part("test", Scores.json(score(testOfBest), false), measuredOn());
    List<String> names = new ArrayList<>();
    members.forEach(
        (trial, weight) ->
            names.add(trial.number() + (weight == 1 ? "" : " (weight " + weight + ")")));
    Table<Trial> networks =
        Table.of(List.copyOf(members.keySet()))
            .column("trial", Trial::number)
            .column("weight", members::get)
            .column("sha256", Trial::sha256);
    Result own = result.part("ensemble");
    own.on(measuredOn(Decided.EPOCH, Decided.OPTIONS))
        .put("members", new Shown(networks, String.join(", ", names)))
        .say(
            "Ensemble of the networks of trials: {members} (%s in all)"
                .formatted(ensemble.members().size()))
        .put("validation_loss", selected.loss())
        .part("test", Scores.json(score(test), false), measuredOn());
    for (String name : RunComparison.RANKING) {
      if (test != null && !Double.isNaN(score(test).figure(name))) {
        String title = RunComparison.title(name);
        own.say("Rarer class, " + title + ": Validation - Test {test." + name + "}");
      }
    }
    own.say(Scores.lossName(data.loss(), data.targetScaling()) + ": Validation - Test {test.ce}")
        .say(Scores.accuracyName(data.loss()) + ": Validation - Test {test.acc}")
        .put("sha256", ensemble.sha256());
    compare();
    result.put("seconds", seconds);
  }

  /** Compares the ensemble with the preset's own options on rows that no trial saw. */
  private void compare() {
    Optional<Model> usual =
        run.candidates().entrySet().stream()
            .filter(each -> each.getKey().number() == 1 && each.getKey().options().isEmpty())
            .map(Map.Entry::getValue)
            .findFirst();
    if (usual.isEmpty()) {
      return;
    } else if (usual.get().members().stream().map(Mlp::sha256).toList().equals(digests)) {
      result.say("The preset's own options won: train gives the same model without a search");
      return;
    } else if (test == null) {
      result.say("Without test rows, the ensemble is not compared with the preset's own options");
      return;
    }
    String figure = data.loss().task().hasNumbers() ? "r2" : "accuracy";
    Evaluation other = test(usual.get());
    PairedComparison gain;
    try {
      gain = PairedComparison.of(test, other, figure, data.groups("test"));
    } catch (IllegalArgumentException e) {
      result.say("The ensemble is not compared with the preset's own options: " + Words.of(e));
      return;
    }
    Interval interval = gain.interval();
    String ends =
        PythonFormat.measure(interval.low()) + " to " + PythonFormat.measure(interval.high());
    result
        .part("gain")
        .on(measuredOn())
        .put("figure", figure)
        .put("rows", data.test().orElseThrow().rows())
        .put("ensemble", Shown.measure(score(test).accuracy()))
        .put("preset", Shown.measure(score(other).accuracy()))
        .put("difference", Shown.measure(gain.difference()))
        .put("interval", new Shown(ScoreIntervals.shown(interval).value(), ends))
        .put("p", gain.p())
        .say(
            "On the {rows} test rows, the ensemble has {figure} {ensemble} and the preset's own"
                + " options have {preset}: difference {difference}, 95% interval {interval}, "
                + (interval.low() > 0
                    ? "so the search has gained more than chance explains"
                    : interval.high() < 0
                        ? "so train without the searched options is better"
                        : "so these rows show no gain over train without the searched options"));
  }

  private MeasuredOn measuredOn(Decided... decided) {
    boolean isGrouped = Division.of(data).filter(DivisionOptions::isGrouped).isPresent();
    return new MeasuredOn(Set.of(decided), isGrouped);
  }

  /** Returns the page about the search. */
  public String page(Path file, RunRecord trained, double seconds) throws IOException {
    Path name = file.toAbsolutePath().normalize().getFileName();
    List<Trial> shown = run.trials().stream().map(SearchResults::named).toList();
    String score = data.loss().task().score();
    Double training = trained.get(Double.class, "seconds_of_epochs");
    return new SearchPage(String.valueOf(name), shown, named(winner), score)
        .result("winner, trial " + winner.number(), score(testOfBest))
        .result("ensemble of trials", score(test))
        .fact("networks of the ensemble", Integer.toString(digests.size()))
        .fact("epochs", Integer.toString(winner.epochs()))
        .fact(
            "seconds of training the ensemble", training == null ? "-" : Math.round(training) + "")
        .fact("seconds of the search", Long.toString(Math.round(seconds)))
        .html();
  }

  private static Trial named(Trial t) {
    Map<String, String> names = Preset.words(t.options());
    return new Trial(t.number(), t.epochs(), names, t.bestEpoch(), t.loss(), t.score(), t.sha256());
  }
}
