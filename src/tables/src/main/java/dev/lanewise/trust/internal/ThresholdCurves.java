package dev.lanewise.trust.internal;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.RocAuc;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * ROC and precision-recall curves of one class: the results for every threshold; a probability of
 * at least the threshold counts as a prediction of the class (Fawcett, "An introduction to ROC
 * analysis", 2006; Davis and Goadrich, "The relationship between precision-recall and ROC curves",
 * 2006). With a softmax loss the class is compared with all others, with a sigmoid loss it is one
 * output.
 *
 * <p>The points are those of scikit-learn's {@code roc_curve} and {@code precision_recall_curve},
 * with the weights of the rows as {@code sample_weight}. A class without an area (see {@link
 * RocAuc}) has no points.
 */
public final class ThresholdCurves {
  private static final int MOST_DIGITS = 20;

  private final double[] thresholds; // descending, each the probability of some row
  private final double[] hits; // [thresholds], weights of the rows of the class that reach each
  private final double[] misses; // [thresholds], weights of the other rows that do

  private ThresholdCurves(Evaluation evaluation, int c) {
    int rows = evaluation.rows();
    boolean isDefined = true;
    long[] order = new long[rows];
    for (int row = 0; row < rows; row++) {
      float score = (float) evaluation.value(row, c);
      isDefined &= score == score;
      // As integers, the bits of floats that are not negative have the order of the floats.
      order[row] = (long) Float.floatToIntBits(score + 0f) << 32 | row;
    }
    Arrays.sort(order);
    double[][] points = new double[3][isDefined ? rows : 0];
    int count = 0;
    double hit = 0;
    double miss = 0;
    for (int i = points[0].length - 1; i >= 0; i--) {
      int row = (int) order[i];
      double weight = evaluation.weight(row);
      if (weight > 0) {
        boolean isPositive =
            evaluation.kind().task().hasClasses()
                ? evaluation.label(row) == c
                : evaluation.target(row)[c] > 0.5;
        double threshold = evaluation.value(row, c);
        count += count > 0 && points[0][count - 1] == threshold ? 0 : 1;
        hit += isPositive ? weight : 0;
        miss += isPositive ? 0 : weight;
        points[0][count - 1] = threshold;
        points[1][count - 1] = hit;
        points[2][count - 1] = miss;
      }
    }
    count = hit > 0 && miss > 0 ? count : 0;
    thresholds = Arrays.copyOf(points[0], count);
    hits = Arrays.copyOf(points[1], count);
    misses = Arrays.copyOf(points[2], count);
  }

  /**
   * {@return the curves of a class, or of an output of a sigmoid loss}
   *
   * @param evaluation a model's probabilities
   * @param c the class
   * @throws IllegalArgumentException if the loss is one of regression
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public static ThresholdCurves of(Evaluation evaluation, int c) {
    if (evaluation.kind().task().hasNumbers()) {
      throw new ArgumentException(
          "probabilities of loss %s, expected softmax or sigmoid", evaluation.kind().label());
    }
    return new ThresholdCurves(evaluation, Objects.checkIndex(c, evaluation.classes()));
  }

  /**
   * What a threshold gives. Shares are by the weights of the rows.
   *
   * @param threshold the number with the fewest digits for which the same rows are predicted as the
   *     class: those whose probability is at least this
   * @param precision the share of these rows that are of the class
   * @param recall the share of the rows of the class that are predicted as it
   * @param f1 the harmonic mean of precision and recall; 0 if both are 0
   * @param balancedAccuracy the mean of the recall and of the share of the other rows that are not
   *     predicted as the class
   * @param chosen the share of all rows that are predicted as the class
   */
  public record Cut(
      double threshold,
      double precision,
      double recall,
      double f1,
      double balancedAccuracy,
      double chosen) {}

  /**
   * {@return all thresholds with different predictions, from the largest; empty if the class has no
   * area}
   */
  public List<Cut> cuts() {
    int last = thresholds.length - 1;
    List<Cut> cuts = new ArrayList<>();
    for (int i = 0; i <= last; i++) {
      double recall = hits[i] / hits[last];
      double precision = precision(i);
      double others = 1 - misses[i] / misses[last];
      cuts.add(
          new Cut(
              i == last ? 0 : between(thresholds[i + 1], thresholds[i]),
              precision,
              recall,
              hits[i] == 0 ? 0 : 2 * precision * recall / (precision + recall),
              (recall + others) / 2,
              (hits[i] + misses[i]) / (hits[last] + misses[last])));
    }
    return cuts;
  }

  /**
   * {@return the threshold with the largest score; of equal scores the one nearest to 1/2, then the
   * larger}
   *
   * @param score such as {@link Cut#f1}
   * @throws IllegalArgumentException if the class has no area
   */
  public Cut best(ToDoubleFunction<Cut> score) {
    return cuts().stream()
        .max(
            Comparator.comparingDouble(score)
                .thenComparingDouble(cut -> -Math.abs(cut.threshold - 0.5))
                .thenComparingDouble(Cut::threshold))
        .orElseThrow(
            () ->
                new ArgumentException(
                    "rows of one class only, expected rows of both" + " classes"));
  }

  /** Returns the shortest number above the first and at most the second. */
  private static double between(double low, double high) {
    BigDecimal middle = new BigDecimal((low + high) / 2);
    for (int digits = 1; digits < MOST_DIGITS; digits++) {
      double rounded = middle.setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
      if (rounded > low && rounded <= high) {
        return rounded;
      }
    }
    return high;
  }

  private double precision(int i) {
    return hits[i] / (hits[i] + misses[i]);
  }

  /**
   * Returns the points of the ROC curve from (0, 0), for no row, to (1, 1), for all rows. Points
   * halfway between their neighbours are left out, as {@code drop_intermediate} does.
   *
   * @return [3][points], a new array: false positive rates, true positive rates, ascending, and
   *     their thresholds, the first infinite
   */
  public double[][] roc() {
    int last = thresholds.length - 1;
    double[][] points = new double[3][last + 2];
    points[2][0] = Double.POSITIVE_INFINITY;
    int count = 1;
    for (int i = 0; i <= last; i++) {
      if (i == 0 || i == last || bends(hits, i) || bends(misses, i)) {
        points[0][count] = misses[i] / misses[last];
        points[1][count] = hits[i] / hits[last];
        points[2][count++] = thresholds[i];
      }
    }
    return columns(points, last < 0 ? 0 : count);
  }

  private static boolean bends(double[] sums, int i) {
    return sums[i + 1] - sums[i] != sums[i] - sums[i - 1];
  }

  private static double[][] columns(double[][] points, int count) {
    double[][] some = new double[points.length][];
    Arrays.setAll(some, column -> Arrays.copyOf(points[column], count));
    return some;
  }

  /**
   * Returns the points of the precision-recall curve, one per threshold, from recall 0, whose
   * precision is 1 by definition, to recall 1: the reverse of scikit-learn's order.
   *
   * @return [3][points], a new array: recalls, ascending, precisions, and their thresholds, the
   *     first infinite
   */
  public double[][] precisionRecall() {
    int count = thresholds.length;
    double[][] points = new double[3][count == 0 ? 0 : count + 1];
    for (int i = 0; i < points[0].length; i++) {
      points[0][i] = i == 0 ? 0 : hits[i - 1] / hits[count - 1];
      points[1][i] = i == 0 ? 1 : precision(i - 1);
      points[2][i] = i == 0 ? Double.POSITIVE_INFINITY : thresholds[i - 1];
    }
    return points;
  }

  /**
   * Returns enough points of a curve to draw it: the last point in each of equal parts of its
   * length, which is the sum of the distances in x and in y. No point left out is farther from the
   * next one kept than the length over most - 1.
   *
   * @param points [x, y, ...][points], in the layout of the curves of this class
   * @param most maximum number of points, at least 2
   * @return the same columns of the points kept, among them the first and the last; the array given
   *     if it has no more
   * @throws IllegalArgumentException if most is below 2
   */
  public static double[][] thinned(double[][] points, int most) {
    int count = points[0].length;
    if (most < 2) {
      throw new ArgumentException("a curve of at most %s points, expected at least 2", most);
    } else if (count <= most) {
      return points;
    }
    double[] length = new double[count];
    for (int i = 1; i < count; i++) {
      length[i] = length[i - 1];
      for (int column = 0; column < 2; column++) {
        length[i] += Math.abs(points[column][i] - points[column][i - 1]);
      }
    }
    double[][] thin = new double[points.length][most];
    int kept = 0;
    int at = 0;
    for (int part = 0; part < most; part++) {
      int before = at;
      double end = part == most - 1 ? Double.MAX_VALUE : length[count - 1] * part / (most - 1);
      while (part > 0 && at + 1 < count && length[at + 1] <= end) {
        at++;
      }
      if (part == 0 || at > before) {
        for (int column = 0; column < thin.length; column++) {
          thin[column][kept] = points[column][at];
        }
        kept++;
      }
    }
    return columns(thin, kept);
  }
}
