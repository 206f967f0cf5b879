package dev.lanewise.cli;

import java.io.IOException;
import java.util.List;

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

  /** Returns a part that another thread can fill with rows; null if that is not possible. */
  default Predictions part() {
    return null;
  }

  /** Moves the rows of a part here. */
  default void add(Predictions part) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Writes what is left after the last row. */
  default void end() throws IOException {}
}
