package dev.lanewise.train;

/**
 * How the learning rate changes from epoch to epoch: a value, which any number of trainers may
 * share. The formulas are those of PyTorch's schedulers, computed in double for epoch t = 0, 1, ...
 * without rounding in between; eta is the {@linkplain TrainerBuilder#learningRate rate} of the
 * trainer.
 */
public sealed interface Schedule
    permits Schedules.Constant,
        Schedules.Step,
        Schedules.Exponential,
        Schedules.Inverse,
        Schedules.Cosine,
        Schedules.Plateau,
        Schedules.Warmup {
  /** The learning rates of one run, asked for in the order of its epochs. */
  interface Rates {
    /**
     * The rate of an epoch, when those before it have been observed.
     *
     * @param epoch from 0
     * @return the learning rate
     */
    double rate(int epoch);

    /**
     * Takes note of what an epoch gave. All that rates remember is a function of the losses so far,
     * so a resumed run observes them again.
     *
     * @param epoch the epoch, after its rate
     * @param validLoss the validation loss after it; NaN if there is none
     */
    default void observe(int epoch, double validLoss) {}
  }

  /**
   * Begins a run.
   *
   * @param eta the rate of the trainer
   * @return the rates of its epochs
   */
  Rates begin(double eta);

  /**
   * Whether the rates depend on the validation loss, so that there must be one.
   *
   * @return true for a plateau
   */
  default boolean needsValidation() {
    return false;
  }

  /**
   * Name and numbers, the latter in hexadecimal, as every version of Java writes them.
   *
   * @return a line, equal for equal schedules only
   */
  String setting();

  /**
   * The same rate in every epoch.
   *
   * @return the schedule
   */
  static Schedule constant() {
    return new Schedules.Constant();
  }

  /**
   * A smaller rate every so many epochs: {@code eta * factor^floor(t / epochs)} (StepLR).
   *
   * @param epochs at least 1
   * @param factor above 0 and at most 1
   * @return the schedule
   * @throws IllegalArgumentException if a number is another
   */
  static Schedule step(int epochs, double factor) {
    return new Schedules.Step(epochs, factor);
  }

  /**
   * A smaller rate every epoch: {@code eta * factor^t} (ExponentialLR).
   *
   * @param factor above 0 and at most 1
   * @return the schedule
   * @throws IllegalArgumentException if it is not
   */
  static Schedule exponential(double factor) {
    return new Schedules.Exponential(factor);
  }

  /**
   * {@code eta / (1 + decay * t)} (LambdaLR; Robbins and Monro's condition holds for it).
   *
   * @param decay finite and not below 0
   * @return the schedule
   * @throws IllegalArgumentException if it is not
   */
  static Schedule inverse(double decay) {
    return new Schedules.Inverse(decay);
  }

  /**
   * Half a wave of a cosine: {@code minimum + (eta - minimum) * (1 + cos(pi * t / epochs)) / 2}
   * (CosineAnnealingLR; Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm
   * Restarts", 2017). Later epochs go up again, as the formula says.
   *
   * @param epochs after which the rate is smallest, at least 1
   * @param minimum the smallest rate, not below 0
   * @return the schedule
   * @throws IllegalArgumentException if a number is another
   */
  static Schedule cosine(int epochs, double minimum) {
    return new Schedules.Cosine(epochs, minimum);
  }

  /**
   * A smaller rate whenever the validation loss has not improved for more than some epochs: {@code
   * max(minimum, factor * rate)}, unless that is less than 1e-8 below the rate (ReduceLROnPlateau).
   * An improvement is a loss below 0.9999 times the best; NaN is none.
   *
   * @param epochs without improvement that are borne, not below 0
   * @param factor above 0 and below 1
   * @param minimum the smallest rate, not below 0
   * @return the schedule
   * @throws IllegalArgumentException if a number is another
   */
  static Schedule plateau(int epochs, double factor, double minimum) {
    return new Schedules.Plateau(epochs, factor, minimum);
  }

  /**
   * This schedule behind a linear warm-up of n epochs: epoch t of these has {@code eta * (t + 1) /
   * (n + 1)} (PyTorch's LinearLR with a start factor of 1 / (n + 1), before the other in a
   * SequentialLR; Goyal and others, "Accurate, Large Minibatch SGD", 2017), and this schedule
   * begins with t = 0 behind it.
   *
   * @param epochs of the warm-up, not below 0
   * @return the schedule
   * @throws IllegalArgumentException if it is below 0
   */
  default Schedule withWarmup(int epochs) {
    Schedule warm = new Schedules.Warmup(epochs, this);
    return epochs == 0 ? this : warm;
  }
}
