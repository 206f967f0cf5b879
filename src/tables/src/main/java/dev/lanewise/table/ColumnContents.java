package dev.lanewise.table;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.format.internal.Message;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.internal.Cell;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Counts what the cells of a column are in some rows: numbers, strings, and strings that look like
 * numbers or dates. Each distinct string is examined once.
 */
final class ColumnContents {
  /** Share of values from which the other values are considered mistakes. */
  static final double NEARLY_ALL = 0.9;

  /** Beginning of numbers and dates in any notation, possibly with a sign or a currency symbol. */
  private static final Pattern BEGINNING = Pattern.compile("[-+(]?\\p{Sc}? ?[-+]?[0-9].*");

  /** Characters of numbers and dates, including separators. */
  private static final Pattern DIGITS = Pattern.compile("[-+0-9.,'\u2019_\\h]+");

  /** Maximum length of the name of a unit. */
  private static final int LONGEST_UNIT = 8;

  /** Maximum number of distinct strings with a number, such as 64 GB, that are categories. */
  static final int FEW = 20;

  private static final int NONE = Integer.MAX_VALUE;

  final int numbers;
  final int strings; // number of rows with a string
  final int dates;
  final int marks; // number of rows with another decimal mark
  // values that are alike, by the text beside their digits
  private final Map<String, Alike> alike = new TreeMap<>();
  private final TableContent table;
  private final TableColumn cells;
  private final String name;
  private final int firstMark;
  private final int firstInfinite;

  /** Examines a column in the first rows of an order. */
  ColumnContents(TableContent table, int place, int[] rows, int count) {
    this.table = table;
    cells = table.column(place);
    name = table.columns().get(place);
    int[] counts = new int[cells.strings() + 1]; // numbers at 0, then each string
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
    int mark = NONE;
    for (int code = 1; code < counts.length; code++) {
      if (counts[code] == 0) {
        continue;
      }
      String text = cells.entry(code);
      wordRows += counts[code];
      if (!Double.isNaN(DateColumn.days(text))) {
        dateRows += counts[code];
      }
      if (TableContent.OTHER_MARK.matcher(text).matches()) {
        markRows += counts[code];
        mark = Math.min(mark, first[code]);
      }
      if (BEGINNING.matcher(text).matches()) {
        String unit = DIGITS.matcher(text).replaceAll("");
        alike.computeIfAbsent(unit, u -> new Alike()).add(text, counts[code]);
      }
    }
    numbers = counts[0];
    strings = wordRows;
    dates = dateRows;
    marks = markRows;
    firstMark = mark;
    firstInfinite = infinite;
  }

  /** Strings that are equal except for digits and separators, such as amounts of one unit. */
  private static final class Alike {
    private int rows;
    private int different;
    private String first; // the first in the order of code points

    void add(String text, int count) {
      rows += count;
      different++;
      first = first == null || CodePoints.ORDER.compare(text, first) < 0 ? text : first;
    }
  }

  /**
   * Returns an example of strings that seem to be numbers or dates in an unsupported notation, such
   * as 1,234.50 $ or 31.05.2024; null if there are none.
   */
  String unread() {
    for (Map.Entry<String, Alike> each : alike.entrySet()) {
      Alike strings = each.getValue();
      if (each.getKey().length() <= LONGEST_UNIT
          && strings.different > FEW
          && numbers + strings.rows >= NEARLY_ALL * present()) {
        return strings.first;
      }
    }
    return null;
  }

  /** Returns the number of rows with a value. */
  int present() {
    return numbers + strings;
  }

  /** Throws if the numbers have another decimal mark than expected. */
  void requireMark(Message orElse) throws FormatException {
    if (marks == 0 || numbers + marks < NEARLY_ALL * present()) {
      return;
    }
    String text = cells.string(firstMark);
    throw new FormatException(
        table.file(firstMark),
        "%s, target %s is \"%s\", expected a number with a decimal %s (%s, %s)",
        table.at(firstMark),
        name,
        text,
        text.indexOf(',') >= 0 ? "point" : "comma",
        TableContent.remedy(text, name),
        orElse);
  }

  /** Throws for infinite numbers, which only a program can provide. */
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
