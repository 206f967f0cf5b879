package dev.lanewise.trust;

import dev.lanewise.format.internal.CodePoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;

/**
 * Compares the values of a column in two samples. Fisher's test compares the share of each value or
 * bin, of numbers also the share up to the end of each bin, of rare values together, of missing
 * values, and of the most frequent unknown string. Bonferroni's correction is for the number of
 * tests of values and bins, and then for these four kinds of tests.
 *
 * <p>The tests hold although bins are chosen by the training rows: how many new rows are below one
 * of the sorted training rows has the same distribution in all columns of numbers.
 */
final class ColumnComparison {
  private static final int MOST_WORDS = 10_000; // unknown strings that are told apart
  private static final double MOST_BINS = 16; // more are hardly more precise
  private static final double FREQUENT = 5; // expected rows of a category that is compared alone
  private static final double ONCE = 2; // training rows that a known category has at least

  private final String name;
  private final List<String> categories; // null for numbers
  private final Histogram histogram; // of the training rows; null for categories
  private final DoubleFunction<String> shown; // how a number is shown
  private final int[] before; // of training, as ColumnProfile counts, and none below and above
  private final long[] after; // the same of the new rows
  private final int gap; // place of rows without a value
  private final Map<String, Long> unknown = new TreeMap<>(CodePoints.ORDER); // strings
  private final List<Cell> values = new ArrayList<>(); // compared on their own
  private int tests;
  private double least = Double.POSITIVE_INFINITY; // smallest of the p-values
  private String change = ""; // the values that have it
  private double shareBefore; // theirs in training
  private double shareAfter; // theirs in the new rows

  /**
   * Some values of the column.
   *
   * @param what describes them
   * @param end describes them and all smaller numbers
   * @param before number of training rows with one of them
   * @param after number of new rows with one of them
   */
  private record Cell(String what, String end, double before, double after) {}

  /**
   * Makes a comparison.
   *
   * @param categories null for numbers
   * @param histogram of the training rows; null for categories
   * @param counts of the training rows, as {@link ColumnProfile} has them
   */
  ColumnComparison(
      String name,
      List<String> categories,
      Histogram histogram,
      int[] counts,
      DoubleFunction<String> shown) {
    this.name = name;
    this.categories = categories;
    this.histogram = histogram;
    this.shown = shown;
    gap = counts.length - 1;
    before = Arrays.copyOf(counts, histogram == null ? counts.length : Histogram.ABOVE + 1);
    after = new long[before.length];
  }

  /** Counts a new row of a place. */
  void add(int place) {
    after[place]++;
  }

  /** Counts a string that the model does not know. */
  void addUnknown(String string) {
    if (unknown.size() < MOST_WORDS || unknown.containsKey(string)) {
      unknown.merge(string, 1L, Long::sum);
    }
  }

  /** Compares the samples; the p-value is not yet corrected for other columns. */
  ColumnDrift compare() {
    Cell gaps = new Cell("no value", "", before[gap], after[gap]);
    double n = Arrays.stream(before).sum() - gaps.before;
    double m = Arrays.stream(after).sum() - gaps.after;
    Cell rare = histogram == null ? divideCategories(n, m) : joinCells(n / MOST_BINS);
    boolean hasRare = rare.before + rare.after > 0;
    int kinds = values.size() + (hasRare ? 1 : 0);
    if (kinds > 1) {
      compareValues(hasRare, n, m);
      least *= tests; // so that one kind of change does not pay for the tests of another
      tests = Math.min(tests, 1);
    }
    testUnknown(n, m);
    if (kinds > 1 && hasRare) {
      test(rare, 1, n, m);
    }
    if (gaps.before + gaps.after > 0) {
      test(gaps, 1, n + gaps.before, m + gaps.after);
    }
    values.addAll(List.of(rare, gaps));
    double p = tests > 0 ? Math.min(1, tests * least) : 1;
    double psi = index(n + gaps.before, m + gaps.after);
    return new ColumnDrift(name, psi, p, false, change, shareBefore, shareAfter);
  }

  /**
   * Compares categories, and returns those that are rare. Rows of both samples count: categories
   * that were chosen because they were frequent in the training rows alone are less frequent in any
   * other rows, by chance.
   */
  private Cell divideCategories(double n, double m) {
    int known = categories.size();
    double rarest = before[known] == 0 ? ONCE : rarest();
    double least = Math.max(FREQUENT, rarest + 3 * Math.sqrt(rarest)) * (n + m) / n;
    least = Math.max(least, FREQUENT * (n + m) / m);
    double rareBefore = before[known];
    double rareAfter = after[known];
    for (int i = 0; i < known; i++) {
      if (before[i] + after[i] >= least) {
        values.add(new Cell("\"" + categories.get(i) + "\"", "", before[i], after[i]));
      } else {
        rareBefore += before[i];
        rareAfter += after[i];
      }
    }
    return new Cell("rare or unknown values", "", rareBefore, rareAfter);
  }

  /** Returns the count of the rarest category that training knows. */
  private double rarest() {
    return Arrays.stream(before, 0, categories.size()).filter(count -> count > 0).min().orElse(0);
  }

  /**
   * Compares numbers, of which none are rare. Neighbouring cells are joined to bins of at least a
   * sixteenth of the training rows, as far as there are as many; a value that many rows have stays
   * alone.
   */
  private Cell joinCells(double enough) {
    double[] q = histogram.quantiles();
    int from = -1; // the first cell of a bin; -1 is below all
    double all = 0;
    double found = 0;
    for (int cell = -1; cell <= Histogram.CELLS; cell++) {
      boolean isLast = cell == Histogram.CELLS; // above all
      int place = cell < 0 ? Histogram.BELOW : isLast ? Histogram.ABOVE : cell;
      all += before[place];
      found += after[place];
      boolean isSingle = histogram.isSingle(cell);
      if (isSingle
          || histogram.isSingle(cell + 1)
          || isLast
          || all >= enough && room(cell + 1, enough)) {
        if (all + found > 0) {
          String end = isLast ? "" : "up to " + shown.apply(q[cell + 1]);
          String range = from < 0 ? end : ("over " + shown.apply(q[from]) + " " + end).strip();
          range = isSingle ? "exactly " + shown.apply(q[cell]) : range;
          values.add(new Cell(range.isEmpty() ? "any value" : range, end, all, found));
        }
        from = cell + 1;
        all = 0;
        found = 0;
      }
    }
    return new Cell("", "", 0, 0);
  }

  /** Returns whether the cells up to the next single value make another bin. */
  private boolean room(int from, double enough) {
    double sum = 0;
    for (int cell = from; cell < Histogram.CELLS && !histogram.isSingle(cell); cell++) {
      sum += before[cell];
    }
    return sum >= enough;
  }

  private void compareValues(boolean hasRare, double n, double m) {
    double before = 0;
    double after = 0;
    int last = values.size() - 1;
    for (int i = 0; i <= last; i++) {
      Cell cell = values.get(i);
      before += cell.before;
      after += cell.after;
      if (i < last || last > 1 || hasRare) { // the last of two is the rest
        test(cell, 1, n, m);
      }
      if (histogram != null && i > 0 && i < last - 1) {
        test(new Cell(cell.end, "", before, after), 1, n, m);
      }
    }
  }

  /**
   * Tests on one side whether the most frequent unknown string is more frequent, as training has
   * few of them: it was rarer there than known ones.
   */
  private void testUnknown(double n, double m) {
    if (!unknown.isEmpty()) { // of equal strings, the first is taken
      Map.Entry<String, Long> most =
          Collections.max(unknown.entrySet(), Map.Entry.comparingByValue());
      String what = "\"" + most.getKey() + "\", which the model does not know";
      double rare = Math.min(before[gap - 1], rarest());
      if (most.getValue() * n > rare * m) {
        test(new Cell(what, "", rare, most.getValue()), unknown.size() / 2.0, n, m);
      }
    }
  }

  private void test(Cell cell, double times, double n, double m) {
    double p = times * FisherTest.p(cell.before, n, cell.after, m);
    tests++;
    if (p < least) {
      least = p;
      change = cell.what;
      shareBefore = n > 0 ? cell.before / n : 0;
      shareAfter = m > 0 ? cell.after / m : 0;
    }
  }

  /** Returns the population stability index. */
  private double index(double n, double m) {
    values.removeIf(cell -> cell.before + cell.after == 0);
    double sum = 0;
    for (Cell cell : values) {
      double p = (cell.before + 0.5) / (n + 0.5 * values.size());
      double q = (cell.after + 0.5) / (m + 0.5 * values.size());
      sum += (q - p) * StrictMath.log(q / p);
    }
    return sum;
  }
}
