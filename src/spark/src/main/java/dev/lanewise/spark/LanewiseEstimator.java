package dev.lanewise.spark;

import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.BestEpoch;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Sampling;
import dev.lanewise.train.Schedule;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.WeightDecay;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import scala.Function1;

/**
 * What trains a network as a stage of MLlib. All rows go to one task of one executor, which must
 * have room for them (25 bytes a number or so); it sorts them into the canonical order and trains.
 * So the weights are, to the last bit, those of {@link Trainer} on the same rows in that order,
 * whatever the partitions, the executors and the order in which rows arrive, and a task that is
 * lost is run again with the same result.
 *
 * <p>The canonical order: by {@code orderCol} if there is one, then by the inputs from first to
 * last, then by label, weight and validation indicator, all ascending; texts by code points, no
 * value first, numbers before texts.
 *
 * <p>Inputs are a vector column, {@code featuresCol}, or columns of numbers, words and dates with
 * gaps, {@code inputCols}, of which the training rows say what becomes of them, as {@link
 * dev.lanewise.data.Table} has it.
 *
 * @param <E> the estimator, which its setters return
 */
public abstract class LanewiseEstimator<E extends LanewiseEstimator<E>> extends UidEstimator
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private static final String TABLE = "table";
  private static final String ADAM_W = "adamw";

  final ColumnParams columns = new ColumnParams(this);
  private final Param<String> labelCol =
      new Param<>(this, "labelCol", "the column of classes or numbers to learn");
  private final Param<String> weightCol =
      new Param<>(
          this, "weightCol", "the column of the weights of the rows, from 0; \"\" for none");
  private final Param<String> orderCol =
      new Param<>(
          this,
          "orderCol",
          "the column that training orders the rows by, before their values; \"\" for none");
  private final Param<String> validationIndicatorCol =
      new Param<>(
          this,
          "validationIndicatorCol",
          "the column that is true in validation rows; \"\" for none");
  private final DoubleParam validationFraction =
      new DoubleParam(
          this,
          "validationFraction",
          "the share of the training rows that becomes validation, from 0 to below 1",
          ParamValidators.inRange(0, 1, true, false));
  private final LongParam seed =
      new LongParam(
          this,
          "seed",
          "the seed of the initial weights, the shuffles, dropout and the validation rows");
  private final StringArrayParam categoricalCols =
      new StringArrayParam(
          this, "categoricalCols", "columns of numbers among inputCols that are categories");
  private final IntParam minCount =
      new IntParam(
          this,
          "minCount",
          "rows that a category of inputCols must have for an input of its own",
          ParamValidators.gtEq(1));
  private final Param<String> preset =
      new Param<>(
          this,
          "preset",
          "what the other options are where they are not set: table for a network that suits most tables, course for small steps of plain gradient descent",
          choice("table", "course"));
  private final IntArrayParam hidden =
      new IntArrayParam(this, "hidden", "the sizes of the hidden layers, or none");
  private final Param<String> activation =
      new Param<>(
          this,
          "activation",
          "the activation of the hidden layers, or one for each with commas between them");
  private final Param<String> init =
      new Param<>(
          this,
          "init",
          "how weights start: course, he, glorot or realmlp",
          choice("course", "he", "glorot", "realmlp"));
  private final Param<String> scale =
      new Param<>(
          this,
          "scale",
          "how inputs are scaled: auto, none, 255, standard, minmax or robust",
          choice("auto", "none", "255", "standard", "minmax", "robust"));
  private final IntParam epochs =
      new IntParam(
          this, "epochs", "how often to pass over the training rows", ParamValidators.gtEq(0));
  private final IntParam batchSize =
      new IntParam(
          this, "batchSize", "rows of a mini-batch, or -1 for all", ParamValidators.gtEq(-1));
  private final DoubleParam learningRate =
      new DoubleParam(this, "learningRate", "the step size", ParamValidators.gt(0));
  private final Param<String> optimizer =
      new Param<>(
          this,
          "optimizer",
          "sgd, momentum, nesterov, rmsprop, adam or adamw",
          choice("sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"));
  private final DoubleParam momentum =
      new DoubleParam(
          this,
          "momentum",
          "what momentum and nesterov keep of the velocity in a step",
          ParamValidators.inRange(0, 1, true, false));
  private final DoubleParam beta1 =
      new DoubleParam(
          this,
          "beta1",
          "what adam keeps of the mean of gradients in a step",
          ParamValidators.inRange(0, 1, true, false));
  private final DoubleParam beta2 =
      new DoubleParam(
          this,
          "beta2",
          "what adam and rmsprop keep of the mean of squares in a step",
          ParamValidators.inRange(0, 1, true, false));
  private final DoubleParam epsilon =
      new DoubleParam(
          this,
          "epsilon",
          "what keeps the divisor of adam and rmsprop from 0",
          ParamValidators.gt(0));
  private final DoubleParam weightDecay =
      new DoubleParam(
          this,
          "weightDecay",
          "how fast weights shrink, with adamw apart from the gradient",
          ParamValidators.gtEq(0));
  private final Param<String> schedule =
      new Param<>(
          this,
          "schedule",
          "how the learning rate changes: constant, step, exponential, inverse, cosine, cosine-log or plateau",
          choice("constant", "step", "exponential", "inverse", "cosine", "cosine-log", "plateau"));
  private final IntParam scheduleEpochs =
      new IntParam(
          this,
          "scheduleEpochs",
          "the epochs of schedule step, cosine, cosine-log or plateau",
          ParamValidators.gtEq(0));
  private final DoubleParam scheduleFactor =
      new DoubleParam(
          this,
          "scheduleFactor",
          "the factor of schedule step, exponential or plateau",
          ParamValidators.gt(0));
  private final DoubleParam scheduleDecay =
      new DoubleParam(
          this, "scheduleDecay", "the decay of schedule inverse", ParamValidators.gtEq(0));
  private final DoubleParam scheduleMinimum =
      new DoubleParam(
          this,
          "scheduleMinimum",
          "the smallest rate of schedule cosine or plateau",
          ParamValidators.gtEq(0));
  private final IntParam warmup =
      new IntParam(
          this,
          "warmup",
          "epochs in which the learning rate rises before the schedule begins",
          ParamValidators.gtEq(0));
  private final DoubleParam clipNorm =
      new DoubleParam(
          this,
          "clipNorm",
          "the largest norm of the gradients of a step, 0 for no limit",
          ParamValidators.gtEq(0));
  private final DoubleParam dropout =
      new DoubleParam(
          this,
          "dropout",
          "how likely the output of a hidden unit is dropped in training",
          ParamValidators.inRange(0, 1, true, false));
  private final IntParam patience =
      new IntParam(
          this,
          "patience",
          "epochs without a better one after which training ends, 0 for all epochs",
          ParamValidators.gtEq(0));
  private final Param<String> best =
      new Param<>(
          this,
          "best",
          "by what the best epoch is kept, measured on validation rows: none, loss, last-loss, error or last-error",
          choice("none", "loss", "last-loss", "error", "last-error"));
  private final DoubleParam biasRate =
      new DoubleParam(
          this,
          "biasRate",
          "what the learning rate is multiplied by for biases",
          ParamValidators.gtEq(0));
  private final BooleanParam ratesByInputs =
      new BooleanParam(
          this,
          "ratesByInputs",
          "whether the learning rate of a layer is divided by the root of its inputs");
  private final DoubleParam inputFactors =
      new DoubleParam(
          this,
          "inputFactors",
          "what the learning rate is multiplied by for trained factors of the inputs, 0 for none",
          ParamValidators.gtEq(0));
  private final BooleanParam dropShortBatch =
      new BooleanParam(
          this,
          "dropShortBatch",
          "whether the last mini-batch of an epoch is left out if it is shorter");
  private final Param<String> sampling =
      new Param<>(
          this,
          "sampling",
          "which rows an epoch takes: shuffled, sequential or balanced",
          choice("shuffled", "sequential", "balanced"));
  private final IntParam threads =
      new IntParam(
          this,
          "threads",
          "threads of a training at most, on which no result depends; where it is not set, as many as spark.task.cpus gives a task",
          ParamValidators.gtEq(1));

  LanewiseEstimator(String uid) {
    super(uid);
    setDefault(columns.featuresCol, "features");
    setDefault(columns.predictionCol, "prediction");
    setDefault(columns.refuseUnseen, false);
    setDefault(labelCol, "label");
    setDefault(weightCol, "");
    setDefault(orderCol, "");
    setDefault(validationIndicatorCol, "");
    setDefault(validationFraction, 0.0);
    setDefault(seed, 0L);
    setDefault(categoricalCols, new String[0]);
    setDefault(minCount, 2);
    setDefault(preset, "table");
    setDefault(scale, "robust");
    setDefault(momentum, 0.9);
    setDefault(epsilon, 1e-8);
    setDefault(scheduleDecay, 0.01);
    setDefault(scheduleMinimum, 0.0);
    setDefault(warmup, 0);
    setDefault(clipNorm, 0.0);
    setDefault(patience, 0);
    setDefault(sampling, "shuffled");
  }

  static Function1<String, Object> choice(String... allowed) {
    return ParamValidators.inArray(List.of(allowed));
  }

  @SuppressWarnings("unchecked")
  private E self() {
    return (E) this;
  }

  /** The loss that is made small. */
  abstract Loss lossOfTraining();

  /** How numbers to learn are scaled: none or standard. */
  abstract String scalingOfTargets();

  /** The columns that predictions of a model make. */
  abstract Outputs outputs();

  /** Adds what one kind of target alone has. */
  abstract void addTo(TrainerBuilder trainer, boolean forTables);

  @Override
  public LanewiseModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Mlp model = Fitting.one(this, dataset);
    LanewiseModel stage = new LanewiseModel(uid(), new SharedModel(model));
    return copyValues(stage, ParamMap.empty()).setParent(this);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    TrainingColumns.of(this, schema);
    return outputs().appendedTo(schema);
  }

  @Override
  public E copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** A value that was set, or else another. */
  <T> T or(Param<?> param, T otherwise) {
    @SuppressWarnings("unchecked")
    T value = isSet(param) ? (T) getOrDefault(param) : otherwise;
    return value;
  }

  /** A value that was set or has a default. */
  @SuppressWarnings("unchecked")
  <T> T valueOf(Param<?> param) {
    return (T) getOrDefault(param);
  }

  /** The name of a column, or null. */
  String nameIn(Param<String> param) {
    String name = getOrDefault(param);
    return name.isEmpty() ? null : name;
  }

  /** The columns that are inputs; null if these are vectors. */
  String[] namedInputs() {
    return or(columns.inputCols, null);
  }

  private boolean forTables() {
    return TABLE.equals(getOrDefault(preset));
  }

  /** The sizes of the hidden layers. */
  int[] hiddenSizes() {
    return or(hidden, forTables() ? new int[] {256, 256, 256} : new int[] {16, 80});
  }

  /** The rows of a mini-batch where there are so many rows in all. */
  long rowsOfBatch(long rows) {
    int size = or(batchSize, forTables() ? 256 : 100);
    return size < 0 ? rows : Math.min(rows, size);
  }

  /** The network before training. */
  Mlp initial(int inputs, int classes) {
    List<Integer> layers = new ArrayList<>();
    for (int size : hiddenSizes()) {
      layers.add(size);
    }
    List<Activation> activations = new ArrayList<>();
    String labels = or(activation, forTables() ? "selu" : "relu");
    for (String label : labels.split(",", -1)) {
      activations.add(Activation.of(label.strip()));
    }
    if (activations.size() == 1) {
      activations = Collections.nCopies(layers.size(), activations.get(0));
    }
    Initializer start = Initializer.of(or(init, forTables() ? "realmlp" : "course"));
    Architecture architecture = new Architecture(inputs, layers, classes, activations);
    return Mlp.initial(architecture, start, valueOf(seed)).withLoss(lossOfTraining());
  }

  /** The trainer of these options. */
  TrainerBuilder trainer(boolean hasValidation, int cores) {
    Loss loss = lossOfTraining();
    TrainerBuilder trainer = Trainer.builder();
    if (forTables()) {
      trainer.forTables(loss);
    }
    addTo(trainer, forTables());
    int turns = or(epochs, forTables() ? 256 : 1000);
    int bear = valueOf(patience);
    String usual = forTables() && hasValidation && bear == 0 ? "last-error" : "none";
    ifSet(batchSize, trainer::batchSize);
    ifSet(learningRate, trainer::learningRate);
    ifSet(dropout, trainer::dropout);
    ifSet(biasRate, trainer::biasRate);
    ifSet(ratesByInputs, trainer::ratesByInputs);
    ifSet(inputFactors, trainer::inputFactors);
    ifSet(dropShortBatch, trainer::dropShortBatch);
    return trainer
        .epochs(turns)
        .patience(bear)
        .best(BestEpoch.valueOf(constant(or(best, usual))))
        .clipNorm(valueOf(clipNorm))
        .optimizer(optimizerOfTraining())
        .weightDecay(decayOfTraining())
        .schedule(scheduleOfTraining(turns))
        .seed(valueOf(seed))
        .sampling(Sampling.valueOf(constant(getOrDefault(sampling))))
        .threads(or(threads, cores));
  }

  /** Hands over a value that was set. */
  <T> void ifSet(Param<?> param, java.util.function.Consumer<T> user) {
    T value = or(param, null);
    if (value != null) {
      user.accept(value);
    }
  }

  private static String constant(String label) {
    return label.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private String optimizerName() {
    return or(optimizer, forTables() ? "adam" : "sgd");
  }

  private Optimizer optimizerOfTraining() {
    String name = optimizerName();
    boolean ofPreset = forTables() && !isSet(optimizer);
    double squares = or(beta2, name.equals("rmsprop") ? 0.99 : ofPreset ? 0.95 : 0.999);
    return switch (name) {
      case "momentum" -> Optimizer.momentum(valueOf(momentum));
      case "nesterov" -> Optimizer.nesterov(valueOf(momentum));
      case "rmsprop" -> Optimizer.rmsProp(squares, valueOf(epsilon));
      case "adam", ADAM_W -> Optimizer.adam(or(beta1, 0.9), squares, valueOf(epsilon));
      default -> Optimizer.sgd();
    };
  }

  private WeightDecay decayOfTraining() {
    return optimizerName().equals(ADAM_W)
        ? WeightDecay.decoupled(or(weightDecay, 0.01))
        : WeightDecay.l2(or(weightDecay, 0.0));
  }

  private Schedule scheduleOfTraining(int turns) {
    String name = or(schedule, forTables() ? "cosine-log" : "constant");
    int rise = valueOf(warmup);
    int left = Math.max(1, turns - rise);
    int some = or(scheduleEpochs, name.equals("step") ? 100 : name.equals("plateau") ? 10 : left);
    double factor = or(scheduleFactor, name.equals("exponential") ? 0.99 : 0.1);
    double minimum = valueOf(scheduleMinimum);
    Schedule chosen =
        switch (name) {
          case "step" -> Schedule.step(some, factor);
          case "exponential" -> Schedule.exponential(factor);
          case "inverse" -> Schedule.inverse(valueOf(scheduleDecay));
          case "cosine" -> Schedule.cosine(some, minimum);
          case "cosine-log" -> Schedule.cosineLog(some);
          case "plateau" -> Schedule.plateau(some, factor, minimum);
          default -> Schedule.constant();
        };
    return chosen.withWarmup(rise);
  }

  /** The options that were set, for people to read in the model. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Param<?> param : params()) {
      if (isSet(param)) {
        notes.add(param.name() + "=" + written(param));
      }
    }
    return notes;
  }

  private <T> String written(Param<T> param) {
    return param.jsonEncode(getOrDefault(param));
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
  public E setFeaturesCol(String value) {
    set(columns.featuresCol, value);
    return self();
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
  public E setInputCols(String... value) {
    set(columns.inputCols, value);
    return self();
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
  public E setPredictionCol(String value) {
    set(columns.predictionCol, value);
    return self();
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
  public E setRefuseUnseen(boolean value) {
    set(columns.refuseUnseen, value);
    return self();
  }

  /**
   * The parameter {@code labelCol}: the column of classes or numbers to learn.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> labelCol() {
    return labelCol;
  }

  /**
   * Sets {@code labelCol}.
   *
   * @param value the column of classes or numbers to learn
   * @return this
   */
  public E setLabelCol(String value) {
    set(labelCol, value);
    return self();
  }

  /**
   * The parameter {@code weightCol}: the column of the weights of the rows, from 0; "" for none.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> weightCol() {
    return weightCol;
  }

  /**
   * Sets {@code weightCol}.
   *
   * @param value the column of the weights of the rows, from 0; "" for none
   * @return this
   */
  public E setWeightCol(String value) {
    set(weightCol, value);
    return self();
  }

  /**
   * The parameter {@code orderCol}: the column that training orders the rows by, before their
   * values; "" for none.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> orderCol() {
    return orderCol;
  }

  /**
   * Sets {@code orderCol}.
   *
   * @param value the column that training orders the rows by, before their values; "" for none
   * @return this
   */
  public E setOrderCol(String value) {
    set(orderCol, value);
    return self();
  }

  /**
   * The parameter {@code validationIndicatorCol}: the column that is true in validation rows; ""
   * for none.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> validationIndicatorCol() {
    return validationIndicatorCol;
  }

  /**
   * Sets {@code validationIndicatorCol}.
   *
   * @param value the column that is true in validation rows; "" for none
   * @return this
   */
  public E setValidationIndicatorCol(String value) {
    set(validationIndicatorCol, value);
    return self();
  }

  /**
   * The parameter {@code validationFraction}: the share of the training rows that becomes
   * validation, from 0 to below 1.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam validationFraction() {
    return validationFraction;
  }

  /**
   * Sets {@code validationFraction}.
   *
   * @param value the share of the training rows that becomes validation, from 0 to below 1
   * @return this
   */
  public E setValidationFraction(double value) {
    set(validationFraction, value);
    return self();
  }

  /**
   * The parameter {@code seed}: the seed of the initial weights, the shuffles, dropout and the
   * validation rows.
   *
   * @return the parameter, for grids and maps
   */
  public LongParam seed() {
    return seed;
  }

  /**
   * Sets {@code seed}.
   *
   * @param value the seed of the initial weights, the shuffles, dropout and the validation rows
   * @return this
   */
  public E setSeed(long value) {
    set(seed, value);
    return self();
  }

  /**
   * The parameter {@code categoricalCols}: columns of numbers among inputCols that are categories.
   *
   * @return the parameter, for grids and maps
   */
  public StringArrayParam categoricalCols() {
    return categoricalCols;
  }

  /**
   * Sets {@code categoricalCols}.
   *
   * @param value columns of numbers among inputCols that are categories
   * @return this
   */
  public E setCategoricalCols(String... value) {
    set(categoricalCols, value);
    return self();
  }

  /**
   * The parameter {@code minCount}: rows that a category of inputCols must have for an input of its
   * own.
   *
   * @return the parameter, for grids and maps
   */
  public IntParam minCount() {
    return minCount;
  }

  /**
   * Sets {@code minCount}.
   *
   * @param value rows that a category of inputCols must have for an input of its own
   * @return this
   */
  public E setMinCount(int value) {
    set(minCount, value);
    return self();
  }

  /**
   * The parameter {@code preset}: what the other options are where they are not set: table for a
   * network that suits most tables, course for small steps of plain gradient descent.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> preset() {
    return preset;
  }

  /**
   * Sets {@code preset}.
   *
   * @param value what the other options are where they are not set: table for a network that suits
   *     most tables, course for small steps of plain gradient descent
   * @return this
   */
  public E setPreset(String value) {
    set(preset, value);
    return self();
  }

  /**
   * The parameter {@code hidden}: the sizes of the hidden layers, or none.
   *
   * @return the parameter, for grids and maps
   */
  public IntArrayParam hidden() {
    return hidden;
  }

  /**
   * Sets {@code hidden}.
   *
   * @param value the sizes of the hidden layers, or none
   * @return this
   */
  public E setHidden(int... value) {
    set(hidden, value);
    return self();
  }

  /**
   * The parameter {@code activation}: the activation of the hidden layers, or one for each with
   * commas between them.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> activation() {
    return activation;
  }

  /**
   * Sets {@code activation}.
   *
   * @param value the activation of the hidden layers, or one for each with commas between them
   * @return this
   */
  public E setActivation(String value) {
    set(activation, value);
    return self();
  }

  /**
   * The parameter {@code init}: how weights start: course, he, glorot or realmlp.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> init() {
    return init;
  }

  /**
   * Sets {@code init}.
   *
   * @param value how weights start: course, he, glorot or realmlp
   * @return this
   */
  public E setInit(String value) {
    set(init, value);
    return self();
  }

  /**
   * The parameter {@code scale}: how inputs are scaled: auto, none, 255, standard, minmax or
   * robust.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> scale() {
    return scale;
  }

  /**
   * Sets {@code scale}.
   *
   * @param value how inputs are scaled: auto, none, 255, standard, minmax or robust
   * @return this
   */
  public E setScale(String value) {
    set(scale, value);
    return self();
  }

  /**
   * The parameter {@code epochs}: how often to pass over the training rows.
   *
   * @return the parameter, for grids and maps
   */
  public IntParam epochs() {
    return epochs;
  }

  /**
   * Sets {@code epochs}.
   *
   * @param value how often to pass over the training rows
   * @return this
   */
  public E setEpochs(int value) {
    set(epochs, value);
    return self();
  }

  /**
   * The parameter {@code batchSize}: rows of a mini-batch, or -1 for all.
   *
   * @return the parameter, for grids and maps
   */
  public IntParam batchSize() {
    return batchSize;
  }

  /**
   * Sets {@code batchSize}.
   *
   * @param value rows of a mini-batch, or -1 for all
   * @return this
   */
  public E setBatchSize(int value) {
    set(batchSize, value);
    return self();
  }

  /**
   * The parameter {@code learningRate}: the step size.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam learningRate() {
    return learningRate;
  }

  /**
   * Sets {@code learningRate}.
   *
   * @param value the step size
   * @return this
   */
  public E setLearningRate(double value) {
    set(learningRate, value);
    return self();
  }

  /**
   * The parameter {@code optimizer}: sgd, momentum, nesterov, rmsprop, adam or adamw.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> optimizer() {
    return optimizer;
  }

  /**
   * Sets {@code optimizer}.
   *
   * @param value sgd, momentum, nesterov, rmsprop, adam or adamw
   * @return this
   */
  public E setOptimizer(String value) {
    set(optimizer, value);
    return self();
  }

  /**
   * The parameter {@code momentum}: what momentum and nesterov keep of the velocity in a step.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam momentum() {
    return momentum;
  }

  /**
   * Sets {@code momentum}.
   *
   * @param value what momentum and nesterov keep of the velocity in a step
   * @return this
   */
  public E setMomentum(double value) {
    set(momentum, value);
    return self();
  }

  /**
   * The parameter {@code beta1}: what adam keeps of the mean of gradients in a step.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam beta1() {
    return beta1;
  }

  /**
   * Sets {@code beta1}.
   *
   * @param value what adam keeps of the mean of gradients in a step
   * @return this
   */
  public E setBeta1(double value) {
    set(beta1, value);
    return self();
  }

  /**
   * The parameter {@code beta2}: what adam and rmsprop keep of the mean of squares in a step.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam beta2() {
    return beta2;
  }

  /**
   * Sets {@code beta2}.
   *
   * @param value what adam and rmsprop keep of the mean of squares in a step
   * @return this
   */
  public E setBeta2(double value) {
    set(beta2, value);
    return self();
  }

  /**
   * The parameter {@code epsilon}: what keeps the divisor of adam and rmsprop from 0.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam epsilon() {
    return epsilon;
  }

  /**
   * Sets {@code epsilon}.
   *
   * @param value what keeps the divisor of adam and rmsprop from 0
   * @return this
   */
  public E setEpsilon(double value) {
    set(epsilon, value);
    return self();
  }

  /**
   * The parameter {@code weightDecay}: how fast weights shrink, with adamw apart from the gradient.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam weightDecay() {
    return weightDecay;
  }

  /**
   * Sets {@code weightDecay}.
   *
   * @param value how fast weights shrink, with adamw apart from the gradient
   * @return this
   */
  public E setWeightDecay(double value) {
    set(weightDecay, value);
    return self();
  }

  /**
   * The parameter {@code schedule}: how the learning rate changes: constant, step, exponential,
   * inverse, cosine, cosine-log or plateau.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> schedule() {
    return schedule;
  }

  /**
   * Sets {@code schedule}.
   *
   * @param value how the learning rate changes: constant, step, exponential, inverse, cosine,
   *     cosine-log or plateau
   * @return this
   */
  public E setSchedule(String value) {
    set(schedule, value);
    return self();
  }

  /**
   * The parameter {@code scheduleEpochs}: the epochs of schedule step, cosine, cosine-log or
   * plateau.
   *
   * @return the parameter, for grids and maps
   */
  public IntParam scheduleEpochs() {
    return scheduleEpochs;
  }

  /**
   * Sets {@code scheduleEpochs}.
   *
   * @param value the epochs of schedule step, cosine, cosine-log or plateau
   * @return this
   */
  public E setScheduleEpochs(int value) {
    set(scheduleEpochs, value);
    return self();
  }

  /**
   * The parameter {@code scheduleFactor}: the factor of schedule step, exponential or plateau.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam scheduleFactor() {
    return scheduleFactor;
  }

  /**
   * Sets {@code scheduleFactor}.
   *
   * @param value the factor of schedule step, exponential or plateau
   * @return this
   */
  public E setScheduleFactor(double value) {
    set(scheduleFactor, value);
    return self();
  }

  /**
   * The parameter {@code scheduleDecay}: the decay of schedule inverse.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam scheduleDecay() {
    return scheduleDecay;
  }

  /**
   * Sets {@code scheduleDecay}.
   *
   * @param value the decay of schedule inverse
   * @return this
   */
  public E setScheduleDecay(double value) {
    set(scheduleDecay, value);
    return self();
  }

  /**
   * The parameter {@code scheduleMinimum}: the smallest rate of schedule cosine or plateau.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam scheduleMinimum() {
    return scheduleMinimum;
  }

  /**
   * Sets {@code scheduleMinimum}.
   *
   * @param value the smallest rate of schedule cosine or plateau
   * @return this
   */
  public E setScheduleMinimum(double value) {
    set(scheduleMinimum, value);
    return self();
  }

  /**
   * The parameter {@code warmup}: epochs in which the learning rate rises before the schedule
   * begins.
   *
   * @return the parameter, for grids and maps
   */
  public IntParam warmup() {
    return warmup;
  }

  /**
   * Sets {@code warmup}.
   *
   * @param value epochs in which the learning rate rises before the schedule begins
   * @return this
   */
  public E setWarmup(int value) {
    set(warmup, value);
    return self();
  }

  /**
   * The parameter {@code clipNorm}: the largest norm of the gradients of a step, 0 for no limit.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam clipNorm() {
    return clipNorm;
  }

  /**
   * Sets {@code clipNorm}.
   *
   * @param value the largest norm of the gradients of a step, 0 for no limit
   * @return this
   */
  public E setClipNorm(double value) {
    set(clipNorm, value);
    return self();
  }

  /**
   * The parameter {@code dropout}: how likely the output of a hidden unit is dropped in training.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam dropout() {
    return dropout;
  }

  /**
   * Sets {@code dropout}.
   *
   * @param value how likely the output of a hidden unit is dropped in training
   * @return this
   */
  public E setDropout(double value) {
    set(dropout, value);
    return self();
  }

  /**
   * The parameter {@code patience}: epochs without a better one after which training ends, 0 for
   * all epochs.
   *
   * @return the parameter, for grids and maps
   */
  public IntParam patience() {
    return patience;
  }

  /**
   * Sets {@code patience}.
   *
   * @param value epochs without a better one after which training ends, 0 for all epochs
   * @return this
   */
  public E setPatience(int value) {
    set(patience, value);
    return self();
  }

  /**
   * The parameter {@code best}: by what the best epoch is kept, measured on validation rows: none,
   * loss, last-loss, error or last-error.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> best() {
    return best;
  }

  /**
   * Sets {@code best}.
   *
   * @param value by what the best epoch is kept, measured on validation rows: none, loss,
   *     last-loss, error or last-error
   * @return this
   */
  public E setBest(String value) {
    set(best, value);
    return self();
  }

  /**
   * The parameter {@code biasRate}: what the learning rate is multiplied by for biases.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam biasRate() {
    return biasRate;
  }

  /**
   * Sets {@code biasRate}.
   *
   * @param value what the learning rate is multiplied by for biases
   * @return this
   */
  public E setBiasRate(double value) {
    set(biasRate, value);
    return self();
  }

  /**
   * The parameter {@code ratesByInputs}: whether the learning rate of a layer is divided by the
   * root of its inputs.
   *
   * @return the parameter, for grids and maps
   */
  public BooleanParam ratesByInputs() {
    return ratesByInputs;
  }

  /**
   * Sets {@code ratesByInputs}.
   *
   * @param value whether the learning rate of a layer is divided by the root of its inputs
   * @return this
   */
  public E setRatesByInputs(boolean value) {
    set(ratesByInputs, value);
    return self();
  }

  /**
   * The parameter {@code inputFactors}: what the learning rate is multiplied by for trained factors
   * of the inputs, 0 for none.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam inputFactors() {
    return inputFactors;
  }

  /**
   * Sets {@code inputFactors}.
   *
   * @param value what the learning rate is multiplied by for trained factors of the inputs, 0 for
   *     none
   * @return this
   */
  public E setInputFactors(double value) {
    set(inputFactors, value);
    return self();
  }

  /**
   * The parameter {@code dropShortBatch}: whether the last mini-batch of an epoch is left out if it
   * is shorter.
   *
   * @return the parameter, for grids and maps
   */
  public BooleanParam dropShortBatch() {
    return dropShortBatch;
  }

  /**
   * Sets {@code dropShortBatch}.
   *
   * @param value whether the last mini-batch of an epoch is left out if it is shorter
   * @return this
   */
  public E setDropShortBatch(boolean value) {
    set(dropShortBatch, value);
    return self();
  }

  /**
   * The parameter {@code sampling}: which rows an epoch takes: shuffled, sequential or balanced.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> sampling() {
    return sampling;
  }

  /**
   * Sets {@code sampling}.
   *
   * @param value which rows an epoch takes: shuffled, sequential or balanced
   * @return this
   */
  public E setSampling(String value) {
    set(sampling, value);
    return self();
  }

  /**
   * The parameter {@code threads}: threads of a training at most, on which no result depends; where
   * it is not set, as many as spark.task.cpus gives a task.
   *
   * @return the parameter, for grids and maps
   */
  public IntParam threads() {
    return threads;
  }

  /**
   * Sets {@code threads}.
   *
   * @param value threads of a training at most, on which no result depends; where it is not set, as
   *     many as spark.task.cpus gives a task
   * @return this
   */
  public E setThreads(int value) {
    set(threads, value);
    return self();
  }
}
