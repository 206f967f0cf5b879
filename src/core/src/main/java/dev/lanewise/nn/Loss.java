package dev.lanewise.nn;

import dev.lanewise.engine.Objective;
import dev.lanewise.engine.Objective.Targets;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.math.OutputLosses;
import java.util.List;
import java.util.stream.Stream;

/**
 * The function that training minimises: the mean of a loss per row over the rows of a mini-batch. A
 * row with several numeric targets has the mean of their losses, as in PyTorch and Keras. The loss
 * also decides what a user gets of the outputs of the last layer.
 *
 * <p>A constant describes its loss completely; a new one needs its kernel in {@code OutputLosses}
 * and its numerical difference in {@code CentralDifferences}.
 */
public enum Loss {
  /**
   * Softmax cross entropy against a class t, {@code log(sum of exp(x)) - x_t}; the gradient with
   * respect to x_j is {@code (p_j - 1) / n} for j = t, else {@code p_j / n}, with n rows (Bishop,
   * "Pattern Recognition and Machine Learning", 2006, section 4.3.4). The outputs become
   * probabilities p, which add up to 1.
   */
  SOFTMAX(
      Targets.CLASS,
      "CE",
      "Cross entropy",
      (b, from, to, n, scratch) -> Kernels.active().softmaxCrossEntropy(b, from, to, n, scratch)),
  /**
   * Cross entropy of a sigmoid s per output against a target t from 0 to 1, such as several labels
   * that may all hold: {@code max(x, 0) - x t + log(1 + exp(-|x|))}; the gradient is {@code (s(x) -
   * t) / (n k)}, with n rows of k outputs. The outputs become probabilities s(x).
   */
  SIGMOID(Targets.FLAGS, "CE", "Cross entropy", OutputLosses::sigmoidCrossEntropy),
  /** Mean squared error, {@code (y - t)^2}; the gradient is {@code 2 (y - t) / (n k)}. */
  MSE(Targets.NUMBERS, "MSE", "MSE", OutputLosses::squaredError),
  /**
   * Huber's loss with delta 1: with {@code d = y - t}, {@code d^2 / 2} where d is from -1 to 1,
   * else {@code |d| - 1/2}; the gradient is d, limited to that range, over {@code n k} (Huber,
   * "Robust Estimation of a Location Parameter", 1964).
   */
  HUBER(Targets.NUMBERS, "Huber", "Huber loss", OutputLosses::huber),
  /**
   * Mean absolute error, {@code |y - t|}; the gradient is the sign of {@code y - t}, 0 for equal
   * numbers, over {@code n k}.
   */
  MAE(Targets.NUMBERS, "MAE", "MAE", OutputLosses::absoluteError);

  private final String title;
  private final String longTitle;
  final Objective objective;

  Loss(Targets targets, String title, String longTitle, Objective.Rows rows) {
    this.title = title;
    this.longTitle = longTitle;
    objective = new Objective(label(), targets, rows);
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
    return EnumLabels.of(this);
  }

  /** {@return the names of all losses, in the order of the constants} */
  public static List<String> labels() {
    return EnumLabels.of(values());
  }

  /** {@return the names of the losses of regression for a message, such as mse and huber} */
  public static String regressionLabels() {
    Stream<Loss> losses = Stream.of(values()).filter(Loss::isRegression);
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
    return EnumLabels.find(values(), label, "loss");
  }
}
