package dev.lanewise.spark;

import static org.apache.spark.sql.functions.col;

import dev.lanewise.model.Model;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
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
   * Trains one network on all rows.
   *
   * @throws IllegalArgumentException if the rows cannot be used for training
   */
  static Model one(LanewiseEstimator<?> estimator, org.apache.spark.sql.Dataset<?> dataset) {
    List<Row> fitted = all(estimator, dataset, null, 1).collectAsList();
    Object error = "no rows, expected at least one row";
    if (!fitted.isEmpty()) {
      error = fitted.get(0).getAs(ERROR);
    }
    if (error != null) {
      throw new IllegalArgumentException("lanewise: " + error);
    }
    String notes = fitted.get(0).getAs(NOTES);
    if (notes != null) {
      notes.lines().forEach(note -> LOG.warn("lanewise: {}", note));
    }
    return SharedModel.model(fitted.get(0).getAs(MODEL));
  }

  /** Trains a network for each value of a column, or one for all rows. */
  static org.apache.spark.sql.Dataset<Row> all(
      LanewiseEstimator<?> estimator,
      org.apache.spark.sql.Dataset<?> dataset,
      String key,
      int partitions) {
    List<Column> read = new ArrayList<>();
    for (String name : TrainingColumns.of(estimator, dataset.schema()).read()) {
      read.add(dataset.col(quoted(name)));
    }
    StructType encoded = new StructType().add(ROW, DataTypes.BinaryType);
    StructType fitted = FITTED;
    if (key != null) {
      Column column = dataset.col(quoted(key));
      read.add(column.as(KEY + " of the group"));
      StructField field = dataset.schema().apply(key);
      encoded = new StructType().add(KEY, field.dataType()).add(ROW, DataTypes.BinaryType);
      fitted = new StructType().add(field);
      for (StructField other : FITTED.fields()) {
        fitted = fitted.add(other);
      }
    }
    org.apache.spark.sql.Dataset<Row> narrow = dataset.select(read.toArray(new Column[0]));
    TrainingColumns columns = TrainingColumns.of(estimator, narrow.schema());
    int place = key == null ? -1 : read.size() - 1;
    LanewiseEstimator<?> settings = estimator.copy(ParamMap.empty());
    MapPartitionsFunction<Row, Row> encode = rows -> new Encoded(rows, columns, place);
    MapPartitionsFunction<Row, Row> fit = rows -> new Fitted(rows, settings, columns, place >= 0);
    org.apache.spark.sql.Dataset<Row> bytes = narrow.mapPartitions(encode, Encoders.row(encoded));
    org.apache.spark.sql.Dataset<Row> ordered =
        key == null
            ? bytes.repartition(1).sortWithinPartitions(col(ROW))
            : bytes.repartition(partitions, col(KEY)).sortWithinPartitions(col(KEY), col(ROW));
    return ordered.mapPartitions(fit, Encoders.row(fitted));
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

  /** Trains a network for each series of rows with one key, or for all rows. */
  private static final class Fitted implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final LanewiseEstimator<?> settings;
    private final TrainingColumns columns;
    private final boolean byKey;
    private Row next; // the first row of the next key, or null

    Fitted(
        Iterator<Row> rows, LanewiseEstimator<?> settings, TrainingColumns columns, boolean byKey) {
      this.rows = rows;
      this.settings = settings;
      this.columns = columns;
      this.byKey = byKey;
      next = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Row next() {
      Object key = byKey ? next.get(0) : null;
      Gathered gathered = new Gathered(settings, columns);
      try {
        do {
          gathered.add(next.getAs(byKey ? 1 : 0));
          next = rows.hasNext() ? rows.next() : null;
        } while (next != null && (!byKey || Objects.equals(key, next.get(0))));
      } catch (OutOfMemoryError e) {
        if (byKey) {
          throw e; // the rows of the other keys are lost
        }
        next = null;
        return RowFactory.create(gathered.rows(), null, null, gathered.outOfMemory(), null);
      }
      long count = gathered.rows();
      String sha256 = null;
      byte[] npz = null;
      String error = null;
      String notes = null;
      try {
        Lesson.Result result = gathered.lesson().learn();
        sha256 = result.model().sha256();
        npz = SharedModel.bytes(result.model());
        notes = notes(result);
      } catch (IOException | IllegalArgumentException | IllegalStateException e) {
        // The same rows would fail again. An exception would make Spark try, a value does not.
        error = Advice.of(e);
      } catch (OutOfMemoryError e) {
        error = gathered.outOfMemory();
      }
      return byKey
          ? RowFactory.create(key, count, sha256, npz, error, notes)
          : RowFactory.create(count, sha256, npz, error, notes);
    }

    private static String notes(Lesson.Result result) {
      List<String> notes = result.notes().stream().map(Advice::of).toList();
      return notes.isEmpty() ? null : String.join("\n", notes);
    }
  }
}
