package dev.lanewise.spark;

import dev.lanewise.rows.Schema;
import dev.lanewise.rows.UnseenValues;
import org.apache.spark.SparkContext;
import org.apache.spark.util.AccumulatorV2;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts values that the training rows did not have, over all tasks. The driver's log reports the
 * count after the first task that has found one, and whenever the count has doubled.
 */
final class UnseenCounter extends AccumulatorV2<UnseenValues, UnseenValues> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(LanewiseModel.class);

  private final Schema schema;
  private final String key; // the key of the model; null for one model in all tasks
  private final UnseenValues counted;
  private long logged; // the count in the log

  private UnseenCounter(Schema schema, String key) {
    this.schema = schema;
    this.key = key;
    counted = new UnseenValues(schema);
  }

  /** Returns a counter for all tasks of a context; null for a model without a schema. */
  static UnseenCounter of(SparkContext context, Schema schema) {
    if (schema == null) {
      return null;
    }
    UnseenCounter counter = new UnseenCounter(schema, null);
    context.register(counter, "lanewise: values that the training rows did not have");
    return counter;
  }

  /** Returns a counter for one task, which writes to the log of the executor. */
  static UnseenCounter ofKey(String key, Schema schema) {
    return new UnseenCounter(schema, key);
  }

  @Override
  public synchronized boolean isZero() {
    // Spark registers a counter while it reads it, before this class has its fields. An exception
    // would end the heartbeats of the executor, which the driver then takes for lost.
    return counted == null || counted.total() == 0;
  }

  @Override
  public synchronized UnseenCounter copy() {
    UnseenCounter copy = new UnseenCounter(schema, key);
    copy.counted.add(counted);
    return copy;
  }

  @Override
  public UnseenCounter copyAndReset() {
    return new UnseenCounter(schema, key);
  }

  @Override
  public synchronized void reset() {
    counted.clear();
  }

  @Override
  public synchronized void add(UnseenValues some) {
    counted.add(some);
    if (key != null) {
      tell("key " + key + ", so far: ");
    }
  }

  @Override
  public synchronized void merge(AccumulatorV2<UnseenValues, UnseenValues> other) {
    counted.add(other.value());
    if (isAtDriverSide()) {
      tell("so far: ");
    }
  }

  private void tell(String where) {
    if (counted.total() > 0 && counted.total() >= 2 * logged) {
      logged = counted.total();
      counted.notes().forEach(note -> LOG.warn("lanewise: {}{}", where, note));
    }
  }

  @Override
  public UnseenValues value() {
    return counted;
  }
}
