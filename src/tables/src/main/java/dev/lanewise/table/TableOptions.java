package dev.lanewise.table;

import dev.lanewise.nn.Cell;
import dev.lanewise.nn.Schema;
import dev.lanewise.source.CsvFormat;
import java.util.List;
import java.util.Objects;

/**
 * How the text of a table is to be read.
 *
 * @param separator what stands between two fields: a comma, a semicolon, a tab or a vertical bar;
 *     or 0 if it is found by looking at the first lines
 * @param decimal what stands before the decimals of a number: a point or a comma
 * @param header whether the first line names the columns
 * @param missing the words that stand for no value, beside an empty field; a number among them
 *     stands for all ways to write it
 */
public record TableOptions(char separator, char decimal, Header header, List<String> missing) {
  /** Whether the first line names the columns. */
  public enum Header {
    /**
     * It does if none of its cells is a number or a mark for no value. Numbers that seem to be
     * names, such as years above measurements, are refused: they may be either.
     */
    AUTO,
    /** It does. */
    YES,
    /** It does not: it is a row. */
    NO
  }

  /**
   * Copies the words.
   *
   * @param separator what stands between two fields, or 0
   * @param decimal the decimal mark
   * @param header whether the first line names the columns
   * @param missing the words that stand for no value
   * @throws IllegalArgumentException if a mark is none of those
   */
  public TableOptions {
    new CsvFormat(separator, decimal); // checks them
    Objects.requireNonNull(header, "header");
    missing = List.copyOf(missing);
  }

  /**
   * What is found by looking at the file, with a decimal point, and {@link Cell#MISSING_WORDS}.
   *
   * @return the options
   */
  public static TableOptions defaults() {
    return new TableOptions((char) 0, '.', Header.AUTO, Cell.MISSING_WORDS);
  }

  /**
   * How files are to be read that are like the training file of a model.
   *
   * @param schema what is remembered of that
   * @return the options
   */
  public static TableOptions of(Schema schema) {
    return new TableOptions(
        (char) 0, schema.decimal(), schema.header() ? Header.AUTO : Header.NO, schema.missing());
  }

  /**
   * Returns a copy with another separator.
   *
   * @param other a comma, a semicolon, a tab or a vertical bar; 0 to have it found
   * @return new options
   * @throws IllegalArgumentException if it is none of those
   */
  public TableOptions withSeparator(char other) {
    return new TableOptions(other, decimal, header, missing);
  }

  /**
   * Returns a copy with another decimal mark.
   *
   * @param other a point or a comma
   * @return new options
   * @throws IllegalArgumentException if it is neither
   */
  public TableOptions withDecimal(char other) {
    return new TableOptions(separator, other, header, missing);
  }

  /** Returns separator and decimal mark. */
  CsvFormat format() {
    return new CsvFormat(separator, decimal);
  }

  /**
   * These options with another decision about the header.
   *
   * @param other whether the first line names the columns
   * @return new options
   */
  public TableOptions withHeader(Header other) {
    return new TableOptions(separator, decimal, other, missing);
  }

  /**
   * These options with other words for no value.
   *
   * @param words in place of the usual ones
   * @return new options
   */
  public TableOptions withMissing(List<String> words) {
    return new TableOptions(separator, decimal, header, words);
  }
}
