package dev.lanewise.cli;

import java.io.IOException;

/** One command of the program. */
interface Command {
  void run(Arguments arguments, Output output, Interruption interruption) throws IOException;
}
