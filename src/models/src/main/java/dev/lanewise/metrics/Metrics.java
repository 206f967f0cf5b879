package dev.lanewise.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Metrics of predicted classes: the confusion matrix, and precision, recall and F1 of each class
 * (Manning, Raghavan and Schuetze, "Introduction to Information Retrieval", 2008, chapter 8), as
 * scikit-learn's {@code precision_recall_fscore_support} defines them with {@code
 * labels=range(classes), zero_division=0}.
 *
 * <p>A row without a prediction, for which {@link Evaluation#predicted} is -1, is wrong. It lowers
 * the accuracy and the recall of its class, but no precision, and the confusion matrix has no
 * column for it.
 *
 * <p>Rows may have weights, scikit-learn's {@code sample_weight}, which then replace the numbers of
 * rows everywhere except in {@link #confusion}, {@link #rows} and the support.
 */
public final class Metrics {
  private final int[] labels;
  private final int[] predicted;
  private final float[] rowWeights; // [rows]
  private final double weight; // weight of all rows
  private final double accuracy;
  private final double matthews;
  private final List<Scores> scores;

  private Metrics(int[] labels, int[] predicted, int classes, float[] rowWeights) {
    this.labels = labels;
    this.predicted = predicted;
    this.rowWeights = rowWeights;
    weight = MetricRows.sum(rowWeights);
    int[] support = new int[classes];
    double[] weights = new double[classes];
    double[] predictions = new double[classes];
    double[] hits = new double[classes];
    double correct = 0;
    for (int row = 0; row < labels.length; row++) {
      double one = rowWeights[row];
      support[labels[row]]++;
      weights[labels[row]] += one;
      if (predicted[row] >= 0) {
        predictions[predicted[row]] += one;
      }
      if (predicted[row] == labels[row]) {
        hits[labels[row]] += one;
        correct += one;
      }
    }
    accuracy = correct / weight;
    matthews = matthews(correct, weights, predictions);
    List<Scores> list = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      list.add(
          new Scores(
              ratio(hits[c], predictions[c]),
              ratio(hits[c], weights[c]),
              ratio(2 * hits[c], weights[c] + predictions[c]),
              support[c],
              weights[c]));
    }
    scores = List.copyOf(list);
  }

  /**
   * {@return the metrics of an evaluation} All classes that the model does not have count as one
   * more class, after its own.
   *
   * @param evaluation a model's predictions
   * @throws IllegalStateException if the targets are not classes
   */
  public static Metrics of(Evaluation evaluation) {
    Objects.requireNonNull(evaluation, "evaluation");
    return new Metrics(
        evaluation.of(evaluation.labels),
        evaluation.predicted,
        evaluation.classes() + (evaluation.outside() > 0 ? 1 : 0),
        evaluation.weights);
  }

  /**
   * {@return the metrics of given predictions}
   *
   * @param labels [rows], each from 0 to classes - 1
   * @param predicted [rows], each from 0 to classes - 1, or -1 for no prediction
   * @param classes number of classes, including those without a row
   * @param weights [rows], finite, at least 0, not all 0; none if all rows count alike
   * @throws IllegalArgumentException if there are no rows, the arguments do not match, or a class
   *     is out of range
   */
  public static Metrics of(int[] labels, int[] predicted, int classes, float... weights) {
    Objects.requireNonNull(labels, "labels");
    Objects.requireNonNull(predicted, "predicted");
    Objects.requireNonNull(weights, "weights");
    if (labels.length == 0 || labels.length != predicted.length) {
      throw MetricRows.notAsMany(labels.length, predicted.length);
    }
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < 0
          || labels[row] >= classes
          || predicted[row] < -1
          || predicted[row] >= classes) {
        throw MetricRows.noClass(row, labels[row], predicted[row], classes);
      }
    }
    float[] checked = MetricRows.checked(weights, labels.length);
    return new Metrics(labels.clone(), predicted.clone(), classes, checked);
  }

  /** Computes the coefficient from the sums per class; rows without a prediction are one class. */
  private double matthews(double correct, double[] weights, double[] predictions) {
    double missing = weight;
    double both = correct * weight;
    double predicted = weight * weight;
    double actual = weight * weight;
    for (int c = 0; c < weights.length; c++) {
      missing -= predictions[c];
      both -= weights[c] * predictions[c];
      predicted -= predictions[c] * predictions[c];
      actual -= weights[c] * weights[c];
    }
    predicted -= missing * missing;
    double product = predicted * actual;
    return product > 0 ? both / Math.sqrt(product) : 0;
  }

  /**
   * The scores of one class, or an average of scores.
   *
   * @param precision share of the rows predicted as this class that have it; 0 if there are none
   * @param recall share of the rows of this class that are predicted as it; 0 if there are none
   * @param f1 harmonic mean of precision and recall, {@code 2 TP / (2 TP + FP + FN)}; 0 if the
   *     class is neither present nor predicted
   * @param support number of rows of this class
   * @param weight sum of their weights, or their number without weights
   */
  public record Scores(double precision, double recall, double f1, int support, double weight) {}

  /** {@return the number of rows} */
  public int rows() {
    return labels.length;
  }

  /** {@return the number of classes, present or not} */
  public int classes() {
    return scores.size();
  }

  /** {@return the share of the rows that are predicted right} */
  public double accuracy() {
    return accuracy;
  }

  /**
   * {@return the mean of the recalls of the classes with a row of positive weight, so that each
   * class counts alike, however many rows it has} Equal to scikit-learn's {@code
   * balanced_accuracy_score}.
   */
  public double balancedAccuracy() {
    double sum = 0;
    int present = 0;
    for (Scores one : scores) {
      sum += one.recall();
      present += one.weight() > 0 ? 1 : 0;
    }
    return sum / present;
  }

  /**
   * Returns Matthews' correlation coefficient of true and predicted classes, for more than two
   * classes as Gorodkin ("Comparing two K-category assignments by a K-category correlation
   * coefficient", 2004) generalises it: scikit-learn's {@code matthews_corrcoef}.
   *
   * @return from -1 to 1; 0 if all rows have the same class or the same prediction
   */
  public double matthews() {
    return matthews;
  }

  /**
   * Returns the cells of the confusion matrix that have a row; with many classes most are empty.
   *
   * @return one array per cell, sorted by true and then predicted class: true class, predicted
   *     class, number of rows, weight of the rows
   */
  public double[][] confusionCells() {
    Map<Long, double[]> cells = new TreeMap<>();
    for (int row = 0; row < labels.length; row++) {
      if (predicted[row] >= 0) {
        long place = (long) labels[row] * classes() + predicted[row];
        double[] cell = cells.get(place);
        if (cell == null) {
          cell = new double[] {labels[row], predicted[row], 0, 0};
          cells.put(place, cell);
        }
        cell[2]++;
        cell[3] += rowWeights[row];
      }
    }
    return cells.values().toArray(new double[0][]);
  }

  /**
   * {@return the number of rows, [true class][predicted class], as a new array; with many classes,
   * {@link #confusionCells} takes less memory}
   */
  public int[][] confusion() {
    // Not kept, because with many classes it is large and most callers need only the scores.
    int[][] confusion = new int[classes()][classes()];
    for (int row = 0; row < labels.length; row++) {
      if (predicted[row] >= 0) {
        confusion[labels[row]][predicted[row]]++;
      }
    }
    return confusion;
  }

  /** {@return the weights of the rows, [true class][predicted class], as a new array} */
  public double[][] weightedConfusion() {
    double[][] confusion = new double[classes()][classes()];
    for (int row = 0; row < labels.length; row++) {
      if (predicted[row] >= 0) {
        confusion[labels[row]][predicted[row]] += rowWeights[row];
      }
    }
    return confusion;
  }

  /** {@return the scores per class} */
  public List<Scores> scores() {
    return scores;
  }

  /**
   * {@return the mean over all classes, including those without a row; its support is the number of
   * rows}
   */
  public Scores macro() {
    return average(false);
  }

  /**
   * {@return the mean over the classes weighted by the weight of their rows; its recall is the
   * accuracy}
   */
  public Scores weighted() {
    return average(true);
  }

  private Scores average(boolean byWeight) {
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    for (Scores one : scores) {
      double factor = byWeight ? one.weight() : 1;
      precision += one.precision() * factor;
      recall += one.recall() * factor;
      f1 += one.f1() * factor;
    }
    double sum = byWeight ? weight : classes();
    return new Scores(precision / sum, recall / sum, f1 / sum, rows(), weight);
  }

  /** Returns a quotient, 0 for 0 / 0. */
  private static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
