package dev.lanewise.metrics.internal;

/**
 * How much a mean loss changes from one prediction of the same rows to another.
 *
 * @param mean the weighted mean of the rows' changes, below 0 if the loss falls
 * @param error its standard error, by rows
 */
public record LossChange(double mean, double error) {
  /**
   * {@return the change}
   *
   * @param before the loss of each row
   * @param after likewise
   * @param weights of the rows, 0 for one that does not count
   */
  public static LossChange of(double[] before, double[] after, double... weights) {
    double all = 0;
    double sum = 0;
    for (int row = 0; row < weights.length; row++) {
      all += weights[row];
      sum += weights[row] == 0 ? 0 : weights[row] * (after[row] - before[row]);
    }
    double mean = sum / all;
    double squares = 0;
    for (int row = 0; row < weights.length; row++) {
      double distance = weights[row] == 0 ? 0 : weights[row] * (after[row] - before[row] - mean);
      squares += distance * distance;
    }
    return new LossChange(mean, Math.sqrt(squares) / all);
  }

  /**
   * {@return whether the loss falls by more than the standard error} This is the rule of one
   * standard error of Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees",
   * 1984.
   */
  public boolean isGain() {
    return mean + error < 0;
  }
}
