package dev.lanewise.spark;

import static org.apache.spark.sql.functions.col;

import dev.lanewise.model.Model;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains networks on the rows of a table, as a job of Spark. */
final class Fitting {
  /** The column of the result with the number of rows. */
  static final String ROWS = "rows";

  /** The column of the result with the digest of the weights. */
  static final String SHA256 = "sha256";

  /** The column of the result with the bytes of the model file. */
  static final String MODEL = "model";

  /** The column of the result with the reason why there is no network. */
  static final String ERROR = "error";

  /** The column of the result with the messages about the rows, one per line. */
  static final String NOTES = "notes";

  private static final Logger LOG = LoggerFactory.getLogger(LanewiseEstimator.class);

  private static final String ROW = "row";
  private static final String KEY = "key";

  private static final StructType FITTED =
      new StructType()
          .add(ROWS, DataTypes.LongType)
          .add(SHA256, DataTypes.StringType)
          .add(MODEL, DataTypes.BinaryType)
          .add(ERROR, DataTypes.StringType)
          .add(NOTES, DataTypes.StringType);

  private Fitting() {}

  /**
   * Trains a model on all rows.
   *
   * @throws IllegalArgumentException if the rows cannot be used for training
   */
  static Model one(LanewiseEstimator<?> estimator, org.apache.spark.sql.Dataset<?> dataset) {
    org.apache.spark.sql.Dataset<Row> bytes = encoded(estimator, dataset, null);
    TrainingColumns columns = columns(estimator, dataset, null);
    LanewiseEstimator<?> settings = estimator.copy(ParamMap.empty());
    Answer answer =
        interruptible(
            dataset.sparkSession().sparkContext(),
            () ->
                together(settings, columns, bytes)
                    .orElseGet(
                        () ->
                            new NetworkTasks(settings, columns)
                                .fit(rows(bytes.repartition(1).sortWithinPartitions(col(ROW))))));
    if (answer.error() != null) {
      throw new IllegalArgumentException("lanewise: " + answer.error());
    }
    if (answer.notes() != null) {
      answer.notes().lines().forEach(note -> LOG.warn("lanewise: {}", note));
    }
    return SharedModel.model(answer.model());
  }

  /** Runs jobs, whose tasks end, too, if an interrupt of this thread ends them. */
  private static Answer interruptible(SparkContext context, Supplier<Answer> jobs) {
    String tag = "lanewise-" + UUID.randomUUID();
    boolean isComplete = false;
    context.addJobTag(tag);
    try {
      Answer answer = jobs.get();
      isComplete = !Thread.currentThread().isInterrupted();
      return answer;
    } finally {
      context.removeJobTag(tag);
      if (!isComplete && !context.isStopped()) {
        context.cancelJobsWithTag(tag);
      }
    }
  }

  /** Trains on all executors together, if that is wanted and possible. */
  private static Optional<Answer> together(
      LanewiseEstimator<?> settings,
      TrainingColumns columns,
      org.apache.spark.sql.Dataset<Row> bytes) {
    return settings.nameIn(settings.checkpointPath) == null
        ? Optional.empty()
        : new ShardTraining(settings, columns).fit(rows(bytes.orderBy(col(ROW))));
  }

  /** Trains on all executors together, if that is wanted and possible. */
  static Optional<Answer> together(
      LanewiseEstimator<?> estimator, org.apache.spark.sql.Dataset<?> dataset) {
    return together(
        estimator, columns(estimator, dataset, null), encoded(estimator, dataset, null));
  }

  private static JavaRDD<byte[]> rows(org.apache.spark.sql.Dataset<Row> bytes) {
    return bytes.toJavaRDD().map(row -> row.getAs(0));
  }

  /** Returns the columns that training reads, and the key if there is one. */
  private static org.apache.spark.sql.Dataset<Row> narrow(
      LanewiseEstimator<?> estimator, org.apache.spark.sql.Dataset<?> dataset, String key) {
    List<Column> read = new ArrayList<>();
    for (String name : TrainingColumns.of(estimator, dataset.schema()).read()) {
      read.add(dataset.col(quoted(name)));
    }
    if (key != null) {
      read.add(dataset.col(quoted(key)).as(KEY + " of the group"));
    }
    return dataset.select(read.toArray(new Column[0]));
  }

  private static TrainingColumns columns(
      LanewiseEstimator<?> estimator, org.apache.spark.sql.Dataset<?> dataset, String key) {
    return TrainingColumns.of(estimator, narrow(estimator, dataset, key).schema());
  }

  /** Returns the rows as bytes, after their keys if there are keys. */
  private static org.apache.spark.sql.Dataset<Row> encoded(
      LanewiseEstimator<?> estimator, org.apache.spark.sql.Dataset<?> dataset, String key) {
    org.apache.spark.sql.Dataset<Row> narrow = narrow(estimator, dataset, key);
    TrainingColumns columns = TrainingColumns.of(estimator, narrow.schema());
    StructType encoded = new StructType();
    int place = -1;
    if (key != null) {
      encoded = encoded.add(KEY, dataset.schema().apply(key).dataType());
      place = narrow.schema().length() - 1;
    }
    int ofKey = place;
    MapPartitionsFunction<Row, Row> encode = rows -> new Encoded(rows, columns, ofKey);
    return narrow.mapPartitions(encode, Encoders.row(encoded.add(ROW, DataTypes.BinaryType)));
  }

  /** Trains a model for each value of a column. */
  static org.apache.spark.sql.Dataset<Row> all(
      LanewiseEstimator<?> estimator,
      org.apache.spark.sql.Dataset<?> dataset,
      String key,
      int partitions) {
    StructType fitted = new StructType().add(dataset.schema().apply(key));
    for (StructField other : FITTED.fields()) {
      fitted = fitted.add(other);
    }
    TrainingColumns columns = columns(estimator, dataset, key);
    LanewiseEstimator<?> settings = estimator.copy(ParamMap.empty());
    MapPartitionsFunction<Row, Row> fit = rows -> new Fitted(rows, settings, columns);
    return encoded(estimator, dataset, key)
        .repartition(partitions, col(KEY))
        .sortWithinPartitions(col(KEY), col(ROW))
        .mapPartitions(fit, Encoders.row(fitted));
  }

  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** Returns the rows of a partition as bytes, after their keys if there are keys. */
  private static final class Encoded implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final TrainingColumns columns;
    private final int key; // index of the column, or -1
    private final RowBytes bytes = new RowBytes();

    Encoded(Iterator<Row> rows, TrainingColumns columns, int key) {
      this.rows = rows;
      this.columns = columns;
      this.key = key;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Row next() {
      Row row = rows.next();
      byte[] content = columns.toBytes(row, bytes);
      return key < 0 ? RowFactory.create(content) : RowFactory.create(row.get(key), content);
    }
  }

  /** Trains a model for each series of rows with one key. */
  private static final class Fitted implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final LanewiseEstimator<?> settings;
    private final TrainingColumns columns;
    private Row next; // the first row of the next key, or null

    Fitted(Iterator<Row> rows, LanewiseEstimator<?> settings, TrainingColumns columns) {
      this.rows = rows;
      this.settings = settings;
      this.columns = columns;
      next = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Row next() {
      Object key = next.get(0);
      Gathered gathered = new Gathered(settings, columns);
      do { // if memory runs out here, the rows of the other keys are lost, and the task fails
        gathered.add(next.getAs(1));
        next = rows.hasNext() ? rows.next() : null;
      } while (next != null && Objects.equals(key, next.get(0)));
      Answer answer = Answer.of(gathered, networks -> Optional.of(networks.all()));
      return RowFactory.create(
          key, answer.rows(), answer.sha256(), answer.model(), answer.error(), answer.notes());
    }
  }
}
