package dev.lanewise.spark;

import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Rows that are read when the first of them is asked for. Spark fetches a whole partition from
 * another executor before a task begins; a task that shares rows with earlier tasks of its executor
 * does not need them again.
 */
final class DeferredRows extends RDD<byte[]> {
  private static final long serialVersionUID = 1L;
  private static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);

  private DeferredRows(RDD<byte[]> rows) {
    super(rows, BYTES);
  }

  static JavaRDD<byte[]> of(JavaRDD<byte[]> rows) {
    return new DeferredRows(rows.rdd()).toJavaRDD();
  }

  @Override
  public Partition[] getPartitions() {
    return rows().partitions();
  }

  private RDD<byte[]> rows() {
    return this.<byte[]>parent(0, BYTES);
  }

  @Override
  public Iterator<byte[]> compute(Partition split, TaskContext context) {
    return new AbstractIterator<>() {
      private Iterator<byte[]> rows;

      private Iterator<byte[]> rows() {
        if (rows == null) {
          rows = DeferredRows.this.rows().iterator(split, context);
        }
        return rows;
      }

      @Override
      public boolean hasNext() {
        return rows().hasNext();
      }

      @Override
      public byte[] next() {
        return rows().next();
      }
    };
  }
}
