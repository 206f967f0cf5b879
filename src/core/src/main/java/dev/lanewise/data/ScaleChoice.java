package dev.lanewise.data;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.nn.Scaling;

/** How to choose the scaling of a data set's features. */
public final class ScaleChoice {
  private static final String FIXED = "fixed";

  private static final ScaleChoice AUTO = new ScaleChoice(null, "auto");
  private static final ScaleChoice STANDARD = new ScaleChoice(null, "standard");
  private static final ScaleChoice MIN_MAX = new ScaleChoice(null, "minmax");
  private static final ScaleChoice ROBUST = new ScaleChoice(null, "robust");
  private static final ScaleChoice BYTES = new ScaleChoice(null, "bytes or none");

  private final Scaling fixed; // null: found from the training rows
  private final String name;

  private ScaleChoice(Scaling fixed, String name) {
    this.fixed = fixed;
    this.name = name;
  }

  /**
   * Of tables robust scaling. Of arrays division by 255 if the training inputs are stored as bytes
   * or are whole numbers in 0..255 with one above 127, otherwise standardisation.
   *
   * @return the choice
   */
  public static ScaleChoice auto() {
    return AUTO;
  }

  /**
   * The same division by 255 of the same data, and nothing of any other: for a model that does not
   * say how its inputs were scaled, which nothing that is fitted on other rows can tell.
   *
   * @return the choice
   */
  public static ScaleChoice bytesOrNone() {
    return BYTES;
  }

  /**
   * Mean 0 and deviation 1 over the training rows, feature by feature.
   *
   * @return the choice
   */
  public static ScaleChoice standard() {
    return STANDARD;
  }

  /**
   * From 0 to 1 over the training rows, feature by feature; other rows may go beyond.
   *
   * @return the choice
   */
  public static ScaleChoice minMax() {
    return MIN_MAX;
  }

  /**
   * Median 0 and a range of 1 between the quartiles of the training rows, feature by feature, with
   * outliers drawn in: see {@link Scaling#robust}.
   *
   * @return the choice
   */
  public static ScaleChoice robust() {
    return ROBUST;
  }

  /**
   * A given scaling, such as that of a model. One for a number of features fits only data of as
   * many.
   *
   * @param scaling the scaling
   * @return the choice
   */
  public static ScaleChoice fixed(Scaling scaling) {
    return new ScaleChoice(scaling, scaling.features().isEmpty() ? scaling.name() : FIXED);
  }

  /**
   * The choice by its name on the command line.
   *
   * @param name {@code auto}, {@code none}, {@code 255}, {@code standard}, {@code minmax} or {@code
   *     robust}
   * @return the choice
   * @throws IllegalArgumentException if the name is another
   */
  public static ScaleChoice named(String name) {
    return switch (name) {
      case "auto" -> AUTO;
      case "none" -> fixed(Scaling.none());
      case "255" -> fixed(Scaling.divide(255));
      case "standard" -> STANDARD;
      case "minmax" -> MIN_MAX;
      case "robust" -> ROBUST;
      default ->
          throw ArgumentException.of("scale", name, "auto, none, 255, standard, minmax or robust");
    };
  }

  /**
   * Returns the name of the choice.
   *
   * @return the name that {@link #named} takes, or {@code fixed} for a scaling with numbers for
   *     each feature
   */
  public String name() {
    return name;
  }

  /**
   * Returns the scaling that was given.
   *
   * @return the scaling; null if it is found from the training rows
   */
  public Scaling fixed() {
    return fixed;
  }
}
