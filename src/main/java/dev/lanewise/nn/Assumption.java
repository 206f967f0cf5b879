package dev.lanewise.nn;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a file did not say of its model, and what it was taken for.
 *
 * @param text a sentence
 */
record Assumption(String text) {
  static final Assumption ACTIVATIONS =
      new Assumption("no activations stored: relu is assumed in every hidden layer");
  static final Assumption LOSS = new Assumption("no loss stored: softmax is assumed");
  static final Assumption SCALING =
      new Assumption("no scaling stored: the scaling of the inputs is unknown");
  static final Assumption CHECKSUM = new Assumption("no checksum: changes cannot be detected");
  static final Assumption TRUST =
      new Assumption("the checksum does not match: the file is trusted");

  /** What is assumed of bare numbers, with hidden layers or without. */
  static Set<Assumption> ofNumbers(boolean hidden) {
    return new LinkedHashSet<>(
        hidden ? List.of(ACTIVATIONS, LOSS, SCALING) : List.of(LOSS, SCALING));
  }

  /** Which parts of a file are the model, where a reader could choose. */
  static Assumption taken(String parts) {
    return new Assumption("taken: " + parts);
  }
}
