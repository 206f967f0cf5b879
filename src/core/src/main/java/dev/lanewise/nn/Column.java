package dev.lanewise.nn;

import java.util.List;

/**
 * A column of a table from which inputs of a network are made, with what it was like in training.
 */
public sealed interface Column permits NumberColumn, CategoryColumn, DateColumn {
  /**
   * The name in the header, or {@code #3} where the training file had none.
   *
   * @return the name
   */
  String name();

  /**
   * Where the column stood in the training file.
   *
   * @return from 0
   */
  int position();

  /**
   * The kind of column.
   *
   * @return {@code number}, {@code category} or {@code date}
   */
  String kind();

  /**
   * How many inputs are made of it.
   *
   * @return at least 0
   */
  default int inputs() {
    return inputNames().size();
  }

  /**
   * What the inputs are, for people.
   *
   * @return such as {@code age} and {@code age missing}, or {@code sex=male}
   */
  List<String> inputNames();

  /**
   * Whether an input is a number, which is scaled; others are taken as they are.
   *
   * @param input counted from 0 within the column
   * @return true of numbers
   */
  boolean isScaled(int input);

  /**
   * Makes inputs of a value.
   *
   * @param number the value if it is a number, else NaN
   * @param word the value if it is a word, else null
   * @param out receives {@link #inputs} numbers, not yet scaled
   * @param at where to begin in {@code out}
   * @throws IllegalArgumentException if the value is none of this column; the message begins with
   *     the column
   */
  void encode(double number, String word, double[] out, int at);

  /**
   * What inputs were made of, for people.
   *
   * @param inputs what {@link #encode} gave, up to rounding
   * @param at where those of this column begin
   * @return a number to six digits, a category, a date; {@code missing} of a gap
   */
  String text(double[] inputs, int at);
}
