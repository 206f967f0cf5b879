package dev.lanewise.data.internal;

import dev.lanewise.nn.Scaling;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Minimum, maximum, mean and standard deviation per feature. The first pass over the rows finds
 * minimum, maximum and mean; the second finds the deviation from the mean (divided by the count).
 * Sums are exact, so the order of the rows does not matter. A NaN is a missing value and is
 * ignored.
 */
public final class FeatureStatistics implements Serializable {
  private static final long serialVersionUID = 1L;

  final double[] minimum;
  final double[] maximum;
  private final double[] mean; // set after the first pass
  private final double[] deviation; // set after the second pass
  private final int[] count;
  private ExactSum[] sums; // sums of the current pass
  private boolean second;

  public FeatureStatistics(int features) {
    minimum = new double[features];
    maximum = new double[features];
    mean = new double[features];
    deviation = new double[features];
    count = new int[features];
    sums = sums(features);
    Arrays.fill(minimum, Double.POSITIVE_INFINITY);
    Arrays.fill(maximum, Double.NEGATIVE_INFINITY);
  }

  private static ExactSum[] sums(int features) {
    ExactSum[] sums = new ExactSum[features];
    Arrays.setAll(sums, j -> new ExactSum());
    return sums;
  }

  public void add(double[] row) {
    for (int j = 0; j < mean.length; j++) {
      double number = row[j];
      if (number == number) {
        sums[j].add(number);
        minimum[j] = Math.min(minimum[j], number);
        maximum[j] = Math.max(maximum[j], number);
        count[j]++;
      }
    }
  }

  /** Adds the rows of another object, which is in the same pass. */
  public void add(FeatureStatistics other) {
    for (int j = 0; j < mean.length; j++) {
      sums[j].add(other.sums[j]);
      minimum[j] = Math.min(minimum[j], other.minimum[j]);
      maximum[j] = Math.max(maximum[j], other.maximum[j]);
      count[j] += second ? 0 : other.count[j];
    }
  }

  /** Begins the second pass over the same rows, if it has not begun. */
  public void beginAgain() {
    if (!second) {
      second = true;
      for (int j = 0; j < mean.length; j++) {
        mean[j] = sums[j].value() / Math.max(1, count[j]);
      }
      sums = sums(mean.length);
    }
  }

  /** Adds a row in the second pass over the same rows. */
  public void addAgain(double[] row) {
    beginAgain();
    for (int j = 0; j < mean.length; j++) {
      double difference = row[j] - mean[j];
      if (difference == difference) {
        sums[j].add(difference * difference);
      }
    }
  }

  /** Ends the second pass; returns a feature whose deviation is not finite, or -1. */
  public int finish() {
    for (int j = 0; j < mean.length; j++) {
      deviation[j] = Math.sqrt(sums[j].value() / Math.max(1, count[j]));
      if (minimum[j] == maximum[j]) { // removes the rounding error of the mean
        mean[j] = minimum[j];
        deviation[j] = 0;
      }
      if (!Double.isFinite(deviation[j]) || !Double.isFinite(mean[j])) {
        return j;
      }
    }
    return -1;
  }

  /** Returns a feature whose range is not finite after the first pass, or -1. */
  public int tooWide() {
    for (int j = 0; j < minimum.length; j++) {
      if (maximum[j] - minimum[j] > Double.MAX_VALUE) {
        return j;
      }
    }
    return -1;
  }

  /**
   * Returns the scaling of these features.
   *
   * @param scaled which features are scaled, the others being left unchanged; null: all
   */
  public Scaling scaling(boolean minMax, boolean[] scaled) {
    double[] first = minMax ? minimum.clone() : mean.clone();
    double[] last = minMax ? maximum.clone() : deviation.clone();
    for (int j = 0; j < first.length; j++) {
      if (scaled != null && !scaled[j]) {
        first[j] = 0;
        last[j] = 1;
      } else if (count[j] == 0) {
        first[j] = 0;
        last[j] = 0;
      }
    }
    return minMax ? Scaling.minMax(first, last) : Scaling.standardise(first, last);
  }
}
