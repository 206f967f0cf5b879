package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.Schema;
import dev.lanewise.table.internal.SortedNumbers;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Finds properties of a table that are likely to mislead its user. */
final class TableHints {
  /** Share of the rows in one class from which accuracy says nothing. */
  private static final double ONE_CLASS = 0.95;

  /** Maximum share of errors outside the largest class, for a column that gives the class away. */
  private static final double WRONG = 0.05;

  /** Maximum unexplained share of the variance, for a column that gives away a numeric target. */
  private static final double LEFT = 0.01;

  private static final double ROUNDING = 1e-12;

  /** Maximum number of columns that a hint names; others are counted. */
  private static final int MOST_NAMED = 5;

  /** Minimum number of rows outside the largest class. */
  private static final int LEAST_OTHERS = 10;

  /**
   * Minimum rank correlation for which Pearson's correlation is used, because two clusters of
   * points are not a line.
   */
  private static final double SAME_ORDER = 0.9;

  /** Minimum rows per distinct value on average; fewer determine the class by chance. */
  private static final int ROWS_OF_VALUE = 10;

  /** Maximum number of ranges of a numeric column, as each takes a pass over the rows. */
  private static final int MOST_RANGES = 30;

  /** With fewer rows, no hints about columns are given. */
  private static final int LEAST_ROWS = 50;

  /** Maximum number of rows to examine, evenly spaced in the table. */
  private static final int MOST_ROWS = 10_000;

  /** With more cells, fewer rows are examined, but at least {@link #SOME_ROWS}. */
  private static final int MOST_CELLS = 4_000_000;

  private static final int SOME_ROWS = 1000;

  private static final int PERCENT = 100;

  private final ColumnStore table;
  private final int[] rows; // a sample of the rows with a target
  private int n; // number of these rows
  private final int[] labels; // [n]; null for numeric targets
  private double[] numbers; // [n]; null for classes
  private final int[] counts; // rows per class, for temporary use
  private int largest; // rows in the largest class
  private int givenAway; // number of columns that give the target away
  private final List<Message> hints = new ArrayList<>();

  private TableHints(ColumnStore table, Dataset data) throws FormatException {
    Schema schema = Schema.of(data).orElseThrow();
    this.table = table.in(TableOptions.of(schema));
    int[] targeted = data.tableRows("train");
    int affordable = Math.max(SOME_ROWS, MOST_CELLS / table.columns().size());
    n = Math.min(targeted.length, Math.min(MOST_ROWS, affordable));
    rows = new int[n];
    boolean classes = data.hasClasses();
    Rows all = data.train();
    labels = classes ? new int[n] : null;
    numbers = classes ? null : new double[n];
    counts = new int[classes ? data.classes() : 0];
    for (int i = 0; i < n; i++) {
      int from = (int) ((long) i * targeted.length / n);
      rows[i] = targeted[from];
      if (classes) {
        labels[i] = all.label(from);
      } else {
        numbers[i] = all.target(from, 0);
      }
    }
    if (classes) {
      largest = mostFrequent(IntStream.range(0, n).toArray(), 0, n);
    } else {
      leaveOutlier();
    }
  }

  /** Leaves out a row that alone makes most of a target's variance, as a row of totals does. */
  private void leaveOutlier() {
    double all = squares(IntStream.range(0, n).toArray(), 0, n);
    double mean = Arrays.stream(numbers).average().orElse(0);
    for (int i = 0; i < n; i++) {
      if (2 * (numbers[i] - mean) * (numbers[i] - mean) > all) {
        rows[i] = rows[n - 1];
        numbers[i] = numbers[n - 1];
        numbers = Arrays.copyOf(numbers, --n);
      }
    }
  }

  private void columns(Schema schema) {
    if (n >= LEAST_ROWS && schema.targets().size() == 1) {
      Map<String, Integer> places = new HashMap<>();
      table.columns().forEach(name -> places.put(name, places.size()));
      for (Column column : schema.columns()) {
        look(column, table.column(places.get(column.name())));
      }
      if (givenAway > MOST_NAMED) {
        int more = givenAway - MOST_NAMED;
        hints.add(
            Message.of(
                more == 1 ? "So does 1 other column alone" : "So do %s other columns alone", more));
      }
    }
  }

  /**
   * Returns the hints; only those about columns that give the target away unless all are wanted.
   */
  static List<Message> of(ColumnStore table, Dataset data, boolean all) throws FormatException {
    TableHints hints = new TableHints(table, data);
    if (all) {
      hints.balance(data);
    }
    hints.columns(Schema.of(data).orElseThrow());
    return hints.hints;
  }

  private void balance(Dataset data) {
    Rows split = data.train();
    long[] all = new long[counts.length];
    for (int i = 0; i < split.rows() && labels != null; i++) {
      all[split.label(i)]++;
    }
    for (int c = 0; c < all.length; c++) {
      if (all[c] >= ONE_CLASS * split.rows()) {
        String name = data.classNames().isEmpty() ? "" + c : data.classNames().get(c);
        hints.add(
            Message.of(
                "Class %s has %s%% of the rows: look at recall and ROC AUC, not accuracy (%s may"
                    + " help)",
                name, PERCENT * all[c] / split.rows(), Remedy.CLASS_WEIGHTS.with()));
      }
    }
  }

  private void look(Column column, TableColumn cells) {
    double[] values = column instanceof CategoryColumn ? null : values(cells);
    int[] groups = values == null ? categories(cells, (CategoryColumn) column) : ranks(values);
    int[] order = byGroup(groups);
    boolean few = groups[order[n - 1]] < n / ROWS_OF_VALUE;
    double score = Double.NaN; // score of this column alone
    if (labels != null) {
      score = few ? told(groups, order) : values == null ? Double.NaN : toldByRanges(groups, order);
      score = n - largest < LEAST_OTHERS ? Double.NaN : score / n;
    } else if (values != null) {
      score = determination(values, groups);
    } else if (few) {
      score = 1 - left(groups, order);
    }
    double most = labels == null ? LEFT : WRONG * (n - largest) / n;
    if (1 - score <= most + ROUNDING && ++givenAway <= MOST_NAMED) {
      hints.add(
          Message.of(
              "Column %s alone gives the target away (%s): if it is not known before the target is,"
                  + " %s",
              column.name(),
              labels == null
                  ? "R2 " + rounded(score, 4)
                  : "right in " + rounded(PERCENT * score, 1) + "% of the rows",
              Remedy.IGNORE.with(column.name())));
    }
  }

  /** Rounds down, so that only a perfect score appears as perfect. */
  private static String rounded(double number, int digits) {
    return new BigDecimal(number + 1e-9).setScale(digits, RoundingMode.DOWN).toPlainString();
  }

  /** Returns the numbers of a column, or the days of its dates; NaN for a missing value. */
  private double[] values(TableColumn cells) {
    return Arrays.stream(rows, 0, n).mapToDouble(row -> cells.value(row) + 0.0).toArray();
  }

  /** Numbers the categories of the rows from 0; a missing value is a category. */
  private int[] categories(TableColumn cells, CategoryColumn column) {
    Map<Object, Integer> seen = new HashMap<>();
    int[] groups = new int[n];
    for (int i = 0; i < n; i++) {
      double number = cells.number(rows[i]) + 0.0;
      boolean hasText = Double.isNaN(number) || column.byDigits();
      Object value = hasText ? cells.text(rows[i], column) : (Object) number;
      groups[i] = seen.computeIfAbsent(value, v -> seen.size());
    }
    return groups;
  }

  /** Returns the rank of each value among the distinct values, from 0; NaN is last. */
  private static int[] ranks(double[] values) {
    double[] distinct = values.clone();
    SortedNumbers.sort(distinct, distinct.length);
    int count = 0;
    for (double value : distinct) {
      if (count == 0 || Double.compare(value, distinct[count - 1]) != 0) {
        distinct[count++] = value;
      }
    }
    int end = count;
    return Arrays.stream(values)
        .mapToInt(value -> Arrays.binarySearch(distinct, 0, end, value))
        .toArray();
  }

  static int[] byGroup(int[] groups) {
    int[] from = new int[Arrays.stream(groups).max().orElse(0) + 2];
    for (int group : groups) {
      from[group + 1]++;
    }
    for (int g = 1; g < from.length; g++) {
      from[g] += from[g - 1];
    }
    int[] order = new int[groups.length];
    for (int i = 0; i < groups.length; i++) {
      order[from[groups[i]]++] = i;
    }
    return order;
  }

  /** Counts the rows that are in the largest class of their group. */
  private int told(int[] groups, int[] order) {
    int told = 0;
    for (int from = 0, to = 0; from < n; from = to) {
      while (to < n && groups[order[to]] == groups[order[from]]) {
        to++;
      }
      told += mostFrequent(order, from, to);
    }
    return told;
  }

  /**
   * Divides the range of a numeric column into at most as many intervals as there are classes, and
   * predicts one class per interval. Returns the number of correct rows for the best division.
   * {@code told[r][label]} is the number of rows that are correct if the current interval is number
   * r and predicts the label.
   */
  private int toldByRanges(int[] groups, int[] order) {
    int ranges = Math.min(MOST_RANGES, counts.length);
    int[][] told = new int[ranges][counts.length];
    int[] best = new int[ranges]; // maximum over the classes
    int[] before = new int[ranges]; // best before the current value
    for (int i = 0; i < n; i++) {
      if (i == 0 || groups[order[i]] != groups[order[i - 1]]) {
        System.arraycopy(best, 0, before, 0, ranges);
      }
      int label = labels[order[i]];
      for (int r = 0; r < ranges; r++) {
        int begun = r == 0 ? 0 : before[r - 1]; // if an interval begins at this value
        told[r][label] = Math.max(told[r][label], begun) + 1;
        best[r] = Math.max(best[r], told[r][label]);
      }
    }
    return Arrays.stream(best).max().orElse(0);
  }

  /** Returns the number of rows in the largest class among some rows. */
  private int mostFrequent(int[] order, int from, int to) {
    int most = 0;
    for (int i = from; i < to; i++) {
      most = Math.max(most, ++counts[labels[order[i]]]);
    }
    for (int i = from; i < to; i++) {
      counts[labels[order[i]]] = 0;
    }
    return most;
  }

  /** Returns the share of the targets' squared deviations that remains within groups. */
  private double left(int[] groups, int[] order) {
    double within = 0;
    for (int from = 0, to = 0; from < n; from = to) {
      while (to < n && groups[order[to]] == groups[order[from]]) {
        to++;
      }
      within += squares(order, from, to);
    }
    double all = squares(order, 0, n);
    return all == 0 ? 1 : within / all;
  }

  /** Returns the sum of squared deviations of some targets from their mean. */
  private double squares(int[] order, int from, int to) {
    double mean = 0;
    double sum = 0;
    for (int i = from; i < to; i++) { // by Welford's method
      double difference = numbers[order[i]] - mean;
      mean += difference / (i - from + 1);
      sum += difference * (numbers[order[i]] - mean);
    }
    return sum;
  }

  /** Returns R2 of the target for the better of a linear and a monotone function of a column. */
  private double determination(double[] values, int[] ranks) {
    double[] ofTarget = Arrays.stream(ranks(numbers)).asDoubleStream().toArray();
    double[] ofColumn = new double[n];
    Arrays.setAll(ofColumn, i -> Double.isNaN(values[i]) ? Double.NaN : ranks[i]);
    double byRanks = correlation(ofColumn, ofTarget);
    // A single outlier would make unrelated numbers look correlated.
    double byValues = byRanks >= SAME_ORDER ? correlation(values, numbers) : 0;
    double larger = Math.max(byRanks, byValues);
    return larger * larger;
  }

  /** Returns the absolute value of Pearson's correlation, without the rows where x is NaN. */
  private static double correlation(double[] x, double[] y) {
    double meanX = 0;
    double meanY = 0;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    int count = 0;
    for (int i = 0; i < x.length; i++) {
      if (!Double.isNaN(x[i])) {
        count++;
        double dx = x[i] - meanX;
        double dy = y[i] - meanY;
        meanX += dx / count;
        meanY += dy / count;
        xx += dx * (x[i] - meanX);
        yy += dy * (y[i] - meanY);
        xy += dx * (y[i] - meanY);
      }
    }
    boolean sound = count >= LEAST_ROWS && xx > 0 && yy > 0;
    return sound ? Math.abs(xy) / (Math.sqrt(xx) * Math.sqrt(yy)) : 0;
  }
}
