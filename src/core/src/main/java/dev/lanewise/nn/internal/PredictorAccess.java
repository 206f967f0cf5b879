package dev.lanewise.nn.internal;

import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Predictor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * What predictors of tables use of a predictor. Rows are scaled.
 *
 * @param begin refuses a second thread until the end
 * @param end ends the use of the predictor
 * @param floats predicts one row to floats, between begin and end
 * @param doubles predicts one row to doubles, between begin and end
 * @param all predicts a number of rows, by a predictor that nobody else uses
 */
public record PredictorAccess(
    Runnable begin,
    Runnable end,
    BiConsumer<float[], float[]> floats,
    BiConsumer<float[], double[]> doubles,
    BiFunction<float[], Integer, Predictions> all) {
  public static final Hook<Predictor, PredictorAccess> HOOK = new Hook<>(Predictor.class);

  /** Makes predictors from a pass, which computes their results. */
  public static final Hook<Predictor, RowPass> PASS = new Hook<>(Predictor.class);
}
