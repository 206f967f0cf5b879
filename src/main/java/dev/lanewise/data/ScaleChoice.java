package dev.lanewise.data;

import dev.lanewise.nn.Scaling;
import java.util.Objects;

/** How to choose the scaling of a data set's features. */
public final class ScaleChoice {
  private static final ScaleChoice AUTO = new ScaleChoice(true, null);
  private static final ScaleChoice STANDARD = new ScaleChoice(false, null);
  private static final ScaleChoice MIN_MAX = new ScaleChoice(false, null);
  private static final ScaleChoice BYTES = new ScaleChoice(true, null);

  private final boolean byRule;
  private final Scaling fixed; // null: found from the training rows

  private ScaleChoice(boolean byRule, Scaling fixed) {
    this.byRule = byRule;
    this.fixed = fixed;
  }

  /**
   * Division by 255 if the training inputs are stored as bytes or are whole numbers in 0..255 with
   * one above 127; otherwise, and for CSV, standardisation.
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
   * A given scaling, such as that of a model. One for a number of features fits only data of as
   * many.
   *
   * @param scaling the scaling
   * @return the choice
   */
  public static ScaleChoice fixed(Scaling scaling) {
    return new ScaleChoice(false, Objects.requireNonNull(scaling));
  }

  /**
   * The choice by its name on the command line.
   *
   * @param name {@code auto}, {@code none}, {@code 255}, {@code standard} or {@code minmax}
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
      default ->
          throw new IllegalArgumentException(
              "scale: " + name + ", expected auto, none, 255, standard or minmax");
    };
  }

  /** Whether the data decide if they are divided by 255. */
  boolean byRule() {
    return byRule;
  }

  /** Whether data that are not are taken as they stand. */
  boolean elseNone() {
    return this == BYTES;
  }

  /** Whether it is minimum and maximum that count. */
  boolean isMinMax() {
    return this == MIN_MAX;
  }

  /** The given scaling, or null. */
  Scaling fixed() {
    return fixed;
  }
}
