package dev.lanewise.selection;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.metrics.Evaluation;
import java.util.Arrays;

/**
 * The difference of a figure of two models on the same rows, and whether it is more than chance.
 *
 * <p>The accuracy of classes is compared by McNemar's test ("Note on the sampling error of the
 * difference between correlated proportions or percentages", 1947) in its exact form, with the
 * mid-p of Fagerland, Lydersen and Laake ("The McNemar test for binary matched-pairs data: mid-p
 * and asymptotic are better than exact conditional", 2013): of the b rows that only the first and
 * the c rows that only the second model has right, half would be b if chance decided; p is the
 * binomial probability of a more unequal division, plus half that of this one, on both sides. The
 * exact p calls 2 to 4 instead of 5% of equal models different. The interval is that of Bonett and
 * Price ("Adjusted Wald confidence interval for a difference of binomial proportions based on
 * paired data", 2012).
 *
 * <p>Other figures, and rows with weights, are compared by the mean and deviation of the rows'
 * influences on the difference, with Student's t distribution; for an ROC AUC that is the test of
 * DeLong and others (1988). The deviation is that of a paired bootstrap, without its draws. Rows
 * that belong together are compared by the sums of their groups' influences, the accuracy, too.
 *
 * @param figure the name of the figure
 * @param difference the figure of the first less that of the second model
 * @param interval the interval of the difference
 * @param p the probability of a difference at least as large between equal models
 */
public record PairedComparison(String figure, double difference, Interval interval, double p) {
  /**
   * Compares two models.
   *
   * @param first the results of a model
   * @param second the results of another model for the same rows
   * @param figure {@code accuracy}, {@code loss} (not of regression), or a name of {@link
   *     Evaluation#figures}
   * @param groups [rows], a number for each group of rows that belong together; empty if the rows
   *     are independent
   * @return the comparison
   * @throws IllegalArgumentException if the evaluations are not of the same rows, there are less
   *     than two rows or too few groups, or the figure is not known for both
   */
  public static PairedComparison of(
      Evaluation first, Evaluation second, String figure, int... groups) {
    requireSameRows(first, second);
    return of(
        Compared.of(first, figure), Compared.of(second, figure), groups(first.rows(), groups));
  }

  static RowGroups groups(int rows, int... groups) {
    RowGroups found = RowGroups.of(rows, groups);
    if (found.areFewerThan(RowGroups.LEAST)) {
      throw new ArgumentException(
          "%s groups of rows, expected at least %s of about the same size",
          found.count(), RowGroups.LEAST);
    }
    return found;
  }

  /**
   * Returns p values adjusted for the number of comparisons (Holm, "A simple sequentially rejective
   * multiple test procedure", 1979).
   *
   * @param p the p value of each comparison
   * @return for each the p value to be compared with the level, at most 1
   */
  public static double[] holm(double... p) {
    Integer[] order = new Integer[p.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (i, j) -> Double.compare(p[i], p[j]));
    double[] adjusted = new double[p.length];
    double largest = 0;
    for (int i = 0; i < p.length; i++) {
      largest = Math.max(largest, Math.min(1, (p.length - i) * p[order[i]]));
      adjusted[order[i]] = largest;
    }
    return adjusted;
  }

  /** A figure of one model, with the rows that are right if McNemar's test compares it. */
  record Compared(String name, RowFigure figure, boolean isOfClasses) {
    static Compared of(Evaluation evaluation, String name) {
      RowFigure figure = new RowFigures(evaluation).figure(name);
      if (figure == null
          || Double.isNaN(figure.value())
          || !(RowGroups.ofRows(figure.influences()).variance() < Double.POSITIVE_INFINITY)) {
        throw new ArgumentException(
            "no %s to compare in %s, expected another figure, of 2 rows or more", name, evaluation);
      }
      boolean isOfClasses = evaluation.kind().task().hasClasses() && !evaluation.hasWeights();
      return new Compared(name, figure, isOfClasses && name.equals("accuracy"));
    }
  }

  static PairedComparison of(Compared first, Compared second, RowGroups groups) {
    double difference = first.figure.value() - second.figure.value();
    double[] differences = first.figure.influences().clone();
    Arrays.setAll(differences, row -> differences[row] - second.figure.influences()[row]);
    if (first.isOfClasses && groups.areRows()) {
      return mcNemar(difference, differences);
    }
    RowGroups.Spread spread = groups.spread(differences);
    double deviation = Math.sqrt(spread.variance());
    double half = deviation == 0 ? 0 : spread.quantile() * deviation;
    double p = difference == 0 ? 1 : StudentT.twoSided(difference / deviation, spread.degrees());
    String method = first.name.startsWith("roc_auc") ? "DeLong" : "jackknife";
    method += groups.areRows() ? "" : ", by groups";
    return new PairedComparison(first.name, difference, around(difference, half, method), p);
  }

  private static Interval around(double middle, double half, String method) {
    return new Interval(middle - half, middle + half, Interval.LEVEL, method);
  }

  /**
   * Compares shares.
   *
   * @param difference the difference of the shares
   * @param differences [rows], 1 / rows where only the first is right, -1 / rows where only the
   *     second is, else 0, each less the mean
   */
  private static PairedComparison mcNemar(double difference, double[] differences) {
    int rows = differences.length;
    long[] counts = new long[3]; // only the second right, equal, only the first
    for (double each : differences) {
      counts[1 + (int) Math.round(rows * each + difference)]++;
    }
    double b = counts[2] + 1;
    double c = counts[0] + 1;
    double middle = (b - c) / (rows + 2);
    double half =
        Interval.NORMAL * Math.sqrt((b + c - (b - c) * (b - c) / (rows + 2))) / (rows + 2);
    double p = midP(Math.min(counts[0], counts[2]), counts[0] + counts[2]);
    return new PairedComparison("accuracy", difference, around(middle, half, "McNemar, mid-p"), p);
  }

  /** Returns the two-sided mid-p of the smaller of two counts that chance makes equal. */
  static double midP(long smaller, long all) {
    if (all == 0) { // all rows are equal
      return 1;
    }
    double own = 0; // terms of the binomial distribution, relative to the largest
    double less = 0;
    double sum = 0;
    double term = 1;
    for (long i = all / 2; i >= 0 && term > 0; i--) {
      sum += 2 * i == all ? term : 2 * term;
      own = i == smaller ? term : own;
      less += i < smaller ? term : 0;
      term *= i / (all - i + 1.0); // the term of i - 1
    }
    return 2 * smaller == all ? 1 - own / sum / 2 : (2 * less + own) / sum;
  }

  static void requireSameRows(Evaluation first, Evaluation second) {
    boolean same = first.kind().task().kind() == second.kind().task().kind();
    same &= first.rows() == second.rows() && first.classes() == second.classes();
    for (int row = 0; same && row < first.rows(); row++) {
      same =
          first.weight(row) == second.weight(row)
              && (first.kind().task().hasClasses()
                  ? first.label(row) == second.label(row)
                  : Arrays.equals(first.target(row), second.target(row)));
    }
    if (!same) {
      throw new ArgumentException(
          "%s and %s, expected the same rows with the same targets and weights", first, second);
    }
  }
}
