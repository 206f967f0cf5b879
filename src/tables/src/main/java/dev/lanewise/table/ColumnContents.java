package dev.lanewise.table;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.Message;
import dev.lanewise.format.Remedy;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.nn.Cell;
import dev.lanewise.nn.DateColumn;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the cells of a column are in some rows: numbers, words, and what looks like something that
 * it is not. Each different word is looked at once.
 */
final class ColumnContents {
  /** From this share on the others are mistakes. */
  static final double NEARLY_ALL = 0.9;

  /** What is a number with another decimal mark; with the right one it is no word. */
  private static final Pattern OTHER_MARK = Pattern.compile("[-+]?[0-9]*[.,][0-9]+");

  /** Of these the numbers that may be thousands. */
  private static final Pattern THOUSANDS = Pattern.compile("[-+]?[0-9]{1,3}[.,][0-9]{3}");

  /** How numbers and dates begin in any notation: perhaps with a sign or that of a currency. */
  private static final Pattern BEGINNING = Pattern.compile("[-+(]?\\p{Sc}? ?[-+]?[0-9].*");

  /** What stands between the digits of numbers and dates, and their thousands. */
  private static final Pattern DIGITS = Pattern.compile("[-+0-9.,'\u2019_\\h]+");

  /** The name of a unit has so many letters at most. */
  private static final int LONGEST_UNIT = 8;

  /** So many different words, or fewer, are taken for categories, such as 64 GB. */
  private static final int FEW = 20;

  private static final int NONE = Integer.MAX_VALUE;

  final int numbers;
  final int words; // in how many rows
  final int dates;
  final int marks; // words that are numbers with another decimal mark
  private final Map<String, Alike> alike = new TreeMap<>(); // by what they have beside digits
  private final Table table;
  private final TableColumn cells;
  private final String name;
  private final int firstWord; // the first row of the table with a word; or NONE
  private final int firstMark;
  private final int firstOther; // a value that is no date
  private final int firstInfinite;

  /** Looks at a column in the first rows of an order. */
  ColumnContents(Table table, int place, int[] rows, int count) {
    this.table = table;
    cells = table.column(place);
    name = table.columns().get(place);
    int[] counts = new int[cells.words() + 1]; // of each word, behind the numbers
    int[] first = new int[counts.length];
    Arrays.fill(first, NONE);
    int infinite = NONE;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      int code = cells.code(row);
      if (code >= 0) {
        counts[code]++;
        first[code] = Math.min(first[code], row);
        infinite = Double.isInfinite(cells.number(row)) ? Math.min(infinite, row) : infinite;
      }
    }
    int wordRows = 0;
    int dateRows = 0;
    int markRows = 0;
    int word = NONE;
    int mark = NONE;
    int other = first[0];
    for (int code = 1; code < counts.length; code++) {
      if (counts[code] == 0) {
        continue;
      }
      String text = cells.entry(code);
      wordRows += counts[code];
      word = Math.min(word, first[code]);
      if (!Double.isNaN(DateColumn.days(text))) {
        dateRows += counts[code];
      } else {
        other = Math.min(other, first[code]);
      }
      if (OTHER_MARK.matcher(text).matches()) {
        markRows += counts[code];
        mark = Math.min(mark, first[code]);
      }
      if (BEGINNING.matcher(text).matches()) {
        String unit = DIGITS.matcher(text).replaceAll("");
        alike.computeIfAbsent(unit, u -> new Alike()).add(text, counts[code]);
      }
    }
    numbers = counts[0];
    words = wordRows;
    dates = dateRows;
    marks = markRows;
    firstWord = word;
    firstMark = mark;
    firstOther = other;
    firstInfinite = infinite;
  }

  /** Words that have the same beside digits: a unit, the strokes of a date, or nothing. */
  private static final class Alike {
    private int rows;
    private int different;
    private String first; // by its code points

    void add(String text, int count) {
      rows += count;
      different++;
      first = first == null || CodePoints.ORDER.compare(text, first) < 0 ? text : first;
    }
  }

  /**
   * A word of a column that seems to have numbers or dates which are written in a way that is not
   * read, such as 1,234.50 $ or 31.05.2024.
   *
   * @return null if it has not
   */
  String unread() {
    for (Map.Entry<String, Alike> each : alike.entrySet()) {
      Alike words = each.getValue();
      if (each.getKey().length() <= LONGEST_UNIT
          && words.different > FEW
          && numbers + words.rows >= NEARLY_ALL * present()) {
        return words.first;
      }
    }
    return null;
  }

  /** In how many rows there is a value. */
  int present() {
    return numbers + words;
  }

  /** Refuses what is nearly a column of numbers or dates: a mistake must not make words of it. */
  void requireNoTypo() throws FormatException {
    require(numbers, firstWord, "number", "");
    requireMark("column", Message.of("%s if these are words", Remedy.CATEGORICAL.with(name)));
    require(dates, firstOther, "date", " such as 2024-05-31");
  }

  private void require(int right, int wrong, String kind, String such) throws FormatException {
    if (right < NEARLY_ALL * present()) {
      return;
    }
    String text = cells.text(wrong);
    throw new FormatException(
        table.file(wrong),
        "%s, column %s is \"%s\", where %s of %s values are %ss, expected a %s%s"
            + " (%s if it stands for none, %s if all are words%s)",
        table.at(wrong),
        name,
        text,
        right,
        present(),
        kind,
        kind,
        such,
        Remedy.MISSING.with(text, name),
        Remedy.CATEGORICAL.with(name),
        remedy(", ", text, name));
  }

  /** Refuses numbers with another decimal mark than was expected. */
  void requireMark(String what, Message orElse) throws FormatException {
    if (marks == 0 || numbers + marks < NEARLY_ALL * present()) {
      return;
    }
    String text = cells.word(firstMark);
    throw new FormatException(
        table.file(firstMark),
        "%s, %s %s is \"%s\", expected a number with a decimal %s (%s, %s)",
        table.at(firstMark),
        what,
        name,
        text,
        text.indexOf(',') >= 0 ? "point" : "comma",
        remedy("", text, name),
        orElse);
  }

  /**
   * Returns, after a separator, how to have a number with another decimal mark read; or nothing if
   * the text is no such number.
   */
  static Message remedy(String separator, String text, String column) {
    boolean isComma = text.indexOf(',') >= 0;
    return OTHER_MARK.matcher(text).matches()
        ? Message.of(
            "%s%s if it is a decimal %s%s",
            separator,
            Remedy.DECIMAL.with(isComma ? "," : ".", column),
            isComma ? "comma" : "point",
            THOUSANDS.matcher(text).matches() ? " and separates no thousands" : "")
        : Message.of("");
  }

  /** Programs may hand over numbers that no file can have. */
  void requireFinite() throws FormatException {
    if (firstInfinite != NONE) {
      throw new FormatException(
          table.file(firstInfinite),
          "%s, column %s is %s, expected a finite number",
          table.at(firstInfinite),
          name,
          Cell.text(cells.number(firstInfinite)));
    }
  }
}
