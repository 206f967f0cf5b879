package dev.lanewise.table;

import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.rows.internal.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/**
 * Finds rows that are probably no examples: a total at the end of a table, and a number that is a
 * thousand times all others of its column.
 */
final class OddRows {
  /** Minimum number of rows. */
  private static final int LEAST = 10;

  private static final double FAR = 1000;

  /** Relative difference of a sum, as the numbers may be rounded. */
  private static final double ROUNDING = 1e-6;

  private static final Pattern LABEL =
      Pattern.compile("(?i)(grand )?(totals?|sum|summe|gesamt(summe)?|insgesamt|somme)\\h?:?");

  private OddRows() {}

  /**
   * {@return whether the last row has totals} The first of its cells that is not empty is a word
   * for them, and most others are empty, the sum of their column, or texts such as $1,234.50.
   *
   * @param columns the cells
   * @param rows number of rows
   */
  static boolean endInTotals(List<TableColumn> columns, int rows) {
    int last = rows - 1;
    boolean isLabelled = false;
    int like = 0;
    for (TableColumn cells : columns) {
      String text = cells.string(last);
      boolean isEmpty = text == null && Double.isNaN(cells.number(last));
      if (!isLabelled && !isEmpty) {
        if (text == null || !LABEL.matcher(text).matches()) {
          return false;
        }
        isLabelled = true;
      } else {
        boolean hasDigits = text != null && text.chars().anyMatch(Character::isDigit);
        like += isEmpty || hasDigits || isSum(cells, last) ? 1 : 0;
      }
    }
    return isLabelled && last > 0 && 2 * like > columns.size() - 1;
  }

  /**
   * {@return one hint for each such row}
   *
   * @param columns the cells by the names of their columns
   * @param rows number of rows
   * @param at returns how a message names the line of a row
   */
  static List<Message> hints(Map<String, TableColumn> columns, int rows, IntFunction<String> at) {
    List<Message> hints = new ArrayList<>();
    int last = rows - 1;
    boolean isLabelled =
        columns.values().stream()
            .map(cells -> cells.string(last))
            .anyMatch(text -> text != null && LABEL.matcher(text).matches());
    List<String> sums = new ArrayList<>(rows < LEAST ? Set.of() : columns.keySet());
    sums.removeIf(name -> !isSum(columns.get(name), last));
    boolean isTotal = sums.size() > (isLabelled ? 0 : 1);
    if (isTotal) {
      hints.add(
          Message.of(
              "The row in %s seems to be a total, as %s has the sum of the numbers above there: it"
                  + " counts as a row unless it is deleted in the file",
              at.apply(last), sums));
    }
    if (rows >= LEAST) {
      columns.forEach((name, cells) -> far(name, cells, isTotal ? last : rows, at, hints));
    }
    return hints;
  }

  private static boolean isSum(TableColumn cells, int last) {
    double sum = 0;
    for (int row = 0; row < last; row++) {
      sum += Double.isNaN(cells.number(row)) ? 0 : cells.number(row);
    }
    return sum != 0 && Math.abs(sum - cells.number(last)) <= ROUNDING * Math.abs(sum);
  }

  /** Adds a hint if a number is far larger than all others of a column. */
  private static void far(
      String name, TableColumn cells, int rows, IntFunction<String> at, List<Message> hints) {
    int place = 0;
    double largest = 0;
    double second = 0;
    for (int row = 0; row < rows; row++) {
      double size = Math.abs(cells.number(row)); // NaN is not larger
      place = size > largest ? row : place;
      second = size > largest ? largest : Math.max(second, size > second ? size : 0);
      largest = size > largest ? size : largest;
    }
    if (second > 0 && largest >= FAR * second) {
      String number = Cell.text(cells.number(place));
      hints.add(
          Message.of(
              "In %s, column %s is %s, at least a thousand times every other number there (%s if it"
                  + " means a missing value)",
              at.apply(place), name, number, Remedy.MISSING.with(number, name)));
    }
  }
}
