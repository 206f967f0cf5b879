package dev.lanewise.train;

/**
 * How the learning rate changes from epoch to epoch: a value, which any number of trainers may
 * share. The formulas are those of PyTorch's schedulers, computed in double for epoch t = 0, 1, ...
 * without rounding in between; eta is the {@linkplain TrainerBuilder#learningRate rate} of the
 * trainer.
 *
 * <p>With a warm-up of n epochs, epoch t of these has {@code eta * (t + 1) / (n + 1)} (PyTorch's
 * LinearLR with a start factor of 1 / (n + 1), before the other in a SequentialLR; Goyal and
 * others, "Accurate, Large Minibatch SGD", 2017), and the schedule begins with t = 0 behind it.
 */
public final class Schedule {
  private final String name;
  private final int epochs;
  private final double factor;
  private final double minimum;
  private final int warmup;

  private Schedule(String name, int epochs, double factor, double minimum, int warmup) {
    this.name = name;
    this.epochs = epochs;
    this.factor = factor;
    this.minimum = minimum;
    this.warmup = warmup;
  }

  /**
   * The same rate in every epoch.
   *
   * @return the schedule
   */
  public static Schedule constant() {
    return new Schedule("constant", 1, 1, 0, 0);
  }

  /**
   * A smaller rate every so many epochs: {@code eta * factor^floor(t / epochs)} (StepLR).
   *
   * @param epochs at least 1
   * @param factor above 0 and at most 1
   * @return the schedule
   * @throws IllegalArgumentException if a number is another
   */
  public static Schedule step(int epochs, double factor) {
    return new Schedule("step", checkEpochs(epochs), checkFactor(factor), 0, 0);
  }

  /**
   * A smaller rate every epoch: {@code eta * factor^t} (ExponentialLR).
   *
   * @param factor above 0 and at most 1
   * @return the schedule
   * @throws IllegalArgumentException if it is not
   */
  public static Schedule exponential(double factor) {
    return new Schedule("exponential", 1, checkFactor(factor), 0, 0);
  }

  /**
   * {@code eta / (1 + decay * t)} (LambdaLR; Robbins and Monro's condition holds for it).
   *
   * @param decay finite and not below 0
   * @return the schedule
   * @throws IllegalArgumentException if it is not
   */
  public static Schedule inverse(double decay) {
    return new Schedule("inverse", 1, checkNotNegative("decay", decay), 0, 0);
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
  public static Schedule cosine(int epochs, double minimum) {
    return new Schedule("cosine", checkEpochs(epochs), 1, checkNotNegative("minimum", minimum), 0);
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
  public static Schedule plateau(int epochs, double factor, double minimum) {
    if (epochs < 0) {
      throw new IllegalArgumentException("schedule: epochs " + epochs + ": must be at least 0");
    }
    if (checkFactor(factor) == 1) {
      throw new IllegalArgumentException("schedule: factor 1.0: must be below 1");
    }
    return new Schedule("plateau", epochs, factor, checkNotNegative("minimum", minimum), 0);
  }

  /**
   * This schedule behind a linear warm-up.
   *
   * @param epochs of the warm-up, not below 0
   * @return the schedule
   * @throws IllegalArgumentException if it is below 0
   */
  public Schedule withWarmup(int epochs) {
    if (epochs < 0) {
      throw new IllegalArgumentException("warm-up of " + epochs + " epochs: must be at least 0");
    }
    return new Schedule(name, this.epochs, factor, minimum, epochs);
  }

  private static int checkEpochs(int epochs) {
    if (epochs < 1) {
      throw new IllegalArgumentException("schedule: epochs " + epochs + ": must be at least 1");
    }
    return epochs;
  }

  private static double checkFactor(double factor) {
    if (!(factor > 0 && factor <= 1)) {
      throw new IllegalArgumentException(
          "schedule: factor " + factor + ": must be above 0 and at most 1");
    }
    return factor;
  }

  private static double checkNotNegative(String what, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "schedule: " + what + " " + value + ": must be finite and not below 0");
    }
    return value;
  }

  /** Whether the rate never changes. */
  boolean isConstant() {
    return name.equals("constant") && warmup == 0;
  }

  /** Whether it depends on the validation loss. */
  boolean needsValidation() {
    return name.equals("plateau");
  }

  /** The rate of an epoch, of a schedule that depends on no more. */
  double rate(double eta, int epoch) {
    if (epoch < warmup) {
      return eta * (epoch + 1.0) / (warmup + 1.0);
    }
    int t = epoch - warmup;
    return switch (name) {
      case "step" -> eta * StrictMath.pow(factor, t / epochs);
      case "exponential" -> eta * StrictMath.pow(factor, t);
      case "inverse" -> eta / (1 + factor * t);
      case "cosine" -> minimum + (eta - minimum) * (1 + StrictMath.cos(Math.PI * t / epochs)) / 2;
      default -> eta;
    };
  }

  /**
   * The rates of one run. What a plateau remembers is a function of the losses so far: a resumed
   * run observes them again.
   */
  final class Course {
    private static final double THRESHOLD = 1e-4;
    private static final double SMALLEST_CHANGE = 1e-8;

    private final double eta;
    private double reduced;
    private double best = Double.POSITIVE_INFINITY;
    private int withoutImprovement;

    Course(double eta) {
      this.eta = eta;
      this.reduced = eta;
    }

    /** The rate of an epoch, when those before it have been observed. */
    double rate(int epoch) {
      return Schedule.this.rate(epoch < warmup ? eta : reduced, epoch);
    }

    void observe(int epoch, double validLoss) {
      if (!needsValidation() || epoch < warmup) {
        return;
      }
      if (validLoss < best * (1 - THRESHOLD)) {
        best = validLoss;
        withoutImprovement = 0;
      } else if (++withoutImprovement > epochs) {
        withoutImprovement = 0;
        double next = Math.max(minimum, factor * reduced);
        reduced = reduced - next > SMALLEST_CHANGE ? next : reduced;
      }
    }
  }

  /**
   * The schedule with all its numbers.
   *
   * @return a line
   */
  @Override
  public String toString() {
    return name
        + "[epochs="
        + epochs
        + ", factor="
        + factor
        + ", minimum="
        + minimum
        + ", warmup="
        + warmup
        + "]";
  }
}
