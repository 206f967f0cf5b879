package dev.lanewise.source;

import java.util.Locale;

/**
 * How the text of a table is written.
 *
 * @param separator what stands between two fields: a comma, a semicolon, a tab or a vertical bar;
 *     or 0 if it is to be found by looking at the first lines
 * @param decimal what stands before the decimals of a number: a point or a comma, also where commas
 *     separate fields, as they do unless a number is in quotes
 */
public record CsvFormat(char separator, char decimal) {
  /**
   * Makes the format.
   *
   * @param separator one of , ; tab | or 0
   * @param decimal a point or a comma
   * @throws IllegalArgumentException if a mark is none of those
   */
  public CsvFormat {
    if (separator != 0 && Separators.CANDIDATES.indexOf(separator) < 0) {
      throw new IllegalArgumentException(
          "separator '" + separator + "', expected one of , ; tab | (or 0 to have it found)");
    }
    if (decimal != '.' && decimal != ',') {
      throw new IllegalArgumentException("decimal mark '" + decimal + "', expected . or ,");
    }
  }

  /**
   * The format of a table of which nothing is known.
   *
   * @return a separator to be found, and decimal points
   */
  public static CsvFormat detect() {
    return new CsvFormat((char) 0, '.');
  }

  /**
   * This format with another separator.
   *
   * @param newSeparator a comma, a semicolon, a tab or a vertical bar; 0 to have it found
   * @return the format
   * @throws IllegalArgumentException if it is none of those
   */
  public CsvFormat withSeparator(char newSeparator) {
    return new CsvFormat(newSeparator, decimal);
  }

  /**
   * This format with another decimal mark.
   *
   * @param newDecimal a point or a comma
   * @return the format
   * @throws IllegalArgumentException if it is neither
   */
  public CsvFormat withDecimal(char newDecimal) {
    return new CsvFormat(separator, newDecimal);
  }

  /**
   * The separator that a word of a command line stands for.
   *
   * @param name the character itself or its name: comma, semicolon, tab (also {@code \t}), pipe; or
   *     auto
   * @return the character, or 0 for auto
   * @throws IllegalArgumentException if it is none of those
   */
  public static char separator(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case ",", "comma" -> ',';
      case ";", "semicolon" -> ';';
      case "\t", "\\t", "tab" -> '\t';
      case "|", "pipe" -> '|';
      case "auto" -> 0;
      default ->
          throw new IllegalArgumentException(
              "separator '" + name + "', expected one of , ; tab | (or auto to have it found)");
    };
  }

  /** The name of a separator in the middle of a sentence. */
  static String described(char separator) {
    return switch (separator) {
      case ',' -> "a comma";
      case ';' -> "a semicolon";
      case '\t' -> "a tab";
      default -> "a vertical bar";
    };
  }
}
