package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.Quantiles;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.table.internal.SortedNumbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A summary of a column of a table, for people.
 *
 * @param name the name of the column
 * @param kind {@code numbers}, {@code texts}, {@code dates}, {@code mixed} or {@code empty}
 * @param missing the number of rows without a value
 * @param distinct the number of different values; whole numbers from 2^53 on, and numbers with
 *     leading zeros, are compared by their digits
 * @param quantiles the minimum, lower quartile, median, upper quartile and maximum of the numbers,
 *     or of the days if the column has dates; empty if it has neither
 * @param frequent the most frequent values with their numbers of rows, in descending order; equally
 *     frequent values are sorted: strings by code points, then numbers ascending
 */
public record ColumnSummary(
    String name,
    String kind,
    int missing,
    int distinct,
    List<Double> quantiles,
    List<Map.Entry<String, Integer>> frequent) {
  private static final double[] SHARES = {0, 0.25, 0.5, 0.75, 1};

  /**
   * Summarises a column.
   *
   * @param table the table
   * @param column the position of the column, from 0
   * @param most the maximum number of frequent values to list
   * @return the summary
   */
  public static ColumnSummary of(Table table, int column, int most) {
    Objects.checkIndex(column, table.columns().size());
    if (most < 0) {
      throw DataErrors.wrong("%s most frequent values, expected a number from 0", most);
    }
    TableColumn cells = cells(table.content, column);
    double[] numbers = new double[table.rows()];
    double[] plain = cells.hasDigits() ? new double[table.rows()] : numbers; // without digits
    Map<String, Integer> digits = new HashMap<>(); // counts of numbers by digits
    int[] counts = new int[cells.strings() + 1]; // number of values per string
    int found = 0;
    int plains = 0;
    int missing = 0;
    for (int row = 0; row < table.rows(); row++) {
      int code = cells.code(row);
      if (code > 0) {
        counts[code]++;
      } else if (code < 0) {
        missing++;
      } else {
        numbers[found++] = cells.number(row);
        String text = cells.digits(row);
        if (text == null) {
          plain[plains++] = cells.number(row);
        } else {
          digits.merge(text, 1, Integer::sum);
        }
      }
    }
    int strings = table.rows() - found - missing;
    SortedNumbers.sort(numbers, found, null);
    if (plain != numbers) {
      SortedNumbers.sort(plain, plains, null);
    }
    double[] days = new double[strings];
    int dates = days(cells, counts, days);
    List<Map.Entry<String, Integer>> values = new ArrayList<>();
    digits.forEach((text, count) -> values.add(Map.entry(text, count)));
    for (int code = 1; code < counts.length; code++) {
      if (counts[code] > 0) {
        values.add(Map.entry(cells.entry(code), counts[code]));
      }
    }
    boolean areDates = strings > 0 && dates == strings && found == 0;
    int distinct = values.size();
    for (int from = 0; from < plains; from = end(plain, from, plains)) {
      distinct++;
    }
    values.sort(Comparator.comparing(Map.Entry::getKey, CodePoints.ORDER));
    for (int[] run : frequent(plain, plains, most)) {
      values.add(Map.entry(Cell.text(plain[run[0]]), run[1]));
    }
    values.sort(Comparator.comparing(entry -> -entry.getValue())); // a stable sort
    return new ColumnSummary(
        table.columns().get(column),
        kind(strings, found, areDates),
        missing,
        distinct,
        areDates ? quantiles(days, dates) : quantiles(numbers, found),
        List.copyOf(values.subList(0, Math.min(most, values.size()))));
  }

  private static TableColumn cells(TableContent table, int column) {
    TableColumn cells = table.column(column);
    return table.given() == null ? cells.withMissing(Cell.MISSING_STRINGS) : cells;
  }

  private static String kind(int strings, int numbers, boolean areDates) {
    String ofWords = numbers > 0 ? "mixed" : areDates ? "dates" : "texts";
    return strings > 0 ? ofWords : numbers > 0 ? "numbers" : "empty";
  }

  /** Finds the days of all strings that are dates, in ascending order, and returns their number. */
  private static int days(TableColumn cells, int[] counts, double[] days) {
    int dates = 0;
    for (int code = 1; code < counts.length; code++) {
      double day = counts[code] == 0 ? Double.NaN : DateColumn.days(cells.entry(code));
      if (!Double.isNaN(day)) {
        Arrays.fill(days, dates, dates + counts[code], day);
        dates += counts[code];
      }
    }
    Arrays.sort(days, 0, dates);
    return dates;
  }

  /**
   * Finds the most frequent of the sorted numbers; among equally frequent ones the smallest come
   * first.
   *
   * @return pairs of the index of the first occurrence and the number of occurrences
   */
  private static List<int[]> frequent(double[] sorted, int count, int most) {
    List<int[]> runs = new ArrayList<>();
    for (int from = 0, end; from < count; from = end) {
      end = end(sorted, from, count);
      int place = runs.size();
      while (place > 0 && runs.get(place - 1)[1] < end - from) {
        place--;
      }
      if (place < most) {
        runs.add(place, new int[] {from, end - from});
        runs = runs.subList(0, Math.min(most, runs.size()));
      }
    }
    return runs;
  }

  /** Returns the exclusive end of the run of equal numbers that begins at an index. */
  private static int end(double[] sorted, int from, int count) {
    int end = from + 1;
    while (end < count && sorted[end] == sorted[from]) {
      end++;
    }
    return end;
  }

  private static List<Double> quantiles(double[] sorted, int count) {
    List<Double> quantiles = new ArrayList<>();
    for (int i = 0; count > 0 && i < SHARES.length; i++) {
      quantiles.add(Quantiles.of(sorted, count, SHARES[i]));
    }
    return quantiles;
  }
}
