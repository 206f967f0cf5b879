package dev.lanewise.spark;

import dev.lanewise.data.ScaleChoice;
import dev.lanewise.nn.Loss;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;

/** Trains a network that predicts a number. */
public final class LanewiseRegressor extends LanewiseEstimator<LanewiseRegressor> {
  private static final long serialVersionUID = 1L;

  private final Param<String> loss =
      text(
          "loss",
          "loss of training",
          "mse",
          Stream.of(Loss.values())
              .filter(loss -> loss.task().hasIntervals())
              .map(Loss::label)
              .toArray(String[]::new));
  private final Param<String> scaleTargets =
      text("scaleTargets", "scaling of numeric targets", "standard", "none", "standard");

  /** Makes an estimator with the default values of its parameters. */
  public LanewiseRegressor() {
    this(Identifiable.randomUID("lanewise"));
  }

  /**
   * Makes an estimator with a name; Spark uses this constructor.
   *
   * @param uid the name
   */
  public LanewiseRegressor(String uid) {
    super(uid, Loss.MSE);
  }

  /** {@return the reader of saved estimators} */
  public static MLReader<LanewiseRegressor> read() {
    return new DefaultParamsReader<>();
  }

  /**
   * Reads a saved estimator.
   *
   * @param path the folder in which {@link #write} has saved it
   * @return the estimator
   */
  public static LanewiseRegressor load(String path) {
    return read().load(path);
  }

  @Override
  Loss lossOfTraining() {
    return Loss.of($(loss));
  }

  @Override
  ScaleChoice scalingOfTargets() {
    return ScaleChoice.named($(scaleTargets));
  }

  @Override
  Outputs outputs() {
    return new Outputs("", "", $(columns.predictionCol), "", lossOfTraining(), 1);
  }
}
