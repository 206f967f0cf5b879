package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.Quantiles;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.table.internal.SortedNumbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

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
    TableColumn cells = table.content.column(column);
    cells = table.content.given() == null ? cells.in(null, Cell.MISSING_STRINGS) : cells;
    ColumnStatistics found =
        new ColumnStatistics(cells, IntStream.range(0, table.rows()).toArray());
    Map<String, Integer> texts = new TreeMap<>(CodePoints.ORDER); // strings and digits
    texts.putAll(found.texts(true, -1));
    double[] plain = found.plain();
    int distinct = texts.size();
    List<int[]> runs = new ArrayList<>(); // the most frequent numbers: the first one and its rows
    for (int from = 0, end; from < plain.length; from = end) {
      end = ColumnStatistics.end(plain, from);
      int place = runs.size();
      while (place > 0 && runs.get(place - 1)[1] < end - from) {
        place--;
      }
      if (place < most) {
        runs.add(place, new int[] {from, end - from});
        runs = runs.subList(0, Math.min(most, runs.size()));
      }
      distinct++;
    }
    List<Map.Entry<String, Integer>> values = new ArrayList<>(texts.entrySet());
    runs.forEach(run -> values.add(Map.entry(Cell.text(plain[run[0]]), run[1])));
    values.sort(Comparator.comparing(entry -> -entry.getValue())); // a stable sort
    boolean areDates = found.strings > 0 && found.dates() == found.present();
    double[] numbers = texts.isEmpty() ? plain : found.values();
    SortedNumbers.sort(numbers, numbers.length);
    String ofWords = found.numbers > 0 ? "mixed" : areDates ? "dates" : "texts";
    return new ColumnSummary(
        table.columns().get(column),
        found.strings > 0 ? ofWords : found.numbers > 0 ? "numbers" : "empty",
        found.missing,
        distinct,
        quantiles(numbers, areDates || found.numbers > 0 ? numbers.length : 0),
        List.copyOf(values.subList(0, Math.min(most, values.size()))));
  }

  private static List<Double> quantiles(double[] sorted, int count) {
    List<Double> quantiles = new ArrayList<>();
    for (int i = 0; count > 0 && i < SHARES.length; i++) {
      quantiles.add(Quantiles.of(sorted, count, SHARES[i]));
    }
    return quantiles;
  }
}
