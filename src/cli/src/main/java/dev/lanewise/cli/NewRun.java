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

  /** Checks all options, reads and describes what is trained, trains, and closes the files. */
  public void run() throws IOException {
    boolean isResumed = arguments.has("resume");
    RunDirectory files = isResumed ? RunDirectory.resumed(arguments) : null;
    try {
      List<EarlierNetwork> earlier =
          isResumed ? EarlierNetwork.read(files, arguments, output) : List.of();
      RunCoverage.keepRows(arguments);
      Training training = new Training(arguments, output, earlier);
      if (!isResumed) {
        RunDirectory.check(arguments);
      }
      Result start = training.load();
      RunCoverage.check(arguments, training.initial(0).loss());
      start.end();
      interruption.hold();
      files = isResumed ? files : RunDirectory.of(arguments);
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
        TrainingMonitor monitor = new TrainingMonitor(training, m, files, interruption, bar);
        monitor.begin(training.checkpoint(m), training.initial(m));
        monitors.add(monitor);
      }
      double rows = (double) training.epochs() * training.data().train().rows();
      warmUp.awaitFor(rows * training.parameters());
      monitors.get(0).recorder.readAgain(arguments);
      RecipeRun run = training.run(m -> List.of(monitors.get(m), monitors.get(m).recorder));
      return new TrainedRun(training, files, run, monitors);
    }
  }
}
