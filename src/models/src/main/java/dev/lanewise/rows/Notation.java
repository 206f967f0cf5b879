package dev.lanewise.rows;

import dev.lanewise.rows.internal.Cell;
import java.util.List;

/**
 * A notation of numbers, dates or times of day in texts, such as {@code 1.234,5 kg} or {@code
 * 05/31/2024 2:05 PM}. All texts of a column are in the same notation, and a text in another one is
 * not read. Numbers have one decimal mark, at most one mark between groups of three digits, and at
 * most one unit. Dates have one order of day, month and year, one separator, and either AM or PM in
 * all times or in none. Plain numbers and ISO 8601 dates need no notation.
 *
 * <p>An example identifies a notation: the number 1234.5, the date 31 May 2024 or the time 14:05 in
 * it. A date is followed by {@code 2:05 PM} if times have AM or PM.
 */
public abstract sealed class Notation permits NumberNotation, DateNotation {
  static {
    Cell.install(Notation::read);
  }

  private final String example;

  Notation(String example) {
    this.example = example;
  }

  /** See {@link Cell#read}. */
  abstract Cell read(String text);

  /** {@return true for numbers, false for dates and times} */
  public abstract boolean isNumber();

  /** {@return the number 1234.5, the date 31 May 2024 or the time 14:05 in this notation} */
  public final String example() {
    return example;
  }

  /**
   * {@return the notation that an example identifies}
   *
   * @param example the text that {@link #example} returns
   * @throws IllegalArgumentException if it is no example of a notation
   */
  public static Notation of(String example) {
    Notation number = NumberNotation.parse(example);
    if (number != null) {
      return number;
    }
    for (Notation date : ofDates()) {
      if (date.example.equals(example)) {
        return date;
      }
    }
    throw new IllegalArgumentException(
        ("notation is \"%s\", expected the number 1234.5, the date 31 May 2024 or the time 14:05"
                + " in a notation, such as 1.234,5 or 31.05.2024")
            .formatted(example));
  }

  /** {@return all notations of dates and times, those without AM and PM first; unmodifiable} */
  public static List<Notation> ofDates() {
    return DateNotation.ALL;
  }

  /** Returns a space for any blank in numbers and dates, and ' for any apostrophe. */
  static char plain(char c) {
    return switch (c) {
      case '\u00a0', '\u2009', '\u202f' -> ' ';
      case '\u2019' -> '\'';
      default -> c;
    };
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof Notation notation && notation.example.equals(example);
  }

  @Override
  public final int hashCode() {
    return example.hashCode();
  }

  /** {@return the example} */
  @Override
  public final String toString() {
    return example;
  }
}
