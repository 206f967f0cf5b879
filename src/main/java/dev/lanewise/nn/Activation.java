package dev.lanewise.nn;

import java.util.Locale;

/** What a hidden unit does to its sum. */
public enum Activation {
  /** {@code x < 0 ? 0 : x}; its derivative is 1 where the result is above 0, else 0. */
  RELU,
  /** Nothing. */
  IDENTITY;

  /**
   * The name on the command line and in model files.
   *
   * @return the name
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The activation of a name.
   *
   * @param label as {@link #label} gives it
   * @return the activation
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Activation of(String label) {
    for (Activation activation : values()) {
      if (activation.label().equals(label)) {
        return activation;
      }
    }
    throw new IllegalArgumentException("activation " + label + ": must be relu or identity");
  }
}
