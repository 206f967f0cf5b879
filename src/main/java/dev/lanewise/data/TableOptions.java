package dev.lanewise.data;

import dev.lanewise.format.CsvFormat;
import dev.lanewise.nn.Cell;
import dev.lanewise.nn.Schema;
import java.util.List;
import java.util.Objects;

/**
 * How the text of a table is to be read.
 *
 * @param format the separator and the decimal mark
 * @param header whether the first line names the columns
 * @param missing the words that stand for no value, beside an empty field; a number among them
 *     stands for all ways to write it
 */
public record TableOptions(CsvFormat format, Header header, List<String> missing) {
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
   * @param format the separator and the decimal mark
   * @param header whether the first line names the columns
   * @param missing the words that stand for no value
   */
  public TableOptions {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(header, "header");
    missing = List.copyOf(missing);
  }

  /**
   * What is found by looking at the file, with a decimal point, and {@link Cell#MISSING_WORDS}.
   *
   * @return the options
   */
  public static TableOptions defaults() {
    return new TableOptions(CsvFormat.detect(), Header.AUTO, Cell.MISSING_WORDS);
  }

  /**
   * How files are to be read that are like the training file of a model.
   *
   * @param schema what is remembered of that
   * @return the options
   */
  public static TableOptions of(Schema schema) {
    return new TableOptions(
        CsvFormat.detect().withDecimal(schema.decimal()),
        schema.header() ? Header.AUTO : Header.NO,
        schema.missing());
  }

  /**
   * These options with another separator and decimal mark.
   *
   * @param other the format
   * @return new options
   */
  public TableOptions withFormat(CsvFormat other) {
    return new TableOptions(other, header, missing);
  }

  /**
   * These options with another decision about the header.
   *
   * @param other whether the first line names the columns
   * @return new options
   */
  public TableOptions withHeader(Header other) {
    return new TableOptions(format, other, missing);
  }

  /**
   * These options with other words for no value.
   *
   * @param words in place of the usual ones
   * @return new options
   */
  public TableOptions withMissing(List<String> words) {
    return new TableOptions(format, header, words);
  }
}
