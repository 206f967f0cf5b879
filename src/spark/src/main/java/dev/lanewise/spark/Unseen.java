package dev.lanewise.spark;

import dev.lanewise.rows.Schema;
import dev.lanewise.rows.UnseenValues;
import java.io.Serializable;
import org.apache.spark.SparkContext;

/**
 * Handles values that the training rows did not have: refuses their row, or counts them for the
 * log.
 *
 * @param isRefused whether their row is refused
 * @param counter counts the values; null if rows are refused or the model has no schema
 */
record Unseen(boolean isRefused, UnseenCounter counter) implements Serializable {
  /** Returns the handling for one model in all tasks of a context. */
  static Unseen of(SparkContext context, Schema schema, boolean isRefused) {
    return new Unseen(isRefused, isRefused ? null : UnseenCounter.of(context, schema));
  }

  /** Returns the handling for a key's model in the task that scores its rows. */
  static Unseen ofKey(String key, Schema schema, boolean isRefused) {
    boolean counts = schema != null && !isRefused;
    return new Unseen(isRefused, counts ? UnseenCounter.ofKey(key, schema) : null);
  }

  /**
   * Adds the values of a row.
   *
   * @throws IllegalArgumentException if the row is refused; the message begins with the column
   */
  void take(UnseenValues ofRow) {
    if (isRefused && ofRow.total() > 0) {
      throw new IllegalArgumentException(
          String.join("; ", ofRow.notes()) + ", expected values as in training");
    } else if (counter != null) {
      counter.add(ofRow);
    }
  }
}
