package dev.lanewise.bench;

import java.util.List;

/** A table to measure. */
interface Comparison {
  /** What it needs, in the order in which a round runs it. */
  List<Task> tasks();

  /** The table. */
  String table(Samples samples);
}
