package dev.lanewise.selection;

import dev.lanewise.metrics.Evaluation;
import java.util.Arrays;

/**
 * Matthews' coefficient of true and predicted classes: their covariance over the root of the
 * product of their variances. The influences of rows follow by the rules of differentiation.
 * Further rows may be spread evenly over all pairs of classes, as few rows have too small a
 * variance otherwise: if all are right, it is 0.
 */
final class Agreement {
  private static final double ROUNDING = 1e-12; // rounding error of sums of shares

  private final Evaluation evaluation;
  private final double[] weights;
  private final int classes;
  private final double own; // share of the rows in all and the further rows
  private final double[] actual; // shares; the last is for rows without prediction
  private final double[] predicted;
  private final double both;
  private final double ofActual;
  private final double ofPredicted;
  private final double root;
  private final double value;

  /**
   * Counts rows.
   *
   * @param classes number of true classes
   * @param further share of further rows in all, from 0 to below 1
   */
  Agreement(Evaluation evaluation, double[] weights, int classes, double further) {
    this.evaluation = evaluation;
    this.weights = weights;
    this.classes = classes;
    actual = new double[classes + 1];
    predicted = new double[classes + 1];
    double all = Arrays.stream(weights).sum() / (1 - further);
    own = (1 - further) / Arrays.stream(weights).sum();
    double right = further / classes;
    for (int row = 0; row < weights.length; row++) {
      actual[evaluation.label(row)] += weights[row] / all;
      predicted[prediction(row)] += weights[row] / all;
      right += isRight(row) ? weights[row] / all : 0;
    }
    for (int c = 0; c < classes; c++) {
      actual[c] += further / classes;
      predicted[c] += further / classes;
    }
    both = product(actual, predicted);
    ofActual = product(actual, actual);
    ofPredicted = product(predicted, predicted);
    boolean varies = 1 - ofActual > ROUNDING && 1 - ofPredicted > ROUNDING; // else it has none
    root = varies ? Math.sqrt((1 - ofActual) * (1 - ofPredicted)) : Double.NaN;
    value = (right - both) / root;
  }

  private boolean isRight(int row) {
    return evaluation.predicted(row) == evaluation.label(row);
  }

  private int prediction(int row) {
    int label = evaluation.predicted(row);
    return label < 0 ? classes : label;
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  double value() {
    return value;
  }

  /** Returns by how much a larger share of rows of a true and a predicted class moves it. */
  private double influence(int a, int p, boolean isRight) {
    double common = (isRight ? 1 : 0) - predicted[a] - actual[p] + both;
    double spreadA = (1 - 2 * actual[a] + ofActual) / (1 - ofActual);
    double spreadP = (1 - 2 * predicted[p] + ofPredicted) / (1 - ofPredicted);
    return common / root - value / 2 * (spreadA + spreadP);
  }

  /** Returns the coefficient with the influences of the rows. */
  RowFigure figure() {
    double[] influences = new double[weights.length];
    for (int row = 0; row < influences.length; row++) {
      double each = influence(evaluation.label(row), prediction(row), isRight(row));
      influences[row] = own * weights[row] * each;
    }
    return new RowFigure(value, influences, RowFigure.Scale.CORRELATION, influences.length);
  }

  /**
   * Returns the variance of the coefficient of one row.
   *
   * @param further the share of further rows
   */
  double variance(double further) {
    double sum = 0;
    for (int row = 0; row < weights.length; row++) {
      double each = influence(evaluation.label(row), prediction(row), isRight(row));
      sum += own * weights[row] * each * each;
    }
    double even = 0;
    for (int a = 0; a < classes; a++) {
      for (int p = 0; p < classes; p++) {
        double each = influence(a, p, a == p);
        even += each * each;
      }
    }
    return sum + further * even / ((double) classes * classes);
  }
}
