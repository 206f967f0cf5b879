package dev.lanewise.metrics;

/**
 * The loss and the accuracy of a split.
 *
 * @param loss as {@link Evaluation#loss} has it
 * @param accuracy as {@link Evaluation#accuracy} has it
 * @param rmse as {@link RegressionMetrics#rmse()} has it; NaN of other losses
 * @param mae as {@link RegressionMetrics#mae()} has it; NaN of other losses
 */
public record Score(double loss, double accuracy, double rmse, double mae) {
  /**
   * The score of a loss that is not one of regression.
   *
   * @param loss as {@link Evaluation#loss} has it
   * @param accuracy as {@link Evaluation#accuracy} has it
   */
  public Score(double loss, double accuracy) {
    this(loss, accuracy, Double.NaN, Double.NaN);
  }
}
