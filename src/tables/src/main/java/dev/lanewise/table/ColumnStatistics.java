package dev.lanewise.table;

import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.table.internal.SortedNumbers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the cells of a column are in some rows. The entries of its dictionary are counted in one
 * pass, and then each of them is examined once.
 */
final class ColumnStatistics {
  /** Share of values from which the other values are considered mistakes. */
  static final double NEARLY_ALL = 0.9;

  /** Maximum number of distinct strings with a number, such as 64 GB, that are categories. */
  static final int FEW = 20;

  /** Beginning of numbers and dates in any notation, possibly with a sign or a currency symbol. */
  private static final Pattern BEGINNING = Pattern.compile("[-+(]?\\p{Sc}? ?[-+]?[0-9].*");

  /** Characters of numbers and dates, including separators. */
  private static final Pattern DIGITS = Pattern.compile("[-+0-9.,'\u2019_\\h]+");

  /** Maximum length of the name of a unit. */
  private static final int LONGEST_UNIT = 8;

  final int missing; // number of rows
  final int numbers;
  final int strings;
  private final TableColumn cells;
  private final int[] rows;
  private final int[] counts; // as TableColumn counts

  /** Examines some rows of a column, which are read fastest in ascending order. */
  ColumnStatistics(TableColumn cells, int[] rows) {
    this.cells = cells;
    this.rows = rows;
    counts = cells.counts(rows);
    missing = counts[0];
    strings = rowsOf(text -> true);
    numbers = rows.length - missing - strings;
  }

  private String string(int code) {
    return cells.entry(code).string();
  }

  private double days(int code) {
    return cells.isString(code) ? DateColumn.days(string(code)) : Double.NaN;
  }

  /** Returns the number of rows with a date. */
  int dates() {
    return rowsOf(text -> !Double.isNaN(DateColumn.days(text)));
  }

  /** Returns the number of rows with a value. */
  int present() {
    return numbers + strings;
  }

  /** Returns the codes of the strings, and of the numbers with digits, that the rows have. */
  private IntStream spelled() {
    return IntStream.rangeClosed(1, cells.entries())
        .filter(code -> count(code) > 0 && string(code) != null);
  }

  /** Returns the number of rows with an entry. */
  int count(int code) {
    return counts[code + 1];
  }

  /** Returns the number of rows with such a string. */
  int rowsOf(Predicate<String> isWanted) {
    return spelled()
        .filter(code -> cells.isString(code) && isWanted.test(string(code)))
        .map(this::count)
        .sum();
  }

  /** Returns the numbers without digits, in ascending order. */
  double[] plain() {
    double[] plain = new double[numbers];
    int found = fill(plain);
    SortedNumbers.sort(plain, found);
    return found == numbers ? plain : Arrays.copyOf(plain, found);
  }

  private int fill(double[] plain) {
    int found = 0;
    for (int row : rows) {
      double number = cells.number(row);
      if (number == number && cells.spelling(row) == null) {
        plain[found++] = number;
      }
    }
    return found;
  }

  /** Returns the numbers, or the days of the dates if there are no numbers. */
  double[] values() {
    double[] values = new double[numbers > 0 ? numbers : dates()];
    int found = fill(values);
    for (int code : spelled().toArray()) {
      double value = numbers > 0 ? cells.entry(code).number() : days(code);
      if (!Double.isNaN(value)) {
        Arrays.fill(values, found, found += count(code), value);
      }
    }
    return values;
  }

  /**
   * Returns an example of the digits, the first by code points, that a double does not keep; null
   * if there are none.
   *
   * @param isLarge whether leading zeros do not matter
   */
  String digits(boolean isLarge) {
    return spelled()
        .mapToObj(cells::entry)
        .filter(cell -> !Double.isNaN(cell.number()))
        .filter(cell -> !isLarge || Cell.isLarge(cell.number()))
        .map(Cell::string)
        .min(CodePoints.ORDER)
        .orElse(null);
  }

  /**
   * Returns the number of rows of each value.
   *
   * @param byDigits whether numbers are compared by their digits
   * @param most number of values above which numbers without digits are left out
   */
  Map<String, Integer> texts(boolean byDigits, int most) {
    CategoryColumn rule = TableColumn.rule(byDigits);
    Map<String, Integer> texts = new HashMap<>();
    for (int code : spelled().toArray()) {
      Cell cell = cells.entry(code);
      texts.merge(rule.text(cell.number(), cell.string()), count(code), Integer::sum);
    }
    double[] plain = texts.size() > most ? new double[0] : plain();
    for (int from = 0, to; from < plain.length && texts.size() <= most; from = to) {
      to = end(plain, from);
      texts.merge(rule.text(plain[from], null), to - from, Integer::sum);
    }
    return texts;
  }

  /** Returns the exclusive end of the equal numbers that begin at an index of sorted ones. */
  static int end(double[] sorted, int from) {
    int end = from + 1;
    while (end < sorted.length && sorted[end] == sorted[from]) {
      end++;
    }
    return end;
  }

  /**
   * Returns an example of strings that seem to be numbers or dates in an unsupported notation, such
   * as 1,234.50 $ or 31.05.2024, the first by code points; null if there are none.
   */
  String unread() {
    Map<String, List<Integer>> alike = // codes by what is beside the digits
        spelled()
            .filter(code -> cells.isString(code) && BEGINNING.matcher(string(code)).matches())
            .boxed()
            .collect(Collectors.groupingBy(code -> DIGITS.matcher(string(code)).replaceAll("")));
    alike.keySet().removeIf(unit -> unit.length() > LONGEST_UNIT);
    return alike.values().stream()
        .filter(codes -> codes.size() > FEW)
        .filter(
            codes -> numbers + codes.stream().mapToInt(this::count).sum() >= NEARLY_ALL * present())
        .map(codes -> codes.stream().map(this::string).min(CodePoints.ORDER).orElseThrow())
        .findFirst()
        .orElse(null);
  }
}
