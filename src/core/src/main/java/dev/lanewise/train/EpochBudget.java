package dev.lanewise.train;

import java.time.Duration;

/** Computes numbers of epochs that fit into a number of rows, or into a time. */
final class EpochBudget {
  /** Epochs of training on tables of usual size. */
  private static final int USUAL = 256;

  /** Rows of all epochs together, from which on there are fewer epochs. */
  private static final int MOST_ROWS = 4_000_000;

  /** Epochs that a time does not exceed, because the history of each takes memory. */
  private static final int MOST_IN_TIME = 100_000;

  private EpochBudget() {}

  /** Returns the epochs of {@code epochs auto} on a number of training rows. */
  static int forRows(int rows) {
    return Math.max(1, Math.min(USUAL, MOST_ROWS / Ranges.atLeast(1, "rows", rows)));
  }

  /** Returns the epochs that take a time, at least 1, also if the time of one is not known. */
  static int within(Duration time, double secondsPerEpoch) {
    double epochs = time.toNanos() * 1e-9 / secondsPerEpoch;
    return epochs > 1 ? (int) Math.min(epochs, MOST_IN_TIME) : 1;
  }
}
