package dev.lanewise.report;

import dev.lanewise.data.Rows;
import dev.lanewise.engine.internal.Network;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.nn.Loss;
import dev.lanewise.train.internal.Tally;
import java.util.Arrays;

/**
 * Measures how well a single column predicts the target: the rule of one attribute, 1R (Holte,
 * "Very simple classification rules perform well on most commonly used datasets", 1993). A column
 * that predicts nearly everything may have been derived from the target.
 *
 * <p>Rows are put into bins by their values in the column: one bin per value or, for more than 32
 * values, 32 bins of equally many rows. The answer of a bin is the class with the largest weight
 * among its rows, in regression the mean, for each output of a sigmoid loss the more frequent side
 * of 1/2. A column of several features has one bin per combination of their values, so a
 * categorical column has one per category.
 *
 * <p>Rows do not score their own bins: the bins of every other row answer for the rows between, and
 * the other way round. Therefore a column with many bins has no advantage. A row in an empty bin
 * gets the answer of all rows. Rows of weight 0 are left out.
 */
final class OneRule {
  private static final int BINS = 32;

  /** Beyond this number, combinations are renumbered so that their number stays an int. */
  private static final int MOST_NUMBERS = 1 << 25;

  private final Loss loss;
  private final Rows split;
  private final int[] drawn; // [rows], their numbers in the split
  private final float[] features; // [rows][inputs]
  private final double[] sums; // [classes] or [outputs], from which answers are made
  private final double[] answer; // [outputs], or the class

  private OneRule(Loss loss, Rows split, int[] drawn) {
    this.loss = loss;
    this.split = split;
    this.drawn = drawn;
    features = new float[Network.size(drawn.length, split.features())];
    split.copyRows(drawn, 0, drawn.length, features, 0);
    int classes = split.outputs();
    for (int i = 0; i < drawn.length && loss.task().hasClasses(); i++) {
      classes = Math.max(classes, split.label(drawn[i]) + 1);
    }
    sums = new double[classes];
    answer = new double[Math.max(1, split.outputs())];
  }

  /**
   * Scores some columns, each by itself.
   *
   * @param groups the features of each column
   * @param mostRows maximum number of rows; if there are more, this many are drawn
   * @return [groups], each comparable to {@link Evaluation#accuracy}; NaN for fewer than two rows
   *     of positive weight
   */
  public static double[] scores(Loss loss, Rows rows, int[][] groups, int mostRows, long seed) {
    assert loss.task().hasClasses() == (rows.outputs() == 0);
    OneRule rule = new OneRule(loss, rows, ChosenRows.drawn(rows, mostRows, seed));
    return Arrays.stream(groups).mapToDouble(rule::score).toArray();
  }

  private double score(int[] group) {
    Tally tally = new Tally(loss, sums.length);
    for (int half = 0; half < 2 && drawn.length > 1; half++) {
      long[] keys = keys(group, half);
      answer(keys, 0, keys.length, half);
      double[] ofAll = answer.clone();
      for (int from = 0, to = 0; from < keys.length; from = to) {
        while (to < keys.length && keys[to] >> 32 == keys[from] >> 32) {
          to++;
        }
        if (!answer(keys, from, to, half)) {
          System.arraycopy(ofAll, 0, answer, 0, answer.length);
        }
        for (int i = from; i < to; i++) {
          if ((keys[i] & 1) != half) {
            add(tally, drawn[(int) keys[i]]);
          }
        }
      }
    }
    return tally.accuracy();
  }

  /**
   * Returns the rows sorted by bin: the bin in the upper half, the place of the row in the lower.
   */
  private long[] keys(int[] group, int half) {
    long[] bins = new long[drawn.length];
    long numbers = 1;
    for (int feature : group) {
      float[] edges = edges(feature, half);
      for (int i = 0; i < bins.length; i++) {
        int found = Arrays.binarySearch(edges, value(i, feature));
        bins[i] = bins[i] * (edges.length + 1) + (found < 0 ? -1 - found : found + 1);
      }
      numbers *= edges.length + 1;
      if (numbers > MOST_NUMBERS) {
        long[] distinct = Arrays.stream(bins).sorted().distinct().toArray();
        Arrays.setAll(bins, i -> Arrays.binarySearch(distinct, bins[i]));
        numbers = distinct.length;
      }
    }
    Arrays.setAll(bins, i -> bins[i] << 32 | i);
    Arrays.sort(bins);
    return bins;
  }

  /** Returns where all bins but the first begin: values of the rows of a half, ascending. */
  private float[] edges(int feature, int half) {
    float[] values = new float[(drawn.length + 1 - half) / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(2 * i + half, feature);
    }
    Arrays.sort(values);
    float[] edges = new float[BINS - 1];
    int count = distinct(values, 1, values.length, edges);
    if (count >= BINS) {
      float[] quantiles = new float[BINS];
      for (int b = 0; b < BINS; b++) {
        quantiles[b] = values[(int) ((long) values.length * b / BINS)];
      }
      count = distinct(quantiles, 1, BINS, edges);
    }
    return Arrays.copyOf(edges, count);
  }

  /**
   * Copies values that differ from the one before; also counts those for which there is no room.
   */
  private static int distinct(float[] values, int from, int to, float[] out) {
    int count = 0;
    for (int i = from; i < to; i++) {
      if (values[i] != values[i - 1]) {
        if (count < out.length) {
          out[count] = values[i];
        }
        count++;
      }
    }
    return count;
  }

  private float value(int i, int feature) {
    return features[i * split.features() + feature] + 0f; // no negative zero
  }

  /**
   * Computes the answer for the given rows that are in a half; returns false if the half has none
   * of them.
   */
  private boolean answer(long[] keys, int from, int to, int half) {
    Arrays.fill(sums, 0);
    double weights = 0;
    for (int i = from; i < to; i++) {
      if ((keys[i] & 1) == half) {
        int row = drawn[(int) keys[i]];
        double weight = split.weight(row);
        weights += weight;
        if (loss.task().hasClasses()) {
          sums[split.label(row)] += weight;
        } else {
          for (int k = 0; k < sums.length; k++) {
            sums[k] += weight * (loss.task().hasNumbers() ? beyondFirst(row, k) : side(row, k));
          }
        }
      }
    }
    if (loss.task().hasClasses()) {
      int best = 0;
      for (int c = 1; c < sums.length; c++) {
        best = sums[c] > sums[best] ? c : best;
      }
      answer[0] = best;
    } else {
      for (int k = 0; k < sums.length; k++) {
        answer[k] = sums[k] / weights + (loss.task().hasNumbers() ? split.target(0, k) : 0);
      }
    }
    return weights > 0;
  }

  /**
   * Returns a target relative to the first row's, so that it keeps its digits next to an offset.
   */
  private double beyondFirst(int row, int output) {
    return split.target(row, output) - split.target(0, output);
  }

  /** Returns 1 for a target above 1/2, else -1. */
  private int side(int row, int output) {
    return split.target(row, output) > 0.5 ? 1 : -1;
  }

  private void add(Tally tally, int row) {
    if (loss.task().hasClasses()) {
      tally.add(split.weight(row), 0, answer[0] == split.label(row));
    } else {
      for (int k = 0; k < sums.length; k++) {
        tally.add(k, split.weight(row), answer[k], split.target(row, k));
      }
      tally.add(split.weight(row), 0);
    }
  }
}
