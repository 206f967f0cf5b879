package dev.lanewise.nn;

import dev.lanewise.engine.internal.Objective;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.EnumLabels;
import dev.lanewise.kernel.KernelSet;
import dev.lanewise.kernel.math.OutputLosses;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;

/**
 * The function that training minimises: the mean of a loss per row over the rows of a mini-batch. A
 * row with several numeric targets has the mean of their losses, as in PyTorch and Keras. A loss is
 * for one {@link Task}. Immutable; losses with the same name are equal.
 *
 * <p>An instance describes its loss completely.
 *
 * @serial exclude
 */
public final class Loss implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * The smallest probability in a loss: the smallest float above 0. A network's own loss comes from
   * its outputs and is finite where its probability, a float, is 0.
   */
  private static final double LEAST = 0x1p-149;

  /**
   * Softmax cross entropy against a class t, {@code log(sum of exp(x)) - x_t}; the gradient with
   * respect to x_j is {@code (p_j - 1) / n} for j = t, else {@code p_j / n}, with n rows (Bishop,
   * "Pattern Recognition and Machine Learning", 2006, section 4.3.4). The outputs become
   * probabilities p, which add up to 1.
   */
  public static final Loss SOFTMAX =
      new Loss(
          "softmax",
          "CE",
          "Cross entropy",
          Task.CLASSES,
          (b, from, to, n, scratch) ->
              KernelSet.active().softmaxCrossEntropy(b, from, to, n, scratch),
          (p, t) -> t * minusLog(p),
          Loss::crossEntropies);

  /**
   * Cross entropy of a sigmoid s per output against a target t from 0 to 1, such as several labels
   * that may all hold: {@code max(x, 0) - x t + log(1 + exp(-|x|))}; the gradient is {@code (s(x) -
   * t) / (n k)}, with n rows of k outputs. The outputs become probabilities s(x).
   */
  public static final Loss SIGMOID =
      new Loss(
          "sigmoid",
          "CE",
          "Cross entropy",
          Task.LABELS,
          OutputLosses::sigmoidCrossEntropy,
          (p, t) -> t * minusLog(p) + (1 - t) * minusLog(1 - p),
          (u, v, k, t) -> { // log((1 + exp u) / (1 + exp v)) - ...
            double d = u[k] - v[k];
            return StrictMath.log1p(StrictMath.expm1(d) / (1 + StrictMath.exp(-v[k]))) - d * t;
          });

  /** Mean squared error, {@code (y - t)^2}; the gradient is {@code 2 (y - t) / (n k)}. */
  public static final Loss MSE =
      new Loss(
          "mse",
          "MSE",
          "MSE",
          Task.NUMBERS,
          OutputLosses::squaredError,
          (y, t) -> (y - t) * (y - t),
          Loss::squares);

  /**
   * Huber's loss with delta 1: with {@code d = y - t}, {@code d^2 / 2} where d is from -1 to 1,
   * else {@code |d| - 1/2}; the gradient is d, limited to that range, over {@code n k} (Huber,
   * "Robust Estimation of a Location Parameter", 1964).
   */
  public static final Loss HUBER =
      new Loss(
          "huber",
          "Huber",
          "Huber loss",
          Task.NUMBERS,
          OutputLosses::huber,
          (y, t) -> {
            double d = Math.abs(y - t);
            return d > 1 ? d - 0.5 : 0.5 * d * d;
          },
          (u, v, k, t) ->
              Math.abs(u[k] - t) <= 1 && Math.abs(v[k] - t) <= 1
                  ? squares(u, v, k, t) / 2
                  : magnitudes(u, v, k, t));

  /**
   * Mean absolute error, {@code |y - t|}; the gradient is the sign of {@code y - t}, 0 for equal
   * numbers, over {@code n k}.
   */
  public static final Loss MAE =
      new Loss(
          "mae",
          "MAE",
          "MAE",
          Task.NUMBERS,
          OutputLosses::absoluteError,
          (y, t) -> Math.abs(y - t),
          Loss::magnitudes);

  private static final String PINBALL = "pinball-"; // followed by the level

  /** The levels that are farthest from 0 and 1, whose slopes are not 0 as floats. */
  private static final double FARTHEST = 1e-6;

  private static final List<Loss> ALL = List.of(SOFTMAX, SIGMOID, MSE, HUBER, MAE, pinball(0.9));

  /** A difference of losses, see {@link #difference}. */
  private interface Difference {
    double of(double[] u, double[] v, int k, double t);
  }

  private final String label;
  private final transient String title;
  private final transient String longTitle;
  private final transient Task task;
  private final transient DoubleBinaryOperator formula;
  private final transient Difference difference;
  final transient Objective objective;

  private Loss(
      String label,
      String title,
      String longTitle,
      Task task,
      Objective.Rows rows,
      DoubleBinaryOperator formula,
      Difference difference) {
    this.label = label;
    this.title = title;
    this.longTitle = longTitle;
    this.task = task;
    this.formula = formula;
    this.difference = difference;
    OutputFunction function = task.outputFunction();
    objective = new Objective(label, task.hasClasses(), rows, function.results);
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
      throw new ArgumentException(
          "pinball loss of level %s, expected a level from 1e-6 to 1 - 1e-6", level);
    }
    float slope = (float) level;
    String text = BigDecimal.valueOf(level).stripTrailingZeros().toPlainString();
    return new Loss(
        PINBALL + text,
        "Pinball",
        "Pinball loss of level " + text,
        Task.quantile(level),
        (b, from, to, n, scratch) -> OutputLosses.pinball(b, from, to, slope, n, scratch),
        (y, t) -> y > t ? (1 - level) * (y - t) : -level * (y - t),
        (u, v, k, t) -> (u[k] + v[k] > 2 * t ? 1 - level : -level) * (u[k] - v[k]));
  }

  private static double minusLog(double probability) {
    return -StrictMath.log(Math.max(probability, LEAST)); // a NaN stays a NaN
  }

  /** Returns log(sum(exp u) / sum(exp v)) - (u - v)[k]; 0 if all elements of u - v are equal. */
  private static double crossEntropies(double[] u, double[] v, int k, double t) {
    double[] p = OutputFunction.SOFTMAX.of(v);
    double growth = 0;
    for (int c = 0; c < p.length; c++) {
      growth += p[c] * StrictMath.expm1((u[c] - v[c]) - (u[k] - v[k]));
    }
    return StrictMath.log1p(growth);
  }

  private static double squares(double[] u, double[] v, int k, double t) {
    return (u[k] - v[k]) * (u[k] + v[k] - 2 * t);
  }

  /** Returns |u - t| - |v - t|, where both are on one side of t. */
  private static double magnitudes(double[] u, double[] v, int k, double t) {
    return u[k] + v[k] > 2 * t ? u[k] - v[k] : v[k] - u[k];
  }

  /**
   * {@return one loss of each kind, among them the pinball loss of level 0.9 as an example; a copy}
   */
  public static Loss[] values() {
    return ALL.toArray(new Loss[0]);
  }

  /** {@return what the targets are, and what users get of the outputs} */
  public Task task() {
    return task;
  }

  /**
   * {@return the loss of a result in double; for a row with a class, the loss of the probability of
   * the class, with 1 as its target}
   *
   * @param result as the network gives it, without the scaling of targets undone
   * @param target in the same scaling
   */
  public double of(double result, double target) {
    return formula.applyAsDouble(result, target);
  }

  /**
   * Returns the loss of outputs u minus the loss of nearby outputs v. The two losses are not
   * subtracted, because their rounding errors may exceed their difference. Derivatives follow from
   * it numerically.
   *
   * @param u outputs of the last layer for a row
   * @param v other such outputs, on the same side of each kink of the loss
   * @param k the output whose loss is meant, or the class of the row
   * @param target the target of the output; 1 for a class
   * @return the loss of u minus the loss of v
   */
  public double difference(double[] u, double[] v, int k, double target) {
    return difference.of(u, v, k, target);
  }

  /**
   * {@return whether the epoch with the least error is that with the smallest loss, and not that
   * with the best score} R2 orders epochs as the squared error does, but is undefined if all
   * targets are equal; and a network of a quantile has a smaller R2 than one of the mean.
   */
  public boolean isOwnError() {
    return equals(MSE) || task.level().isPresent();
  }

  /** {@return the name on the command line and in model files, such as mse} */
  public String label() {
    return label;
  }

  /** {@return the names of {@link #values}} */
  public static List<String> labels() {
    return ALL.stream().map(Loss::label).toList();
  }

  /** {@return the names of the losses whose targets may be scaled, such as mse and huber} */
  public static String scaledLabels() {
    Stream<Loss> losses = ALL.stream().filter(loss -> loss.task().scalesTargets());
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
