package dev.lanewise.spark;

import static org.apache.spark.sql.functions.col;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.LoadOptions;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Schema;
import dev.lanewise.train.TrainingRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** From the rows of a table to the networks that are trained on them, as a job of Spark's. */
final class Fitting {
  /** Of the result: how many rows there were. */
  static final String ROWS = "rows";

  /** Of the result: the digest of the weights. */
  static final String SHA256 = "sha256";

  /** Of the result: the bytes of the network's file. */
  static final String MODEL = "model";

  /** Of the result: why there is no network. */
  static final String ERROR = "error";

  private static final String ROW = "row";
  private static final String KEY = "key";

  private static final StructType FITTED =
      new StructType()
          .add(ROWS, DataTypes.LongType)
          .add(SHA256, DataTypes.StringType)
          .add(MODEL, DataTypes.BinaryType)
          .add(ERROR, DataTypes.StringType);

  private Fitting() {}

  /**
   * One network on all rows.
   *
   * @throws IllegalArgumentException if nothing can be learned from them
   */
  static Mlp one(LanewiseEstimator<?> estimator, org.apache.spark.sql.Dataset<?> dataset) {
    List<Row> fitted = all(estimator, dataset, null, 1).collectAsList();
    Object error = "no rows, expected some to learn from";
    if (!fitted.isEmpty()) {
      error = fitted.get(0).getAs(ERROR);
    }
    if (error != null) {
      throw new IllegalArgumentException("lanewise: " + error);
    }
    return SharedModel.model(fitted.get(0).getAs(MODEL));
  }

  /** A network for each value of a column, or one for all rows. */
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

  /** The rows of a partition as bytes, behind their keys if they have some. */
  private static final class Encoded implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final TrainingColumns columns;
    private final int key; // its place, or -1
    private final RowBytes bytes = new RowBytes();
    private long count;

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
      bytes.clear();
      try {
        columns.write(row, bytes);
      } catch (IllegalArgumentException e) {
        throw Cells.wrong(TaskContext.getPartitionId(), count, e);
      }
      count++;
      byte[] content = bytes.toBytes();
      return key < 0 ? RowFactory.create(content) : RowFactory.create(row.get(key), content);
    }
  }

  /** A network for each run of rows with one key, or for all rows. */
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
      List<TrainingColumns.Learned> train = new ArrayList<>();
      List<TrainingColumns.Learned> valid = new ArrayList<>();
      do {
        byte[] bytes = next.getAs(byKey ? 1 : 0);
        TrainingColumns.Learned row = columns.read(new RowBytes(bytes));
        (row.valid() ? valid : train).add(row);
        next = rows.hasNext() ? rows.next() : null;
      } while (next != null && (!byKey || Objects.equals(key, next.get(0))));
      long count = train.size() + valid.size();
      String sha256 = null;
      byte[] npz = null;
      String error = null;
      try {
        Mlp model = new Lesson(settings, columns, train, valid).learn();
        sha256 = model.sha256();
        npz = SharedModel.bytes(model);
      } catch (IOException | IllegalArgumentException | IllegalStateException e) {
        // A value and not an exception: the same rows would fail again, and Spark need not try.
        error = e.getMessage();
      }
      return byKey
          ? RowFactory.create(key, count, sha256, npz, error)
          : RowFactory.create(count, sha256, npz, error);
    }
  }

  /** A training in a task. */
  private record Lesson(
      LanewiseEstimator<?> settings,
      TrainingColumns columns,
      List<TrainingColumns.Learned> train,
      List<TrainingColumns.Learned> valid) {

    Mlp learn() throws IOException {
      if (train.isEmpty()) {
        throw new IllegalArgumentException("no training rows, expected some to learn from");
      }
      TaskContext context = TaskContext.get();
      Dataset data = columns.isVector() ? vectors() : table(context.cpus());
      Optional<Schema> schema = data.schema();
      if (!columns.isVector() && !valid.isEmpty()) {
        data = Dataset.of(data.train(), likeTraining(data));
      }
      Mlp initial = settings.initial(data.features(), data.classes());
      TrainingRun run =
          settings
              .trainer(data.validation().isPresent(), context.cpus())
              .listener(epoch -> !context.isInterrupted())
              .build()
              .fit(initial, data);
      context.killTaskIfInterrupted();
      if (run.outcome() == TrainingRun.Outcome.DIVERGED) {
        throw new IllegalStateException(
            "training diverged in epoch %s, expected finite numbers (a smaller learningRate)"
                .formatted(run.history().epochs()));
      } else if (run.outcome() == TrainingRun.Outcome.STOPPED) {
        throw new IllegalStateException("training was interrupted");
      }
      Mlp model = schema.isPresent() ? run.model().withSchema(schema.get()) : run.model();
      return model.withTraining(settings.notes());
    }

    private Dataset vectors() {
      Split first = split(train);
      Dataset data = valid.isEmpty() ? Dataset.of(first) : Dataset.of(first, split(valid));
      double share = settings.valueOf(settings.validationFraction());
      if (share > 0) {
        data = data.withValidation(share, columns.classes());
      }
      data = data.withScaling(ScaleChoice.named(settings.valueOf(settings.scale())));
      return settings.scalingOfTargets().equals("standard")
          ? data.withTargetScaling(ScaleChoice.standard())
          : data;
    }

    private Split split(List<TrainingColumns.Learned> rows) {
      double[][] vectors = new double[rows.size()][];
      float[] weights = new float[vectors.length];
      for (int i = 0; i < vectors.length; i++) {
        vectors[i] = rows.get(i).vector();
        weights[i] = rows.get(i).weight();
      }
      Split split;
      if (!columns.classes()) {
        split = Split.of(vectors, rows.stream().mapToDouble(r -> (Double) r.target()).toArray());
      } else if (rows.get(0).target() instanceof String) {
        split =
            Split.of(vectors, rows.stream().map(r -> (String) r.target()).toArray(String[]::new));
      } else {
        split =
            Split.of(
                vectors, rows.stream().mapToInt(r -> ((Double) r.target()).intValue()).toArray());
      }
      return columns.weight() < 0 ? split : split.withRowWeights(weights);
    }

    private Dataset table(int threads) throws IOException {
      LoadOptions options =
          LoadOptions.defaults()
              .withLoss(settings.lossOfTraining())
              .withTarget(columns.names()[columns.label()])
              .withScale(ScaleChoice.named(settings.valueOf(settings.scale())))
              .withSeed(settings.valueOf(settings.seed()))
              .withCategorical(List.of(settings.getOrDefault(settings.categoricalCols())))
              .withMinCount(settings.valueOf(settings.minCount()))
              .withThreads(threads);
      if (columns.weight() >= 0) {
        options = options.withWeight(columns.names()[columns.weight()]);
      }
      if (!columns.classes()) {
        options = options.withTargetScale(ScaleChoice.named(settings.scalingOfTargets()));
      }
      double share = settings.valueOf(settings.validationFraction());
      options =
          share > 0
              ? options.withSplitSizes(List.of(1 - share, share)).withStratified(columns.classes())
              : options.withSplitSizes(List.of(1.0));
      return Dataset.of(table(train), options);
    }

    /** Validation rows as those of the training are read. */
    private Split likeTraining(Dataset data) throws IOException {
      Mlp model =
          settings
              .initial(data.features(), data.classes())
              .withScaling(data.scaling())
              .withTargetScaling(data.targetScaling())
              .withClassNames(data.classNames())
              .withSchema(data.schema().orElseThrow());
      return Dataset.of(table(valid), LoadOptions.forModel(model)).train();
    }

    private Table table(List<TrainingColumns.Learned> rows) {
      Iterator<TrainingColumns.Learned> each = rows.iterator();
      Iterable<Map<String, Object>> maps =
          () ->
              new Iterator<>() {
                @Override
                public boolean hasNext() {
                  return each.hasNext();
                }

                @Override
                public Map<String, Object> next() {
                  return map(each.next());
                }
              };
      return Table.of(maps);
    }

    private Map<String, Object> map(TrainingColumns.Learned row) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < row.values().length; i++) {
        map.put(columns.names()[columns.inputs()[i]], row.values()[i]);
      }
      if (columns.weight() >= 0) {
        map.put(columns.names()[columns.weight()], (double) row.weight());
      }
      map.put(columns.names()[columns.label()], row.target());
      return map;
    }
  }
}
