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
 * 2014), each together with its reverse, whose errors tend to cancel. A round draws two such pairs
 * for every background row, so the contributions still add up to the difference of the outputs, and
 * the two pairs give the standard error of a stratified sample. Rounds go on until the standard
 * error of every column is small beside the spread of the output: its standard deviation among the
 * background rows, or the distance of the prediction from their mean if that is larger.
 *
 * <p>It is not thread-safe.
 */
final class ShapleyValues {
  /** Largest number of predictions for exact values: sets of columns times background rows. */
  static final long MOST_EXACT = 1 << 12;

  /** Largest standard error of a column, as a share of the spread, at which rounds end. */
  static final double PRECISION = 0.02;

  /** Least number of permutations for a row. */
  static final int LEAST_PERMUTATIONS = 100;

  /** Relative error of floats, below which a standard error needs no more permutations. */
  private static final double ROUNDING = 1e-6;

  /** Largest number of permutations for a row, after which rounds end in any case. */
  static final int MOST_PERMUTATIONS = 1 << 16;

  private static final int BATCH = 256;

  /** Permutations of a round for a background row: two, each with its reverse. */
  private static final int OF_ROUND = 4;

  private final int[][] features; // [columns], the features of each
  private final float[] background; // [rows][width]
  private final int width;
  private final int rows;
  private final long seed;
  private final Predictor predictor;
  private final int outputs;
  private final boolean isExact;
  private final int least; // rounds
  private final int most; // rounds
  private final double[] ofBackground; // [rows][outputs]
  private final float[] batch; // [BATCH][width]
  private final double[] results; // [BATCH][outputs]
  private int filled; // rows of the batch

  /**
   * Prepares background rows.
   *
   * @param background scaled, [rows][features]
   * @param isExact whether values are not estimates
   * @param permutations their number for estimates, at most a round too many; 0 for as many as the
   *     precision needs
   */
  ShapleyValues(
      Model model,
      ColumnFeatures columns,
      float[] background,
      boolean isExact,
      int permutations,
      long seed) {
    features = columns.features();
    this.isExact = isExact;
    this.background = background;
    this.seed = seed;
    width = model.inputs();
    rows = background.length / width;
    predictor = model.predictor(BATCH);
    outputs = model.outputs();
    batch = new float[BATCH * width];
    results = new double[BATCH * outputs];
    least = rounds(rows, permutations);
    most = permutations > 0 ? least : rounds(rows, MOST_PERMUTATIONS);
    ofBackground = new double[rows * outputs];
    predictor.predictScaled(background, rows, ofBackground, null);
  }

  /** Returns whether values are exact. */
  static boolean isExact(int columns, int rows) {
    return columns < Long.SIZE - 1 && rows <= MOST_EXACT >> columns;
  }

  /** Returns the rounds for a number of permutations, the least number if it is 0. */
  private static int rounds(int rows, int permutations) {
    long wanted = Math.max(permutations, LEAST_PERMUTATIONS);
    long round = (long) OF_ROUND * rows;
    return (int) ((wanted + round - 1) / round);
  }

  /**
   * Explains an output of a row.
   *
   * @param row scaled features
   * @param prediction the output
   */
  Explanation explain(float[] row, int output, double prediction) {
    return isExact ? exact(row, output, prediction) : estimated(row, output, prediction);
  }

  private Explanation exact(float[] row, int output, double prediction) {
    int n = features.length;
    // values of sets of columns; bits of the index name the columns
    double[] values = new double[1 << n];
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
    double spread = spread(output, values[0], prediction);
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
    return new Explanation(output, values[0], prediction, exact, List.of(), spread, 0, true);
  }

  /**
   * Returns the share of orders in which a column follows exactly one given set of columns of a
   * given size.
   */
  private static double share(int size, int n) {
    double share = 1.0 / n; // size! (n - size - 1)! / n!
    for (int i = 1; i <= size; i++) {
      share *= (double) i / (n - i);
    }
    return share;
  }

  /** Returns how far outputs differ, which is the measure of standard errors. */
  private double spread(int output, double base, double prediction) {
    double squares = 0;
    for (int b = 0; b < rows; b++) {
      double d = ofBackground[b * outputs + output] - base;
      squares += d * d / rows;
    }
    return Math.max(Math.sqrt(squares), Math.abs(prediction - base));
  }

  private Explanation estimated(float[] row, int output, double prediction) {
    double base = 0;
    for (int b = 0; b < rows; b++) {
      base += ofBackground[b * outputs + output] / rows;
    }
    double spread = spread(output, base, prediction);
    double precision = Math.max(PRECISION * spread, ROUNDING * Math.abs(base));
    double[] means = new double[features.length]; // sums over the rounds
    double[] variances = new double[features.length]; // sums over the rounds
    int rounds = 0;
    double error;
    do {
      round(rounds++, row, output, prediction, means, variances);
      error = Math.sqrt(Arrays.stream(variances).max().orElse(0)) / rounds;
    } while (rounds < least || rounds < most && error > precision);
    for (int c = 0; c < means.length; c++) {
      means[c] /= rounds;
      variances[c] = Math.sqrt(variances[c]) / rounds;
    }
    List<Double> found = Explanation.list(means);
    List<Double> errors = Explanation.list(variances);
    int effort = rounds * OF_ROUND * rows;
    return new Explanation(output, base, prediction, found, errors, spread, effort, true);
  }

  /**
   * Adds the means of a round and their variances, each over all background rows.
   *
   * <p>The predictions of several background rows are computed together, because a small batch
   * takes nearly as long as a large one. A column that has the same value in both rows changes
   * nothing, so it takes no prediction.
   */
  private void round(
      int round, float[] row, int output, double prediction, double[] means, double[] variances) {
    int n = features.length;
    int block = Math.max(1, Math.min(rows, BATCH / (OF_ROUND * n)));
    int[][] orders = new int[OF_ROUND * block][];
    double[] found = new double[orders.length * n];
    for (int first = 0; first < rows; first += block) {
      int walks = OF_ROUND * Math.min(block, rows - first);
      int end = 0;
      for (int walk = 0; walk < walks; walk++) {
        int b = first + walk / OF_ROUND;
        long pair = 2L * round + walk % OF_ROUND / 2;
        orders[walk] = walk % 2 == 0 ? order(row, b, pair) : reverse(orders[walk - 1]);
        end = walk(row, b, orders[walk], output, found, end);
      }
      flush(output, found, end);
      int at = 0;
      double[][] pairs = new double[OF_ROUND / 2][n];
      for (int walk = 0; walk < walks; walk++) {
        double before = ofBackground[(first + walk / OF_ROUND) * outputs + output];
        int left = orders[walk].length;
        for (int c : orders[walk]) {
          double after = --left == 0 ? prediction : found[at++];
          pairs[walk % OF_ROUND / 2][c] += (after - before) / 2;
          before = after;
        }
        if (walk % OF_ROUND == OF_ROUND - 1) {
          add(pairs[0], pairs[1], means, variances);
          pairs = new double[OF_ROUND / 2][n];
        }
      }
    }
  }

  /** Adds the mean of two pairs of a background row, and its variance. */
  private void add(double[] one, double[] other, double[] means, double[] variances) {
    for (int c = 0; c < one.length; c++) {
      double half = (one[c] - other[c]) / 2 / rows;
      means[c] += (one[c] + other[c]) / 2 / rows;
      variances[c] += half * half;
    }
  }

  /** Draws an order of the columns in which a row and a background row differ. */
  private int[] order(float[] row, int b, long pair) {
    long index = -1L - (pair * rows + b); // other draws have indices from 0
    int[] order = new int[features.length];
    CounterRandom.permutation(CounterRandom.key(seed, CounterRandom.PERMUTATION, index), order);
    return Arrays.stream(order).filter(c -> differs(row, b, c)).toArray();
  }

  private boolean differs(float[] row, int b, int column) {
    boolean differs = false;
    for (int feature : features[column]) {
      differs |= row[feature] != background[b * width + feature];
    }
    return differs;
  }

  private static int[] reverse(int... order) {
    int[] reverse = new int[order.length];
    Arrays.setAll(reverse, i -> order[order.length - 1 - i]);
    return reverse;
  }

  /**
   * Moves a background row to the row, column by column. Both ends were predicted before.
   *
   * @param found receives the outputs on the way, from a place on
   * @return the place after the last output
   */
  private int walk(float[] row, int b, int[] order, int output, double[] found, int place) {
    float[] mixed = Arrays.copyOfRange(background, b * width, (b + 1) * width);
    int at = place;
    for (int i = 0; i < order.length - 1; i++) {
      copy(row, mixed, order[i]);
      add(mixed, output, found, at++);
    }
    return at;
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

  /** Predicts the rows of the batch before {@code end}. */
  private void flush(int output, double[] found, int end) {
    predictor.predictScaled(batch, filled, results, null);
    for (int i = 0; i < filled; i++) {
      found[end - filled + i] = results[i * outputs + output];
    }
    filled = 0;
  }
}
