package dev.lanewise.cli;

import dev.lanewise.files.RunDirectory;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.ProgressBar;
import dev.lanewise.terminal.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code train}, and what other commands that train share: the kernels are compiled while options
 * and data are read.
 */
class TrainingCommand implements Command {
  Arguments arguments;
  Output output;
  Interruption interruption;
  private BackgroundWarmUp warmUp;

  @Override
  public void prepare() {
    warmUp = new BackgroundWarmUp();
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
    this.interruption = interruption;
    run();
  }

  /** Trains a model on data, and saves its statistics and curves. */
  void run() throws IOException {
    train(arguments);
  }

  /** Checks all options, reads and describes what is trained, trains, and saves the results. */
  final void train(Arguments own) throws IOException {
    boolean isResumed = own.has("resume");
    RunDirectory files = isResumed ? RunDirectory.resumed(own) : null;
    try {
      Training training =
          new Training(
              own, output, isResumed ? EarlierNetwork.read(files, own, output) : List.of());
      if (!isResumed) {
        RunDirectory.check(own);
      }
      Result start = training.load();
      start.end();
      interruption.hold();
      files = isResumed ? files : RunDirectory.of(own);
      files.prepare(training.initial(0).loss(), training.parameters(), output);
      train(training, files).conclude(start);
    } finally {
      if (files != null) {
        files.close();
      }
    }
  }

  private TrainedRun train(Training training, RunDirectory files) {
    List<TrainingMonitor> monitors = new ArrayList<>(); // one per network
    try (ProgressBar bar = training.bar()) {
      for (int m = 0; m < training.members(); m++) {
        monitors.add(new TrainingMonitor(training, m, files, interruption, bar));
      }
      double rows = (double) training.epochs() * training.data().train().rows();
      warmUp.awaitFor(rows * training.parameters());
      RunRecorder recorder = new RunRecorder(training, monitors);
      RecipeRun run = training.run(m -> List.of(monitors.get(m)));
      return new TrainedRun(training, files, run, monitors, recorder);
    }
  }
}
