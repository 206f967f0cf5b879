package dev.lanewise.spark;

import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.StructType;

/**
 * A trained network as a stage of MLlib: adds columns of predictions to the rows of a table. An
 * executor has one copy of the network, however many tasks it runs, and a task predicts a batch of
 * rows at a time. A row gets the numbers, bit for bit, that {@link dev.lanewise.nn.Predictor} gives
 * it.
 *
 * <pre>{@code
 * LanewiseModel model = LanewiseModel.load("hdfs:///models/nn_model.npz");
 * Dataset<Row> scored = model.transform(table);
 * }</pre>
 *
 * <p>A network that was trained on a table takes the columns that its schema names, of whatever
 * kind; {@code inputCols} gives other names for them, in their order. Another network takes a
 * column of vectors, {@code featuresCol}, or numbers from {@code inputCols}.
 *
 * <p>The columns that are added: {@code rawPrediction}, the natural logarithms of the
 * probabilities; {@code probability}, a vector; {@code prediction}, the number of the likeliest
 * class as MLlib has it (of classes whose names are whole numbers that number), or in regression
 * the value, a vector where there are several; and, if it has a name, {@code predictedLabelCol},
 * the name of that class. A column with the name "" is left out.
 *
 * <p>Categories that the network does not know, and gaps where the training rows had none, are
 * counted; the log of the driver tells how many there are while the tasks run. With {@code
 * refuseUnseen} such a row is one that the network cannot take.
 *
 * <p>A row that the network cannot take ends the job with an exception that names the column, what
 * was expected, and the row by its values. Spark tries the task again before it ends the job, as
 * often as {@code spark.task.maxFailures} says.
 */
public final class LanewiseModel extends Model<LanewiseModel> implements MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ColumnParams columns;
  private final SharedModel shared;

  /**
   * A stage of a network.
   *
   * @param model the network
   */
  public LanewiseModel(Mlp model) {
    this(Identifiable.randomUID("lanewise"), new SharedModel(model));
  }

  LanewiseModel(String uid, SharedModel shared) {
    this.uid = uid;
    this.shared = shared;
    columns = new ColumnParams(this);
    setDefault(columns.featuresCol, "features");
    setDefault(columns.predictionCol, "prediction");
    setDefault(columns.probabilityCol, "probability");
    setDefault(columns.rawPredictionCol, "rawPrediction");
    setDefault(columns.predictedLabelCol, "");
    setDefault(columns.refuseUnseen, false);
  }

  /**
   * Reads a model.
   *
   * @param path the file of any network, such as {@code nn_model.npz}, or the folder in which
   *     {@link #write} has saved a stage; as Hadoop's paths are
   * @return the model
   * @throws IOException if there is none
   */
  public static LanewiseModel load(String path) throws IOException {
    SparkSession session = SparkSession.builder().getOrCreate();
    Configuration configuration = session.sparkContext().hadoopConfiguration();
    Path file = new Path(path);
    if (file.getFileSystem(configuration).getFileStatus(file).isDirectory()) {
      return read().session(session).load(path);
    }
    return new LanewiseModel(ModelFiles.read(file, configuration));
  }

  /**
   * What reads saved stages; a {@code PipelineModel} calls it.
   *
   * @return a reader
   */
  public static MLReader<LanewiseModel> read() {
    return new Reader();
  }

  /**
   * The network itself.
   *
   * @return an immutable value
   */
  public Mlp mlp() {
    return shared.model();
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public LanewiseModel copy(ParamMap extra) {
    LanewiseModel copy = copyValues(new LanewiseModel(uid, shared), extra);
    return hasParent() ? copy.setParent(parent()) : copy;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    inputs(schema);
    return outputs().appendedTo(schema);
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    Inputs inputs = inputs(schema);
    Outputs outputs = outputs();
    StructType result = outputs.appendedTo(schema);
    Broadcast<SharedModel.Content> content = shared.in(dataset.sparkSession().sparkContext());
    Unseen unseen = unseen(dataset.sparkSession());
    MapPartitionsFunction<Row, Row> score =
        rows -> {
          Mlp model = content.value().model();
          return new RowScorer(model, inputs.reader(model, unseen), outputs, rows);
        };
    return Outputs.described(dataset.toDF().mapPartitions(score, Encoders.row(result)), result);
  }

  private Unseen unseen(SparkSession session) {
    boolean isRefused = (Boolean) getOrDefault(columns.refuseUnseen);
    return Unseen.of(session.sparkContext(), mlp().schema().orElse(null), isRefused);
  }

  private Inputs inputs(StructType schema) {
    return Inputs.of(
        mlp(),
        schema,
        isSet(columns.featuresCol) || mlp().schema().isEmpty() ? $(columns.featuresCol) : null,
        isSet(columns.inputCols) ? $(columns.inputCols) : null);
  }

  private Outputs outputs() {
    return new Outputs(
        $(columns.rawPredictionCol),
        $(columns.probabilityCol),
        $(columns.predictionCol),
        $(columns.predictedLabelCol),
        mlp().loss(),
        mlp().architecture().outputs());
  }

  /**
   * A function of columns for this model, which scores row by row where {@link #transform} scores
   * batches. Its one argument is a vector or an array of numbers, or of a network that was trained
   * on a table a struct with the columns of its schema, such as {@code struct(*)}.
   *
   * @param session where it will be used
   * @return a function whose result is a struct of the columns that {@link #transform} adds
   */
  public UserDefinedFunction function(SparkSession session) {
    Broadcast<SharedModel.Content> content = shared.in(session.sparkContext());
    return RowFunction.of(content, mlp(), outputs(), unseen(session));
  }

  /**
   * Makes {@link #function} known to SQL: {@code SELECT id, score(struct(*)).prediction FROM t}.
   *
   * @param session of whose SQL
   * @param name of the function
   */
  public void register(SparkSession session, String name) {
    session.udf().register(name, function(session));
  }

  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  /**
   * The parameter {@code featuresCol}: the column of vectors, or of arrays of numbers.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> featuresCol() {
    return columns.featuresCol;
  }

  /**
   * Sets {@code featuresCol}.
   *
   * @param value the column of vectors, or of arrays of numbers
   * @return this
   */
  public LanewiseModel setFeaturesCol(String value) {
    set(columns.featuresCol, value);
    return this;
  }

  /**
   * The parameter {@code inputCols}: the columns that are inputs, by name and whatever their kind,
   * in place of vectors.
   *
   * @return the parameter, for grids and maps
   */
  public StringArrayParam inputCols() {
    return columns.inputCols;
  }

  /**
   * Sets {@code inputCols}.
   *
   * @param value the columns that are inputs, by name and whatever their kind, in place of vectors
   * @return this
   */
  public LanewiseModel setInputCols(String... value) {
    set(columns.inputCols, value);
    return this;
  }

  /**
   * The parameter {@code predictionCol}: the column of predictions; "" for none.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> predictionCol() {
    return columns.predictionCol;
  }

  /**
   * Sets {@code predictionCol}.
   *
   * @param value the column of predictions; "" for none
   * @return this
   */
  public LanewiseModel setPredictionCol(String value) {
    set(columns.predictionCol, value);
    return this;
  }

  /**
   * The parameter {@code probabilityCol}: the column of the probabilities of the classes; "" for
   * none.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> probabilityCol() {
    return columns.probabilityCol;
  }

  /**
   * Sets {@code probabilityCol}.
   *
   * @param value the column of the probabilities of the classes; "" for none
   * @return this
   */
  public LanewiseModel setProbabilityCol(String value) {
    set(columns.probabilityCol, value);
    return this;
  }

  /**
   * The parameter {@code rawPredictionCol}: the column of the natural logarithms of the
   * probabilities; "" for none.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> rawPredictionCol() {
    return columns.rawPredictionCol;
  }

  /**
   * Sets {@code rawPredictionCol}.
   *
   * @param value the column of the natural logarithms of the probabilities; "" for none
   * @return this
   */
  public LanewiseModel setRawPredictionCol(String value) {
    set(columns.rawPredictionCol, value);
    return this;
  }

  /**
   * The parameter {@code predictedLabelCol}: the column of the names of the predicted classes; ""
   * for none.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> predictedLabelCol() {
    return columns.predictedLabelCol;
  }

  /**
   * Sets {@code predictedLabelCol}.
   *
   * @param value the column of the names of the predicted classes; "" for none
   * @return this
   */
  public LanewiseModel setPredictedLabelCol(String value) {
    set(columns.predictedLabelCol, value);
    return this;
  }

  /**
   * The parameter {@code refuseUnseen}: whether scoring refuses a row with a category that the
   * model does not know, or a gap where the training rows had none.
   *
   * @return the parameter, for grids and maps
   */
  public BooleanParam refuseUnseen() {
    return columns.refuseUnseen;
  }

  /**
   * Sets {@code refuseUnseen}.
   *
   * @param value whether scoring refuses a row with a category that the model does not know, or a
   *     gap where the training rows had none; else they are counted, and the driver's log tells
   * @return this
   */
  public LanewiseModel setRefuseUnseen(boolean value) {
    set(columns.refuseUnseen, value);
    return this;
  }

  @Override
  public String toString() {
    return "LanewiseModel: uid=" + uid + ", " + mlp();
  }

  /** Writes Spark's metadata, and beside it the file of the network. */
  private static final class Writer extends MLWriter {
    private final LanewiseModel stage;

    Writer(LanewiseModel stage) {
      this.stage = stage;
    }

    @Override
    public void saveImpl(String path) {
      DefaultParamsWriter.saveMetadata(stage, path, sparkSession());
      Configuration configuration = sparkSession().sparkContext().hadoopConfiguration();
      try {
        byte[] npz = SharedModel.bytes(stage.mlp());
        ModelFiles.write(npz, new Path(path, ModelFiles.NAME), configuration);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Reader extends MLReader<LanewiseModel> {
    @Override
    public LanewiseModel load(String path) {
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader.loadMetadata(path, sparkSession(), LanewiseModel.class.getName());
      Configuration configuration = sparkSession().sparkContext().hadoopConfiguration();
      try {
        Mlp model = ModelFiles.read(new Path(path, ModelFiles.NAME), configuration);
        LanewiseModel stage = new LanewiseModel(metadata.uid(), new SharedModel(model));
        metadata.getAndSetParams(stage, scala.Option.empty());
        return stage;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
