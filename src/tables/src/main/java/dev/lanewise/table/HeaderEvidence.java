package dev.lanewise.table;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How much speaks for a first line with numbers being a line of names, such as years, wavelengths
 * or ids, and not a row like those below it. The evidence is in decimal digits: of 3 digits a row
 * would show it about once in 1000 tables.
 *
 * <p>Names differ from each other, so a number that is there twice makes the line a row. What a row
 * below shows, too, is no evidence, and neither is a number from which a column goes on in small
 * steps, as a time or a path does from where it begins.
 */
final class HeaderEvidence {
  /** From so many digits on a line is no row without a question. */
  static final double ENOUGH = 3;

  /** Nothing can be said of a column by fewer rows. */
  private static final int LEAST_ROWS = 3;

  /** One column alone says no more than this, for reasons that are not thought of here. */
  private static final double MOST = 2;

  /** Numbers by themselves say so much where words beside them say the rest. */
  private static final double OF_NUMBERS = 1;

  /** So many columns far away are no more evidence than three: one reason may move them all. */
  private static final int FAR_COLUMNS = 3;

  /** A column goes on in small steps if the largest is this part of its range or less. */
  private static final double SMALL_STEP = 0.25;

  /** The relative rounding error of the steps of a sequence such as 0.1, 0.2, 0.3. */
  private static final double TOLERANCE = 1e-9;

  private final Table table; // whose row 0 is the first line
  private final List<String> first; // its texts
  private final int rows; // below
  private final double[] numbers; // of the first line; NaN where it has none over numbers
  private final double[] outside; // how far they are out of the ranges of their columns
  private final double[] range; // of each column
  private final double[] whole; // the share of whole numbers in each column, guarded
  private final int[] counted; // the columns that have such a number

  private HeaderEvidence(Table table, List<String> first) {
    this.table = table;
    this.first = first;
    rows = table.rows() - 1;
    int columns = first.size();
    numbers = new double[columns];
    outside = new double[columns];
    range = new double[columns];
    whole = new double[columns];
    int[] some = new int[columns];
    int count = 0;
    for (int c = 0; c < columns; c++) {
      if (look(c)) {
        some[count++] = c;
      } else {
        numbers[c] = Double.NaN;
      }
    }
    counted = Arrays.copyOf(some, count);
  }

  /**
   * The digits of evidence.
   *
   * @param table some rows, of which the first is the line in question
   * @param first the texts of that line
   */
  static double of(Table table, List<String> first) {
    HeaderEvidence evidence = new HeaderEvidence(table, first);
    return evidence.rows < LEAST_ROWS || evidence.hasRepeated() ? 0 : evidence.digits();
  }

  private double digits() {
    double ofNumbers = far() + steps() + wholes();
    return ofNumbers + (ofNumbers >= OF_NUMBERS ? word() : 0);
  }

  private boolean hasRepeated() {
    Set<Double> seen = new HashSet<>();
    for (int c = 0; c < first.size(); c++) {
      double number = table.column(c).number(0) + 0.0;
      if (!Double.isNaN(number) && !seen.add(number)) {
        return true;
      }
    }
    return false;
  }

  /** Looks at a column; false if it says nothing. */
  private boolean look(int c) {
    TableColumn column = table.column(c);
    numbers[c] = column.number(0);
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double step = 0; // the largest
    double before = Double.NaN;
    double begins = Double.NaN;
    int found = 0;
    int wholes = 0;
    for (int row = 1; row <= rows; row++) {
      double number = column.number(row);
      if (column.word(row) != null) {
        return false;
      } else if (!Double.isNaN(number)) {
        min = Math.min(min, number);
        max = Math.max(max, number);
        step = found > 0 ? Math.max(step, Math.abs(number - before)) : step;
        begins = found == 0 ? number : begins;
        wholes += number == Math.rint(number) ? 1 : 0;
        before = number;
        found++;
      }
    }
    range[c] = max - min;
    outside[c] = Math.max(0, Math.max(min - numbers[c], numbers[c] - max));
    whole[c] = (wholes + 2.0) / (found + 4.0);
    boolean goesOn = step <= SMALL_STEP * range[c] && Math.abs(numbers[c] - begins) <= 2 * step;
    return found >= LEAST_ROWS && !Double.isNaN(numbers[c]) && !goesOn;
  }

  /** Most of the numbers are farther away from all below than these are from each other. */
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

  /** All numbers are whole, and have no point, above columns of fractions. */
  private double wholes() {
    double digits = 0;
    for (int c = 0; c < first.size(); c++) {
      if (!Double.isNaN(table.column(c).number(0)) && !first.get(c).matches("[-+]?[0-9]+")) {
        return 0;
      }
    }
    for (int c : counted) {
      digits -= StrictMath.log10(whole[c]);
    }
    return digits;
  }

  /**
   * Numbers side by side ascend or descend in equal steps, more of them than in any row below. Each
   * is one of the many numbers that the range of its column has room for.
   */
  private double steps() {
    int[] run = longestRun(0);
    for (int row = 1; row <= rows; row++) {
      if (longestRun(row)[1] >= run[1]) {
        return 0;
      }
    }
    double digits = 0;
    double step = run[1] < 2 ? 0 : table.column(run[0] + 1).number(0) - numberOf(run[0], 0);
    int told = Math.abs(step) == 1 ? 1 : 2; // the numbers that tell the others
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
   * Where the most numbers stand side by side in equal steps, and how many. Two are none unless
   * they follow each other as 1 and 2 do.
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

  /** A word that its column never has again, though the words below repeat. */
  private double word() {
    double most = 0;
    for (int c = 0; c < first.size(); c++) {
      TableColumn column = table.column(c);
      int own = column.code(0);
      int[] counts = new int[column.words() + 1];
      int words = 0;
      for (int row = 1; row <= rows && own > 0; row++) {
        int code = column.code(row);
        if (code > 0) {
          counts[code]++;
          words++;
        }
      }
      if (own > 0 && counts[own] == 0) {
        long once = Arrays.stream(counts).filter(count -> count == 1).count();
        most = Math.max(most, -StrictMath.log10((once + 1.0) / (words + 1.0)));
      }
    }
    return Math.min(MOST, most);
  }
}
