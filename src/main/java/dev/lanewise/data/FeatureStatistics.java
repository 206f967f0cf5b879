package dev.lanewise.data;

import dev.lanewise.nn.Scaling;
import java.util.Arrays;

/**
 * What a scaling is fitted on: minimum, maximum, mean and deviation of each feature. Two passes in
 * double over the rows in order: mean, then deviation about it (divided by the count).
 */
final class FeatureStatistics {
  final double[] minimum;
  final double[] maximum;
  final double[] mean; // until the first pass has ended their sums
  private final double[] deviation; // until the second has ended sums of squares
  private int count;
  private boolean second;

  FeatureStatistics(int features) {
    minimum = new double[features];
    maximum = new double[features];
    mean = new double[features];
    deviation = new double[features];
    Arrays.fill(minimum, Double.POSITIVE_INFINITY);
    Arrays.fill(maximum, Double.NEGATIVE_INFINITY);
  }

  /** The first pass, finite numbers. */
  void add(double[] row) {
    for (int j = 0; j < mean.length; j++) {
      mean[j] += row[j];
      minimum[j] = Math.min(minimum[j], row[j]);
      maximum[j] = Math.max(maximum[j], row[j]);
    }
    count++;
  }

  /** The second pass over the same rows. */
  void addAgain(double[] row) {
    for (int j = 0; j < mean.length; j++) {
      mean[j] = second ? mean[j] : mean[j] / count;
      double difference = row[j] - mean[j];
      deviation[j] += difference * difference;
    }
    second = true;
  }

  /** Ends the second pass; returns a feature whose deviation is not finite, or -1. */
  int finish() {
    for (int j = 0; j < mean.length; j++) {
      deviation[j] = Math.sqrt(deviation[j] / count);
      if (minimum[j] == maximum[j]) { // the mean's rounding error must not pass for a deviation
        mean[j] = minimum[j];
        deviation[j] = 0;
      }
      if (!Double.isFinite(deviation[j])) {
        return j;
      }
    }
    return -1;
  }

  /** The scaling of these features. */
  Scaling scaling(boolean minMax) {
    return minMax ? Scaling.minMax(minimum, maximum) : Scaling.standardise(mean, deviation);
  }
}
