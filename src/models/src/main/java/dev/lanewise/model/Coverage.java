package dev.lanewise.model;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.nn.Loss;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;

/**
 * The scores of rows that a model was not trained on, from which follow sets of classes that
 * contain the true class, and intervals that contain the true number, with a stated probability
 * (split conformal prediction: Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random
 * World", 2005). Immutable.
 *
 * <pre>{@code
 * Coverage.Level level = model.coverage().orElseThrow().at(0.9);
 * Predictions rows = model.predictor(1).predict(5.1, 3.5, 1.4, 0.2);
 * boolean[] set = level.set(rows.values(0));                        // of classes, or
 * double low = level.low(0, rows.value(0, 0));                      // of output 0
 * }</pre>
 *
 * <p>The score of a class is the sum of the probabilities of the classes before it, from the most
 * probable one on, equal ones in the order of the classes: what a set must pass to contain it,
 * without randomisation (Romano, Sesia and Candes, "Classification with Valid and Adaptive
 * Coverage", 2020). The score of a number is its distance from the number predicted. With n scores,
 * the limit of a level is the k-th smallest of them, {@code k = ceil((n + 1) level)} in decimals,
 * and infinite if k is above n. A set contains the classes whose scores are at most the limit, so
 * always the most probable one; an interval contains all numbers whose scores are at most the
 * limit. If a new row and the n rows could as well stand in any other order, its class or number is
 * contained with a probability of at least k / (n + 1): sets may contain it more often, intervals
 * with few equal scores do not.
 *
 * <p>By class, each class has a limit from the rows of that class alone, and the probability holds
 * for each class by itself. Several outputs have their own limits: the probability is that of each
 * output, not of all together. Row weights have no part in it.
 */
public final class Coverage {
  /** What a score is about. */
  enum Kind {
    CLASSES,
    BY_CLASS,
    NUMBERS
  }

  final Kind kind;
  final double[][] scores; // [groups][rows], ascending: one group, or one per class or output

  private Coverage(Kind kind, double[][] scores) {
    this.kind = kind;
    this.scores = scores;
  }

  /**
   * {@return the coverage of a model of classes}
   *
   * @param scores the scores of rows, each that of the true class, in any order; copied
   * @throws IllegalArgumentException if there are none, or one is negative or not finite
   */
  public static Coverage ofClasses(double... scores) {
    return of(Kind.CLASSES, scores);
  }

  /**
   * {@return the coverage of a model of classes, class by class}
   *
   * @param scores [classes][rows of the class], as for {@link #ofClasses}; a class may have none
   * @throws IllegalArgumentException if there are none at all, or one is negative or not finite
   */
  public static Coverage byClass(double[]... scores) {
    return of(Kind.BY_CLASS, scores);
  }

  /**
   * {@return the coverage of a model of numbers}
   *
   * @param residuals [outputs][rows], each the absolute difference between the true and the
   *     predicted number in the units of the data, in any order; copied
   * @throws IllegalArgumentException if there are none, one is negative or not finite, or outputs
   *     differ in rows
   */
  public static Coverage ofNumbers(double[]... residuals) {
    return of(Kind.NUMBERS, residuals);
  }

  static Coverage of(Kind kind, double[]... scores) {
    double[][] sorted = new double[scores.length][];
    int rows = 0;
    boolean right = true;
    for (int g = 0; g < scores.length; g++) {
      sorted[g] = scores[g].clone();
      Arrays.sort(sorted[g]);
      rows += sorted[g].length;
      right &= kind != Kind.NUMBERS || sorted[g].length == sorted[0].length;
      right &= Arrays.stream(scores[g]).allMatch(s -> s >= 0 && Double.isFinite(s));
    }
    if (!right || rows == 0) {
      throw new ArgumentException(
          "coverage by %s scores, expected finite numbers from 0, the same number of them for each output",
          rows);
    }
    return new Coverage(kind, sorted);
  }

  /**
   * {@return the scores of all classes of a row, [classes]} The probabilities are rounded to
   * floats, as which they are written, and added in double; the likeliest class has the score 0.
   *
   * @param p probabilities, one per class, as predictors and evaluations return them
   */
  public static double[] scores(double... p) {
    Integer[] order = new Integer[p.length];
    Arrays.setAll(order, c -> c);
    Arrays.sort(order, Comparator.comparingDouble(c -> -(float) p[c])); // equal ones stay in order
    double[] scores = new double[p.length];
    double sum = 0;
    for (int c : order) {
      scores[c] = sum;
      sum += (float) p[c];
    }
    return scores;
  }

  /** {@return whether there are sets of classes, not intervals} */
  public boolean isOfClasses() {
    return kind != Kind.NUMBERS;
  }

  /** {@return whether each class has its own limit} */
  public boolean isByClass() {
    return kind == Kind.BY_CLASS;
  }

  /** {@return the number of limits: 1, or one per class or output} */
  public int groups() {
    return scores.length;
  }

  /**
   * {@return the number of rows whose scores make a limit}
   *
   * @param group the class or output, or 0
   */
  public int rows(int group) {
    return scores[group].length;
  }

  /**
   * {@return the limits of a level}
   *
   * @param level the probability with which sets and intervals shall contain the truth, above 0 and
   *     below 1; its decimals count, so that 0.9 is nine tenths
   * @throws IllegalArgumentException if it is out of range
   */
  public Level at(double level) {
    if (!(level > 0 && level < 1)) {
      throw new ArgumentException("coverage %s, expected a number above 0 and below 1", level);
    }
    double[] limits = new double[scores.length];
    for (int g = 0; g < limits.length; g++) {
      int n = scores[g].length;
      BigDecimal k = BigDecimal.valueOf(level).multiply(BigDecimal.valueOf(n + 1L));
      int place = k.setScale(0, RoundingMode.CEILING).intValueExact();
      limits[g] = place > n ? Double.POSITIVE_INFINITY : scores[g][place - 1];
    }
    return new Level(limits);
  }

  /** Returns whether this fits a model. */
  boolean fits(Loss loss, int outputs) {
    return isOfClasses()
        ? loss.task().hasClasses() && groups() == (isByClass() ? outputs : 1)
        : loss.task().hasIntervals() && groups() == outputs;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Coverage that
        && kind == that.kind
        && Arrays.deepEquals(scores, that.scores);
  }

  @Override
  public int hashCode() {
    return 31 * kind.ordinal() + Arrays.deepHashCode(scores);
  }

  /** {@return such as {@code sets of classes by 120 rows}} */
  @Override
  public String toString() {
    int all = Arrays.stream(scores).mapToInt(own -> own.length).sum();
    int rows = isOfClasses() ? all : scores[0].length;
    return "%s by %s rows%s"
        .formatted(
            isOfClasses() ? "sets of classes" : "intervals",
            rows,
            isByClass() ? ", class by class" : "");
  }

  /** The sets or intervals of one level. Immutable. */
  public static final class Level {
    private final double[] limits;

    private Level(double[] limits) {
      this.limits = limits;
    }

    /**
     * {@return the largest score inside; infinite if there are too few rows for the level}
     *
     * @param group the class or output; of classes that share one limit, any
     */
    public double limit(int group) {
      return limits[limits.length == 1 ? 0 : group];
    }

    /**
     * {@return whether each class is in the set of a row}
     *
     * @param p its probabilities, one per class, as predictors return them
     */
    public boolean[] set(double... p) {
      double[] scores = scores(Objects.requireNonNull(p, "p"));
      boolean[] set = new boolean[p.length];
      for (int c = 0; c < p.length; c++) {
        set[c] = scores[c] <= limit(c);
      }
      return set;
    }

    /**
     * {@return the lower end of an interval, rounded down}
     *
     * @param output from 0
     * @param predicted the number predicted, in the units of the data
     */
    public double low(int output, double predicted) {
      return Math.nextDown(predicted - Math.nextUp(limits[output]));
    }

    /**
     * {@return the upper end of an interval, rounded up}
     *
     * @param output from 0
     * @param predicted the number predicted, in the units of the data
     */
    public double high(int output, double predicted) {
      return Math.nextUp(predicted + Math.nextUp(limits[output]));
    }
  }
}
