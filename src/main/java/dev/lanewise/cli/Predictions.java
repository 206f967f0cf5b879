package dev.lanewise.cli;

import java.io.IOException;
import java.util.List;

/** Where predictions go, row by row. */
interface Predictions {
  /**
   * Before the first row.
   *
   * @param targets how many targets each row has
   * @param columns of the input, which come first; null if they are not kept
   */
  void begin(Outputs outputs, int targets, List<String> columns) throws IOException;

  /**
   * A row.
   *
   * @param targets as the file has them; empty where the row has none
   * @param results probabilities or outputs, from an offset on
   * @param label the class; not looked at where the outputs are no classes
   * @param texts of the input's columns; null if they are not kept
   */
  void row(long index, String[] targets, double[] results, int from, int label, List<String> texts)
      throws IOException;

  /** What takes some rows beside others that another thread gives; null if nothing can. */
  default Predictions part() {
    return null;
  }

  /** Takes the rows that a part has, which then has none. */
  default void add(Predictions part) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** After the last row. */
  void end() throws IOException;
}
