package dev.lanewise.metrics;

import dev.lanewise.format.ArgumentException;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Checks the arguments of metrics: weights of rows, labels, and rows as arrays of arrays. */
final class MetricRows {
  private MetricRows() {}

  /**
   * Returns a checked copy of the weights of rows, or weights of 1 if there are none.
   *
   * @throws IllegalArgumentException if there are not as many as rows, one is not finite or below
   *     0, or all are 0
   */
  static float[] checked(float[] weights, int rows) {
    if (weights.length == 0) {
      float[] equal = new float[rows];
      Arrays.fill(equal, 1);
      return equal;
    }
    if (weights.length != rows) {
      throw new ArgumentException(
          "%s weights of %s rows, expected a weight for each row", weights.length, rows);
    }
    for (int row = 0; row < rows; row++) {
      if (!(weights[row] >= 0 && weights[row] < Float.POSITIVE_INFINITY)) {
        throw new ArgumentException(
            "weight %s of row %s, expected a finite number from 0", weights[row], row);
      }
    }
    if (sum(weights) == 0) {
      throw new ArgumentException("all %s weights are 0, expected a weight above 0", rows);
    }
    return weights.clone();
  }

  /** Returns the sum of all weights, added in the order of the rows. */
  static double sum(float[] weights) {
    double sum = 0;
    for (float weight : weights) {
      sum += weight;
    }
    return sum;
  }

  /**
   * Returns rows as one array, [rows][columns].
   *
   * @throws IllegalArgumentException if there are none, not as many as targets, or one is shorter
   *     or longer than the first
   */
  static float[] flat(float[][] rows, int targets) {
    checkColumns(rows, targets, row -> rows[row] == null ? -1 : rows[row].length);
    int columns = rows[0].length;
    if ((long) rows.length * columns > Integer.MAX_VALUE - 8) {
      throw new ArgumentException(
          "%s rows of %s columns, expected less than 2^31 numbers", rows.length, columns);
    }
    float[] flat = new float[rows.length * columns];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * columns, columns);
    }
    return flat;
  }

  /** Checks rows as {@link #flat} does. */
  static void check(double[][] rows, int targets) {
    checkColumns(rows, targets, row -> rows[row] == null ? -1 : rows[row].length);
  }

  private static void checkColumns(Object[] rows, int targets, IntUnaryOperator columns) {
    if (rows.length == 0 || rows.length != targets) {
      throw notAsMany(targets, rows.length);
    }
    int first = Math.max(0, columns.applyAsInt(0));
    for (int row = 0; row < rows.length; row++) {
      int found = columns.applyAsInt(row);
      if (found != first || first == 0) {
        throw new ArgumentException(
            "row %s of %s columns, expected at least 1, and as many as in row 0: %s",
            row, found < 0 ? "no" : found, first);
      }
    }
  }

  static IllegalArgumentException noClass(int row, int label, int prediction, int classes) {
    return new ArgumentException(
        "label %s and prediction %s in row %s, expected numbers of %s classes",
        label, prediction, row, classes);
  }

  static IllegalArgumentException notAsMany(int targets, int predictions) {
    return new ArgumentException(
        "%s targets and %s predictions, expected the same number, at least 1",
        targets, predictions);
  }

  /** Returns a copy of labels after checking that they are classes. */
  static int[] checkedLabels(int[] labels, int classes) {
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < 0 || labels[row] >= classes) {
        throw new ArgumentException(
            "label %s in row %s, expected a class from 0 to %s", labels[row], row, classes - 1);
      }
    }
    return labels.clone();
  }
}
