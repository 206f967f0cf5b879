package dev.lanewise.trust;

import java.util.ArrayList;
import java.util.List;

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
  private final String name;
  private final boolean isOrdered;
  private final List<Cell> values = new ArrayList<>();
  private double rareBefore;
  private double rareAfter;
  private Cell gaps = new Cell("no value", "", 0, 0);
  private Cell string;
  private double strings; // different unknown strings
  private int tests;
  private double least; // smallest of the p-values
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
  record Cell(String what, String end, double before, double after) {}

  /**
   * Starts without values.
   *
   * @param isOrdered whether the values are numbers, which are added in ascending order
   */
  ColumnComparison(String name, boolean isOrdered) {
    this.name = name;
    this.isOrdered = isOrdered;
  }

  /** Adds values that are compared on their own. */
  void add(Cell cell) {
    values.add(cell);
  }

  /** Adds values that are compared together with other such values. */
  void addRare(double before, double after) {
    rareBefore += before;
    rareAfter += after;
  }

  void setGaps(double before, double after) {
    gaps = new Cell("no value", "", before, after);
  }

  /**
   * Sets the most frequent string that the model does not know, which is among the rare values,
   * too.
   *
   * @param different how many different unknown strings the new rows have
   */
  void setWord(Cell cell, double different) {
    string = cell;
    strings = different;
  }

  /** Compares the samples; the p-value is not yet corrected for other columns. */
  ColumnDrift compare() {
    double n = rareBefore;
    double m = rareAfter;
    for (Cell cell : values) {
      n += cell.before;
      m += cell.after;
    }
    tests = 0;
    least = Double.POSITIVE_INFINITY;
    boolean hasRare = rareBefore + rareAfter > 0;
    int kinds = values.size() + (hasRare ? 1 : 0);
    Cell rare = new Cell("rare or unknown values", "", rareBefore, rareAfter);
    if (kinds > 1) {
      compareValues(n, m);
      least *= tests; // so that one kind of change does not pay for the tests of another
      tests = Math.min(tests, 1);
      if (string != null) {
        testWord(n, m);
      }
      if (hasRare) {
        test(rare, 1, n, m);
      }
    } else if (string != null) {
      testWord(n, m);
    }
    if (gaps.before + gaps.after > 0) {
      test(gaps, 1, n + gaps.before, m + gaps.after);
    }
    double psi = index(rare, n + gaps.before, m + gaps.after);
    double p = tests > 0 ? Math.min(1, tests * least) : 1;
    return new ColumnDrift(name, psi, p, false, change, shareBefore, shareAfter);
  }

  private void compareValues(double n, double m) {
    double before = 0;
    double after = 0;
    int last = values.size() - 1;
    for (int i = 0; i <= last; i++) {
      Cell cell = values.get(i);
      before += cell.before;
      after += cell.after;
      if (i < last || last > 1 || rareBefore + rareAfter > 0) { // the last of two is the rest
        test(cell, 1, n, m);
      }
      if (isOrdered && i > 0 && i < last - 1) {
        test(new Cell(cell.end, "", before, after), 1, n, m);
      }
    }
  }

  /** Tests on one side whether the unknown string is more frequent, as training has few of them. */
  private void testWord(double n, double m) {
    boolean isMore = string.after * n > string.before * m;
    if (isMore) {
      test(string, strings / 2, n, m);
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
  private double index(Cell rare, double n, double m) {
    List<Cell> all = new ArrayList<>(values);
    all.add(rare);
    all.add(gaps);
    all.removeIf(cell -> cell.before + cell.after == 0);
    double sum = 0;
    for (Cell cell : all) {
      double p = (cell.before + 0.5) / (n + 0.5 * all.size());
      double q = (cell.after + 0.5) / (m + 0.5 * all.size());
      sum += (q - p) * StrictMath.log(q / p);
    }
    return sum;
  }
}
