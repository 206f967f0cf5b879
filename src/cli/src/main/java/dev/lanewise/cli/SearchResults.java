package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.report.RunComparison;
import dev.lanewise.report.SearchPage;
import dev.lanewise.selection.Interval;
import dev.lanewise.selection.PairedComparison;
import dev.lanewise.selection.SearchChoice;
import dev.lanewise.selection.SearchRun;
import dev.lanewise.selection.Trial;
import dev.lanewise.selection.ValidationScoring;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.PythonFormat;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.Table;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.terminal.Words;
import dev.lanewise.train.Score;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a search found: the best trial, an ensemble of the trials, and which model is kept. */
public final class SearchResults {
  private static final List<String> SEARCHED = List.of("searched=yes");
  private static final String PRESET = "preset, trial 1";
  private static final String ENSEMBLE = "ensemble of trials";

  private final SearchRun run;
  private final Trial winner;
  private final Dataset data;
  private final int threads;
  private final SearchChoice choice;
  private final Model kept; // as the trials made it
  private final List<Found> models = new ArrayList<>();

  /** What was found. */
  public final Result result;

  private final Result found; // its part about the winner
  private final Result own; // about the ensemble
  private String why = ""; // this model is kept
  private Table<Found> table; // of the models

  /** The model of the best trial. */
  public final Model best;

  public final Model ensemble;

  /** Whether the kept model has the preset's own options. */
  public final boolean isPreset;

  /**
   * A model that the search gave.
   *
   * @param loss on the validation rows
   * @param test its results on the test rows; null if there are none
   */
  private record Found(String name, double loss, Evaluation test) {
    Score score() {
      return test == null ? null : RecordedScores.of(test);
    }

    double figure(String figure) {
      return test == null ? Double.NaN : score().figure(figure);
    }
  }

  /** Whether the ensemble is another model than the one that is kept. */
  public final boolean isBeside;

  /** Selects the ensemble, decides which model is kept, and says both. */
  public SearchResults(
      SearchRun run, Dataset data, ValidationScoring scoring, int threads, Output output) {
    this.run = run;
    this.data = data;
    this.threads = threads;
    winner = run.winner().orElseThrow();
    best = run.candidates().get(winner).withTraining(SEARCHED);
    choice = scoring.choose(run);
    ensemble = scoring.model(run, choice.ensemble()).withTraining(SEARCHED);
    kept = scoring.model(run, choice.kept());
    isPreset = options().isEmpty();
    isBeside = !run.options(choice.ensemble()).equals(options());
    result =
        new Result("searched", output)
            .put("trials", run.count())
            .put("trainings", run.trials().size())
            .put("interrupted", run.wasEnded());
    found = result.part("winner");
    found.values.put(SearchProgress.json(winner));
    found.say(chosen());
    own = result.part("ensemble");
    own.put("members", members())
        .put("validation_loss", choice.ensemble().loss())
        .put("sha256", ensemble.sha256())
        .say(
            "Ensemble of the networks of trials: {members} (%s in all)"
                .formatted(ensemble.members().size()));
    if (run.usual().isPresent()) {
      Result part =
          result
              .part("kept")
              .put("model", isPreset ? "preset" : "ensemble")
              .put("difference", choice.difference())
              .put("standard_error", choice.error());
      why = part.values.in(why());
      part.say(why);
    }
  }

  /** Returns the trials of the ensemble with their weights. */
  private TextValue members() {
    List<Trial> candidates = List.copyOf(run.candidates().keySet());
    List<Json> members = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < choice.ensemble().members().size(); i++) {
      Trial trial = candidates.get(choice.ensemble().members().get(i));
      int weight = choice.ensemble().weights().get(i);
      names.add(trial.number() + (weight == 1 ? "" : " (weight " + weight + ")"));
      Json member = new Json().put("trial", trial.number()).put("weight", weight);
      members.add(member.put("sha256", trial.sha256()));
    }
    return new TextValue(members, String.join(", ", names));
  }

  private String why() {
    if (isPreset && !isBeside) {
      return "Kept: the preset's own options, which won; train gives the same model without a"
          + " search";
    }
    String loss =
        "its mean loss on validation rows less that of the preset's own options is {difference},"
            + " with a standard error of {standard_error}";
    return isPreset
        ? "Kept: the preset's own options; the ensemble, in "
            + SearchFiles.ENSEMBLE
            + ", is not better by more than one standard error: "
            + loss
        : "Kept: the ensemble, which is better by more than one standard error: " + loss;
  }

  /** Returns the options of the model that is kept, by their names in recipes. */
  public Map<String, String> options() {
    return run.options(choice.kept());
  }

  /**
   * Says how good the models are, and completes the event.
   *
   * @param trained the model of the training, which must have the networks of the trials
   */
  public void sayModels(Model trained, double seconds) {
    if (!trained.sha256().equals(kept.sha256())) {
      throw Problem.failure(
          "the training of the selected trials gave the weights %s, expected %s as in the trials"
              + " (was the data changed meanwhile?)",
          trained.sha256(), kept.sha256());
    }
    run.usual().ifPresent(trial -> add(PRESET, run.candidates().get(trial), trial.loss()));
    add("winner, trial " + winner.number(), best, winner.loss());
    add(ENSEMBLE, ensemble, choice.ensemble().loss());
    found.part("test", Scores.json(models.get(models.size() - 2).score(), false));
    own.part("test", Scores.json(models.get(models.size() - 1).score(), false));
    table = Table.of(models).text("model", Found::name);
    for (String name : RunComparison.RANKING) {
      if (models.stream().anyMatch(model -> !Double.isNaN(model.figure(name)))) {
        table.column("test_" + name, model -> model.figure(name));
      }
    }
    String kind = "test_" + data.loss().task().score().toLowerCase(Locale.ROOT);
    table
        .column("test_loss", model -> model.test == null ? null : model.score().loss())
        .column(kind, model -> model.test == null ? null : model.score().accuracy())
        .column("validation_loss", Found::loss)
        .column("kept", model -> model.name.equals(isPreset ? PRESET : ENSEMBLE) ? "yes" : "no");
    result.note(
        "The validation loss is that of networks at the epochs that are best on these rows, without"
            + " a temperature: train's is of other epochs or has a temperature");
    result.table("models", table);
    compare();
    result.put("seconds", seconds);
  }

  private void add(String name, Model model, double loss) {
    Evaluation test =
        data.test().map(rows -> Evaluator.evaluate(model, rows, threads)).orElse(null);
    models.add(new Found(name, loss, test));
  }

  /** Compares the ensemble with the preset's own options on rows that no trial saw. */
  private void compare() {
    Evaluation test = models.get(models.size() - 1).test;
    Evaluation other = models.get(0).test;
    if (test == null || run.usual().isEmpty() || isPreset && !isBeside) {
      return;
    }
    String figure = data.loss().task().hasNumbers() ? "r2" : "accuracy";
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
        .put("figure", figure)
        .put("rows", data.test().orElseThrow().rows())
        .put("ensemble", TextValue.measure(models.get(models.size() - 1).score().accuracy()))
        .put("preset", TextValue.measure(models.get(0).score().accuracy()))
        .put("difference", TextValue.measure(gain.difference()))
        .put("interval", new TextValue(ScoreIntervals.shown(interval).value(), ends))
        .put("p", gain.p())
        .say(
            "On the {rows} test rows, the ensemble has {figure} {ensemble} and the preset's own"
                + " options have {preset}: difference {difference}, 95% interval {interval}");
  }

  /** Returns the page about the search. */
  public String page(Path file) {
    String name = String.valueOf(file.toAbsolutePath().normalize().getFileName());
    String lead = found.values.in(chosen()) + "." + (why.isEmpty() ? "" : " " + why + ".");
    return SearchPage.html(name, lead, table.cells(), run.trials());
  }

  private String chosen() {
    return "Trial {trial} of "
        + run.count()
        + " has the smallest validation loss, {validation_loss}, by which it was chosen: {options}";
  }
}
