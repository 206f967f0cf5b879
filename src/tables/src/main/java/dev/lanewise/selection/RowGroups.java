package dev.lanewise.selection;

import dev.lanewise.format.ArgumentException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Which rows of a sample belong together, such as those of one patient. Another sample has other
 * groups, so a figure varies as the sums of the influences of groups do (Liang and Zeger,
 * "Longitudinal data analysis using generalized linear models", 1986). Without groups each row is a
 * group of its own.
 */
final class RowGroups {
  /** Fewer groups do not show how much groups differ. */
  static final int LEAST = 10;

  private final int rows;
  private final int[] groups; // [rows], from 0 without gaps; null if each row is one
  private final int count;
  private final double effective;

  private RowGroups(int rows, int[] groups, int count, double effective) {
    this.rows = rows;
    this.groups = groups;
    this.count = count;
    this.effective = effective;
  }

  /**
   * Numbers groups.
   *
   * @param groups [rows], any number for each group; empty if the rows are independent
   */
  static RowGroups of(int rows, int... groups) {
    if (groups.length == 0) {
      return new RowGroups(rows, null, rows, rows);
    } else if (groups.length != rows) {
      throw new ArgumentException(
          "groups of %s rows, expected those of %s rows", groups.length, rows);
    }
    Map<Integer, Integer> numbers = new HashMap<>();
    int[] own = new int[rows];
    Arrays.setAll(own, row -> numbers.computeIfAbsent(groups[row], g -> numbers.size()));
    double[] sizes = new double[numbers.size()];
    Arrays.stream(own).forEach(group -> sizes[group]++);
    double squares = Arrays.stream(sizes).map(size -> size * size).sum();
    return new RowGroups(rows, own, sizes.length, (double) rows * rows / squares);
  }

  /** Returns whether rows are independent of each other. */
  boolean areRows() {
    return groups == null;
  }

  /** Returns the number of groups. */
  int count() {
    return count;
  }

  /** Returns the number of groups with a row that is asked for. */
  int count(IntPredicate isAsked) {
    boolean[] found = new boolean[count];
    int all = 0;
    for (int row = 0; row < rows; row++) {
      int group = groups == null ? row : groups[row];
      if (!found[group] && isAsked.test(row)) {
        found[group] = true;
        all++;
      }
    }
    return all;
  }

  /** Returns whether there are fewer groups, or a few of them have most rows. */
  boolean areFewerThan(int least) {
    return groups != null && effective < least;
  }

  /**
   * How far other samples of rows or groups move a figure.
   *
   * @param variance the variance of the figure
   * @param degrees of freedom of Student's t distribution
   * @param skewness the skewness of the influences
   * @param count how many influences there are
   */
  record Spread(double variance, double degrees, double skewness, int count) {
    /** Returns the quantile by which deviations are multiplied. */
    double quantile() {
      return StudentT.twoSidedQuantile(1 - Interval.LEVEL, degrees);
    }
  }

  /** Returns the spread of independent rows. */
  static Spread ofRows(double[] influences) {
    int n = influences.length;
    double squares = power(influences, 2);
    double skewness = power(influences, 3) / n / StrictMath.pow(squares / n, 1.5);
    return new Spread(squares * n / (n - 1), n - 1, skewness, n);
  }

  /**
   * Returns the spread over samples of groups. Groups may by chance differ less than rows do, which
   * does not make it smaller. If few groups cause most of the spread, the number of degrees of
   * freedom is as small.
   */
  Spread spread(double[] influences) {
    Spread alone = ofRows(influences);
    if (groups == null) {
      return alone;
    }
    double[] sums = new double[count];
    for (int row = 0; row < rows; row++) {
      sums[groups[row]] += influences[row];
    }
    Spread all = ofRows(sums);
    double degrees = Math.min(effective - 1, degrees(sums));
    return new Spread(
        Math.max(all.variance, alone.variance), Math.max(1, degrees), all.skewness, count);
  }

  /**
   * Returns by how much groups make a variance larger than that of independent rows, with the
   * squared ratio of Student's t quantile to the normal one: this number of rows tells as much as
   * one independent row.
   */
  double inflation(double[] influences) {
    if (groups == null) {
      return 1;
    }
    double alone = ofRows(influences).variance;
    Spread all = spread(influences);
    boolean varies = alone > 0;
    double degrees = varies ? all.degrees : Math.max(1, effective - 1);
    double t = StudentT.twoSidedQuantile(1 - Interval.LEVEL, degrees) / Interval.NORMAL;
    return t * t * (varies ? all.variance / alone : (double) rows / count);
  }

  /**
   * Returns the degrees of freedom of a sum of squares by its own variance (Satterthwaite, "An
   * approximate distribution of estimates of variance components", 1946): few if a few values have
   * most of the sum.
   */
  static double degrees(double[] influences) {
    int n = influences.length;
    double squares = power(influences, 2);
    double ratio = power(influences, 4) / (squares * squares);
    double degrees = 2 / (ratio - 1.0 / n);
    return degrees >= 1 ? Math.min(degrees, n - 1) : degrees < 0 ? n - 1 : 1;
  }

  private static double power(double[] values, int exponent) {
    double sum = 0;
    for (double each : values) {
      double square = each * each;
      sum += exponent == 2 ? square : exponent == 3 ? square * each : square * square;
    }
    return sum;
  }
}
