package dev.lanewise.cli;

import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.verification.Verification;
import java.io.IOException;

/** {@code verify}: repeats the training of a run, and compares epoch by epoch. */
final class VerifyCommand implements Command {
  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    new Verification().run(arguments, output);
  }
}
