package dev.lanewise.train;

/** Decay of weights, but not of biases, in every step. An immutable value. */
public final class WeightDecay {
  final double rate;
  final boolean decoupled;

  private WeightDecay(double rate, boolean decoupled) {
    this.rate = Ranges.notNegative("weight decay", rate);
    this.decoupled = decoupled;
  }

  /**
   * Adds the gradient of {@code rate / 2 * sum(w^2)} to that of the loss before the optimizer's
   * step: {@code g = fma(rate, w, g)}. This is PyTorch's weight_decay in all optimizers but AdamW.
   *
   * @param rate a finite number from 0; 0 for no decay
   * @return the decay
   */
  public static WeightDecay l2(double rate) {
    return new WeightDecay(rate, false);
  }

  /**
   * Shrinks weights independently of the optimizer, before its step: {@code w = fma(-(eta * rate),
   * w, w)}. With {@link Optimizer#adam} this is AdamW (Loshchilov and Hutter, "Decoupled Weight
   * Decay Regularization", 2019).
   *
   * @param rate a finite number from 0; 0 for no decay
   * @return the decay
   */
  public static WeightDecay decoupled(double rate) {
    return new WeightDecay(rate, true);
  }

  /** Returns kind and rate in a form that does not depend on the version of Java. */
  String setting() {
    return Settings.of(decoupled ? "decoupled" : "l2", rate);
  }

  @Override
  public String toString() {
    return Settings.readable(setting());
  }
}
