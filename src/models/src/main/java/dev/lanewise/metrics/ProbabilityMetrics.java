package dev.lanewise.metrics;

import dev.lanewise.format.ArgumentException;

/**
 * Top-k accuracy and log loss of class probabilities, as scikit-learn's {@code
 * top_k_accuracy_score} and {@code log_loss} define them with {@code labels=range(classes)} and the
 * weights as {@code sample_weight}.
 */
public final class ProbabilityMetrics {
  /** Keeps the logarithm finite: a float64's epsilon, as in scikit-learn. */
  private static final double LEAST = 0x1p-52;

  private final int[] labels; // [rows]
  private final float[] probabilities; // [rows][classes]
  private final int classes;
  private final float[] weights; // [rows]
  private final int[] places; // [rows], of the true class in the order of choice; or null

  private ProbabilityMetrics(
      int[] labels, float[] probabilities, int classes, float[] weights, int[] places) {
    this.labels = labels;
    this.probabilities = probabilities;
    this.classes = classes;
    this.weights = weights;
    this.places = places;
  }

  /**
   * Takes the probabilities of an evaluation.
   *
   * @param evaluation a model's probabilities
   * @return the metrics
   * @throws IllegalArgumentException if its loss does not take classes
   */
  public static ProbabilityMetrics of(Evaluation evaluation) {
    if (evaluation.labels == null) {
      throw new ArgumentException(
          "metrics of classes with loss %s, expected softmax", evaluation.kind().label());
    }
    return new ProbabilityMetrics(
        evaluation.labels,
        evaluation.results,
        evaluation.classes(),
        evaluation.weights,
        evaluation.places);
  }

  /**
   * Takes given probabilities.
   *
   * @param labels [rows], each from 0 to classes - 1
   * @param probabilities [rows][classes]
   * @param weights [rows], finite, at least 0, not all 0; none if all rows count alike
   * @return the metrics
   * @throws IllegalArgumentException if there are no rows, or the arguments do not match
   */
  public static ProbabilityMetrics of(int[] labels, float[][] probabilities, float... weights) {
    float[] flat = MetricRows.flat(probabilities, labels.length);
    int[] checked = MetricRows.checkedLabels(labels, probabilities[0].length);
    float[] checkedWeights = MetricRows.checked(weights, labels.length);
    return new ProbabilityMetrics(checked, flat, probabilities[0].length, checkedWeights, null);
  }

  /**
   * {@return the share of the rows whose class is among the first k, from 0 to 1} For an evaluation
   * the order is that of the model's decision, so top-1 accuracy is {@link Evaluation#accuracy}.
   * Given probabilities are sorted as scikit-learn does: of equal ones the last class comes first,
   * but the first of only two classes. A row whose class has the probability NaN is wrong.
   *
   * @param k from 1 to the number of classes
   * @throws IllegalArgumentException if k is another number
   */
  public double topAccuracy(int k) {
    if (k < 1 || k > classes) {
      throw new ArgumentException(
          "top-%s accuracy of %s classes, expected a number from 1 to %s", k, classes, classes);
    }
    double right = 0;
    for (int row = 0; row < labels.length; row++) {
      boolean isOutside = labels[row] == classes;
      float own = isOutside ? Float.NaN : probabilities[row * classes + labels[row]];
      int before = own != own ? classes : places != null ? places[row] : 0;
      for (int c = 0; places == null && c < classes; c++) {
        float other = probabilities[row * classes + c];
        boolean winsTie = classes == 2 ? c < labels[row] : c > labels[row];
        before += other > own || other == own && winsTie ? 1 : 0;
      }
      right += before < k ? weights[row] : 0;
    }
    return right / MetricRows.sum(weights);
  }

  /**
   * {@return the mean of {@code -log p} of the true classes, in nats, with p limited to 2^-52..1 -
   * 2^-52 and then divided by the row's sum, at least 0} {@link Evaluation#loss} is the same from
   * the logits, without the limits. Rows with a class that the model does not have are left out.
   */
  public double logLoss() {
    double loss = 0;
    double weight = 0;
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] == classes) {
        continue;
      }
      weight += weights[row];
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += bounded(probabilities[row * classes + c]);
      }
      double p = bounded(probabilities[row * classes + labels[row]]) / sum;
      loss -= weights[row] * StrictMath.log(p);
    }
    return loss / weight;
  }

  private static double bounded(double p) {
    return Math.max(LEAST, Math.min(1 - LEAST, p)); // NaN stays
  }
}
