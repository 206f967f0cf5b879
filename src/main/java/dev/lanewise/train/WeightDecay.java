package dev.lanewise.train;

/** How weights, but not biases, shrink in every step. A value, which trainers may share. */
public final class WeightDecay {
  final double rate;
  final boolean decoupled;

  private WeightDecay(double rate, boolean decoupled) {
    this.rate = Ranges.notNegative("weight decay", rate);
    this.decoupled = decoupled;
  }

  /**
   * The gradient of {@code rate / 2 * sum(w^2)} is added to the loss's: {@code g = fma(rate, w,
   * g)}, before the optimizer sees it. PyTorch's weight_decay of all optimizers but AdamW.
   *
   * @param rate 0 for none
   * @return the decay
   * @throws IllegalArgumentException if it is below 0 or not finite
   */
  public static WeightDecay l2(double rate) {
    return new WeightDecay(rate, false);
  }

  /**
   * Weights shrink independently of the optimizer: {@code w = fma(-(eta * rate), w, w)}, before its
   * step. With {@link Optimizer#adam} that is AdamW, {@link TrainerBuilder#adamW} (Loshchilov and
   * Hutter, "Decoupled Weight Decay Regularization", 2019).
   *
   * @param rate 0 for none
   * @return the decay
   * @throws IllegalArgumentException if it is below 0 or not finite
   */
  public static WeightDecay decoupled(double rate) {
    return new WeightDecay(rate, true);
  }

  /** Kind and rate, as every version of Java writes them. */
  String setting() {
    return TrainingOptions.setting(decoupled ? "decoupled" : "l2", rate);
  }

  /**
   * Kind and rate.
   *
   * @return a line
   */
  @Override
  public String toString() {
    return TrainingOptions.readable(setting());
  }
}
