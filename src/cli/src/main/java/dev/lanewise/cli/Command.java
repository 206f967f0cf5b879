package dev.lanewise.cli;

import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Output;
import java.io.IOException;

/** One command of the program. */
interface Command extends AutoCloseable {
  /** Starts slow preparations before the options are read. */
  default void prepare() {}

  void run(Arguments arguments, Output output, Interruption interruption) throws IOException;

  /** Ends what {@link #prepare} began. */
  @Override
  default void close() {}
}
