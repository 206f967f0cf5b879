package dev.lanewise.metrics;

import dev.lanewise.format.ArgumentException;
import java.util.Arrays;
import java.util.Objects;

/**
 * The area under the receiver operating characteristic (ROC) of each class against all other
 * classes (Fawcett, "An introduction to ROC analysis", 2006): the share of pairs of a row of the
 * class and another in which the row of the class has the larger score, where a tie counts a half.
 * Pairs are weighted by the product of their rows' weights. Equal to scikit-learn's {@code
 * roc_auc_score}, for more than two classes with {@code multi_class="ovr"}. Beside it stands the
 * average precision of the same ranking, which says more about a rare class (Davis and Goadrich,
 * "The relationship between precision-recall and ROC curves", 2006).
 *
 * <p>Both are NaN, and left out of averages, if the class has no row or all rows, counting only
 * those of positive weight, or if one of its scores is NaN.
 */
public final class RocAuc {
  private final double[] areas; // [classes]
  private final double[] precisions; // [classes], average precisions
  private final double[] supports; // [classes], weights of the rows of each

  /**
   * Measures the classes from first to last, exclusive; the others stay NaN. Labels are null if the
   * rows have targets, of which those above 1/2 hold.
   */
  private RocAuc(
      int[] labels,
      double[] targets,
      float[] scores,
      int classes,
      float[] weights,
      int first,
      int last) {
    int rows = scores.length / classes;
    areas = new double[classes];
    precisions = new double[classes];
    supports = new double[classes];
    Arrays.fill(areas, Double.NaN);
    Arrays.fill(precisions, Double.NaN);
    long[] order = new long[rows];
    for (int c = first; c < last; c++) {
      boolean[] positive = new boolean[rows];
      for (int row = 0; row < rows; row++) {
        positive[row] = labels == null ? targets[row * classes + c] > 0.5 : labels[row] == c;
        supports[c] += positive[row] ? weights[row] : 0;
      }
      measure(positive, scores, c, weights, order);
    }
  }

  /**
   * {@return the area of each class of an evaluation against the others, or of each label of a
   * sigmoid loss}
   *
   * @param evaluation a model's probabilities
   * @throws IllegalArgumentException if the loss is one of regression
   */
  public static RocAuc of(Evaluation evaluation) {
    return of(evaluation, 0, evaluation.classes());
  }

  /**
   * {@return the area of one class or label of an evaluation; the others are NaN}
   *
   * @param evaluation a model's probabilities
   * @param c the class
   * @throws IllegalArgumentException if the loss is one of regression
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public static RocAuc of(Evaluation evaluation, int c) {
    return of(evaluation, Objects.checkIndex(c, evaluation.classes()), c + 1);
  }

  private static RocAuc of(Evaluation evaluation, int first, int last) {
    if (evaluation.kind().task().hasNumbers()) {
      throw new ArgumentException(
          "probabilities of loss %s, expected softmax or sigmoid", evaluation.kind().label());
    }
    return new RocAuc(
        evaluation.labels,
        evaluation.targets,
        evaluation.results,
        evaluation.classes(),
        evaluation.weights,
        first,
        last);
  }

  /**
   * {@return the areas of given scores}
   *
   * @param labels [rows], each from 0 to classes - 1
   * @param scores [rows][classes], larger for more likely classes; they need not be probabilities
   * @param weights [rows], finite, at least 0, not all 0; none if all rows count alike
   * @throws IllegalArgumentException if there are no rows, or the arguments do not match
   */
  public static RocAuc of(int[] labels, float[][] scores, float... weights) {
    float[] flat = MetricRows.flat(scores, labels.length);
    int[] checked = MetricRows.checkedLabels(labels, scores[0].length);
    float[] checkedWeights = MetricRows.checked(weights, labels.length);
    int classes = scores[0].length;
    return new RocAuc(checked, null, flat, classes, checkedWeights, 0, classes);
  }

  /**
   * Computes the area and the average precision of a class, whose scores are a column of [rows]
   * [classes]; sorts order by the scores.
   */
  private void measure(boolean[] positive, float[] scores, int c, float[] weights, long[] order) {
    for (int row = 0; row < order.length; row++) {
      float score = scores[row * areas.length + c];
      if (Float.isNaN(score)) {
        return;
      }
      // As integers, the bits of floats have the order of the floats from 0 on, and below 0 the
      // reverse. Adding 0 makes -0 equal to 0.
      int bits = Float.floatToIntBits(score + 0f);
      order[row] = (long) (bits ^ bits >> 31 & Integer.MAX_VALUE) << 32 | row;
    }
    Arrays.sort(order);
    double area = 0;
    double precision = 0;
    double positives = 0; // weight of the positive rows with larger scores
    double negatives = 0;
    for (int i = order.length - 1; i >= 0; ) {
      double equalPositives = 0;
      double equalNegatives = 0;
      for (long key = order[i] >> 32; i >= 0 && order[i] >> 32 == key; i--) {
        int row = (int) order[i];
        if (positive[row]) {
          equalPositives += weights[row];
        } else {
          equalNegatives += weights[row];
        }
      }
      area += equalNegatives * (positives + equalPositives / 2);
      positives += equalPositives;
      negatives += equalNegatives;
      if (equalPositives > 0) {
        precision += equalPositives * (positives / (positives + negatives));
      }
    }
    areas[c] = area / (positives * negatives); // 0 / 0 is NaN
    precisions[c] = Double.isNaN(areas[c]) ? Double.NaN : precision / positives;
  }

  /** {@return the number of classes, present or not} */
  public int classes() {
    return areas.length;
  }

  /**
   * {@return the area of a class, from 0 to 1, 1/2 for scores without information; NaN if it is not
   * defined} With two classes, that of class 1 is usually called the ROC AUC.
   *
   * @param c the class
   */
  public double area(int c) {
    return areas[Objects.checkIndex(c, areas.length)];
  }

  /**
   * {@return the average precision of a class: the mean of the precisions at every score, weighted
   * by their increase in recall, where rows of equal scores count together; from 0 to 1, about the
   * share of the class for scores without information; NaN if it is not defined} Equal to
   * scikit-learn's {@code average_precision_score}.
   *
   * @param c the class
   */
  public double averagePrecision(int c) {
    return precisions[Objects.checkIndex(c, areas.length)];
  }

  /** {@return the mean of the areas that are defined; NaN if none is} */
  public double macro() {
    return mean(false);
  }

  /**
   * {@return the mean of the areas that are defined, weighted by the rows of their classes; NaN if
   * none is}
   */
  public double weighted() {
    return mean(true);
  }

  private double mean(boolean bySupport) {
    double sum = 0;
    double count = 0;
    for (int c = 0; c < areas.length; c++) {
      if (!Double.isNaN(areas[c])) {
        double weight = bySupport ? supports[c] : 1;
        sum += weight * areas[c];
        count += weight;
      }
    }
    return sum / count;
  }
}
