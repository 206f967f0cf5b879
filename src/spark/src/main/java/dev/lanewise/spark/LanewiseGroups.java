package dev.lanewise.spark;

import dev.lanewise.nn.Mlp;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.CoGroupFunction;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * One network for each value of a column, such as one a shop: as many small trainings as there are
 * keys, spread over the cluster. Each is what the estimator would make of the rows of that key
 * alone, to the last bit.
 *
 * <pre>{@code
 * LanewiseGroups groups = new LanewiseGroups(estimator, "shop");
 * groups.fit(sales).write().parquet("models");           // trains; a row a key
 * Dataset<Row> models = spark.read().parquet("models");
 * Dataset<Row> scored = groups.transform(models, sales);
 * }</pre>
 */
public final class LanewiseGroups {
  private static final int TASKS_A_CORE = 4;

  private final LanewiseEstimator<?> estimator;
  private final String key;
  private final int partitions; // 0: by the cluster

  /**
   * Groups by a column.
   *
   * @param estimator what trains each network; a column that it names must not be the key
   * @param keyCol the column, of numbers, texts, truth values or dates; rows without a value are a
   *     group, too
   */
  public LanewiseGroups(LanewiseEstimator<?> estimator, String keyCol) {
    this(estimator, keyCol, 0);
  }

  private LanewiseGroups(LanewiseEstimator<?> estimator, String key, int partitions) {
    this.estimator = estimator;
    this.key = key;
    this.partitions = partitions;
  }

  /**
   * The same with another number of tasks; no result depends on it.
   *
   * @param tasks that share the keys, at least 1; four a core are usual
   * @return new groups
   * @throws IllegalArgumentException if it is below 1
   */
  public LanewiseGroups withPartitions(int tasks) {
    if (tasks < 1) {
      throw new IllegalArgumentException("partitions %s, expected at least 1".formatted(tasks));
    }
    return new LanewiseGroups(estimator, key, tasks);
  }

  /**
   * The networks, of which nothing is trained before the result is used, and all again whenever it
   * is: write it to a file, and read that.
   *
   * @param dataset the rows of all keys; those of one key must fit an executor
   * @return a row for each key: the key under its name, {@code rows}, {@code sha256} of the
   *     weights, {@code model} (the bytes of its {@code nn_model.npz}), and {@code error}, which
   *     says why there is no model and else is null, {@code notes} with what is to be said of the
   *     rows of the key, a line each, or null
   * @throws IllegalArgumentException if a column is not there or has no such values, or the key is
   *     one that the estimator reads
   */
  public Dataset<Row> fit(Dataset<?> dataset) {
    Cells.placeOfValues(dataset.schema(), key, "the key");
    if (TrainingColumns.of(estimator, dataset.schema()).read().contains(key)) {
      throw new IllegalArgumentException(
          "column %s is the key and a column that training reads, expected one of them"
              .formatted(key));
    }
    int usual = TASKS_A_CORE * dataset.sparkSession().sparkContext().defaultParallelism();
    return Fitting.all(estimator, dataset, key, partitions > 0 ? partitions : usual);
  }

  /**
   * Writes each model to a file of its own, {@code FOLDER/KEY/nn_model.npz}, which the jar, numpy
   * and the command line open. In the names of folders characters other than letters, digits, ".",
   * "-", "*" and "_" are as in addresses of web pages, and no value is {@code %null}.
   *
   * @param models what {@link #fit} gave, from a file
   * @param folder where to
   */
  public void save(Dataset<Row> models, String folder) {
    int place = Cells.place(models.schema(), key, "the key");
    int model = Cells.place(models.schema(), Fitting.MODEL, "the models");
    SerializableConfiguration configuration =
        new SerializableConfiguration(models.sparkSession().sparkContext().hadoopConfiguration());
    ForeachPartitionFunction<Row> write =
        rows -> {
          while (rows.hasNext()) {
            Row row = rows.next();
            if (!row.isNullAt(model)) {
              Path file = new Path(new Path(folder, name(row.get(place))), ModelFiles.NAME);
              ModelFiles.write(row.getAs(model), file, configuration.value());
            }
          }
        };
    models.foreachPartition(write);
  }

  /** The name of the folder of a key. */
  static String name(Object key) {
    if (key == null) {
      return "%null";
    }
    String name = URLEncoder.encode(key.toString(), StandardCharsets.UTF_8);
    return name.matches("\\.*|_.*") ? "%" + name : name; // none that is hidden or no name
  }

  /**
   * Predictions, each row's by the model of its key, where there is one.
   *
   * @param models what {@link #fit} gave, from a file
   * @param dataset the rows
   * @return the rows with the columns of predictions behind them, as {@link LanewiseModel} adds
   *     them; null in rows of keys without a model
   */
  public Dataset<Row> transform(Dataset<Row> models, Dataset<?> dataset) {
    Outputs outputs = estimator.outputs();
    StructType schema = dataset.schema();
    StructType result = outputs.appendedTo(schema);
    int added = outputs.fields().size();
    Cells.placeOfValues(schema, key, "the key");
    int model = Cells.place(models.schema(), Fitting.MODEL, "the models");
    requireOneType(models.schema(), schema);
    String[] named = estimator.namedInputs();
    String vector = named == null ? estimator.getOrDefault(estimator.columns.featuresCol) : null;
    boolean isRefused = (Boolean) estimator.getOrDefault(estimator.columns.refuseUnseen);
    CoGroupFunction<String, Row, Row, Row> score =
        (group, rows, known) -> {
          Row found = known.hasNext() ? known.next() : null;
          if (known.hasNext()) {
            throw new IllegalArgumentException(
                "lanewise: two models of key %s, expected one".formatted(shown(group)));
          } else if (found == null || found.isNullAt(model)) {
            return new Unscored(rows, added);
          }
          try {
            Mlp network = SharedModel.model(found.getAs(model));
            Inputs inputs = Inputs.of(network, schema, vector, null);
            Unseen unseen = Unseen.ofKey(shown(group), network.schema().orElse(null), isRefused);
            return new RowScorer(
                network, inputs.reader(network, unseen), outputs.of(network), rows);
          } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new IllegalArgumentException(
                "lanewise: key %s: %s".formatted(shown(group), e.getMessage()), e);
          }
        };
    Dataset<Row> scored =
        dataset
            .toDF()
            .groupByKey(keyOf(schema), Encoders.STRING())
            .cogroup(
                models.groupByKey(keyOf(models.schema()), Encoders.STRING()),
                score,
                Encoders.row(result));
    return Outputs.described(scored, result);
  }

  /** Keys of two types would be told apart by how they are written, 1 and 1.0. */
  private void requireOneType(StructType models, StructType rows) {
    String ofModels = models.apply(key).dataType().simpleString();
    String ofRows = rows.apply(key).dataType().simpleString();
    if (!ofModels.equals(ofRows)) {
      throw new IllegalArgumentException(
          "column %s is of type %s in the models and %s in the rows, expected one type (cast)"
              .formatted(key, ofModels, ofRows));
    }
  }

  /** A group as a user knows its key. */
  private static String shown(String group) {
    return group.isEmpty() ? "null" : group.substring(1);
  }

  private MapFunction<Row, String> keyOf(StructType schema) {
    int place = Cells.place(schema, key, "the key");
    return row -> row.isNullAt(place) ? "" : "=" + row.get(place);
  }

  /** Rows without predictions. */
  private record Unscored(Iterator<Row> rows, int added) implements Iterator<Row> {
    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Row next() {
      Row row = rows.next();
      Object[] values = new Object[row.size() + added];
      for (int c = 0; c < row.size(); c++) {
        values[c] = row.get(c);
      }
      return RowFactory.create(values);
    }
  }
}
