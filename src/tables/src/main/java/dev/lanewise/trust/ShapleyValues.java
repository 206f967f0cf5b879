package dev.lanewise.trust;

import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Predictor;
import java.util.Arrays;
import java.util.List;

/**
 * Shapley values of columns (Lundberg and Lee, "A Unified Approach to Interpreting Model
 * Predictions", 2017, with the interventional value function): the value of a set of columns is the
 * mean output if these columns are the row's and all others those of a background row. The
 * contribution of a column is the mean of what it adds to the sets of columns before it, over all
 * orders of the columns.
 *
 * <p>Few columns are computed exactly. Else the mean is over random orders (Strumbelj and
 * Kononenko, "Explaining prediction models and individual predictions with feature contributions",
 * 2014), each together with its reverse, whose errors tend to cancel. Every background row has the
 * same number of these pairs, so the contributions still add up to the difference of the outputs,
 * and the standard error is that of a stratified sample.
 *
 * <p>It is not thread-safe.
 */
final class ShapleyValues {
  /** Largest number of predictions for exact values: columns sets times background rows. */
  static final long MOST_EXACT = 100_000;

  private static final int BATCH = 256;

  private final int[][] features; // [columns], the features of each
  private final float[] background; // [rows][width]
  private final int width;
  private final int rows;
  private final int pairs; // of permutations for each background row; 0 for exact values
  private final long seed;
  private final Predictor predictor;
  private final int outputs;
  private final float[] batch; // [BATCH][width]
  private final double[] results; // [BATCH][outputs]
  private int filled; // rows of the batch

  /**
   * Prepares background rows.
   *
   * @param background scaled, [rows][features]
   * @param permutations the least number of them for estimates; 0 for exact values
   */
  ShapleyValues(
      Model model, ColumnFeatures columns, float[] background, int permutations, long seed) {
    features = columns.features();
    this.background = background;
    this.seed = seed;
    width = model.inputs();
    rows = background.length / width;
    pairs = permutations == 0 ? 0 : pairs(rows, permutations);
    predictor = model.predictor(BATCH);
    outputs = model.outputs();
    batch = new float[BATCH * width];
    results = new double[BATCH * outputs];
  }

  /** Returns whether values are exact. */
  static boolean isExact(int columns, int rows) {
    return columns < Long.SIZE - 1 && rows <= MOST_EXACT >> columns;
  }

  /** Returns the pairs for a background row: at least two, whose differences are the error. */
  static int pairs(int rows, int permutations) {
    long all = 2L * rows; // permutations if each row has one pair
    return (int) Math.max(2, (permutations + all - 1) / all);
  }

  /** Returns the number of predictions for a row. */
  static long cost(int columns, int rows, int permutations) {
    return isExact(columns, rows)
        ? (1L << columns) * rows
        : 2L * rows * pairs(rows, permutations) * (columns + 1);
  }

  /**
   * Explains an output of a row.
   *
   * @param row scaled features
   * @param prediction the output
   */
  Explanation explain(float[] row, int output, double prediction) {
    return pairs == 0 ? exact(row, output, prediction) : estimated(row, output, prediction);
  }

  private Explanation exact(float[] row, int output, double prediction) {
    int n = features.length;
    double[] values = new double[1 << n]; // of sets of columns, as bits
    double[] found = new double[values.length * rows];
    for (int i = 0; i < found.length; i++) {
      int b = i % rows;
      float[] mixed = Arrays.copyOfRange(background, b * width, (b + 1) * width);
      for (int c = 0; c < n; c++) {
        if ((i / rows >> c & 1) != 0) {
          copy(row, mixed, c);
        }
      }
      add(mixed, output, found, i);
    }
    flush(output, found, found.length);
    for (int i = 0; i < found.length; i++) {
      values[i / rows] += found[i] / rows;
    }
    double[] contributions = new double[n];
    for (int set = 0; set < values.length; set++) {
      double share = share(Integer.bitCount(set), n);
      for (int c = 0; c < n; c++) {
        if ((set >> c & 1) == 0) {
          contributions[c] += share * (values[set | 1 << c] - values[set]);
        }
      }
    }
    List<Double> exact = Explanation.list(contributions);
    return new Explanation(output, values[0], prediction, exact, List.of(), 0, true);
  }

  /** Returns the share of orders in which a column follows exactly one set of so many columns. */
  private static double share(int size, int n) {
    double share = 1.0 / n; // size! (n - size - 1)! / n!
    for (int i = 1; i <= size; i++) {
      share *= (double) i / (n - i);
    }
    return share;
  }

  private Explanation estimated(float[] row, int output, double prediction) {
    int n = features.length;
    double[] means = new double[n];
    double[] variances = new double[n]; // of these means
    double base = 0;
    int[] order = new int[n];
    double[] values = new double[n + 1];
    for (int b = 0; b < rows; b++) {
      double[][] drawn = new double[pairs][n];
      for (int p = 0; p < pairs; p++) {
        long index = -1L - ((long) b * pairs + p); // others draw with indices from 0
        CounterRandom.permutation(CounterRandom.key(seed, CounterRandom.PERMUTATION, index), order);
        walk(row, b, order, output, values, drawn[p]);
        for (int i = 0; i < n / 2; i++) {
          int swapped = order[i];
          order[i] = order[n - 1 - i];
          order[n - 1 - i] = swapped;
        }
        walk(row, b, order, output, values, drawn[p]);
      }
      base += values[0] / rows;
      for (int c = 0; c < n; c++) {
        double mean = 0;
        for (double[] pair : drawn) {
          mean += pair[c] / pairs;
        }
        means[c] += mean / rows;
        for (double[] pair : drawn) {
          double d = (pair[c] - mean) / rows;
          variances[c] += d * d / (pairs - 1) / pairs;
        }
      }
    }
    Arrays.setAll(variances, c -> Math.sqrt(variances[c]));
    List<Double> found = Explanation.list(means);
    List<Double> errors = Explanation.list(variances);
    return new Explanation(output, base, prediction, found, errors, 2 * pairs * rows, true);
  }

  /**
   * Moves a background row to the row, column by column, and adds half of each change.
   *
   * @param values receives the outputs on the way
   * @param changes receives what each column adds
   */
  private void walk(
      float[] row, int b, int[] order, int output, double[] values, double[] changes) {
    float[] mixed = Arrays.copyOfRange(background, b * width, (b + 1) * width);
    add(mixed, output, values, 0);
    for (int i = 0; i < order.length; i++) {
      copy(row, mixed, order[i]);
      add(mixed, output, values, i + 1);
    }
    flush(output, values, values.length);
    for (int i = 0; i < order.length; i++) {
      changes[order[i]] += (values[i + 1] - values[i]) / 2;
    }
  }

  private void copy(float[] from, float[] to, int column) {
    for (int feature : features[column]) {
      to[feature] = from[feature];
    }
  }

  /** Adds a row to the batch; a full batch is predicted. */
  private void add(float[] features, int output, double[] found, int place) {
    System.arraycopy(features, 0, batch, filled * width, width);
    filled++;
    if (filled == BATCH) {
      flush(output, found, place + 1);
    }
  }

  /** Predicts the rows of the batch, the last of which is the one before {@code end}. */
  private void flush(int output, double[] found, int end) {
    predictor.predictScaled(batch, filled, results, null);
    for (int i = 0; i < filled; i++) {
      found[end - filled + i] = results[i * outputs + output];
    }
    filled = 0;
  }
}
