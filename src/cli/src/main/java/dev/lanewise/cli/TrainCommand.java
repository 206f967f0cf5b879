package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;
import dev.lanewise.report.Report;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingRun.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** {@code train}: trains a model on data, and saves its statistics and curves. */
final class TrainCommand implements Command {
  private static final int UNCERTAIN_CASES = 5;

  private KernelWarmUp warmUp;
  private Arguments arguments;
  private Output output;
  private final RunRecorder recorder = new RunRecorder();
  private RunDirectory files;
  private Training training;
  private Dataset data;
  private Path checkpointFile; // null, like the checkpoint, for a new run
  private Checkpoint checkpoint;
  private String picture; // of uncertain test cases; null where there is none
  private Report report; // null as the picture
  private Problem problem; // found in the results; thrown when everything is saved

  @Override
  public void prepare() {
    warmUp = new KernelWarmUp();
  }

  @Override
  public void close() {
    if (warmUp != null) {
      warmUp.close();
    }
  }

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    this.arguments = arguments;
    this.output = output;
    try {
      train(interruption);
    } finally {
      if (files != null) {
        files.close();
      }
    }
  }

  private void train(Interruption interruption) throws IOException {
    if (arguments.has("resume")) {
      resume();
    }
    training = new Training(arguments, output, checkpointFile, checkpoint);
    checkPlace();
    TrainerBuilder trainer = training.load();
    data = training.data();
    Json start = startEvent(training.initial());
    output.event(start);
    interruption.hold();
    if (files == null) {
      files =
          arguments.has("out")
              ? RunDirectory.of(arguments.path("out"), arguments.has("force"))
              : RunDirectory.next();
    }
    Loss loss = training.initial().loss();
    int parameters = training.initial().parameterCount();
    files.prepare(loss, parameters, output);
    TrainingMonitor monitor =
        new TrainingMonitor(
            loss,
            data.targetScaling(),
            arguments.has("verbose"),
            output,
            interruption,
            training.bar());
    TrainingRun run;
    try {
      warmUp.awaitFor((double) training.epochs() * data.train().rows() * parameters);
      if (checkpoint == null) {
        recorder.begin(training.initial());
      }
      recorder.readAgain(arguments);
      trainer.listener(monitor).listener(recorder);
      trainer.listener(new CheckpointWriter(files, training.kept(), recorder, output));
      run = training.run(trainer.build());
    } finally {
      monitor.close();
    }
    conclude(run, monitor, start);
  }

  /** Reads the checkpoint and restores the options of its run. */
  private void resume() throws IOException {
    files =
        arguments.has("out") ? RunDirectory.resumed(arguments.path("out")) : RunDirectory.resumed();
    checkpointFile = files.checkpoint();
    try {
      checkpoint = ModelSource.checkpoint(arguments, checkpointFile, output);
    } catch (IOException e) {
      checkpointFile = files.previousCheckpoint();
      if (checkpointFile == null) {
        throw e;
      }
      output.error(Words.of(e) + "; going on from " + checkpointFile);
      checkpoint = ModelSource.checkpoint(arguments, checkpointFile, output);
    }
    List<String> options = recorder.resume(checkpoint);
    arguments.restore(checkpointFile, options, CheckpointWriter.FREE);
  }

  /** Refuses a directory that cannot be written to, before anything is read. */
  private void checkPlace() throws IOException {
    boolean force = arguments.has("force");
    if (checkpoint != null) {
      assert !force; // restore() refuses it with --resume
    } else if (arguments.has("out")) {
      RunDirectory.check(arguments.path("out"), force);
    } else if (force) {
      throw Problem.usage("--force: nothing to replace, expected --out DIR");
    }
  }

  private Json startEvent(Mlp initial) {
    return Json.event("start")
        .put("options", arguments.json())
        .put("data", DataSource.json(arguments.path("data"), data))
        .put(
            "model",
            new Json()
                .put("inputs", data.features())
                .put("hidden", initial.architecture().hidden())
                .put("classes", data.classes())
                .put("parameters", initial.parameterCount()))
        .put(
            "resumed",
            checkpoint == null
                ? null
                : new Json().put("epoch", checkpoint.epoch()).put("step", checkpoint.step()))
        .put("kernels", KernelChoice.current().describe())
        .put("threads", Team.most(arguments.threads()));
  }

  /** Saves and prints the results of a training. */
  private void conclude(TrainingRun run, TrainingMonitor monitor, Json start) throws IOException {
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
    if (!arguments.text("best").equals("none")) {
      end.put("best_epoch", run.bestEpoch() < 0 ? null : run.bestEpoch())
          .put("stopped_early", run.outcome() == Outcome.STOPPED_EARLY);
    }
    end.put("kernels", KernelChoice.current().served()).put("threads", run.threads());
    int most = Team.most(arguments.threads());
    if (!Team.isFixed() && most > 1) {
      output.note(
          "Most steps used %s of %s threads, the fastest number measured"
              .formatted(run.threads(), most));
    }
    String[] rest = {RunFiles.RECORD, RunFiles.REPORT};
    files.log(start, run.history(), end, Arrays.copyOf(rest, report == null ? 1 : 2));
    RunRecord record = files.record(recorder.json(arguments, training, run, end));
    if (report != null) {
      files.text(RunFiles.REPORT, RunReport.add(report, record, run.history()).html());
    }
    output.note(files.describe());
    output.event(end);
    if (run.outcome() == Outcome.DIVERGED) {
      throw Problem.failure(
          "training diverged in %s: %s, expected finite numbers; try a smaller --eta than %s",
          monitor.place(), monitor.divergence(), arguments.text("eta"));
    } else if (problem != null) {
      throw problem;
    }
  }

  /** Prints how the training ended, and returns its last event. */
  private Json results(TrainingRun run, TrainingMonitor monitor) {
    String sha256 = run.model().sha256();
    if (run.bestEpoch() >= 0) {
      output.note(bestEpoch(run, arguments.text("best")));
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
  private Json measured(TrainingRun run, String sha256) {
    Subject subject = Subject.judged(run.model(), data);
    String judge = subject.splitName;
    Evaluation evaluation = null;
    try {
      evaluation = subject.evaluate(arguments);
    } catch (Problem e) {
      problem = e;
    }
    Scores scores = new Scores(run.model(), data, arguments.threads(), judge, evaluation);
    Json done = scores.addTo(Json.event("done"));
    if (evaluation != null) {
      Json unequal = subject.imbalance(evaluation);
      subject.printImbalance(unequal, evaluation.accuracy(), output);
      done.put("imbalance", unequal);
    }
    scores.print(output, run.model().loss(), sha256);
    boolean isTest = judge.equals("test") && run.model().loss().takesClasses();
    Evaluation test = isTest ? evaluation : null;
    if (training.isWatched()) {
      TerminalPicture.print(run, subject, test, output);
    }
    if (test != null) {
      picture = UncertainCommand.picture(subject, test, UNCERTAIN_CASES);
    }
    if (evaluation != null) {
      report = RunReport.of(arguments.path("data"), subject, evaluation, arguments.threads());
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

  private Saving saving(TrainingRun run, List<String> options, boolean withModel) {
    return new Saving(
        () -> {
          if (withModel) {
            files.model(run.model().withTraining(options)); // first, as the most important file
          }
          files.history(run.history(), run.model());
          return null;
        });
  }

  private static String bestEpoch(TrainingRun run, String by) {
    String stopped =
        run.outcome() == Outcome.STOPPED_EARLY
            ? "Stopped early after epoch " + (run.history().epochs() - 1) + ": the"
            : "The";
    EpochResult result = run.history().results().get(run.bestEpoch());
    Loss loss = run.model().loss();
    String name = Scores.lossName(loss, run.model().targetScaling());
    String what = name + " " + PythonFormat.fixed5(result.weightedLoss());
    String extreme = "smallest";
    if (by.equals("error") && loss != Loss.MSE) {
      String score = loss.isRegression() ? "R2 " : "accuracy ";
      what = score + PythonFormat.fixed5(result.weightedScore());
      extreme = "largest";
    }
    return "%s weights are those of epoch %s, whose %svalidation %s is the %s"
        .formatted(
            stopped, run.bestEpoch(), result.isWeighted() ? "class-weighted " : "", what, extreme);
  }
}
