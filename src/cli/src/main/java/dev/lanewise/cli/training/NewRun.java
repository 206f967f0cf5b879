package dev.lanewise.cli.training;

import dev.lanewise.cli.inputs.DataSource;
import dev.lanewise.cli.inputs.ModelSource;
import dev.lanewise.cli.inputs.Preset;
import dev.lanewise.cli.inputs.Subject;
import dev.lanewise.cli.live.LiveServer;
import dev.lanewise.cli.live.RunWatcher;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.DataOptions;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.ProgressBar;
import dev.lanewise.cli.print.PythonFormat;
import dev.lanewise.cli.print.Words;
import dev.lanewise.cli.results.CoverageLevel;
import dev.lanewise.cli.results.LeastPicture;
import dev.lanewise.cli.results.RunCoverage;
import dev.lanewise.cli.results.RunReport;
import dev.lanewise.cli.results.Saving;
import dev.lanewise.cli.results.Scores;
import dev.lanewise.cli.results.TerminalPicture;
import dev.lanewise.cli.runs.RunDirectory;
import dev.lanewise.cli.runs.RunFiles;
import dev.lanewise.cli.runs.RunLog;
import dev.lanewise.cli.runs.RunRecord;
import dev.lanewise.data.Dataset;
import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.OutOfFold;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.report.Report;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.Score;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingRun.Outcome;
import dev.lanewise.trust.Familiarity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A training on data, whose model, statistics and curves are saved. */
public final class NewRun {

  private static final int UNCERTAIN_CASES = 5;

  /** The names of measures of epochs that the history does not have. */
  private static final Map<String, String> MEASURES =
      Map.of("auc", "ROC AUC", "balanced", "balanced accuracy", "f1", "F1", "mae", "MAE");

  private final Arguments arguments;
  private final Output output;
  private final Interruption interruption;
  private final KernelWarmUp warmUp;
  private final List<RunRecorder> recorders = new ArrayList<>(); // one per network
  private RunDirectory files;
  private RunLog log;
  private LiveServer page; // null without --live
  private Training training;
  private Dataset data;
  private Path checkpointFile; // the first one; null for a new run
  private final List<Checkpoint> checkpoints = new ArrayList<>(); // one per network to resume
  private String picture; // of uncertain test cases; null where there is none
  private Optional<Coverage> coverage = Optional.empty();
  private Report report; // null as the picture
  private Problem problem; // found in the results; thrown when everything is saved

  public NewRun(
      Arguments arguments, Output output, Interruption interruption, KernelWarmUp warmUp) {
    this.arguments = arguments;
    this.output = output;
    this.interruption = interruption;
    this.warmUp = warmUp;
  }

  /** Trains, and always closes the files. */
  public void run() throws IOException {
    try {
      train();
    } finally {
      if (page != null) {
        page.close();
      }
      if (log != null) {
        log.close();
      }
      if (files != null) {
        files.close();
      }
    }
  }

  private void train() throws IOException {
    if (arguments.has("resume")) {
      resume();
    }
    LiveServer.check(arguments);
    RunCoverage.keepRows(arguments);
    training = new Training(arguments, output, checkpointFile, checkpoints);
    if (checkpoints.isEmpty()) {
      RunDirectory.check(arguments);
    }
    training.load();
    data = training.data();
    requireFamiliar();
    RunCoverage.check(arguments, training.initial(0).loss());
    int every = StateKeeper.every(arguments);
    Json start = startEvent(training.initial(0));
    output.event(start);
    interruption.hold();
    if (files == null) {
      files = RunDirectory.of(arguments);
    }
    Loss loss = training.initial(0).loss();
    long parameters = training.parameters();
    files.prepare(loss, parameters, output);
    StateKeeper.requireRoom(arguments, training, files, output);
    int members = training.members();
    log = new RunLog(files.path(), start, members);
    page = LiveServer.of(arguments, new RunWatcher(files.path()), interruption, output);
    List<TrainingMonitor> monitors = new ArrayList<>();
    RecipeRun run;
    try (ProgressBar bar = training.bar()) {
      for (int m = 0; m < members; m++) {
        monitors.add(
            new TrainingMonitor(
                loss,
                data.targetScaling(),
                arguments.has("verbose"),
                output,
                interruption,
                bar,
                members == 1 ? -1 : m));
        if (m >= recorders.size()) {
          recorders.add(new RunRecorder());
        }
        recorders.get(m).prove(arguments.has("provable"));
        if (m >= checkpoints.size() || checkpoints.get(m) == null) {
          recorders.get(m).begin(training.initial(m));
        }
        for (EpochResult earlier : earlier(m)) {
          log.add(m, earlier, recorders.get(m).norms(earlier));
          if (bar != null) {
            bar.show(earlier, m);
          }
        }
      }
      log.most = RunLog.MOST;
      warmUp.awaitFor((double) training.epochs() * data.train().rows() * parameters);
      recorders.get(0).readAgain(arguments);
      List<String> kept = training.kept();
      run =
          training.run(
              m ->
                  List.of(
                      monitors.get(m),
                      recorders.get(m),
                      result -> log.add(m, result, recorders.get(m).norms(result)),
                      new StateKeeper(files, every, m, output),
                      new CheckpointWriter(files, kept, recorders.get(m), m, output)));
    }
    conclude(run, monitors, start);
  }

  /** Reads the checkpoints and restores the options of their run. */
  private void resume() throws IOException {
    files =
        arguments.has("out") ? RunDirectory.resumed(arguments.path("out")) : RunDirectory.resumed();
    checkpointFile = files.checkpoint(0);
    arguments.restore(checkpointFile, resume(0));
    for (int m = 1; m < new Preset(arguments).recipe().members(); m++) {
      resume(m);
    }
  }

  /**
   * Reads the checkpoint of a network, and returns the options of its run. A network without one,
   * other than the first, begins anew.
   */
  private List<String> resume(int member) throws IOException {
    Path file = files.checkpoint(member);
    Checkpoint checkpoint = null;
    if (member == 0 || Files.exists(file)) {
      try {
        checkpoint = ModelSource.checkpoint(arguments, file, output);
      } catch (IOException e) {
        file = files.previousCheckpoint(member);
        if (file == null) {
          throw e;
        }
        checkpointFile = member == 0 ? file : checkpointFile;
        output.error(Words.of(e) + "; going on from " + file);
        checkpoint = ModelSource.checkpoint(arguments, file, output);
      }
    }
    checkpoints.add(checkpoint);
    recorders.add(new RunRecorder());
    return checkpoint == null ? List.of() : recorders.get(member).resume(checkpoint);
  }

  /** Returns the results of a network that is resumed. */
  private List<EpochResult> earlier(int member) {
    Checkpoint checkpoint = member < checkpoints.size() ? checkpoints.get(member) : null;
    return checkpoint == null ? List.of() : checkpoint.history().results();
  }

  private Json startEvent(Mlp initial) {
    Checkpoint checkpoint = checkpoints.isEmpty() ? null : checkpoints.get(0);
    Json model =
        new Json()
            .put("inputs", data.features())
            .put("hidden", initial.architecture().hidden())
            .put("classes", data.classes())
            .put("parameters", training.parameters())
            .put("loss", initial.loss().label())
            .put("train_rows", training.rows(0).train().rows());
    if (training.members() > 1) {
      model.put("members", training.members());
    }
    return Json.event("start")
        .put("options", arguments.json())
        .put("data", DataSource.json(arguments.path("data"), data))
        .put("model", model)
        .put(
            "resumed",
            checkpoint == null
                ? null
                : new Json().put("epoch", checkpoint.epoch()).put("step", checkpoint.step()))
        .put("kernels", KernelChoice.current().describe())
        .put("threads", Team.most(arguments.threads()));
  }

  /** Saves and prints the results of a training. */
  private void conclude(RecipeRun run, List<TrainingMonitor> monitors, Json start)
      throws IOException {
    int first = 0; // the network that diverged, if one did
    while (run.outcome() == Outcome.DIVERGED
        && run.members().get(first).outcome() != Outcome.DIVERGED) {
      first++;
    }
    TrainingMonitor monitor = monitors.get(first);
    int threads = threads(run);
    if (run.outcome() != Outcome.DIVERGED) {
      coverage = RunCoverage.of(run.model(), arguments);
      coverage.ifPresent(found -> CoverageLevel.say(found, DataOptions.CALIBRATION, output));
    }
    Saving saving = saving(run, training.options(), run.outcome() != Outcome.DIVERGED);
    Json end;
    try {
      end = results(run, monitor);
    } finally {
      saving.await();
    }
    if (picture != null) {
      files.text(RunFiles.UNCERTAIN, picture);
    }
    if (!arguments.text("best").equals("none") && run.members().size() > 1) {
      end.put("best_epochs", run.members().stream().map(TrainingRun::bestEpoch).toList());
    } else if (!arguments.text("best").equals("none")) {
      end.put("best_epoch", run.bestEpoch() < 0 ? null : run.bestEpoch())
          .put("stopped_early", run.outcome() == Outcome.STOPPED_EARLY);
    }
    end.put("kernels", KernelChoice.current().served()).put("threads", threads);
    int most = Team.most(arguments.threads());
    if (!Team.isFixed() && most > 1 && run.members().size() == 1) {
      output.note(
          "Most steps used %s of %s threads, the fastest number measured".formatted(threads, most));
    }
    String[] rest = {RunFiles.RECORD, RunFiles.REPORT};
    files.log(start, run.history(), end, Arrays.copyOf(rest, report == null ? 1 : 2));
    RunRecord record = files.record(RunRecorder.json(recorders, arguments, training, run, end));
    if (report != null) {
      files.text(RunFiles.REPORT, RunReport.add(report, record, run.history()).html());
    }
    output.note(files.describe());
    output.event(end);
    log.end(end);
    if (run.outcome() == Outcome.DIVERGED) {
      throw Problem.failure(
          "training diverged in %s: %s, expected finite numbers; try a smaller --eta than %s",
          monitor.place(), monitor.divergence(), arguments.text("eta"));
    } else if (problem != null) {
      throw problem;
    }
  }

  /** Returns the number of threads that most steps used, or that trained several networks. */
  private int threads(RecipeRun run) {
    int members = run.members().size();
    return members == 1
        ? run.members().get(0).threads()
        : Math.min(members, Team.most(arguments.threads()));
  }

  /** Prints how the training ended, and returns its last event. */
  private Json results(RecipeRun run, TrainingMonitor monitor) {
    String sha256 = run.model().sha256();
    if (run.bestEpoch() >= 0) {
      output.note(bestEpoch(run.members().get(0)));
    } else if (run.members().stream().anyMatch(m -> m.bestEpoch() >= 0)) {
      output.note(bestEpochs(run));
    }
    if (run.outcome() == Outcome.DIVERGED) {
      return monitor.event("diverged");
    } else if (run.outcome() == Outcome.STOPPED) { // without closing lines: the user wants to stop
      output.result("Interrupted in " + monitor.place());
      output.result("Weights sha256 " + sha256);
      return monitor.event("interrupted").put("sha256", sha256);
    }
    return measured(run, sha256);
  }

  /** Measures the model on all splits, and makes the picture and the report of the last one. */
  private Json measured(RecipeRun run, String sha256) {
    Subject subject =
        Subject.judged(run.model().withTraining(training.options()).withCoverage(coverage), data);
    String judge = subject.splitName;
    Evaluation evaluation = null;
    try {
      evaluation = subject.evaluate(arguments);
    } catch (Problem e) {
      problem = e;
    }
    int threads = arguments.threads();
    Optional<Score> outOfFold =
        OutOfFold.score(subject.model, data, run.histories(), run.bestEpochs(), threads);
    Scores scores = new Scores(subject.model, data, threads, outOfFold, judge, evaluation);
    Json done = scores.addTo(Json.event("done"));
    if (evaluation != null) {
      done.put("imbalance", subject.sayImbalance(evaluation, output));
    }
    scores.print(output, run.model().loss(), sha256);
    boolean isTest = judge.equals("test") && run.model().loss().task().hasClasses();
    Evaluation test = isTest ? evaluation : null;
    if (training.isWatched()) {
      TerminalPicture.print(run, subject, test, output);
    }
    if (test != null) {
      picture = LeastPicture.of(subject, test, UNCERTAIN_CASES);
    }
    if (evaluation != null) {
      report =
          RunReport.of(
              arguments.path("data"), subject, evaluation, scores.outOfFold(), arguments.threads());
    }
    String unfit = scores.unfit();
    if (unfit == null && problem != null) {
      output.hint(Words.of(problem) + "; no " + RunFiles.REPORT);
      problem = null;
    } else if (unfit != null && problem == null) {
      problem = Problem.failure(arguments.text("data") + ": split " + unfit);
    }
    return done.put("sha256", sha256);
  }

  /** Describes the epochs whose weights the networks have. */
  private String bestEpochs(RecipeRun run) {
    String epochs =
        String.join(
            ", ",
            run.members().stream()
                .map(m -> m.bestEpoch() < 0 ? "the last" : Integer.toString(m.bestEpoch()))
                .toList());
    String by = training.weighted().isEmpty() ? "" : ", by class-weighted validation figures";
    return "The weights of the %s networks are those of the epochs %s%s"
        .formatted(run.members().size(), epochs, by);
  }

  /** Refuses data or networks whose familiarity could not be kept after the training. */
  private void requireFamiliar() {
    if (!arguments.has(KeptFacts.FAMILIAR)) {
      return;
    } else if (training.initial(0).architecture().hidden().isEmpty()) {
      throw Problem.usage("--familiar: a network without a hidden layer, expected at least one");
    } else if (data.validation().isEmpty() && data.test().isEmpty()) {
      throw Problem.failure(
          "--familiar: no validation and no test rows, expected either, as training rows are more"
              + " like themselves than others are");
    }
    output.note(
        "How familiar rows are takes at most %s bytes of the model file",
        Familiarity.bytes(training.initial(0)));
  }

  private Saving saving(RecipeRun run, List<String> options, boolean withModel) {
    return new Saving(
        () -> {
          if (withModel) {
            Model model = run.model().withTraining(options);
            model = KeptFacts.kept(model, training).withCoverage(coverage);
            files.model(model); // first, as the most important file
          }
          files.history(run.history(), run.model());
          return null;
        });
  }

  private String bestEpoch(TrainingRun run) {
    String stopped =
        run.outcome() == Outcome.STOPPED_EARLY
            ? "Stopped early after epoch " + (run.history().epochs() - 1) + ": the"
            : "The";
    EpochResult result = run.history().results().get(run.bestEpoch());
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
    return "%s weights are those of epoch %s, whose %svalidation %s is the %s"
        .formatted(stopped, run.bestEpoch(), training.weighted(), what, extreme);
  }
}
