package dev.lanewise.table;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Estimates whether a first line with numbers is a header whose names are numbers, such as years,
 * wavelengths or ids. The evidence is in decimal digits: with 3 digits, a row of data would look
 * like this about once in 1000 tables.
 *
 * <p>Names are distinct, so a line with a repeated number is a row. A pattern that also occurs in a
 * row below proves nothing. A number from which its column continues in small steps, as times do,
 * is not used either.
 */
final class HeaderEvidence {
  /** Digits of evidence from which a first line is refused as ambiguous. */
  static final double ENOUGH = 3;

  /** Minimum number of rows for evidence from a column. */
  private static final int LEAST_ROWS = 3;

  /** Maximum number of digits for one column, as there may be reasons not considered here. */
  private static final double MOST = 2;

  /** Minimum evidence from columns of numbers before columns of strings also count. */
  private static final double OF_NUMBERS = 1;

  /** Maximum number of columns that count as outliers, as one cause may move many. */
  private static final int FAR_COLUMNS = 3;

  /** Maximum size of a small step, relative to the range of the column. */
  private static final double SMALL_STEP = 0.25;

  /** Relative rounding error of the steps of a sequence such as 0.1, 0.2, 0.3. */
  private static final double TOLERANCE = 1e-9;

  private final ColumnStore table; // row 0 of this table is the first line
  private final List<String> first; // texts of the first line
  private final int[] below; // rows after the first line
  private final double[] numbers; // numbers of the first line; NaN for columns that are not used
  private final double[] outside; // distances of these from the range of their columns
  private final double[] range; // range of each column
  private final double[] whole; // smoothed share of integers in each column
  private final int[] counted; // the columns that are used

  private HeaderEvidence(ColumnStore table, List<String> first) {
    this.table = table;
    this.first = first;
    below = IntStream.range(1, table.rows()).toArray();
    int columns = first.size();
    numbers = new double[columns];
    outside = new double[columns];
    range = new double[columns];
    whole = new double[columns];
    counted = IntStream.range(0, columns).filter(this::look).toArray();
  }

  /**
   * Returns the digits of evidence for a header.
   *
   * @param table some rows, the first of which is the line in question
   * @param first the texts of that line
   */
  static double of(ColumnStore table, List<String> first) {
    HeaderEvidence evidence = new HeaderEvidence(table, first);
    return evidence.below.length < LEAST_ROWS || evidence.hasRepeated() ? 0 : evidence.digits();
  }

  private double digits() {
    double ofNumbers = far() + steps() + wholes();
    return ofNumbers + (ofNumbers >= OF_NUMBERS ? string() : 0);
  }

  private boolean hasRepeated() {
    double[] present =
        IntStream.range(0, first.size())
            .mapToDouble(c -> numberOf(c, 0) + 0.0)
            .filter(number -> number == number)
            .toArray();
    return Arrays.stream(present).distinct().count() < present.length;
  }

  /** Examines a column; returns false if it is not used. */
  private boolean look(int c) {
    TableColumn column = table.column(c);
    numbers[c] = column.number(0);
    double[] some =
        Arrays.stream(below)
            .mapToDouble(column::number)
            .filter(number -> number == number)
            .toArray();
    DoubleSummaryStatistics all = Arrays.stream(some).summaryStatistics();
    double step = // the largest
        IntStream.range(1, some.length)
            .mapToDouble(i -> Math.abs(some[i] - some[i - 1]))
            .max()
            .orElse(0);
    long wholes = Arrays.stream(some).filter(number -> number == Math.rint(number)).count();
    range[c] = all.getMax() - all.getMin();
    outside[c] = Math.max(0, Math.max(all.getMin() - numbers[c], numbers[c] - all.getMax()));
    whole[c] = (wholes + 2.0) / (some.length + 4.0);
    boolean isUsed =
        some.length >= LEAST_ROWS
            && !Double.isNaN(numbers[c])
            && !(step <= SMALL_STEP * range[c] && Math.abs(numbers[c] - some[0]) <= 2 * step)
            && Arrays.stream(below).allMatch(row -> column.string(row) == null);
    numbers[c] = isUsed ? numbers[c] : Double.NaN;
    return isUsed;
  }

  /** Returns evidence from numbers that are far outside the range of their columns. */
  private double far() {
    double[] digits = new double[counted.length];
    for (int i = 0; i < digits.length; i++) {
      int c = counted[i];
      digits[i] = range[c] > 0 ? Math.min(MOST, StrictMath.log10(1 + outside[c] / range[c])) : 0;
    }
    Arrays.sort(digits);
    return digits.length == 0
        ? 0
        : Math.min(FAR_COLUMNS, digits.length) * digits[(digits.length - 1) / 2];
  }

  /** Returns evidence from numbers that are all integers, above columns of fractions. */
  private double wholes() {
    double digits = 0;
    for (int c = 0; c < first.size(); c++) {
      if (!Double.isNaN(numberOf(c, 0)) && !first.get(c).matches("[-+]?[0-9]+")) {
        return 0;
      }
    }
    for (int c : counted) {
      digits -= StrictMath.log10(whole[c]);
    }
    return digits;
  }

  /**
   * Returns evidence from adjacent numbers with equal steps, if no row below has as many. Each
   * counts as a random choice from the range of its column.
   */
  private double steps() {
    int[] run = longestRun(0);
    if (Arrays.stream(below).anyMatch(row -> longestRun(row)[1] >= run[1])) {
      return 0;
    }
    double digits = 0;
    double step = run[1] < 2 ? 0 : numberOf(run[0] + 1, 0) - numberOf(run[0], 0);
    // how many first numbers determine the rest of the sequence
    int told = Math.abs(step) == 1 ? 1 : 2;
    for (int c = run[0] + told; c < run[0] + run[1]; c++) {
      if (!Double.isNaN(numbers[c])) {
        digits +=
            Math.min(FAR_COLUMNS, StrictMath.log10(1 + (range[c] + outside[c]) / Math.abs(step)));
      }
    }
    return digits;
  }

  private double numberOf(int c, int row) {
    return table.column(c).number(row);
  }

  /**
   * Finds the longest run of adjacent numbers with equal steps.
   *
   * @return its first column and its length; two numbers are a run only if they differ by 1
   */
  private int[] longestRun(int row) {
    int[] longest = {0, 0};
    int from = 0;
    for (int c = 1; c < first.size(); c++) {
      double step = numberOf(c, row) - numberOf(c - 1, row);
      double before = c - 1 > from ? numberOf(c - 1, row) - numberOf(c - 2, row) : step;
      boolean isEqual = Math.abs(step - before) <= TOLERANCE * Math.abs(numberOf(c, row));
      if (!(step != 0) || Double.isNaN(step)) {
        from = c;
      } else if (!isEqual) {
        from = c - 1;
      }
      boolean isRun = c - from > 1 || c > from && Math.abs(step) == 1;
      if (isRun && c - from + 1 > longest[1]) {
        longest = new int[] {from, c - from + 1};
      }
    }
    return longest;
  }

  /**
   * Returns evidence from a string that is not repeated in its column although other strings are.
   */
  private double string() {
    double most = 0;
    for (int c = 0; c < first.size(); c++) {
      TableColumn column = table.column(c);
      ColumnStatistics found = new ColumnStatistics(column, below);
      if (column.string(0) != null && found.count(column.code(0)) == 0) {
        long once = column.codesOfStrings().filter(code -> found.count(code) == 1).count();
        most = Math.max(most, -StrictMath.log10((once + 1.0) / (found.strings + 1)));
      }
    }
    return Math.min(MOST, most);
  }
}
