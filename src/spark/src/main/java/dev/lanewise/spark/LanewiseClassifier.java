package dev.lanewise.spark;

import dev.lanewise.nn.Loss;
import dev.lanewise.train.TrainerBuilder;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;

/**
 * Trains a network that tells classes apart, by softmax cross entropy. Labels are whole numbers
 * from 0, as everywhere in MLlib, or names.
 *
 * <pre>{@code
 * LanewiseModel model =
 *     new LanewiseClassifier().setInputCols("age", "sex", "fare").setLabelCol("survived").fit(table);
 * }</pre>
 */
public final class LanewiseClassifier extends LanewiseEstimator<LanewiseClassifier> {
  private static final long serialVersionUID = 1L;

  private final DoubleParam labelSmoothing =
      new DoubleParam(
          this,
          "labelSmoothing",
          "the part of a target that is spread over all classes, from 0 to below 1",
          ParamValidators.inRange(0, 1, true, false));
  private final DoubleArrayParam classWeights =
      new DoubleArrayParam(
          this, "classWeights", "the weights of the classes in the loss, one each, or none");
  private final BooleanParam balancedClassWeights =
      new BooleanParam(
          this, "balancedClassWeights", "whether all classes get the same total weight");

  /** An estimator with the defaults. */
  public LanewiseClassifier() {
    this(Identifiable.randomUID("lanewise"));
  }

  /**
   * An estimator of a name, as Spark makes one.
   *
   * @param uid the name
   */
  public LanewiseClassifier(String uid) {
    super(uid);
    setDefault(columns.probabilityCol, "probability");
    setDefault(columns.rawPredictionCol, "rawPrediction");
    setDefault(columns.predictedLabelCol, "");
    setDefault(classWeights, new double[0]);
    setDefault(balancedClassWeights, false);
  }

  /**
   * What reads a saved estimator.
   *
   * @return a reader
   */
  public static MLReader<LanewiseClassifier> read() {
    return new DefaultParamsReader<>();
  }

  @Override
  Loss lossOfTraining() {
    return Loss.SOFTMAX;
  }

  @Override
  String scalingOfTargets() {
    return "none";
  }

  @Override
  Outputs outputs() {
    return new Outputs(
        $(columns.rawPredictionCol),
        $(columns.probabilityCol),
        $(columns.predictionCol),
        $(columns.predictedLabelCol),
        Loss.SOFTMAX,
        2);
  }

  @Override
  void addTo(TrainerBuilder trainer, boolean forTables) {
    ifSet(labelSmoothing, trainer::labelSmoothing);
    trainer.classWeights($(classWeights));
    boolean balanced = valueOf(balancedClassWeights);
    if (balanced) {
      trainer.balancedClassWeights();
    }
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
  public LanewiseClassifier setProbabilityCol(String value) {
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
  public LanewiseClassifier setRawPredictionCol(String value) {
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
  public LanewiseClassifier setPredictedLabelCol(String value) {
    set(columns.predictedLabelCol, value);
    return this;
  }

  /**
   * The parameter {@code labelSmoothing}: the part of a target that is spread over all classes,
   * from 0 to below 1.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleParam labelSmoothing() {
    return labelSmoothing;
  }

  /**
   * Sets {@code labelSmoothing}.
   *
   * @param value the part of a target that is spread over all classes, from 0 to below 1
   * @return this
   */
  public LanewiseClassifier setLabelSmoothing(double value) {
    set(labelSmoothing, value);
    return this;
  }

  /**
   * The parameter {@code classWeights}: the weights of the classes in the loss, one each, or none.
   *
   * @return the parameter, for grids and maps
   */
  public DoubleArrayParam classWeights() {
    return classWeights;
  }

  /**
   * Sets {@code classWeights}.
   *
   * @param value the weights of the classes in the loss, one each, or none
   * @return this
   */
  public LanewiseClassifier setClassWeights(double... value) {
    set(classWeights, value);
    return this;
  }

  /**
   * The parameter {@code balancedClassWeights}: whether all classes get the same total weight.
   *
   * @return the parameter, for grids and maps
   */
  public BooleanParam balancedClassWeights() {
    return balancedClassWeights;
  }

  /**
   * Sets {@code balancedClassWeights}.
   *
   * @param value whether all classes get the same total weight
   * @return this
   */
  public LanewiseClassifier setBalancedClassWeights(boolean value) {
    set(balancedClassWeights, value);
    return this;
  }
}
