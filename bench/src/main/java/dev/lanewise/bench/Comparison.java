package dev.lanewise.bench;

import java.util.List;

/** A table of measurements. */
interface Comparison {
  /** The tasks of the table, in the order of a round. */
  List<Task> tasks();

  /** Returns the table. */
  String table(Samples samples);
}
