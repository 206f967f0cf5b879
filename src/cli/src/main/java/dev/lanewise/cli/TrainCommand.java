package dev.lanewise.cli;

import dev.lanewise.cli.training.NewRun;
import java.io.IOException;

/** {@code train}: trains a model on data, and saves its statistics and curves. */
final class TrainCommand extends TrainingCommand {
  @Override
  void run() throws IOException {
    new NewRun(arguments, output, interruption, warmUp).run();
  }
}
