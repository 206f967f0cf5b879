package dev.lanewise.spark;

import dev.lanewise.spark.TrustColumns.Column;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
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
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.List$;

/**
 * A trained model as a stage of MLlib, which adds columns of predictions to a table. An executor
 * has one copy of the model for all its tasks, and a task predicts rows in batches. The numbers are
 * equal to the last bit to those of {@link dev.lanewise.nn.Predictor}.
 *
 * <pre>{@code
 * LanewiseModel model = LanewiseModel.load("hdfs:///models/nn_model.npz");
 * Dataset<Row> scored = model.transform(table);
 * }</pre>
 *
 * <p>A model that was trained on a table uses the columns of its schema; {@code inputCols} gives
 * other names for them, in the same order. Another model uses a column of vectors, {@code
 * featuresCol}, or columns of numbers, {@code inputCols}.
 *
 * <p>The model adds {@code rawPrediction}, the natural logarithms of the probabilities; {@code
 * probability}, a vector; {@code prediction}; and the column named by {@code predictedLabelCol},
 * the name of the predicted class. The prediction is the index of the likeliest class (its name, if
 * all class names are whole numbers) or, in regression, the value, which is a vector if there are
 * several. A column with the name "" is left out.
 *
 * <p>Further columns are added if they are named: {@code explanationCol} and {@code coverageCol}
 * have the values that the command line gives for the same rows. A model that lacks what such a
 * column needs is refused.
 *
 * <p>The model counts categories that it does not know, and missing values where the training rows
 * had none; the driver's log reports the counts while the tasks run. With {@code refuseUnseen},
 * such a row is refused.
 *
 * <p>A refused row ends the job with an exception that has the column, the expected value and the
 * values of the row. Before the job ends, Spark tries the task as often as {@code
 * spark.task.maxFailures} says.
 */
public final class LanewiseModel extends Model<LanewiseModel> implements MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ColumnParams columns;
  private final SharedModel shared;

  /**
   * Makes a stage from a model.
   *
   * @param model a model of one or several networks
   */
  public LanewiseModel(dev.lanewise.model.Model model) {
    this(Identifiable.randomUID("lanewise"), new SharedModel(model));
  }

  /** Makes a stage without a model; Spark Connect finds the class by this constructor. */
  public LanewiseModel() {
    this(Identifiable.randomUID("lanewise"));
  }

  /**
   * Makes a stage that has parameters but no model; {@link #read} uses this constructor.
   *
   * @param uid the name
   */
  public LanewiseModel(String uid) {
    this(uid, null);
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
    setDefault(columns.explanationCol, "");
    setDefault(columns.coverageCol, "");
  }

  /**
   * Reads a model.
   *
   * @param path a path of Hadoop: the file of a model, such as {@code nn_model.npz}, or the folder
   *     in which {@link #write} has saved a stage
   * @return the model
   * @throws IOException if the model cannot be read
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

  /** {@return the reader of saved stages, which {@code PipelineModel} uses} */
  public static MLReader<LanewiseModel> read() {
    return new Reader();
  }

  /** {@return the trained model, of one or several networks} */
  public dev.lanewise.model.Model model() {
    return shared().model();
  }

  private SharedModel shared() {
    if (shared == null) {
      throw new IllegalStateException(
          "lanewise: LanewiseModel without a model, expected the result of fit or of"
              + " LanewiseModel.load(path)");
    }
    return shared;
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
    return outputs(schema);
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    Inputs inputs = inputs(schema);
    Outputs outputs = outputs();
    TrustColumns trust = trust();
    StructType result = outputs(schema);
    Broadcast<SharedModel.Content> content = shared().in(dataset.sparkSession().sparkContext());
    Unseen unseen = unseen(dataset.sparkSession());
    MapPartitionsFunction<Row, Row> score =
        rows -> {
          dev.lanewise.model.Model model = content.value().model();
          return new RowScorer(model, inputs.reader(model, unseen), outputs, rows, trust.of(model));
        };
    return Outputs.described(dataset.toDF().mapPartitions(score, Encoders.row(result)), result);
  }

  /** Returns a schema with all columns that the model adds, and refuses what it cannot add. */
  private StructType outputs(StructType schema) {
    List<StructField> further = trust().of(model()).stream().map(Column::field).toList();
    return Outputs.appended(outputs().appendedTo(schema), further);
  }

  private TrustColumns trust() {
    return new TrustColumns(
        $(columns.explanationCol),
        $(columns.coverageCol),
        isSet(columns.coverage) ? (Double) getOrDefault(columns.coverage) : null);
  }

  private Unseen unseen(SparkSession session) {
    boolean isRefused = (Boolean) getOrDefault(columns.refuseUnseen);
    return Unseen.of(session.sparkContext(), model().schema().orElse(null), isRefused);
  }

  private Inputs inputs(StructType schema) {
    return Inputs.of(
        model(),
        schema,
        isSet(columns.featuresCol) || model().schema().isEmpty() ? $(columns.featuresCol) : null,
        isSet(columns.inputCols) ? $(columns.inputCols) : null);
  }

  private Outputs outputs() {
    return new Outputs(
        $(columns.rawPredictionCol),
        $(columns.probabilityCol),
        $(columns.predictionCol),
        $(columns.predictedLabelCol),
        model().loss(),
        model().outputs());
  }

  /**
   * Returns a column function of this model, which scores single rows instead of batches. Its
   * argument is a vector or an array of numbers or, if the model was trained on a table, a struct
   * with the columns of its schema, such as {@code struct(*)}.
   *
   * @param session the session that will use the function
   * @return a function whose result is a struct of the columns that {@link #transform} adds,
   *     without explanations and coverage
   */
  public UserDefinedFunction function(SparkSession session) {
    Broadcast<SharedModel.Content> content = shared().in(session.sparkContext());
    return RowFunction.of(content, model(), outputs(), unseen(session));
  }

  /**
   * Registers {@link #function} for SQL: {@code SELECT id, score(struct(*)).prediction FROM t}.
   *
   * @param session the session whose SQL will use the function
   * @param name the name of the function
   */
  public void register(SparkSession session, String name) {
    session.udf().register(name, function(session));
  }

  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  private <T> LanewiseModel with(Param<T> param, T value) {
    set(param, value);
    return this;
  }

  /** {@return the parameter {@code featuresCol}, the column of vectors or arrays of numbers} */
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
    return with(columns.featuresCol, value);
  }

  /** {@return the parameter {@code inputCols}, the input columns in place of a vector} */
  public StringArrayParam inputCols() {
    return columns.inputCols;
  }

  /**
   * Sets {@code inputCols}.
   *
   * @param value the input columns, of any kind, in place of a column of vectors
   * @return this
   */
  public LanewiseModel setInputCols(String... value) {
    return with(columns.inputCols, value);
  }

  /** {@return the parameter {@code predictionCol}, the column of predictions} */
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
    return with(columns.predictionCol, value);
  }

  /** {@return the parameter {@code probabilityCol}, the column of the classes' probabilities} */
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
    return with(columns.probabilityCol, value);
  }

  /** {@return the parameter {@code rawPredictionCol}, the logarithms of the probabilities} */
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
    return with(columns.rawPredictionCol, value);
  }

  /** {@return the parameter {@code predictedLabelCol}, the column of predicted class names} */
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
    return with(columns.predictedLabelCol, value);
  }

  /** {@return the parameter {@code refuseUnseen}, described at {@link #setRefuseUnseen}} */
  public BooleanParam refuseUnseen() {
    return columns.refuseUnseen;
  }

  /**
   * Sets {@code refuseUnseen}.
   *
   * @param value whether scoring refuses a row with a category that the model does not know, or a
   *     missing value where the training rows had none; otherwise the driver's log has their counts
   * @return this
   */
  public LanewiseModel setRefuseUnseen(boolean value) {
    return with(columns.refuseUnseen, value);
  }

  /** {@return the parameter {@code explanationCol}, described at {@link #setExplanationCol}} */
  public Param<String> explanationCol() {
    return columns.explanationCol;
  }

  /**
   * Sets {@code explanationCol}.
   *
   * @param value the column of explanations by {@link dev.lanewise.trust.Explainer}: a struct with
   *     the predicted {@code class}, or else the {@code output}, with {@code base}, {@code
   *     prediction}, {@code sum}, {@code remainder} and {@code effort}, and with {@code columns},
   *     an array of structs of {@code column} and {@code contribution}; "" for none. The model
   *     needs a {@link dev.lanewise.trust.Profile} of its training rows
   * @return this
   */
  public LanewiseModel setExplanationCol(String value) {
    return with(columns.explanationCol, value);
  }

  /** {@return the parameter {@code coverageCol}, described at {@link #setCoverageCol}} */
  public Param<String> coverageCol() {
    return columns.coverageCol;
  }

  /**
   * Sets {@code coverageCol}, which needs {@code coverage}.
   *
   * @param value the column of sets of class names, which are arrays of texts, or of intervals,
   *     which are structs of {@code low} and {@code high}, by {@link dev.lanewise.model.Coverage};
   *     "" for none. The model needs a coverage
   * @return this
   */
  public LanewiseModel setCoverageCol(String value) {
    return with(columns.coverageCol, value);
  }

  /** {@return the parameter {@code coverage}, described at {@link #setCoverage}} */
  public DoubleParam coverage() {
    return columns.coverage;
  }

  /**
   * Sets {@code coverage}, which needs {@code coverageCol}.
   *
   * @param value the probability with which sets and intervals contain the truth, above 0 and below
   *     1, such as 0.9
   * @return this
   */
  public LanewiseModel setCoverage(double value) {
    return with(columns.coverage, value);
  }

  @Override
  public String toString() {
    return "LanewiseModel: uid=" + uid + ", " + (shared == null ? "without a model" : model());
  }

  /** Writes Spark's metadata and the model file. */
  private static final class Writer extends MLWriter {
    private final LanewiseModel stage;

    Writer(LanewiseModel stage) {
      this.stage = stage;
    }

    @Override
    public void saveImpl(String path) {
      byte[] npz = SharedModel.bytes(stage.model());
      new DefaultParamsWriter(stage).session(sparkSession()).saveImpl(path);
      Configuration configuration = sparkSession().sparkContext().hadoopConfiguration();
      try {
        ModelFiles.write(npz, new Path(path, ModelFiles.NAME), configuration);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Reader extends MLReader<LanewiseModel> {
    @Override
    public LanewiseModel load(String path) {
      SparkContext context = sparkSession().sparkContext();
      DefaultParamsReader.Metadata read = DefaultParamsReader.loadMetadata(path, context, "");
      if (!read.className().equals(LanewiseModel.class.getName())) {
        throw new IllegalArgumentException(
            "%s: has a %s, expected a LanewiseModel".formatted(path, read.className()));
      }
      try {
        dev.lanewise.model.Model model =
            ModelFiles.read(new Path(path, ModelFiles.NAME), context.hadoopConfiguration());
        LanewiseModel stage = new LanewiseModel(read.uid(), new SharedModel(model));
        // Stages of earlier states have a parameter that went.
        read.getAndSetParams(
            stage, Option.apply(List$.MODULE$.<String>empty().$colon$colon("familiarityCol")));
        return stage;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
