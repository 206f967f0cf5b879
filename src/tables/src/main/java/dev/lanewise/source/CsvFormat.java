package dev.lanewise.source;

import java.util.Locale;

/**
 * The format of the text of a table.
 *
 * @param separator the character between two fields: a comma, a semicolon, a tab or a vertical bar;
 *     or 0 to detect it from the first lines
 * @param decimal the decimal mark, a point or a comma. A comma may also be the separator; then
 *     numbers with decimals must be in quotes
 * @param skip the number of lines before the table, such as titles; {@link #FIND} to find them
 * @param sheet the name of a sheet, if the table is in an Excel workbook; null for its first
 *     visible sheet, or for text
 */
public record CsvFormat(char separator, char decimal, int skip, String sheet) {
  /** Stands for a number of lines before the table that is found from the first lines. */
  public static final int FIND = -1;

  /**
   * Makes the format.
   *
   * @param separator one of , ; tab | or 0
   * @param decimal a point or a comma
   * @param skip at least 0, or {@link #FIND}
   * @param sheet a name or null
   * @throws IllegalArgumentException if one of them is another character, or the number is less
   */
  public CsvFormat {
    if (separator != 0 && Separators.CANDIDATES.indexOf(separator) < 0) {
      throw new IllegalArgumentException(
          "separator '" + separator + "', expected one of , ; tab | (or 0 to detect it)");
    }
    if (decimal != '.' && decimal != ',') {
      throw new IllegalArgumentException("decimal mark '" + decimal + "', expected . or ,");
    }
    if (skip < FIND) {
      throw new IllegalArgumentException(skip + " lines before a table, expected at least 0");
    }
  }

  /**
   * Makes the format of a table that begins in the first line.
   *
   * @param separator one of , ; tab | or 0
   * @param decimal a point or a comma
   * @throws IllegalArgumentException if one of them is another character
   */
  public CsvFormat(char separator, char decimal) {
    this(separator, decimal, 0, null);
  }

  /** {@return the default format, with decimal points and a separator to be detected} */
  public static CsvFormat detect() {
    return new CsvFormat((char) 0, '.');
  }

  /**
   * {@return the separator for its name on a command line: the character, or 0 for auto}
   *
   * @param name the character itself or its name: comma, semicolon, tab (also {@code \t}), pipe; or
   *     auto
   * @throws IllegalArgumentException if the name is unknown
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
              "separator '" + name + "', expected one of , ; tab | (or auto to detect it)");
    };
  }

  /** Returns the name of a separator for messages, with its article. */
  static String described(char separator) {
    return switch (separator) {
      case ',' -> "a comma";
      case ';' -> "a semicolon";
      case '\t' -> "a tab";
      default -> "a vertical bar";
    };
  }

  /** {@return a field in its written form with commas between fields, in quotes if necessary} */
  public static String quoted(String text) {
    return quoted(text, ',');
  }

  /**
   * {@return a field in its written form, in quotes if it has the separator, a quote or an end of
   * line}
   */
  public static String quoted(String text, char separator) {
    boolean isPlain = text.indexOf(separator) < 0;
    for (char special : "\"\n\r".toCharArray()) {
      isPlain &= text.indexOf(special) < 0;
    }
    return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
