package dev.lanewise.spark;

import dev.lanewise.nn.Schema;
import dev.lanewise.nn.UnseenValues;
import java.io.Serializable;
import org.apache.spark.SparkContext;

/**
 * What becomes of values that a model has not met in training: their row is refused, or they are
 * counted for the log.
 *
 * @param isRefused whether their row is refused
 * @param counter of the others; null if there are none
 */
record Unseen(boolean isRefused, UnseenCounter counter) implements Serializable {
  /** Returns what one model does in all tasks of a context. */
  static Unseen of(SparkContext context, Schema schema, boolean isRefused) {
    return new Unseen(isRefused, isRefused ? null : UnseenCounter.of(context, schema));
  }

  /** Returns what the model of a key does in the task that scores the rows of that key. */
  static Unseen ofKey(String key, Schema schema, boolean isRefused) {
    boolean counts = schema != null && !isRefused;
    return new Unseen(isRefused, counts ? UnseenCounter.ofKey(key, schema) : null);
  }

  /**
   * Takes the count of a row.
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
