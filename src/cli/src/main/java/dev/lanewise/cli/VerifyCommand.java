package dev.lanewise.cli;

import java.io.IOException;

/** {@code verify}: repeats the training of a run, and compares epoch by epoch. */
final class VerifyCommand implements Command {
  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    new Verification().run(arguments, output);
  }
}
