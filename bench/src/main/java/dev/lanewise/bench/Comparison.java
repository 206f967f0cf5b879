package dev.lanewise.bench;

import java.util.List;

/** A comparison of measurements, printed as a table. */
interface Comparison {
  /** Returns the measurements that the table needs, in the order in which a round runs them. */
  List<Task> tasks();

  /** Returns the table as text. */
  String table(Samples samples);
}
