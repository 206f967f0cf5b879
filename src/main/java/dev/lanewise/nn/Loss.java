package dev.lanewise.nn;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What training makes small: the mean over the rows of a mini-batch of a loss a row. Where a row
 * has several numbers as its target, its loss is their mean, as in PyTorch and Keras. The loss also
 * says what the outputs of the last layer are turned into for a user.
 */
public enum Loss {
  /**
   * Cross entropy of softmax against a class t, {@code log(sum of exp(x)) - x_t}; its gradient by
   * the sum x_j is {@code (p_j - 1) / n} for j = t, else {@code p_j / n}, with n rows (Bishop,
   * "Pattern Recognition and Machine Learning", 2006, section 4.3.4). The outputs become
   * probabilities p, which add up to 1.
   */
  SOFTMAX,
  /**
   * Cross entropy of a sigmoid s for each output against a target t from 0 to 1, such as several
   * labels that may all hold: {@code max(x, 0) - x t + log(1 + exp(-|x|))}; its gradient is {@code
   * (s(x) - t) / (n k)}, with n rows of k outputs. The outputs become probabilities s(x).
   */
  SIGMOID,
  /** Mean squared error, {@code (y - t)^2}; its gradient is {@code 2 (y - t) / (n k)}. */
  MSE,
  /**
   * Huber's loss with delta 1: {@code d^2 / 2} where d = y - t is from -1 to 1, else {@code |d| -
   * 1/2}; its gradient is {@code d / (n k)}, with d held in that range (Huber, "Robust Estimation
   * of a Location Parameter", 1964).
   */
  HUBER;

  /**
   * Whether the target of a row is a class, not a number an output.
   *
   * @return true for softmax
   */
  public boolean takesClasses() {
    return this == SOFTMAX;
  }

  /**
   * Whether the outputs are estimates of numbers, not probabilities.
   *
   * @return true for MSE and Huber
   */
  public boolean isRegression() {
    return this == MSE || this == HUBER;
  }

  /**
   * The name on the command line and in model files.
   *
   * @return the name
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The names of all losses, as {@link #label} gives them.
   *
   * @return the names, in the order of the constants
   */
  public static List<String> labels() {
    return Stream.of(values()).map(Loss::label).toList();
  }

  /**
   * The name in front of a figure and over a curve.
   *
   * @return CE for the cross entropies, MSE or Huber
   */
  public String title() {
    return this == MSE ? "MSE" : this == HUBER ? "Huber" : "CE";
  }

  /**
   * The loss of a name.
   *
   * @param label as {@link #label} gives it
   * @return the loss
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Loss of(String label) {
    for (Loss loss : values()) {
      if (loss.label().equals(label)) {
        return loss;
      }
    }
    List<String> labels = labels();
    int last = labels.size() - 1;
    throw new IllegalArgumentException(
        "loss %s: must be %s or %s"
            .formatted(label, String.join(", ", labels.subList(0, last)), labels.get(last)));
  }
}
