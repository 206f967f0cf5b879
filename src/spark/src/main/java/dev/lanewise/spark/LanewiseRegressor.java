package dev.lanewise.spark;

import dev.lanewise.nn.Loss;
import dev.lanewise.train.TrainerBuilder;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;

/** Trains a network that predicts a number. */
public final class LanewiseRegressor extends LanewiseEstimator<LanewiseRegressor> {
  private static final long serialVersionUID = 1L;

  private final Param<String> loss =
      new Param<>(this, "loss", "mse or huber", choice("mse", "huber"));
  private final Param<String> scaleTargets =
      new Param<>(
          this,
          "scaleTargets",
          "how the numbers to learn are scaled: none or standard",
          choice("none", "standard"));

  /** An estimator with the defaults. */
  public LanewiseRegressor() {
    this(Identifiable.randomUID("lanewise"));
  }

  /**
   * An estimator of a name, as Spark makes one.
   *
   * @param uid the name
   */
  public LanewiseRegressor(String uid) {
    super(uid);
    setDefault(loss, "mse");
    setDefault(scaleTargets, "standard");
  }

  /**
   * What reads a saved estimator.
   *
   * @return a reader
   */
  public static MLReader<LanewiseRegressor> read() {
    return new DefaultParamsReader<>();
  }

  @Override
  Loss lossOfTraining() {
    return Loss.of($(loss));
  }

  @Override
  String scalingOfTargets() {
    return $(scaleTargets);
  }

  @Override
  Outputs outputs() {
    return new Outputs("", "", $(columns.predictionCol), "", lossOfTraining(), 1);
  }

  @Override
  void addTo(TrainerBuilder trainer, boolean forTables) {
    // Nothing: its options are all in the data and the network.
  }

  /**
   * The parameter {@code loss}: mse or huber.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> loss() {
    return loss;
  }

  /**
   * Sets {@code loss}.
   *
   * @param value mse or huber
   * @return this
   */
  public LanewiseRegressor setLoss(String value) {
    set(loss, value);
    return this;
  }

  /**
   * The parameter {@code scaleTargets}: how the numbers to learn are scaled: none or standard.
   *
   * @return the parameter, for grids and maps
   */
  public Param<String> scaleTargets() {
    return scaleTargets;
  }

  /**
   * Sets {@code scaleTargets}.
   *
   * @param value how the numbers to learn are scaled: none or standard
   * @return this
   */
  public LanewiseRegressor setScaleTargets(String value) {
    set(scaleTargets, value);
    return this;
  }
}
