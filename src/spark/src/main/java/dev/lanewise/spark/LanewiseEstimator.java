package dev.lanewise.spark;

import dev.lanewise.data.ScaleChoice;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.recipe.Option;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.selection.Search;
import dev.lanewise.selection.SearchSpace;
import dev.lanewise.train.Sampling;
import dev.lanewise.train.TrainerBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a model of one or several networks as a stage of MLlib. One task of one executor receives
 * all rows and sorts them into the canonical order. It trains all networks, or leaves each to a
 * task of its own ({@code networkTasks}). With {@code shards} and {@code checkpointPath}, all
 * executors train one network together, and none has all rows. An executor keeps rows in memory,
 * about 25 bytes per number, or else in local files. The weights are equal to the last bit to those
 * of {@link Recipe#fit} on the same rows in that order, for any partitions, executors and order of
 * arrival. Spark runs a lost task again, with the same result.
 *
 * <p>The canonical order sorts by {@code orderCol} if there is one, next by the inputs from first
 * to last, and then by label, weight and validation indicator, all ascending. Texts are compared by
 * code points; missing values come first, and numbers come before texts.
 *
 * <p>Inputs are a column of vectors, {@code featuresCol}, or columns of numbers, texts and dates
 * with or without missing values, {@code inputCols}, which are encoded as {@link
 * dev.lanewise.table.Table} describes. A {@code timestamp} has the day and hour of UTC, and a
 * {@code timestamp_ntz} those of its clock.
 *
 * <p>The other options are those of {@link Recipe}, under the same names: {@link #setOption} sets
 * any of them, and {@code explainParams} lists them.
 *
 * @param <E> the estimator, which its setters return
 */
public abstract class LanewiseEstimator<E extends LanewiseEstimator<E>> extends UidEstimator
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  /** The parameters by their names, which {@link #params} returns. */
  private final Map<String, Param<?>> all = new TreeMap<>();

  final ColumnParams columns = new ColumnParams(this);
  final Param<String> labelCol =
      text("labelCol", "column of the classes or numbers to learn", "label");
  final Param<String> weightCol =
      text("weightCol", "column of the weights of rows, from 0; \"\" for none", "");
  final Param<String> orderCol =
      text("orderCol", "column that orders the rows before their values; \"\" for none", "");
  final Param<String> validationIndicatorCol =
      text("validationIndicatorCol", "column that is true in validation rows; \"\" for none", "");
  final DoubleParam validationFraction =
      add(
          new DoubleParam(
              this,
              "validationFraction",
              "share of the rows that is for validation, the same rows for all networks; 0: each"
                  + " network of a preset for tables, or of several, keeps a fold of its own",
              ParamValidators.inRange(0, 1, true, false)),
          0.0);
  final StringArrayParam categoricalCols =
      add(
          new StringArrayParam(
              this, "categoricalCols", "columns of numbers among inputCols that are categories"),
          new String[0]);
  final IntParam minCount =
      add(
          new IntParam(
              this,
              "minCount",
              "rows that a category of inputCols needs for an input of its own",
              ParamValidators.gtEq(1)),
          2);
  final Param<String> scale =
      text(
          "scale",
          "scaling of inputs",
          "robust",
          "auto",
          "none",
          "255",
          "standard",
          "minmax",
          "robust");
  private final Param<String> preset =
      text(
          "preset",
          "recipe of the options that are not set: table (three networks, six for few rows) suits most tables,"
              + " table-best has groups of networks with other options and table-fast one network,"
              + " image suits small pictures, and course has small steps of plain gradient descent",
          "table",
          "table",
          "table-best",
          "table-fast",
          "course",
          "image");
  private final Param<String> sampling =
      text(
          "sampling",
          "choice of the rows of an epoch",
          "shuffled",
          "shuffled",
          "sequential",
          "balanced");
  private final IntParam trials =
      add(
          new IntParam(
              this,
              "trials",
              "trials of a search for the options of a preset for tables that are not set, each in a"
                  + " task of its own, whose best are the model together; 0: no search",
              ParamValidators.gtEq(0)),
          0);
  final Param<String> networkTasks =
      text(
          "networkTasks",
          "whether each network of a model is trained in a task of its own, which changes no result;"
              + " auto: if the training is long, and there is more than one core",
          "auto",
          "auto",
          "always",
          "never");
  final Param<String> checkpointPath =
      text(
          "checkpointPath",
          "folder in a file system that all executors reach, for the checkpoint of a training in"
              + " shards, which all executors then train together; \"\" for a training in one task",
          "");
  final DoubleParam checkpointSeconds =
      add(
          new DoubleParam(
              this,
              "checkpointSeconds",
              "seconds after which the end of an epoch leaves a checkpoint in checkpointPath",
              ParamValidators.gt(0)),
          60.0);
  private final IntParam threads =
      add(
          new IntParam(
              this,
              "threads",
              "largest number of threads of a training, which changes no result; the default is"
                  + " spark.task.cpus",
              ParamValidators.gtEq(1)),
          null);

  LanewiseEstimator(String uid, Loss loss) {
    super(uid);
    add(columns.featuresCol, "features");
    add(columns.inputCols, null);
    add(columns.predictionCol, "prediction");
    add(columns.refuseUnseen, false);
    Recipe.options().values().forEach(option -> addOption(option, loss));
  }

  /** Adds a parameter whose value is any text, or one of a list of words. */
  final Param<String> text(String name, String explanation, String value, String... words) {
    return add(
        words.length == 0
            ? new Param<>(this, name, explanation)
            : new Param<>(
                this,
                name,
                explanation + ": " + String.join(", ", words),
                ParamValidators.inArray(List.of(words))),
        value);
  }

  /** Adds a parameter with its default value, or without one. */
  final <T, P extends Param<T>> P add(P param, Object value) {
    all.put(param.name(), param);
    if (value != null) {
      @SuppressWarnings("unchecked")
      Param<Object> any = (Param<Object>) param;
      setDefault(any, value);
    }
    return param;
  }

  /** Adds an option of recipes without a default value, because that depends on the preset. */
  private void addOption(Option option, Loss loss) {
    String name = option.name();
    if (name.equals("labelSmoothing") && !loss.task().hasClasses()) {
      return;
    }
    List<String> words = option.choices();
    String doc =
        "%s%s (preset table: %s, course: %s)"
            .formatted(
                option.explanation(),
                words.isEmpty() ? "" : ": " + String.join(", ", words),
                Recipe.TABLE.value(name, loss, true),
                Recipe.COURSE.value(name, loss, true));
    all.put(name, ParamTypes.param(this, option, doc));
    if (name.equals("seed")) {
      setDefault(getParam(name), 0L);
    }
  }

  @Override
  public Param<?>[] params() {
    return all.values().toArray(new Param<?>[0]);
  }

  @SuppressWarnings("unchecked")
  private E self() {
    return (E) this;
  }

  /** Returns the loss of the training. */
  abstract Loss lossOfTraining();

  /** Returns the scaling of numeric targets. */
  abstract ScaleChoice scalingOfTargets();

  /** Returns the columns that the model adds. */
  abstract Outputs outputs();

  /** Returns whether weights of classes depend on all rows. */
  boolean weighsClasses() {
    return false;
  }

  /** Sets the options for classes or for numeric targets. */
  void addTo(TrainerBuilder trainer) {}

  @Override
  public LanewiseModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Model model = Fitting.one(this, dataset);
    LanewiseModel stage = new LanewiseModel(uid(), new SharedModel(model));
    return copyValues(stage, ParamMap.empty()).setParent(this);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    TrainingColumns.of(this, schema);
    recipe().resolvedFor(1).trainer(lossOfTraining(), true); // refuses contradictory options
    if (nameIn(checkpointPath) != null && shards() == 1) {
      throw new IllegalArgumentException(
          "checkpointPath %s with shards 1, expected more shards, which alone have checkpoints"
              .formatted(nameIn(checkpointPath)));
    }
    if (trials() > 0) {
      Search.of(recipe(), space()); // refuses groups of networks, and a space without options
    }
    return outputs().appendedTo(schema);
  }

  @Override
  public E copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Returns the value that was set, or else another. */
  <T> T or(Param<?> param, T otherwise) {
    @SuppressWarnings("unchecked")
    T value = isSet(param) ? (T) getOrDefault(param) : otherwise;
    return value;
  }

  /** Returns the value that was set, or the default. */
  @SuppressWarnings("unchecked")
  <T> T valueOf(Param<?> param) {
    return (T) getOrDefault(param);
  }

  /** Returns the name of a column, or null if it is empty. */
  String nameIn(Param<String> param) {
    String name = getOrDefault(param);
    return name.isEmpty() ? null : name;
  }

  /** Returns the input columns, or null if inputs are vectors. */
  String[] namedInputs() {
    return or(columns.inputCols, null);
  }

  /** Returns the seed of the network, the training and the validation rows. */
  long seed() {
    return (Long) getOrDefault(getParam("seed"));
  }

  /** Returns the preset with the options that are set. */
  Recipe recipe() {
    Recipe recipe = Recipe.named(valueOf(preset));
    for (String name : Recipe.options().keySet()) {
      if (hasParam(name) && isSet(getParam(name))) {
        recipe = recipe.with(name, ParamTypes.written(getOrDefault(getParam(name))));
      }
    }
    return recipe;
  }

  /** Returns the number of parts of a training. */
  int shards() {
    return Integer.parseInt(recipe().value("shards", lossOfTraining(), true));
  }

  /** Returns the number of trials of a search; 0 without one. */
  int trials() {
    return (Integer) getOrDefault(trials);
  }

  /**
   * Returns the options that a search draws: those of the preset's usual space that are not set.
   */
  SearchSpace space() {
    Set<String> given = new HashSet<>();
    for (String name : Recipe.options().keySet()) {
      if (hasParam(name) && isSet(getParam(name))) {
        given.add(name);
      }
    }
    return SearchSpace.usual(recipe()).without(given);
  }

  /** Returns the sizes of the hidden layers. */
  int[] hiddenSizes() {
    return recipe().hiddenSizes().stream().mapToInt(size -> size).toArray();
  }

  /** Returns the number of rows per mini-batch in a training on a number of rows. */
  long rowsOfBatch(long rows) {
    int size = Integer.parseInt(recipe().value("batchSize", lossOfTraining(), true));
    return size < 0 ? rows : Math.min(rows, size);
  }

  /** Returns the number of inputs of a network of a recipe, which may also see bins. */
  long inputs(Recipe member, int features) {
    return features * (1 + Long.parseLong(member.value("bins", lossOfTraining(), true)));
  }

  /** Returns the number of threads that train on the cores of a task. */
  int threads(int cores) {
    return or(threads, cores);
  }

  /** Returns the builder of a trainer with these options for the rows of a network. */
  TrainerBuilder trainer(Recipe recipe, boolean hasValidation, int cores) {
    return further(recipe.trainer(lossOfTraining(), hasValidation)).threads(threads(cores));
  }

  /** Sets the options of a trainer that recipes do not have. */
  TrainerBuilder further(TrainerBuilder trainer) {
    trainer.sampling(Sampling.valueOf(getOrDefault(sampling).toUpperCase(Locale.ROOT)));
    addTo(trainer);
    return trainer;
  }

  /** Returns the options that were set, which the model keeps for readers; no path is one. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Param<?> param : params()) {
      if (isSet(param) && !param.name().startsWith("checkpoint")) {
        notes.add(param.name() + "=" + written(param));
      }
    }
    return notes;
  }

  private <T> String written(Param<T> param) {
    return param.jsonEncode(getOrDefault(param));
  }

  /**
   * Sets a parameter by its name.
   *
   * @param name the parameter, such as {@code dropout}; {@code explainParams} lists all
   * @param value a number, a truth value, text, or an array or list of numbers or texts
   * @return this
   * @throws IllegalArgumentException if there is no such parameter, or it has another type
   */
  public E setOption(String name, Object value) {
    if (!hasParam(name)) {
      throw new IllegalArgumentException(
          "parameter %s, expected one of %s".formatted(name, all.keySet()));
    }
    Object typed =
        ParamTypes.typed(getParam(name), value instanceof List<?> list ? list.toArray() : value);
    if (typed == null) {
      throw new IllegalArgumentException(
          "parameter %s is %s, expected a value of %s"
              .formatted(name, value, all.get(name).getClass().getSimpleName()));
    }
    set(getParam(name), typed);
    return self();
  }

  /**
   * Sets {@code featuresCol}.
   *
   * @param value column of vectors, or of arrays of numbers
   * @return this
   */
  public E setFeaturesCol(String value) {
    return setOption("featuresCol", value);
  }

  /**
   * Sets {@code inputCols}.
   *
   * @param value input columns, in place of a column of vectors
   * @return this
   */
  public E setInputCols(String... value) {
    return setOption("inputCols", value);
  }

  /**
   * Sets {@code labelCol}.
   *
   * @param value column of the classes or numbers to learn
   * @return this
   */
  public E setLabelCol(String value) {
    return setOption("labelCol", value);
  }

  /**
   * Sets {@code weightCol}.
   *
   * @param value column of the weights of rows; "" for none
   * @return this
   */
  public E setWeightCol(String value) {
    return setOption("weightCol", value);
  }

  /**
   * Sets {@code predictionCol}.
   *
   * @param value column of predictions; "" for none
   * @return this
   */
  public E setPredictionCol(String value) {
    return setOption("predictionCol", value);
  }

  /**
   * Sets {@code orderCol}.
   *
   * @param value column that orders the rows before their values; "" for none
   * @return this
   */
  public E setOrderCol(String value) {
    return setOption("orderCol", value);
  }

  /**
   * Sets {@code validationIndicatorCol}.
   *
   * @param value column that is true in validation rows; "" for none
   * @return this
   */
  public E setValidationIndicatorCol(String value) {
    return setOption("validationIndicatorCol", value);
  }

  /**
   * Sets {@code preset}.
   *
   * @param value recipe of the options that are not set: table, table-best, table-fast, course or
   *     image
   * @return this
   */
  public E setPreset(String value) {
    return setOption("preset", value);
  }

  /**
   * Sets {@code validationFraction}.
   *
   * @param value share of the rows that is for validation, the same rows for all networks; 0: each
   *     network of a preset for tables, or of several, keeps a fold of its own
   * @return this
   */
  public E setValidationFraction(double value) {
    return setOption("validationFraction", value);
  }

  /**
   * Sets {@code hidden}.
   *
   * @param value sizes of the hidden layers; none for a network without hidden layers
   * @return this
   */
  public E setHidden(int... value) {
    return setOption("hidden", value);
  }

  /**
   * Sets {@code epochs}.
   *
   * @param value passes over the training rows
   * @return this
   */
  public E setEpochs(int value) {
    return setOption("epochs", value);
  }

  /**
   * Sets {@code batchSize}.
   *
   * @param value rows of a mini-batch, or -1 for all rows
   * @return this
   */
  public E setBatchSize(int value) {
    return setOption("batchSize", value);
  }

  /**
   * Sets {@code optimizer}.
   *
   * @param value sgd, momentum, nesterov, rmsprop, adam or adamw
   * @return this
   */
  public E setOptimizer(String value) {
    return setOption("optimizer", value);
  }

  /**
   * Sets {@code learningRate}.
   *
   * @param value step size
   * @return this
   */
  public E setLearningRate(double value) {
    return setOption("learningRate", value);
  }

  /**
   * Sets {@code seed}.
   *
   * @param value seed of the initial weights, the shuffles, dropout and the validation rows
   * @return this
   */
  public E setSeed(long value) {
    return setOption("seed", value);
  }
}
