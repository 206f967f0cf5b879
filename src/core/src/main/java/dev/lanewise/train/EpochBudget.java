package dev.lanewise.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Computes numbers of epochs that suit a number of rows. */
final class EpochBudget {
  /** The value of an option that depends on the rows. */
  static final String AUTO = "auto";

  /** Epochs of training on tables of usual size. */
  private static final int USUAL = 256;

  /**
   * Rows of all epochs together, from which on there are fewer epochs: a network of three layers of
   * 256 takes about half a minute for so many on one core.
   */
  private static final int MOST_ROWS = 3_000_000;

  /**
   * Epochs without improvement that end a training. On 14 tables of up to 4,000 rows, the mean
   * score is not below that of all 256 epochs.
   */
  private static final int PATIENCE = 32;

  /** Steps that a patience has at least, because an epoch of a small table has very few. */
  private static final int PATIENT_STEPS = 200;

  private EpochBudget() {}

  /**
   * Returns options of a recipe with values in place of {@link #AUTO}.
   *
   * @param batch rows of a mini-batch, or -1 for all rows
   * @param areUnequal whether a class has most of the rows
   */
  static Map<String, String> forRows(
      Map<String, String> options, int rows, int batch, boolean areUnequal) {
    int epochs = Math.max(1, Math.min(USUAL, MOST_ROWS / Ranges.atLeast(1, "rows", rows)));
    int steps = Math.max(1, batch < 1 ? 1 : rows / batch);
    int patience = Math.max(PATIENCE, (PATIENT_STEPS + steps - 1) / steps);
    Map<String, String> numbers = new LinkedHashMap<>(options);
    numbers.replace("epochs", AUTO, Integer.toString(epochs));
    numbers.replace("patience", AUTO, Integer.toString(patience));
    numbers.replace("best", AUTO, areUnequal ? "last-loss" : "last-error");
    numbers.replace("labelSmoothing", AUTO, areUnequal ? "0" : "0.1");
    return Collections.unmodifiableMap(numbers);
  }
}
