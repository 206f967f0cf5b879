package dev.lanewise.data;

import dev.lanewise.nn.Scaling;

/** How to choose the scaling of a data set's features. */
public sealed interface ScaleChoice {

  /**
   * Division by 255 if the training inputs are stored as bytes or are whole numbers in 0..255 with
   * one above 127; otherwise, and for CSV, standardisation.
   *
   * @return the choice
   */
  static ScaleChoice auto() {
    return new Auto();
  }

  /**
   * Mean 0 and deviation 1 over the training rows, feature by feature.
   *
   * @return the choice
   */
  static ScaleChoice standard() {
    return new Standard();
  }

  /**
   * A given scaling, such as that of a model. One for a number of features fits only data of as
   * many.
   *
   * @param scaling the scaling
   * @return the choice
   */
  static ScaleChoice fixed(Scaling scaling) {
    return new Fixed(scaling);
  }

  /**
   * The choice by its name on the command line.
   *
   * @param name {@code auto}, {@code none}, {@code 255} or {@code standard}
   * @return the choice
   * @throws IllegalArgumentException if the name is another
   */
  static ScaleChoice named(String name) {
    return switch (name) {
      case "auto" -> auto();
      case "none" -> fixed(Scaling.none());
      case "255" -> fixed(Scaling.divide(255));
      case "standard" -> standard();
      default ->
          throw new IllegalArgumentException(
              "scale: " + name + ", expected auto, none, 255 or standard");
    };
  }

  /** See {@link ScaleChoice#auto}. */
  record Auto() implements ScaleChoice {}

  /** See {@link ScaleChoice#standard}. */
  record Standard() implements ScaleChoice {}

  /**
   * See {@link ScaleChoice#fixed}.
   *
   * @param scaling the scaling
   */
  record Fixed(Scaling scaling) implements ScaleChoice {
    /**
     * Checks that there is a scaling.
     *
     * @param scaling the scaling
     */
    public Fixed {
      java.util.Objects.requireNonNull(scaling);
    }
  }
}
