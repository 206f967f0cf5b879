package dev.lanewise.nn.internal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Something that a reader of a model file had to assume because the file does not say it.
 *
 * @param text a sentence
 */
public record Assumption(String text) {
  /** The activations are not stored. */
  public static final Assumption ACTIVATIONS =
      new Assumption("no activations stored: relu is assumed in every hidden layer");

  /** The loss is not stored. */
  public static final Assumption LOSS = new Assumption("no loss stored: softmax is assumed");

  /** The scaling of the inputs is not stored. */
  public static final Assumption SCALING =
      new Assumption("no scaling stored: the scaling of the inputs is unknown");

  /** The network was trained with weights of classes, which are not stored. */
  public static final Assumption WEIGHTED =
      new Assumption(
          "no class weights stored: probabilities are as the weights of the training made them");

  /** The file has no checksum. */
  public static final Assumption CHECKSUM =
      new Assumption("no checksum: changes cannot be detected");

  /** The checksum is wrong, and the caller trusts the file. */
  public static final Assumption TRUST =
      new Assumption("the checksum does not match: the file is trusted");

  /**
   * {@return the assumptions about bare weights and biases, in the order in which they are
   * reported}
   *
   * @param hidden whether there are hidden layers
   */
  public static Set<Assumption> ofNumbers(boolean hidden) {
    return new LinkedHashSet<>(
        hidden ? List.of(ACTIVATIONS, LOSS, SCALING) : List.of(LOSS, SCALING));
  }

  /**
   * {@return the assumption that certain parts of a file are the model, where there was a choice}
   *
   * @param parts what was chosen, in words
   */
  public static Assumption taken(String parts) {
    return new Assumption("taken: " + parts);
  }
}
