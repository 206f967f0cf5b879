package dev.lanewise.cli;

import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Output;
import java.io.IOException;

/**
 * {@code train}, and what other commands that train share: the kernels are compiled while options
 * and data are read.
 */
class TrainingCommand implements Command {
  KernelWarmUp warmUp;
  Arguments arguments;
  Output output;
  Interruption interruption;

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
    this.interruption = interruption;
    run();
  }

  /** Trains a model on data, and saves its statistics and curves. */
  void run() throws IOException {
    new NewRun(arguments, output, interruption, warmUp).run();
  }

  /** Trains with other options, as {@code train} does. */
  void train(Arguments own) throws IOException {
    warmUp.close();
    try (KernelWarmUp again = new KernelWarmUp()) {
      new NewRun(own, output, interruption, again).run();
    }
  }
}
