package dev.lanewise.rows;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.rows.internal.Cell;
import java.util.List;
import java.util.OptionalInt;

/**
 * A notation of numbers, dates or times of day in texts, such as {@code 1.234,5 kg} or {@code
 * 05/31/2024 2:05 PM}. All texts of a column are in the same notation, and a text in another one is
 * not read. Numbers have one decimal mark, at most one mark between groups of three digits, and at
 * most one unit. Dates have one order of day, month and year, one separator, and either AM or PM in
 * all times or in none. Plain numbers and ISO 8601 dates need no notation.
 *
 * <p>An example identifies a notation: the number 1234.5, the date 31 May 2024 or the time 14:05 in
 * it. A date is followed by {@code 2:05 PM} if times have AM or PM. The name of a notation is the
 * example, and for years of two digits that are not those of POSIX the first year that they can
 * mean, as in {@code 31.05.24 from 1930}.
 */
public abstract sealed class Notation permits NumberNotation, DateNotation {
  static {
    Cell.install(Notation::read);
  }

  private final String example;
  private final String name;

  /** Makes a notation. Its name is the example, followed by an end. */
  Notation(String example, String end) {
    this.example = example;
    name = example + end;
  }

  /** See {@link Cell#read}. */
  abstract Cell read(String text);

  /** {@return true for numbers, false for dates and times} */
  public abstract boolean isNumber();

  /** {@return the number 1234.5, the date 31 May 2024 or the time 14:05 in this notation} */
  public final String example() {
    return example;
  }

  /** {@return the example, followed by the first year if that is not 1969} */
  public final String name() {
    return name;
  }

  /** {@return the first of the 100 years that two digits mean, usually 1969; empty without such} */
  public OptionalInt firstYear() {
    return OptionalInt.empty();
  }

  /**
   * {@return this notation with other years of two digits; unchanged if it has none}
   *
   * @param year the first of the 100 years, from 1000 to 9900
   */
  public Notation from(int year) {
    return this;
  }

  /**
   * {@return the notation of a name}
   *
   * @param name the text that {@link #name} returns
   * @throws IllegalArgumentException if it is not the name of a notation
   */
  public static Notation of(String name) {
    Notation number = NumberNotation.parse(name);
    Notation found = number == null ? DateNotation.parse(name) : number;
    if (found == null) {
      throw new ArgumentException(
          "notation is \"%s\", expected the number 1234.5, the date 31 May 2024 or the time 14:05"
              + " in any spelling, such as 1.234,5 or 31.05.2024",
          name);
    }
    return found;
  }

  /** {@return whether it is of numbers with a decimal comma} */
  public boolean hasComma() {
    return isNumber() && example().contains(",5");
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
    return other instanceof Notation notation && notation.name.equals(name);
  }

  @Override
  public final int hashCode() {
    return name.hashCode();
  }

  /** {@return the example} */
  @Override
  public final String toString() {
    return example;
  }
}
