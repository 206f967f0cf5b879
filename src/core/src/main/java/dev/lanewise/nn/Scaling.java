package dev.lanewise.nn;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.EnumLabels;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A transformation of raw features to network inputs. It is computed in double and rounded once, so
 * that the same value gives the same input whatever type stored it.
 */
public final class Scaling {
  /** What a scaling computes, and the names of its numbers. */
  public enum Kind {
    /** Features stay as they are. */
    NONE("", "", ""),
    /** {@code (float) (raw / divisor)}, with one divisor for all features. */
    DIVIDE("", "divisor", ""),
    /** {@code (float) ((raw - mean) / deviation)}; a deviation of 0 counts as 1. */
    STANDARD(
        "mean", "deviation", "has mean %s and deviation %s, expected finite numbers, not below 0"),
    /** {@code (float) ((raw - minimum) / (maximum - minimum))}; a range of 0 counts as 1. */
    MINMAX("minimum", "maximum", "goes from %s to %s, expected a finite range, not below 0"),
    /** {@code z / sqrt(1 + (z / 3)^2)} with {@code z = (raw - median) / range}. */
    ROBUST(
        "median",
        "range",
        "has median %s and range %s, expected finite numbers, the range not below 0");

    private final String first;
    private final String second;
    private final String problem;

    Kind(String first, String second, String problem) {
      this.first = first;
      this.second = second;
      this.problem = problem;
    }

    /** {@return what is subtracted from a feature: mean, minimum or median; else empty} */
    public String first() {
      return first;
    }

    /** {@return the name of the other number: divisor, deviation, maximum or range; else empty} */
    public String second() {
      return second;
    }

    private boolean allows(double first, double second) {
      double width = this == MINMAX ? second - first : second;
      return Double.isFinite(first)
          && (width >= 0 && Double.isFinite(width) || this == ROBUST && Double.isNaN(width));
    }
  }

  /** At this size of z and above, the result is the limit, so that z is not squared. */
  private static final double LARGE = 1e8;

  private static final double LIMIT = 3;
  private static final Scaling NONE = new Scaling(Kind.NONE, new double[0], new double[0]);

  private final Kind kind;
  final double[] first; // [features], never changed
  private final double[] second; // [features], never changed; a divisor is alone
  final double[] divisor; // of the difference to first, in the same layout as second

  private Scaling(Kind kind, double[] first, double[] second) {
    this.kind = kind;
    this.first = first;
    this.second = second;
    divisor = second.clone();
    for (int j = 0; j < first.length; j++) {
      divisor[j] -= kind == Kind.MINMAX ? first[j] : 0;
      divisor[j] = divisor[j] == 0 && kind != Kind.ROBUST ? 1 : divisor[j];
    }
  }

  /** {@return the scaling that leaves features unchanged} */
  public static Scaling none() {
    return NONE;
  }

  /**
   * Divides all features by one number, such as 255 for bytes.
   *
   * @param divisor finite and above 0
   * @return the scaling
   * @throws IllegalArgumentException if the divisor is not finite or not above 0
   */
  public static Scaling divide(double divisor) {
    if (!(divisor > 0 && divisor < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "scaling: divisor " + divisor + ", expected a finite number above 0");
    }
    return new Scaling(Kind.DIVIDE, new double[0], new double[] {divisor});
  }

  /**
   * Subtracts the mean from each feature and divides the difference by the standard deviation. A
   * deviation of 0 (a constant feature) counts as 1.
   *
   * @param mean [features], finite
   * @param deviation [features], finite, at least 0
   * @return the scaling
   * @throws IllegalArgumentException if a value is out of range or the lengths differ
   */
  public static Scaling standardise(double[] mean, double[] deviation) {
    return of(Kind.STANDARD, mean, deviation);
  }

  /**
   * Subtracts the minimum from each feature and divides the difference by the range, as
   * scikit-learn's {@code MinMaxScaler} does, so that the minimum becomes 0 and the maximum 1. A
   * range of 0 (a constant feature) counts as 1. Values outside the range are not clipped.
   *
   * @param minimum [features], finite
   * @param maximum [features], finite, at least the minimum; the difference must be finite, too
   * @return the scaling
   * @throws IllegalArgumentException if a value is out of range or the lengths differ
   */
  public static Scaling minMax(double[] minimum, double[] maximum) {
    return of(Kind.MINMAX, minimum, maximum);
  }

  /**
   * Subtracts the median from each feature, divides the difference by the range between the
   * quartiles, and maps the quotient z to {@code z / sqrt(1 + (z / 3)^2)}, which keeps outliers
   * between -3 and 3. Source: the preprocessing of RealMLP (Holzmueller, Grinsztajn, Steinwart:
   * "Better by default", NeurIPS 2024).
   *
   * <p>A range of 0 (a constant feature) makes the feature 0; a range of NaN leaves the feature
   * unchanged, such as the one-hot inputs of a category. A value that is not finite becomes NaN.
   *
   * @param median [features], finite
   * @param range [features], at least 0 and finite, or NaN
   * @return the scaling
   * @throws IllegalArgumentException if a value is out of range or the lengths differ
   */
  public static Scaling robust(double[] median, double[] range) {
    return of(Kind.ROBUST, median, range);
  }

  /**
   * Makes a scaling with two numbers of each feature.
   *
   * @param kind standard, minmax or robust
   * @param first mean, minimum or median, [features]
   * @param second deviation, maximum or range, [features]
   * @return the scaling
   * @throws IllegalArgumentException if a value is out of range or the lengths differ
   */
  public static Scaling of(Kind kind, double[] first, double[] second) {
    if (first.length != second.length) {
      throw new ArgumentException(
          "scaling: %s numbers of each %s, %s of each %s, expected as many of both",
          first.length, kind.first, second.length, kind.second);
    }
    for (int j = 0; j < first.length; j++) {
      if (!kind.allows(first[j], second[j])) {
        String problem = kind.problem.formatted(first[j], second[j]);
        throw new IllegalArgumentException("scaling: feature %s %s".formatted(j, problem));
      }
    }
    return new Scaling(kind, first.clone(), second.clone());
  }

  /** {@return what this computes} */
  public Kind kind() {
    return kind;
  }

  /** {@return whether features stay as they are} */
  public boolean isNone() {
    return kind == Kind.NONE;
  }

  /** {@return the means, minima or medians, [features], a copy; else empty} */
  public double[] first() {
    return first.clone();
  }

  /**
   * {@return the deviations, maxima or ranges, [features], a copy; the divisor alone; or empty}
   * Deviations and ranges of constant features are 0, the range of an unchanged feature is NaN.
   */
  public double[] second() {
    return second.clone();
  }

  /**
   * {@return what differences to {@link #first} are divided by, in the layout of {@link #second}, a
   * copy; 1 for constant features, but 0 in robust scalings}
   */
  public double[] divisor() {
    return divisor.clone();
  }

  /**
   * Scales one value.
   *
   * @param raw the value
   * @param feature the index of its feature
   * @return the input of the network
   */
  public float scale(double raw, int feature) {
    return switch (kind) {
      case NONE -> (float) raw;
      case DIVIDE -> (float) (raw / divisor[0]);
      case STANDARD, MINMAX -> (float) ((raw - first[feature]) / divisor[feature]);
      case ROBUST -> squashed(raw, first[feature], divisor[feature]);
    };
  }

  private static float squashed(double raw, double median, double width) {
    if (!Double.isFinite(raw)) {
      return Float.NaN; // the limits -3 and 3 would hide it from callers that refuse it
    } else if (Double.isNaN(width)) {
      return (float) raw;
    } else if (width == 0) {
      return 0;
    }
    double z = (raw - median) / width;
    if (Math.abs(z) > LARGE) {
      return (float) Math.copySign(LIMIT, z);
    }
    double third = z / LIMIT;
    return (float) (z / Math.sqrt(1 + third * third));
  }

  /**
   * Computes the inverse of {@link #scale} in double. The result equals the raw value except for
   * the rounding in {@link #scale}.
   *
   * @param scaled the input of the network
   * @param feature the index of its feature
   * @return the raw value
   */
  public double undo(double scaled, int feature) {
    if (kind == Kind.NONE || kind == Kind.ROBUST && Double.isNaN(divisor[feature])) {
      return scaled;
    } else if (kind == Kind.DIVIDE) {
      return scaled * divisor[0];
    } else if (kind == Kind.ROBUST) {
      double third = scaled / LIMIT;
      return first[feature] + divisor[feature] * (scaled / Math.sqrt(1 - third * third));
    }
    return scaled * divisor[feature] + first[feature];
  }

  /**
   * {@return the name for people and the command line: {@code none}, the divisor such as {@code
   * 255}, {@code standard}, {@code minmax} or {@code robust}}
   */
  public String name() {
    if (kind == Kind.DIVIDE) {
      boolean whole = divisor[0] == Math.rint(divisor[0]) && divisor[0] < 1e15;
      return whole ? Long.toString((long) divisor[0]) : Double.toString(divisor[0]);
    }
    return EnumLabels.of(kind);
  }

  /** {@return the number of features that a row must have; empty if any number is possible} */
  public OptionalInt features() {
    boolean isOfAny = kind == Kind.NONE || kind == Kind.DIVIDE;
    return isOfAny ? OptionalInt.empty() : OptionalInt.of(first.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Scaling that
        && kind == that.kind
        && Arrays.equals(first, that.first)
        && Arrays.equals(second, that.second);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(first) + Arrays.hashCode(second);
  }

  @Override
  public String toString() {
    return "Scaling[" + name() + "]";
  }
}
