package dev.lanewise.cli;

import java.io.IOException;

/** One command of the program. */
interface Command extends AutoCloseable {
  /** Begins what takes time, before the options are looked at. */
  default void prepare() {}

  void run(Arguments arguments, Output output, Interruption interruption) throws IOException;

  /** Ends what {@link #prepare} began. */
  @Override
  default void close() {}
}
