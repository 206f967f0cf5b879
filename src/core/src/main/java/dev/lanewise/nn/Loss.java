package dev.lanewise.nn;

import dev.lanewise.engine.Objective;
import dev.lanewise.engine.Objective.Targets;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.math.OutputLosses;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The function that training minimises: the mean of a loss per row over the rows of a mini-batch. A
 * row with several numeric targets has the mean of their losses, as in PyTorch and Keras. The loss
 * also decides what a user gets of the outputs of the last layer. Immutable; losses with the same
 * name are equal.
 *
 * <p>An instance describes its loss completely; a new one needs its kernel in {@code OutputLosses}
 * and its numerical difference in {@code CentralDifferences}.
 *
 * @serial exclude
 */
public final class Loss implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Softmax cross entropy against a class t, {@code log(sum of exp(x)) - x_t}; the gradient with
   * respect to x_j is {@code (p_j - 1) / n} for j = t, else {@code p_j / n}, with n rows (Bishop,
   * "Pattern Recognition and Machine Learning", 2006, section 4.3.4). The outputs become
   * probabilities p, which add up to 1.
   */
  public static final Loss SOFTMAX =
      new Loss(
          "softmax",
          Targets.CLASS,
          "CE",
          "Cross entropy",
          (b, from, to, n, scratch) ->
              Kernels.active().softmaxCrossEntropy(b, from, to, n, scratch));

  /**
   * Cross entropy of a sigmoid s per output against a target t from 0 to 1, such as several labels
   * that may all hold: {@code max(x, 0) - x t + log(1 + exp(-|x|))}; the gradient is {@code (s(x) -
   * t) / (n k)}, with n rows of k outputs. The outputs become probabilities s(x).
   */
  public static final Loss SIGMOID =
      new Loss("sigmoid", Targets.FLAGS, "CE", "Cross entropy", OutputLosses::sigmoidCrossEntropy);

  /** Mean squared error, {@code (y - t)^2}; the gradient is {@code 2 (y - t) / (n k)}. */
  public static final Loss MSE =
      new Loss("mse", Targets.NUMBERS, "MSE", "MSE", OutputLosses::squaredError);

  /**
   * Huber's loss with delta 1: with {@code d = y - t}, {@code d^2 / 2} where d is from -1 to 1,
   * else {@code |d| - 1/2}; the gradient is d, limited to that range, over {@code n k} (Huber,
   * "Robust Estimation of a Location Parameter", 1964).
   */
  public static final Loss HUBER =
      new Loss("huber", Targets.NUMBERS, "Huber", "Huber loss", OutputLosses::huber);

  /**
   * Mean absolute error, {@code |y - t|}; the gradient is the sign of {@code y - t}, 0 for equal
   * numbers, over {@code n k}.
   */
  public static final Loss MAE =
      new Loss("mae", Targets.NUMBERS, "MAE", "MAE", OutputLosses::absoluteError);

  private static final String PINBALL = "pinball-"; // followed by the level

  /** The levels that are farthest from 0 and 1, whose slopes are not 0 as floats. */
  private static final double FARTHEST = 1e-6;

  private static final List<Loss> ALL = List.of(SOFTMAX, SIGMOID, MSE, HUBER, MAE, pinball(0.9));

  private final String label;
  private final transient String title;
  private final transient String longTitle;
  private final transient double quantile; // NaN for losses without a level
  final transient Objective objective;

  private Loss(String label, Targets targets, String title, String longTitle, Objective.Rows rows) {
    this(label, targets, title, longTitle, Double.NaN, rows);
  }

  private Loss(
      String label,
      Targets targets,
      String title,
      String longTitle,
      double quantile,
      Objective.Rows rows) {
    this.label = label;
    this.title = title;
    this.longTitle = longTitle;
    this.quantile = quantile;
    objective = new Objective(label, targets, rows);
  }

  /**
   * {@return the pinball loss, whose minimum is at a quantile of the targets} With {@code d = t -
   * y} it is {@code level d} where d is at least 0, else {@code (level - 1) d}; the gradient with
   * respect to y is {@code -level} where d is above 0, {@code 1 - level} where it is below, and 0
   * for equal numbers, over {@code n k} (Koenker and Bassett, "Regression Quantiles", 1978). All
   * outputs have the same level.
   *
   * @param level the share of the targets that are at most the output, such as 0.9; from 1e-6 to 1
   *     - 1e-6
   * @throws IllegalArgumentException if the level is out of range
   */
  public static Loss pinball(double level) {
    if (!(level >= FARTHEST && level <= 1 - FARTHEST)) {
      throw new IllegalArgumentException(
          "pinball loss of level %s, expected one from 1e-6 to 1 - 1e-6".formatted(level));
    }
    float slope = (float) level;
    String text = BigDecimal.valueOf(level).stripTrailingZeros().toPlainString();
    return new Loss(
        PINBALL + text,
        Targets.NUMBERS,
        "Pinball",
        "Pinball loss of level " + text,
        level,
        (b, from, to, n, scratch) -> OutputLosses.pinball(b, from, to, slope, n, scratch));
  }

  /**
   * {@return one loss of each kind, among them the pinball loss of level 0.9 as an example; a copy}
   */
  public static Loss[] values() {
    return ALL.toArray(new Loss[0]);
  }

  /** {@return the level of the quantile that the outputs estimate; empty for other losses} */
  public OptionalDouble quantile() {
    return Double.isNaN(quantile) ? OptionalDouble.empty() : OptionalDouble.of(quantile);
  }

  /** {@return whether the target of a row is a class, as for softmax} */
  public boolean takesClasses() {
    return objective.takesClasses();
  }

  /**
   * {@return whether the target of each output is a number from 0 to 1, such as one of several
   * labels, as for sigmoid}
   */
  public boolean takesFlags() {
    return objective.targets() == Targets.FLAGS;
  }

  /** {@return whether the outputs estimate numeric targets} */
  public boolean isRegression() {
    return objective.targets() == Targets.NUMBERS;
  }

  /** {@return the name on the command line and in model files, such as mse} */
  public String label() {
    return label;
  }

  /** {@return the names of {@link #values}} */
  public static List<String> labels() {
    return ALL.stream().map(Loss::label).toList();
  }

  /** {@return the names of the losses of regression for a message, such as mse and huber} */
  public static String regressionLabels() {
    Stream<Loss> losses = ALL.stream().filter(Loss::isRegression);
    return EnumLabels.listed(losses.map(Loss::label).toList(), "and");
  }

  /** {@return the short name that precedes a value, such as CE} */
  public String title() {
    return title;
  }

  /** {@return the title of a curve, such as Cross entropy} */
  public String longTitle() {
    return longTitle;
  }

  /**
   * Finds a loss by its name.
   *
   * @param label as {@link #label} gives it
   * @return the loss
   * @throws IllegalArgumentException if no loss has that name
   */
  public static Loss of(String label) {
    if (label.matches("pinball-0[.][0-9]{1,24}")) {
      double level = Double.parseDouble(label.substring(PINBALL.length()));
      if (level >= FARTHEST && level <= 1 - FARTHEST) {
        return pinball(level);
      }
    }
    int found = labels().indexOf(label);
    if (found < 0) {
      throw ArgumentException.of(
          "loss", label, EnumLabels.listed(labels(), "or") + " (or another level)");
    }
    return ALL.get(found);
  }

  private Object readResolve() {
    return of(label);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Loss that && label.equals(that.label);
  }

  @Override
  public int hashCode() {
    return label.hashCode();
  }

  /** {@return the name, as {@link #label}} */
  @Override
  public String toString() {
    return label;
  }
}
