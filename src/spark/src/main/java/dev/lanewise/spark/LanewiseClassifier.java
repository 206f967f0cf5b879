package dev.lanewise.spark;

import dev.lanewise.data.ScaleChoice;
import dev.lanewise.nn.Loss;
import dev.lanewise.train.TrainerBuilder;
import java.util.Arrays;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;

/**
 * Trains a model that predicts classes, with softmax cross entropy. Labels are whole numbers from
 * 0, as in MLlib, or names.
 *
 * <pre>{@code
 * LanewiseModel model =
 *     new LanewiseClassifier().setInputCols("age", "sex", "fare").setLabelCol("survived").fit(table);
 * }</pre>
 */
public final class LanewiseClassifier extends LanewiseEstimator<LanewiseClassifier> {
  private static final long serialVersionUID = 1L;

  private final DoubleArrayParam classWeights =
      add(
          new DoubleArrayParam(
              this, "classWeights", "weights of the classes in the loss, one per class, or none"),
          new double[0]);
  private final BooleanParam balancedClassWeights =
      add(
          new BooleanParam(
              this, "balancedClassWeights", "whether all classes get the same total weight"),
          false);

  /** Makes an estimator with the default values of its parameters. */
  public LanewiseClassifier() {
    this(Identifiable.randomUID("lanewise"));
  }

  /**
   * Makes an estimator with a name; Spark uses this constructor.
   *
   * @param uid the name
   */
  public LanewiseClassifier(String uid) {
    super(uid, Loss.SOFTMAX);
    add(columns.probabilityCol, "probability");
    add(columns.rawPredictionCol, "rawPrediction");
    add(columns.predictedLabelCol, "");
  }

  /** {@return the reader of saved estimators} */
  public static MLReader<LanewiseClassifier> read() {
    return new DefaultParamsReader<>();
  }

  /**
   * Reads a saved estimator.
   *
   * @param path the folder in which {@link #write} has saved it
   * @return the estimator
   */
  public static LanewiseClassifier load(String path) {
    return read().load(path);
  }

  @Override
  Loss lossOfTraining() {
    return Loss.SOFTMAX;
  }

  @Override
  ScaleChoice scalingOfTargets() {
    return ScaleChoice.named("none");
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
  boolean weighsClasses() {
    boolean balanced = valueOf(balancedClassWeights);
    return balanced || Arrays.stream($(classWeights)).anyMatch(weight -> weight == 0);
  }

  @Override
  void addTo(TrainerBuilder trainer) {
    trainer.classWeights($(classWeights));
    boolean balanced = valueOf(balancedClassWeights);
    if (balanced) {
      trainer.balancedClassWeights();
    }
  }

  /**
   * Sets {@code probabilityCol}.
   *
   * @param value column of the probabilities of the classes; "" for none
   * @return this
   */
  public LanewiseClassifier setProbabilityCol(String value) {
    return setOption("probabilityCol", value);
  }

  /**
   * Sets {@code rawPredictionCol}.
   *
   * @param value column of the natural logarithms of the probabilities; "" for none
   * @return this
   */
  public LanewiseClassifier setRawPredictionCol(String value) {
    return setOption("rawPredictionCol", value);
  }

  /**
   * Sets {@code predictedLabelCol}.
   *
   * @param value column of the names of the predicted classes; "" for none
   * @return this
   */
  public LanewiseClassifier setPredictedLabelCol(String value) {
    return setOption("predictedLabelCol", value);
  }
}
