package dev.lanewise.metrics;

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
      throw new IllegalArgumentException(
          "metrics: %s weights: must be %s as there are rows".formatted(weights.length, rows));
    }
    for (int row = 0; row < rows; row++) {
      if (!(weights[row] >= 0 && weights[row] < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "metrics: row %s has weight %s: must be finite, not below 0"
                .formatted(row, weights[row]));
      }
    }
    if (sum(weights) == 0) {
      throw new IllegalArgumentException(
          "metrics: all %s weights are 0: one must be above".formatted(rows));
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
      throw new IllegalArgumentException(
          "metrics: %s rows of %s columns: must be below 2^31 numbers"
              .formatted(rows.length, columns));
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
        throw new IllegalArgumentException(
            "metrics: row %s has %s columns: must be at least 1, as many as row 0 has: %s"
                .formatted(row, found < 0 ? "no" : found, first));
      }
    }
  }

  static IllegalArgumentException noClass(int row, int label, int prediction, int classes) {
    return new IllegalArgumentException(
        "metrics: row %s has label %s and prediction %s: must be below %s classes"
            .formatted(row, label, prediction, classes));
  }

  static IllegalArgumentException notAsMany(int targets, int predictions) {
    return new IllegalArgumentException(
        "metrics: %s targets, %s predictions: must be as many, and at least 1"
            .formatted(targets, predictions));
  }

  /** Returns a copy of labels after checking that they are classes. */
  static int[] checkedLabels(int[] labels, int classes) {
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < 0 || labels[row] >= classes) {
        throw new IllegalArgumentException(
            "metrics: row %s has label %s: must be from 0 to %s"
                .formatted(row, labels[row], classes - 1));
      }
    }
    return labels.clone();
  }
}
