package dev.lanewise.nn;

/**
 * Computes results from features: a {@link Predictor} or another function in its place.
 *
 * <pre>{@code
 * RowPredictor p = model.predictor(1);
 * RowPredictor twice = (features, results) -> p.predict(new float[] {2 * features[0]}, results);
 * }</pre>
 */
@FunctionalInterface
public interface RowPredictor {
  /**
   * Predicts rows.
   *
   * @param features [rows][inputs], row-major, raw
   * @param results [rows][outputs], overwritten
   */
  void predict(float[] features, float[] results);
}
