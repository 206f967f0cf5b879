package dev.lanewise.data;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.nn.Scaling;

/** A method of choosing the scaling of features or targets. */
public final class ScaleChoice {
  private static final String FIXED = "fixed";

  private static final ScaleChoice AUTO = new ScaleChoice(null, "auto");
  private static final ScaleChoice STANDARD = new ScaleChoice(null, "standard");
  private static final ScaleChoice MIN_MAX = new ScaleChoice(null, "minmax");
  private static final ScaleChoice ROBUST = new ScaleChoice(null, "robust");
  private static final ScaleChoice BYTES = new ScaleChoice(null, "bytes or none");

  private final Scaling fixed; // null: fitted on the training rows
  private final String name;

  private ScaleChoice(Scaling fixed, String name) {
    this.fixed = fixed;
    this.name = name;
  }

  /**
   * Chooses robust scaling for tables. For arrays, divides by 255 if the training inputs are stored
   * as bytes, or are integers in 0..255 with at least one above 127; otherwise standardises.
   *
   * @return the choice
   */
  public static ScaleChoice auto() {
    return AUTO;
  }

  /**
   * Divides by 255 where {@link #auto} does, and otherwise does not scale. This is for models that
   * do not store a scaling: only the division by 255 can be recognised from other rows.
   *
   * @return the choice
   */
  public static ScaleChoice bytesOrNone() {
    return BYTES;
  }

  /** {@return the choice that gives each feature mean 0 and deviation 1 over the training rows} */
  public static ScaleChoice standard() {
    return STANDARD;
  }

  /**
   * {@return the choice that scales each feature to 0..1 over the training rows; other rows may
   * exceed this range}
   */
  public static ScaleChoice minMax() {
    return MIN_MAX;
  }

  /**
   * Gives each feature median 0 and a range of 1 between the quartiles of the training rows, and
   * compresses outliers; see {@link Scaling#robust}.
   *
   * @return the choice
   */
  public static ScaleChoice robust() {
    return ROBUST;
  }

  /**
   * Chooses a given scaling, such as that of a model.
   *
   * @param scaling the scaling; if it has parameters per feature, the data must have that number of
   *     features
   * @return the choice
   */
  public static ScaleChoice fixed(Scaling scaling) {
    return new ScaleChoice(scaling, scaling.features().isEmpty() ? scaling.name() : FIXED);
  }

  /**
   * Returns a choice by its name on the command line.
   *
   * @param name {@code auto}, {@code none}, {@code 255}, {@code standard}, {@code minmax} or {@code
   *     robust}
   * @return the choice
   * @throws IllegalArgumentException if the name is unknown
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
   * {@return the name for {@link #named}, or {@code fixed} for a given scaling with parameters per
   * feature}
   */
  public String name() {
    return name;
  }

  /** {@return the given scaling, or null if the scaling is fitted on the training rows} */
  public Scaling fixed() {
    return fixed;
  }
}
