package dev.lanewise.serve;

import java.io.IOException;
import java.util.List;

/** A way out for answers, row by row. */
public interface AnswerPrinter {
  /**
   * Begins the output.
   *
   * @param targets number of targets per row
   * @param columns columns of the input, which come first; null if they are not kept
   */
  void begin(Outputs outputs, int targets, List<String> columns) throws IOException;

  /**
   * Writes a row of an answer.
   *
   * @param index its number in the file
   * @param targets texts of the file; empty if the row has none
   * @param texts texts of the columns of the input; null if they are not kept
   * @param at its place in the answer
   */
  void row(long index, String[] targets, List<String> texts, Answer answer, int at)
      throws IOException;

  /** Returns a part that another thread can fill with rows; null if that is not possible. */
  default AnswerPrinter part() {
    return null;
  }

  /** Moves the rows of a part here. */
  default void add(AnswerPrinter part) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Ends the output after the last row. */
  default void end() throws IOException {}
}
