package dev.lanewise.spark;

import dev.lanewise.model.Model;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
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
 * Trains one model for each value of a key column, such as one per shop, with the trainings
 * distributed over the cluster. Each model is equal to the last bit to the one that the estimator
 * trains on the rows of that key alone.
 *
 * <pre>{@code
 * LanewiseGroups groups = new LanewiseGroups(estimator, "shop");
 * groups.fit(sales).write().parquet("models");           // trains; one row per key
 * Dataset<Row> models = spark.read().parquet("models");
 * Dataset<Row> scored = groups.transform(models, sales);
 * }</pre>
 */
public final class LanewiseGroups {
  private static final int TASKS_A_CORE = 4;

  private final LanewiseEstimator<?> estimator;
  private final String key;
  private final int partitions; // 0: Spark chooses

  /**
   * Makes groups by a key column.
   *
   * @param estimator the estimator that trains each model; it must not use the key column
   * @param keyCol the key, a column of numbers, texts, truth values or dates; rows without a value
   *     are a group, too
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
   * Returns a copy with another number of tasks, which changes no result.
   *
   * @param tasks number of tasks that share the keys, at least 1; four per core are usual
   * @return new groups
   * @throws IllegalArgumentException if the number is below 1
   */
  public LanewiseGroups withPartitions(int tasks) {
    if (tasks < 1) {
      throw new IllegalArgumentException("partitions %s, expected at least 1".formatted(tasks));
    }
    return new LanewiseGroups(estimator, key, tasks);
  }

  /**
   * Returns the trained models. Spark trains them when the result is used, and again at each use,
   * so write the result to a file and read the file.
   *
   * @param dataset the rows of all keys; those of one key go to local files if memory is too small
   * @return a row for each key with the key under its name, {@code rows}, {@code sha256} of the
   *     weights, {@code model} (the bytes of its {@code nn_model.npz}), {@code error} (the reason
   *     why there is no model, or null) and {@code notes} (messages about the rows of the key, one
   *     per line, or null)
   * @throws IllegalArgumentException if a column does not exist or has another type, or the
   *     estimator uses the key column
   */
  public Dataset<Row> fit(Dataset<?> dataset) {
    Cells.placeOfValues(dataset.schema(), key, "the key");
    if (TrainingColumns.of(estimator, dataset.schema()).read().contains(key)) {
      throw new IllegalArgumentException(
          "column %s is the key and a column that training reads, expected only one of the two"
              .formatted(key));
    }
    if (estimator.trials() > 0) {
      throw new IllegalArgumentException(
          "trials %s for a model of each key, expected 0, as a search is of all rows"
              .formatted(estimator.trials()));
    }
    if (estimator.nameIn(estimator.checkpointPath) != null) {
      throw new IllegalArgumentException(
          "checkpointPath for a model of each key, expected none, as each of them is one task");
    }
    int usual = TASKS_A_CORE * dataset.sparkSession().sparkContext().defaultParallelism();
    return Fitting.all(estimator, dataset, key, partitions > 0 ? partitions : usual);
  }

  /**
   * Writes each model to a separate file, {@code FOLDER/KEY/nn_model.npz}, which the jar, numpy and
   * the command line open. In names of folders, characters other than letters, digits, ".", "-",
   * "*" and "_" are escaped as in URLs, and a missing key is {@code %null}.
   *
   * @param models the result of {@link #fit}, read from a file
   * @param folder the folder to write to
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

  /** Returns the name of a key's folder. */
  static String name(Object key) {
    if (key == null) {
      return "%null";
    }
    String name = URLEncoder.encode(key.toString(), StandardCharsets.UTF_8);
    return name.matches("\\.*|_.*") ? "%" + name : name; // neither hidden nor . or ..
  }

  /**
   * Returns predictions of each row by the model of its key.
   *
   * @param models the result of {@link #fit}, read from a file
   * @param dataset the rows
   * @return the rows with the columns that {@link LanewiseModel} adds; null in rows of keys without
   *     a model
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
                "lanewise: two models of key %s, expected one model".formatted(shown(group)));
          } else if (found == null || found.isNullAt(model)) {
            return new Unscored(rows, added);
          }
          try {
            Model network = SharedModel.model(found.getAs(model));
            Inputs inputs = Inputs.of(network, schema, vector, null);
            Unseen unseen = Unseen.ofKey(shown(group), network.schema().orElse(null), isRefused);
            return new RowScorer(
                network, inputs.reader(network, unseen), outputs.of(network), rows, List.of());
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

  /** Requires equal types, because keys of two types have different texts, such as 1 and 1.0. */
  private void requireOneType(StructType models, StructType rows) {
    String ofModels = models.apply(key).dataType().simpleString();
    String ofRows = rows.apply(key).dataType().simpleString();
    if (!ofModels.equals(ofRows)) {
      throw new IllegalArgumentException(
          "column %s is of type %s in the models and %s in the rows, expected one type (cast)"
              .formatted(key, ofModels, ofRows));
    }
  }

  /** Returns the key of a group for a message. */
  private static String shown(String group) {
    return group.isEmpty() ? "null" : group.substring(1);
  }

  private MapFunction<Row, String> keyOf(StructType schema) {
    int place = Cells.place(schema, key, "the key");
    return row -> row.isNullAt(place) ? "" : "=" + row.get(place);
  }

  /** Rows whose columns of predictions are null. */
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
