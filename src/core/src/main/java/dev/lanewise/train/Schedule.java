package dev.lanewise.train;

import java.util.function.DoubleFunction;

/**
 * Change of the learning rate from epoch to epoch, or from step to step: an immutable value. The
 * formulas are those of PyTorch's schedulers, computed in double for epoch t = 0, 1, ...; eta is
 * the {@linkplain TrainerBuilder#learningRate rate} of the trainer. A method refuses a number out
 * of its range with an {@link IllegalArgumentException}.
 */
public final class Schedule {
  /** The rates of one run. Their state is a function of the losses that they have observed. */
  interface Rates {
    /**
     * Returns the rate at a time, after {@link #observe} for all epochs before it.
     *
     * @param t the epoch, plus the part of it that is done if the rate changes within an epoch
     */
    double rate(double t);

    /** Returns whether the rate changes from step to step, and not only from epoch to epoch. */
    default boolean changesWithSteps() {
      return false;
    }

    /** Observes the validation loss after an epoch. */
    default void observe(int epoch, double validLoss) {}
  }

  private final DoubleFunction<Rates> rates; // from eta
  private final boolean needsValidation;
  private final String setting;

  private Schedule(
      DoubleFunction<Rates> rates, boolean needsValidation, String name, double... numbers) {
    this.rates = rates;
    this.needsValidation = needsValidation;
    this.setting = TrainingOptions.setting(name, numbers);
  }

  /** {@return the same rate in every epoch} */
  public static Schedule constant() {
    return new Schedule(eta -> t -> eta, false, "constant");
  }

  /**
   * Returns a rate that shrinks every few epochs: {@code eta * factor^floor(t / epochs)} (StepLR).
   *
   * @param epochs at least 1
   * @param factor above 0 and at most 1
   * @return the schedule
   */
  public static Schedule step(int epochs, double factor) {
    Ranges.atLeast(1, "epochs", epochs);
    checkFactor(factor);
    DoubleFunction<Rates> rates = eta -> t -> eta * StrictMath.pow(factor, Math.floor(t / epochs));
    return new Schedule(rates, false, "step", epochs, factor);
  }

  /**
   * Returns a rate that shrinks every epoch: {@code eta * factor^t} (ExponentialLR).
   *
   * @param factor above 0 and at most 1
   * @return the schedule
   */
  public static Schedule exponential(double factor) {
    checkFactor(factor);
    return new Schedule(eta -> t -> eta * StrictMath.pow(factor, t), false, "exponential", factor);
  }

  /**
   * Returns the rate {@code eta / (1 + decay * t)} (LambdaLR), which fulfils Robbins and Monro's
   * condition.
   *
   * @param decay at least 0
   * @return the schedule
   */
  public static Schedule inverse(double decay) {
    Ranges.notNegative("decay", decay);
    return new Schedule(eta -> t -> eta / (1 + decay * t), false, "inverse", decay);
  }

  /**
   * Returns half a cosine wave: {@code minimum + (eta - minimum) * (1 + cos(pi * t / epochs)) / 2}
   * (CosineAnnealingLR; Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm
   * Restarts", 2017). In later epochs the rate grows again, as the formula says.
   *
   * @param epochs after which the rate is smallest, at least 1
   * @param minimum the smallest rate, at least 0
   * @return the schedule
   */
  public static Schedule cosine(int epochs, double minimum) {
    Ranges.atLeast(1, "epochs", epochs);
    Ranges.notNegative("minimum", minimum);
    DoubleFunction<Rates> rates =
        eta -> t -> minimum + (eta - minimum) * (1 + StrictMath.cos(Math.PI * t / epochs)) / 2;
    return new Schedule(rates, false, "cosine", epochs, minimum);
  }

  /**
   * Returns four waves, each twice as long as the one before, in which the rate grows from 0 to eta
   * and shrinks to 0 again: {@code eta * (1 - cos(2 pi log2(1 + 15 t / epochs))) / 2}. Unlike in
   * the other schedules, t grows with every step, and a step has the rate of its middle
   * (Holzmueller, Grinsztajn and Steinwart, "Better by default: Strong pre-tuned MLPs and boosted
   * trees on tabular data", 2024).
   *
   * @param epochs of all waves together, at least 1
   * @return the schedule
   */
  public static Schedule cosineLog(int epochs) {
    Ranges.atLeast(1, "epochs", epochs);
    return new Schedule(eta -> new CosineLog(eta, epochs), false, "cosine-log", epochs);
  }

  /**
   * Returns a rate that shrinks when the validation loss has not improved for more than some
   * epochs: {@code max(minimum, factor * rate)}, unless that is less than 1e-8 below the rate
   * (ReduceLROnPlateau). An improvement is a loss below 0.9999 times the best; NaN is none.
   *
   * @param epochs without improvement before the rate shrinks, at least 0
   * @param factor above 0 and below 1
   * @param minimum the smallest rate, at least 0
   * @return the schedule
   */
  public static Schedule plateau(int epochs, double factor, double minimum) {
    Ranges.atLeast(0, "epochs", epochs);
    Ranges.require(factor > 0 && factor < 1, "factor", factor, "a number above 0 and below 1");
    Ranges.notNegative("minimum", minimum);
    return new Schedule(
        eta -> new Plateau(eta, epochs, factor, minimum), true, "plateau", epochs, factor, minimum);
  }

  /**
   * Returns this schedule after a linear warm-up of n epochs: epoch t of the warm-up has {@code eta
   * * (t + 1) / (n + 1)}, and this schedule begins after it with t = 0 (PyTorch's LinearLR with a
   * start factor of 1 / (n + 1) in a SequentialLR; Goyal and others, "Accurate, Large Minibatch
   * SGD", 2017).
   *
   * @param epochs of the warm-up, at least 0
   * @return the schedule
   */
  public Schedule withWarmup(int epochs) {
    Ranges.atLeast(0, "warm-up epochs", epochs);
    return epochs == 0
        ? this
        : new Schedule(
            eta -> new Warmup(eta, epochs, begin(eta)),
            needsValidation,
            setting + " behind warm-up",
            epochs);
  }

  private static void checkFactor(double factor) {
    Ranges.require(factor > 0 && factor <= 1, "factor", factor, "a number above 0 and at most 1");
  }

  /** Returns the rates of a run. */
  Rates begin(double eta) {
    return rates.apply(eta);
  }

  /** Returns whether the rates depend on the validation loss, so that a run needs one. */
  boolean needsValidation() {
    return needsValidation;
  }

  /** Returns name and numbers in a form that does not depend on the version of Java. */
  String setting() {
    return setting;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Schedule schedule && setting.equals(schedule.setting);
  }

  @Override
  public int hashCode() {
    return setting.hashCode();
  }

  @Override
  public String toString() {
    return TrainingOptions.readable(setting);
  }

  private record CosineLog(double eta, int epochs) implements Rates {
    @Override
    public double rate(double t) {
      double waves = StrictMath.log(1 + 15 * t / epochs) / StrictMath.log(2);
      return eta * (1 - StrictMath.cos(2 * Math.PI * waves)) / 2;
    }

    @Override
    public boolean changesWithSteps() {
      return true;
    }
  }

  private static final class Plateau implements Rates {
    private static final double THRESHOLD = 1e-4;
    private static final double SMALLEST_CHANGE = 1e-8;

    private final int epochs;
    private final double factor;
    private final double minimum;
    private double rate;
    private double best = Double.POSITIVE_INFINITY;
    private int withoutImprovement;

    Plateau(double eta, int epochs, double factor, double minimum) {
      this.rate = eta;
      this.epochs = epochs;
      this.factor = factor;
      this.minimum = minimum;
    }

    @Override
    public double rate(double t) {
      return rate;
    }

    @Override
    public void observe(int epoch, double validLoss) {
      if (validLoss < best * (1 - THRESHOLD)) {
        best = validLoss;
        withoutImprovement = 0;
      } else if (++withoutImprovement > epochs) {
        withoutImprovement = 0;
        double next = Math.max(minimum, factor * rate);
        rate = rate - next > SMALLEST_CHANGE ? next : rate;
      }
    }
  }

  private record Warmup(double eta, int epochs, Rates then) implements Rates {
    @Override
    public double rate(double t) {
      return t < epochs ? eta * (Math.floor(t) + 1) / (epochs + 1.0) : then.rate(t - epochs);
    }

    @Override
    public boolean changesWithSteps() {
      return then.changesWithSteps();
    }

    @Override
    public void observe(int epoch, double validLoss) {
      if (epoch >= epochs) {
        then.observe(epoch - epochs, validLoss);
      }
    }
  }
}
