package dev.lanewise.nn;

import java.util.EnumSet;
import java.util.Set;

/** What a file did not say of its model, and what it was taken for. */
enum Assumption {
  ACTIVATIONS("no activations stored: relu is assumed in every hidden layer"),
  LOSS("no loss stored: softmax is assumed"),
  SCALING("no scaling stored: how inputs were scaled is not known"),
  CHECKSUM("no checksum: whether something was changed is not known"),
  TRUST("the checksum does not hold: the file is trusted");

  final String text;

  /** What is assumed of bare numbers, with hidden layers or without. */
  static Set<Assumption> ofNumbers(boolean hidden) {
    return hidden ? EnumSet.of(ACTIVATIONS, LOSS, SCALING) : EnumSet.of(LOSS, SCALING);
  }

  Assumption(String text) {
    this.text = text;
  }
}
