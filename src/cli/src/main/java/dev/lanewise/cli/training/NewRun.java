package dev.lanewise.cli.training;

import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.ProgressBar;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.results.RunCoverage;
import dev.lanewise.cli.runs.RunDirectory;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.EpochResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A training on data, whose model, statistics and curves are saved. */
public final class NewRun {
  private final Arguments arguments;
  private final Output output;
  private final Interruption interruption;
  private final KernelWarmUp warmUp;

  public NewRun(
      Arguments arguments, Output output, Interruption interruption, KernelWarmUp warmUp) {
    this.arguments = arguments;
    this.output = output;
    this.interruption = interruption;
    this.warmUp = warmUp;
  }

  /** A training whose data and networks are read. */
  private record Prepared(EarlierRun earlier, Training training, Result start) {}

  /** Trains, and always closes the files. */
  public void run() throws IOException {
    if (arguments.has("resume")) {
      try (RunDirectory files = RunDirectory.resumed(arguments)) {
        run(prepare(EarlierRun.read(files, arguments, output)), files);
      }
    } else {
      Prepared prepared = prepare(EarlierRun.NONE);
      try (RunDirectory files = RunDirectory.of(arguments)) {
        run(prepared, files);
      }
    }
  }

  /** Checks all options, and reads and describes what is trained. */
  private Prepared prepare(EarlierRun earlier) throws IOException {
    RunCoverage.keepRows(arguments);
    Training training = new Training(arguments, output, earlier);
    if (earlier.isNone()) {
      RunDirectory.check(arguments);
    }
    Result start = training.load();
    RunCoverage.check(arguments, training.initial(0).loss());
    start.end();
    interruption.hold();
    return new Prepared(earlier, training, start);
  }

  private void run(Prepared prepared, RunDirectory files) throws IOException {
    Training training = prepared.training;
    files.prepare(training.initial(0).loss(), training.parameters(), output);
    train(prepared, files).conclude(prepared.start);
  }

  private TrainedRun train(Prepared prepared, RunDirectory files) {
    Training training = prepared.training;
    List<TrainingMonitor> monitors = new ArrayList<>(); // one per network
    List<RunRecorder> recorders = new ArrayList<>(); // likewise
    try (ProgressBar bar = training.bar()) {
      for (int m = 0; m < training.members(); m++) {
        Checkpoint from = prepared.earlier.network(m).checkpoint();
        monitors.add(new TrainingMonitor(training, m, output, interruption, bar));
        RunRecorder recorder = new RunRecorder();
        recorders.add(recorder);
        if (from == null) {
          recorder.begin(training.initial(m));
          continue;
        }
        recorder.resume(from);
        if (bar != null) {
          for (EpochResult result : from.history().results()) {
            bar.show(result, m);
          }
        }
      }
      double rows = (double) training.epochs() * training.data().train().rows();
      warmUp.awaitFor(rows * training.parameters());
      recorders.get(0).readAgain(arguments);
      RecipeRun run =
          training.run(
              m ->
                  List.of(
                      monitors.get(m),
                      recorders.get(m),
                      new CheckpointWriter(files, training, recorders.get(m), m, output)));
      return new TrainedRun(arguments, output, training, files, run, monitors, recorders);
    }
  }
}
