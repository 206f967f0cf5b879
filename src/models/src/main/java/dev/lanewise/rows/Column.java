package dev.lanewise.rows;

import java.util.List;

/**
 * A column of a table that becomes inputs of a network, with the facts of the training rows that
 * its encoding needs.
 */
public sealed interface Column permits NumberColumn, CategoryColumn, DateColumn {
  /**
   * {@return the name in the header, or a name like {@code #3} if the training file had no header}
   */
  String name();

  /** {@return the position in the training file, from 0} */
  int position();

  /**
   * {@return the kind of column: {@code number}, {@code category}, {@code date} or {@code date with
   * hours}}
   */
  String kind();

  /** {@return the number of inputs that the column makes, at least 0} */
  default int inputs() {
    return inputNames().size();
  }

  /**
   * {@return names of the inputs for people, such as {@code age} and {@code age missing}, or {@code
   * sex=male}}
   */
  List<String> inputNames();

  /**
   * Tells if an input is numeric and thus scaled; others are left unchanged.
   *
   * @param input counted from 0 within the column
   * @return true for numeric inputs
   */
  boolean isScaled(int input);

  /**
   * Encodes a value as inputs.
   *
   * @param number the value if it is a number, else NaN
   * @param string the value if it is a string, else null
   * @param out receives {@link #inputs} values, not yet scaled
   * @param at the first position in {@code out}
   * @throws IllegalArgumentException if the column does not accept the value; the message begins
   *     with the column
   */
  void encode(double number, String string, double[] out, int at);

  /**
   * Decodes inputs for people.
   *
   * @param inputs values from {@link #encode}, up to rounding
   * @param at the first position in {@code inputs}
   * @return a number to six digits, a category, a date, or {@code missing}
   */
  String text(double[] inputs, int at);
}
