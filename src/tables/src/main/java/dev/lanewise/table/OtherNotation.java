package dev.lanewise.table;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.Message;
import dev.lanewise.nn.Notation;

/** The cause of an error about a text that is not in the notation of its column. */
final class OtherNotation extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  final String file;
  final String column;
  final String text;

  private OtherNotation(String file, String column, String text) {
    super(text);
    this.file = file;
    this.column = column;
    this.text = text;
  }

  /** Returns the error that a line of a file has such a text. */
  static FormatException at(String file, String place, String column, String text, Notation known) {
    return new FormatException(
        file,
        Message.of(
            "%s, column %s is \"%s\", expected %s such as %s",
            place, column, text, known.isNumber() ? "a number" : "a date or time", known),
        new OtherNotation(file, column, text));
  }
}
