package dev.lanewise.cli;

import java.io.IOException;

/** One command of the program. */
interface Command {
  /** How it is called. */
  Usage usage();

  /**
   * Does it.
   *
   * @return the exit code
   */
  int run(Arguments arguments, Output output, Interruption interruption) throws IOException;
}
