package dev.lanewise.train;

/**
 * Change of the learning rate from epoch to epoch, or from step to step: an immutable value. The
 * formulas are those of PyTorch's schedulers, computed in double for epoch t = 0, 1, ...; eta is
 * the {@linkplain TrainerBuilder#learningRate rate} of the trainer. A method refuses a number out
 * of its range with an {@link IllegalArgumentException}.
 */
public final class Schedule {
  private static final String CONSTANT = "constant";
  private static final String STEP = "step";
  private static final String EXPONENTIAL = "exponential";
  private static final String INVERSE = "inverse";
  private static final String COSINE = "cosine";
  private static final String COSINE_LOG = "cosine-log";
  private static final String PLATEAU = "plateau";

  private final String name;
  private final int epochs;
  private final double factor; // or decay
  private final double minimum;
  private final int warmup; // epochs
  private final String setting;

  private Schedule(
      String name, int epochs, double factor, double minimum, int warmup, String setting) {
    this.name = name;
    this.epochs = epochs;
    this.factor = factor;
    this.minimum = minimum;
    this.warmup = warmup;
    this.setting = setting;
  }

  private static Schedule of(
      String name, int epochs, double factor, double minimum, double... numbers) {
    String setting = Settings.of(name, numbers);
    return new Schedule(name, epochs, factor, minimum, 0, setting);
  }

  /** {@return the same rate in every epoch} */
  public static Schedule constant() {
    return of(CONSTANT, 1, 1, 0);
  }

  /**
   * {@return a rate that shrinks every few epochs: {@code eta * factor^floor(t / epochs)} (StepLR)}
   *
   * @param epochs at least 1
   * @param factor above 0 and at most 1
   */
  public static Schedule step(int epochs, double factor) {
    Ranges.atLeast(1, "epochs", epochs);
    checkFactor(factor);
    return of(STEP, epochs, factor, 0, epochs, factor);
  }

  /**
   * {@return a rate that shrinks every epoch: {@code eta * factor^t} (ExponentialLR)}
   *
   * @param factor above 0 and at most 1
   */
  public static Schedule exponential(double factor) {
    checkFactor(factor);
    return of(EXPONENTIAL, 1, factor, 0, factor);
  }

  /**
   * {@return the rate {@code eta / (1 + decay * t)} (LambdaLR), which fulfils Robbins and Monro's
   * condition}
   *
   * @param decay at least 0
   */
  public static Schedule inverse(double decay) {
    Ranges.notNegative("decay", decay);
    return of(INVERSE, 1, decay, 0, decay);
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
    return of(COSINE, epochs, 1, minimum, epochs, minimum);
  }

  /**
   * Returns four waves, each twice as long as the wave before it, in which the rate grows from 0 to
   * eta and shrinks to 0 again: {@code eta * (1 - cos(2 pi log2(1 + 15 t / epochs))) / 2}. Unlike
   * in the other schedules, t grows with every step, and a step has the rate of its middle
   * (Holzmueller, Grinsztajn and Steinwart, "Better by default: Strong pre-tuned MLPs and boosted
   * trees on tabular data", 2024).
   *
   * @param epochs the number of epochs of all waves together, at least 1
   * @return the schedule
   */
  public static Schedule cosineLog(int epochs) {
    Ranges.atLeast(1, "epochs", epochs);
    return of(COSINE_LOG, epochs, 1, 0, epochs);
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
    return of(PLATEAU, epochs, factor, minimum, epochs, factor, minimum);
  }

  /**
   * Returns this schedule after a linear warm-up of n epochs: epoch t of the warm-up has {@code eta
   * * (t + 1) / (n + 1)}, and this schedule begins after it with t = 0 (PyTorch's LinearLR with a
   * start factor of 1 / (n + 1) in a SequentialLR; Goyal and others, "Accurate, Large Minibatch
   * SGD", 2017).
   *
   * @param length epochs of the warm-up, at least 0; a schedule can have one warm-up only
   * @return the schedule
   */
  public Schedule withWarmup(int length) {
    Ranges.atLeast(0, "warm-up epochs", length);
    Ranges.require(length == 0 || warmup == 0, "warm-up epochs", length, "no second warm-up");
    String both = Settings.of(setting + " behind warm-up", length);
    return length == 0 ? this : new Schedule(name, epochs, factor, minimum, length, both);
  }

  private static void checkFactor(double factor) {
    Ranges.require(factor > 0 && factor <= 1, "factor", factor, "a number above 0 and at most 1");
  }

  /** Returns the rates of a run. */
  Rates begin(double eta) {
    return new Rates(eta);
  }

  /** Returns whether the rates depend on the validation loss, so that a run needs one. */
  boolean needsValidation() {
    return name.equals(PLATEAU);
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
    return Settings.readable(setting);
  }

  /** The rates of one run. Their state is a function of the losses that they have observed. */
  final class Rates {
    private static final double THRESHOLD = 1e-4;
    private static final double SMALLEST_CHANGE = 1e-8;

    private final double eta;
    private double plateau; // the rate of that schedule
    private double best = Double.POSITIVE_INFINITY;
    private int withoutImprovement;

    private Rates(double eta) {
      this.eta = eta;
      this.plateau = eta;
    }

    /**
     * Returns the rate at a time, after {@link #observe} for all epochs before it.
     *
     * @param time the epoch, plus the part of it that is done if the rate changes within an epoch
     */
    double rate(double time) {
      if (time < warmup) {
        return eta * (Math.floor(time) + 1) / (warmup + 1.0);
      }
      double t = time - warmup;
      return switch (name) {
        case CONSTANT -> eta;
        case STEP -> eta * StrictMath.pow(factor, Math.floor(t / epochs));
        case EXPONENTIAL -> eta * StrictMath.pow(factor, t);
        case INVERSE -> eta / (1 + factor * t);
        case COSINE -> minimum + (eta - minimum) * (1 + StrictMath.cos(Math.PI * t / epochs)) / 2;
        case COSINE_LOG -> {
          double waves = StrictMath.log(1 + 15 * t / epochs) / StrictMath.log(2);
          yield eta * (1 - StrictMath.cos(2 * Math.PI * waves)) / 2;
        }
        case PLATEAU -> plateau;
        default -> throw new AssertionError(name);
      };
    }

    /** Returns whether the rate changes from step to step, and not only from epoch to epoch. */
    boolean changesWithSteps() {
      return name.equals(COSINE_LOG);
    }

    /** Observes the validation loss after an epoch. */
    void observe(int epoch, double validLoss) {
      if (epoch < warmup) {
        return;
      } else if (validLoss < best * (1 - THRESHOLD)) {
        best = validLoss;
        withoutImprovement = 0;
      } else if (++withoutImprovement > epochs) {
        withoutImprovement = 0;
        double next = Math.max(minimum, factor * plateau);
        plateau = plateau - next > SMALLEST_CHANGE ? next : plateau;
      }
    }
  }
}
