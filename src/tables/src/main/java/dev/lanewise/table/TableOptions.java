package dev.lanewise.table;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.source.CsvFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How to read the text of a table.
 *
 * @param separator the character between two fields: a comma, a semicolon, a tab or a vertical bar;
 *     or 0 to find it from the first lines
 * @param decimal the decimal mark: a point or a comma
 * @param header whether the first line names the columns
 * @param missing the strings for a missing value, in addition to an empty field; a number among
 *     them matches however it is written
 * @param dates the order of day and month, if no day above 12 shows it
 * @param skip the number of lines before the table, such as titles, in each file; or -1 to find
 *     titles: first lines of one cell, where all later ones have several
 * @param century the first of the 100 years that two digits mean, from 1000 to 9900; empty to find
 *     it from all dates of the file
 * @param notations how the texts of some columns write numbers and dates, by the column's name; a
 *     text in another notation is an error, and the notations of other columns are found when a
 *     schema is inferred
 * @param sheet the name of the sheet that is read of an Excel workbook; empty for the first visible
 *     one
 */
public record TableOptions(
    char separator,
    char decimal,
    Header header,
    List<String> missing,
    Dates dates,
    int skip,
    OptionalInt century,
    Map<String, Notation> notations,
    Optional<String> sheet) {
  private static final OptionalInt NOT_GIVEN = OptionalInt.empty();

  /** Whether the first line names the columns. */
  public enum Header {
    /**
     * The first line is a header if none of its cells is a number or a string for a missing value
     * ({@code #N/A}, {@code n.a.}, {@code k.A.}, {@code na} and {@code --} may be names there).
     * Numbers that may be names, such as years above measurements, are ambiguous and therefore
     * refused.
     */
    AUTO,
    /** The first line is a header. */
    YES,
    /** The first line is a row. */
    NO
  }

  /** The order of day and month in dates such as 05/06/2024. */
  public enum Dates {
    /** A day above 12 must show it. */
    AUTO,
    /** The day comes first. */
    DMY,
    /** The month comes first. */
    MDY
  }

  /**
   * Copies the strings for a missing value.
   *
   * @param separator the character between two fields, or 0
   * @param decimal the decimal mark
   * @param header whether the first line names the columns
   * @param missing the strings for a missing value
   * @param dates the order of day and month
   * @param skip the number of lines before the table, or -1
   * @param century the first of the 100 years that two digits mean, or empty
   * @param notations by the name of a column
   * @param sheet of a workbook, or empty
   * @throws IllegalArgumentException if the separator, the decimal mark or the year is not one of
   *     those listed, or the number of lines is less
   */
  public TableOptions {
    new CsvFormat(separator, decimal, skip, null); // throws if one is not supported
    Objects.requireNonNull(header, "header");
    missing = List.copyOf(missing);
    Objects.requireNonNull(dates, "dates");
    if (century.orElse(1000) < 1000 || century.orElse(1000) > 9900) {
      throw ArgumentException.of(
          "table: a first of 100 years of", century.getAsInt(), "a year from 1000 to 9900");
    }
    notations = Map.copyOf(notations);
    Objects.requireNonNull(sheet, "sheet");
  }

  /**
   * {@return options that find separator, titles and header from the file, with a decimal point and
   * the usual strings for a missing value, such as NA}
   */
  public static TableOptions defaults() {
    return new TableOptions(
        (char) 0,
        '.',
        Header.AUTO,
        Cell.MISSING_STRINGS,
        Dates.AUTO,
        CsvFormat.FIND,
        NOT_GIVEN,
        Map.of(),
        Optional.empty());
  }

  /**
   * {@return options to read files like the training file of a model}
   *
   * @param schema the model's description of its training file
   */
  public static TableOptions of(Schema schema) {
    return defaults()
        .withDecimal(schema.decimal())
        .withHeader(schema.header() ? Header.AUTO : Header.NO)
        .withMissing(schema.missing())
        .withNotations(schema.notations());
  }

  /**
   * {@return a copy with another separator}
   *
   * @param other a comma, a semicolon, a tab or a vertical bar; 0 to find it from the file
   * @throws IllegalArgumentException if it is none of those
   */
  public TableOptions withSeparator(char other) {
    return new TableOptions(
        other, decimal, header, missing, dates, skip, century, notations, sheet);
  }

  /**
   * {@return a copy with another decimal mark}
   *
   * @param other a point or a comma
   * @throws IllegalArgumentException if it is neither
   */
  public TableOptions withDecimal(char other) {
    return new TableOptions(
        separator, other, header, missing, dates, skip, century, notations, sheet);
  }

  /**
   * {@return a copy with another number of lines before the table}
   *
   * @param lines such as titles, at least 0; or -1
   * @throws IllegalArgumentException if it is less
   */
  public TableOptions withSkipped(int lines) {
    return new TableOptions(
        separator, decimal, header, missing, dates, lines, century, notations, sheet);
  }

  /** {@return the format of the text} */
  CsvFormat format() {
    return new CsvFormat(separator, decimal, skip, sheet.orElse(null));
  }

  /**
   * {@return a copy that reads a sheet of an Excel workbook (.xlsx)} Other files are then refused.
   *
   * @param name the name of the sheet, which may be hidden
   */
  public TableOptions withSheet(String name) {
    Optional<String> named = Optional.of(name);
    return new TableOptions(
        separator, decimal, header, missing, dates, skip, century, notations, named);
  }

  /**
   * {@return a copy with another decision about the header}
   *
   * @param other whether the first line names the columns
   */
  public TableOptions withHeader(Header other) {
    return new TableOptions(
        separator, decimal, other, missing, dates, skip, century, notations, sheet);
  }

  /**
   * {@return a copy with other strings for a missing value}
   *
   * @param strings the strings, which replace the previous ones
   */
  public TableOptions withMissing(List<String> strings) {
    return new TableOptions(
        separator, decimal, header, strings, dates, skip, century, notations, sheet);
  }

  /**
   * {@return a copy with further strings for a missing value}
   *
   * @param strings the strings, beside the previous ones
   */
  public TableOptions withMissingAlso(List<String> strings) {
    return withMissing(Stream.concat(missing.stream(), strings.stream()).distinct().toList());
  }

  /**
   * {@return a copy with another order of day and month}
   *
   * @param other the order, for dates whose values do not show it
   */
  public TableOptions withDates(Dates other) {
    return new TableOptions(
        separator, decimal, header, missing, other, skip, century, notations, sheet);
  }

  /**
   * {@return a copy with other years of two digits}
   *
   * @param firstYear the first of the 100 years that two digits mean, from 1000 to 9900: with 1930,
   *     30 is 1930 and 29 is 2029
   * @throws IllegalArgumentException if the year is out of range
   */
  public TableOptions withCentury(int firstYear) {
    OptionalInt year = OptionalInt.of(firstYear);
    return new TableOptions(
        separator, decimal, header, missing, dates, skip, year, notations, sheet);
  }

  /** Returns the notation of a column, by its place if training had no names; null if plain. */
  Notation notation(String name, int place) {
    Notation unnamed = notations.get(Schema.unnamed(place));
    return notations.getOrDefault(name, unnamed);
  }

  TableOptions withNotations(Map<String, Notation> others) {
    return new TableOptions(
        separator, decimal, header, missing, dates, skip, century, others, sheet);
  }
}
