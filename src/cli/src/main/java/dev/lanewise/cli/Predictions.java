package dev.lanewise.cli;

import java.io.IOException;
import java.util.List;

interface Predictions {
  /**
   * Begins the output.
   *
   * @param targets number of targets per row
   * @param columns columns of the input, which come first; null if they are not kept
   */
  void begin(Outputs outputs, int targets, List<String> columns) throws IOException;

  /**
   * Writes a row.
   *
   * @param targets texts of the file; empty if the row has none
   * @param results probabilities or outputs, from an offset on
   * @param label the class; ignored if the outputs are not classes
   * @param familiar how familiar the row is; ignored if that is no output
   * @param texts texts of the columns of the input; null if they are not kept
   */
  void row(
      long index,
      String[] targets,
      double[] results,
      int from,
      int label,
      double familiar,
      List<String> texts)
      throws IOException;

  /** Returns a part that another thread can fill with rows; null if that is not possible. */
  default Predictions part() {
    return null;
  }

  /** Moves the rows of a part here. */
  default void add(Predictions part) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Ends the output after the last row. */
  default void end() throws IOException {}
}
