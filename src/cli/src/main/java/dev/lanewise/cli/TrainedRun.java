package dev.lanewise.cli;

import dev.lanewise.files.RunDirectory;
import dev.lanewise.files.RunFiles;
import dev.lanewise.files.RunRecord;
import dev.lanewise.files.Subject;
import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.internal.OutOfFold;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.parallel.Team;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.report.Report;
import dev.lanewise.serve.CoverageLevel;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.DataOptions;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.PythonFormat;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.terminal.Words;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.Score;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingRun.Outcome;
import dev.lanewise.trust.Profile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A training that has ended, whose results are measured, saved and printed. */
final class TrainedRun {
  /** The names of measures of epochs that the history does not have. */
  private static final Map<String, String> MEASURES =
      Map.of("auc", "ROC AUC", "balanced", "balanced accuracy", "f1", "F1", "mae", "MAE");

  private final Training training;
  private final Arguments arguments;
  private final Output output;
  private final RunDirectory files;
  private final RecipeRun run;
  private final List<TrainingMonitor> monitors; // one per network
  private final RunRecorder recorder;
  private Report report; // of a training that reached its end
  private Problem problem; // with which the command ends when everything is saved

  TrainedRun(
      Training training,
      RunDirectory files,
      RecipeRun run,
      List<TrainingMonitor> monitors,
      RunRecorder recorder) {
    this.training = training;
    arguments = training.arguments;
    output = training.output;
    this.files = files;
    this.run = run;
    this.monitors = monitors;
    this.recorder = recorder;
  }

  /** Saves and prints the results. */
  void conclude(Result start) throws IOException {
    boolean isDiverged = run.outcome() == Outcome.DIVERGED;
    Optional<Coverage> coverage =
        isDiverged ? Optional.empty() : RunCoverage.of(run.model(), arguments);
    coverage.ifPresent(found -> CoverageLevel.say(found, DataOptions.CALIBRATION, output));
    Model model = run.model().withTraining(training.options()).withCoverage(coverage);
    FileTask task =
        new FileTask(
            () -> {
              if (!isDiverged) {
                // first, as the most important file
                files.model(Profile.keep(model, training.data()));
              }
              files.history(run.history(), model);
              return null;
            });
    Json best = best();
    best.put(fitted(model));
    Result end;
    try {
      end = measured(model);
    } finally {
      task.await();
    }
    end.values.put(best);
    int most = Team.most(arguments.threads());
    int members = run.members().size();
    end.put("kernels", KernelChoice.current().served())
        .put("threads", members == 1 ? run.members().get(0).threads() : Math.min(members, most));
    if (!Team.isFixed() && most > 1 && members == 1) {
      end.note("Most steps used {threads} of " + most + " threads, the fastest number measured");
    }
    List<String> later = List.of(RunFiles.RECORD, RunFiles.REPORT);
    files.log(start, run.history(), end, later.subList(0, report == null ? 1 : 2));
    RunRecord record = files.record(recorder.json(run, end.values));
    if (report != null) {
      files.text(RunFiles.REPORT, RunReport.add(report, record, run.history()).html());
    }
    output.note(files.describe());
    end.end();
    if (problem != null) {
      throw problem;
    }
  }

  /** Prints from which epochs the weights are, and returns these epochs. */
  private Json best() {
    Json best = new Json();
    if (arguments.text("best").equals("none")) {
      return best;
    }
    List<Integer> epochs = run.members().stream().map(TrainingRun::bestEpoch).toList();
    boolean isKnown = epochs.stream().anyMatch(epoch -> epoch >= 0);
    if (epochs.size() == 1) {
      best.put("best_epoch", isKnown ? epochs.get(0) : null)
          .put("stopped_early", run.outcome() == Outcome.STOPPED_EARLY);
    } else {
      List<String> names = epochs.stream().map(e -> e < 0 ? "the last" : e + "").toList();
      best.put("best_epochs", new TextValue(epochs, String.join(", ", names)));
    }
    if (isKnown) {
      output.note(best.in(epochs.size() == 1 ? bestEpoch(epochs.get(0)) : bestEpochs()));
    }
    return best;
  }

  /** Prints what was fitted to the validation rows after the training, and returns it. */
  private Json fitted(Model model) {
    Json fitted = new Json();
    if (run.outcome() == Outcome.DIVERGED || run.outcome() == Outcome.STOPPED) {
      return fitted;
    }
    if ("greedy".equals(arguments.text("group-weights"))) {
      int each = model.members().size() / training.recipe().groups();
      int[] all = model.memberWeights();
      List<Integer> weights =
          IntStream.range(0, all.length / each).mapToObj(g -> all[g * each]).toList();
      fitted.put(
          "group_weights", new TextValue(weights, weights.toString().replaceAll("[\\[\\]]", "")));
      output.note(
          fitted.in("The configurations weigh {group_weights} in the average, by validation rows"));
    }
    if ("validation".equals(arguments.text("temperature"))) {
      Double temperature = model.calibration().map(known -> known.slopes()[0]).orElse(null);
      fitted.put("temperature", new TextValue(temperature, "" + temperature));
      output.note(
          fitted.in(
              temperature == null
                  ? "Probabilities stay: validation rows ask for no temperature, or are too few"
                  : "Probabilities have the temperature {temperature}, fitted to validation rows"));
    }
    return fitted;
  }

  private String bestEpochs() {
    String by = training.weighted().isEmpty() ? "" : ", by class-weighted validation figures";
    return "The weights of the %s networks are those of the epochs {best_epochs}%s"
        .formatted(run.members().size(), by);
  }

  private String bestEpoch(int best) {
    String stopped =
        run.outcome() == Outcome.STOPPED_EARLY
            ? "Stopped early after epoch " + (run.history().epochs() - 1) + ": the"
            : "The";
    EpochResult result = run.history().results().get(best);
    Loss loss = run.model().loss();
    String name = Scores.lossName(loss, run.model().targetScaling());
    String what = name + " " + PythonFormat.fixed5(result.validLoss());
    String extreme = "smallest";
    String by = arguments.text("best");
    if (MEASURES.containsKey(by)) {
      what = MEASURES.get(by);
      extreme = by.equals("mae") ? "smallest" : "largest";
    } else if (by.equals("error") && !loss.isOwnError()) {
      what = loss.task().score() + " " + PythonFormat.fixed5(result.validScore());
      extreme = "largest";
    }
    return "%s weights are those of epoch {best_epoch}, whose %svalidation %s is the %s"
        .formatted(stopped, training.weighted(), what, extreme);
  }

  /** Says how the training ended, and measures the model if it reached its end. */
  private Result measured(Model model) {
    if (run.outcome() == Outcome.DIVERGED) {
      List<Outcome> outcomes = run.members().stream().map(TrainingRun::outcome).toList();
      TrainingMonitor first = monitors.get(outcomes.indexOf(Outcome.DIVERGED));
      problem = first.divergence(arguments.text("eta"));
      return first.end("diverged");
    } else if (run.outcome() == Outcome.STOPPED) { // without scores: the user wants to stop
      Result end = monitors.get(0).end("interrupted");
      return end.say("Interrupted in " + monitors.get(0).place())
          .say("Weights sha256 {sha256}", "sha256", model.sha256());
    }
    Subject subject = Subject.judged(model, training.data());
    Optional<Evaluation> evaluation = Optional.empty();
    try {
      evaluation = Optional.of(subject.evaluate(arguments));
    } catch (Problem e) {
      problem = e;
    }
    int threads = arguments.threads();
    Optional<Score> outOfFold =
        OutOfFold.score(model, training.data(), run.histories(), run.bestEpochs(), threads);
    Scores scores = new Scores(subject, outOfFold, evaluation.orElse(null), threads);
    Result end = new Result("done", output);
    scores.addTo(end);
    evaluation.ifPresent(
        found -> end.put("imbalance", subject.sayImbalance(found, scores.outOfFold(), output)));
    scores.say(end, model.sha256());
    boolean isTest = subject.splitName.equals("test") && model.loss().task().hasClasses();
    if (training.isWatched()) {
      Evaluation test = isTest ? evaluation.orElse(null) : null;
      TerminalPicture.print(run, subject, test, output);
    }
    String unfit = scores.unfit();
    if (unfit == null && problem != null) {
      output.hint(Words.of(problem) + "; no " + RunFiles.REPORT);
      problem = null;
    } else if (unfit != null && problem == null) {
      problem = Problem.failure(arguments.text("data") + ": split " + unfit);
    }
    report =
        evaluation
            .map(found -> RunReport.of(arguments, subject, found, scores.outOfFold()))
            .orElse(null);
    return end;
  }
}
