package dev.lanewise.nn;

import java.util.OptionalInt;

/**
 * How raw features become the inputs of a network. Computed in double and rounded once, so that the
 * same number gives the same input whatever type it was stored as.
 */
public sealed interface Scaling permits FeatureScaling, Scaling.None, Scaling.Divide {

  /**
   * Features are taken as they are.
   *
   * @return the scaling
   */
  static Scaling none() {
    return None.ONE;
  }

  /**
   * Features are divided by one number, such as 255 for bytes.
   *
   * @param divisor finite and above 0
   * @return the scaling
   * @throws IllegalArgumentException if the divisor is another
   */
  static Scaling divide(double divisor) {
    return new Divide(divisor);
  }

  /**
   * From every feature its mean is subtracted, and the difference is divided by its deviation. A
   * deviation of 0 (a constant feature) counts as 1.
   *
   * @param mean [features], finite
   * @param deviation [features], finite, not below 0
   * @return the scaling
   * @throws IllegalArgumentException if the arrays are others or not equally long
   */
  static Scaling standardise(double[] mean, double[] deviation) {
    return new Standardise(mean, deviation);
  }

  /**
   * From every feature its minimum is subtracted, and the difference is divided by the range, so
   * that these two become 0 and 1, as scikit-learn's {@code MinMaxScaler} has it. A range of 0 (a
   * constant feature) counts as 1. Numbers beyond the range go beyond 0 and 1: nothing is clipped.
   *
   * @param minimum [features], finite
   * @param maximum [features], finite, not below the minimum, and no more than the largest double
   *     above it
   * @return the scaling
   * @throws IllegalArgumentException if the arrays are others or not equally long
   */
  static Scaling minMax(double[] minimum, double[] maximum) {
    return new MinMax(minimum, maximum);
  }

  /**
   * From every feature its median is subtracted, the difference is divided by the range between its
   * quartiles, and the quotient z becomes {@code z / sqrt(1 + (z / 3)^2)}, which keeps outliers
   * between -3 and 3. Source: the preprocessing of RealMLP (Holzmueller, Grinsztajn, Steinwart:
   * "Better by default", NeurIPS 2024).
   *
   * <p>A range of 0 (a constant feature) makes the feature 0; a range of NaN says that the feature
   * is taken as it is, such as the inputs that stand for a category. A number that is not finite
   * becomes NaN.
   *
   * @param median [features], finite
   * @param range [features], not below 0 and finite, or NaN
   * @return the scaling
   * @throws IllegalArgumentException if the arrays are others or not equally long
   */
  static Scaling robust(double[] median, double[] range) {
    return new Robust(median, range);
  }

  /**
   * Scales one number.
   *
   * @param raw the number
   * @param feature which feature it is
   * @return the input of the network
   */
  float scale(double raw, int feature);

  /**
   * What a number was before it was scaled: the inverse of the formula of {@link #scale}, in double
   * throughout. Of what {@link #scale} gave it is the raw number up to the rounding there.
   *
   * @param scaled the input of the network
   * @param feature which feature it is
   * @return the raw number
   */
  double undo(double scaled, int feature);

  /**
   * The name for people and the command line.
   *
   * @return {@code none}, the divisor such as {@code 255}, {@code standard}, {@code minmax} or
   *     {@code robust}
   */
  String name();

  /**
   * How many features a row must have.
   *
   * @return their number, or nothing if any number will do
   */
  default OptionalInt features() {
    return OptionalInt.empty();
  }

  /** Features as they are. */
  record None() implements Scaling {
    /** One for all: two of them would be compared by what the JVM takes 20 ms to make at first. */
    static final Scaling ONE = new None();

    @Override
    public float scale(double raw, int feature) {
      return (float) raw;
    }

    @Override
    public double undo(double scaled, int feature) {
      return scaled;
    }

    @Override
    public String name() {
      return "none";
    }
  }

  /**
   * Division by one number: {@code (float) (raw / divisor)}.
   *
   * @param divisor finite and above 0
   */
  record Divide(double divisor) implements Scaling {
    /**
     * Checks the divisor.
     *
     * @param divisor finite and above 0
     */
    public Divide {
      if (!(divisor > 0 && divisor < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "scaling: divisor " + divisor + ", expected a finite number above 0");
      }
    }

    @Override
    public float scale(double raw, int feature) {
      return (float) (raw / divisor);
    }

    @Override
    public double undo(double scaled, int feature) {
      return scaled * divisor;
    }

    @Override
    public String name() {
      boolean whole = divisor == Math.rint(divisor) && divisor < 1e15;
      return whole ? Long.toString((long) divisor) : Double.toString(divisor);
    }
  }

  /** Mean and deviation of each feature: {@code (float) ((raw - mean) / deviation)}. */
  final class Standardise extends FeatureScaling {
    final double[] mean; // [features]
    final double[] divisor; // [features], the deviation or 1

    private Standardise(double[] mean, double[] deviation) {
      super("standard", "mean", mean, "deviation", deviation);
      this.mean = first;
      this.divisor = deviation.clone();
      for (int i = 0; i < mean.length; i++) {
        if (!Double.isFinite(mean[i]) || !Double.isFinite(deviation[i]) || deviation[i] < 0) {
          throw wrong(
              i,
              "has mean %s and deviation %s, expected finite numbers, not below 0",
              mean[i],
              deviation[i]);
        }
        divisor[i] = deviation[i] == 0 ? 1 : deviation[i];
      }
    }

    /**
     * The means.
     *
     * @return [features], a copy
     */
    public double[] mean() {
      return first.clone();
    }

    /**
     * The deviations.
     *
     * @return [features], a copy; 0 where a feature was constant
     */
    public double[] deviation() {
      return second.clone();
    }

    @Override
    public float scale(double raw, int feature) {
      return (float) ((raw - mean[feature]) / divisor[feature]);
    }

    @Override
    public double undo(double scaled, int feature) {
      return scaled * divisor[feature] + mean[feature];
    }
  }

  /** Minimum and maximum of each feature: {@code (float) ((raw - min) / (max - min))}. */
  final class MinMax extends FeatureScaling {
    final Standardise range; // the same formula of the minimum and the range

    private MinMax(double[] minimum, double[] maximum) {
      super("minmax", "minimum", minimum, "maximum", maximum);
      double[] ranges = maximum.clone();
      for (int i = 0; i < ranges.length; i++) {
        ranges[i] -= minimum[i];
        if (!(ranges[i] >= 0 && ranges[i] < Double.POSITIVE_INFINITY)) {
          throw wrong(
              i,
              "goes from %s to %s, expected a finite range, not below 0",
              minimum[i],
              maximum[i]);
        }
      }
      range = new Standardise(minimum, ranges);
    }

    /**
     * The minima.
     *
     * @return [features], a copy
     */
    public double[] minimum() {
      return first.clone();
    }

    /**
     * The maxima.
     *
     * @return [features], a copy
     */
    public double[] maximum() {
      return second.clone();
    }

    @Override
    public float scale(double raw, int feature) {
      return range.scale(raw, feature);
    }

    @Override
    public double undo(double scaled, int feature) {
      return range.undo(scaled, feature);
    }
  }

  /**
   * Median and range of each feature: with {@code z = (raw - median) / range}, {@code (float) (z /
   * sqrt(1 + (z / 3) (z / 3)))}.
   */
  final class Robust extends FeatureScaling {
    /** Beyond this a square is of no use any more: the result is the limit. */
    private static final double LARGE = 1e8;

    private static final double LIMIT = 3;

    /** A range of 0 is that of a constant, NaN says that the feature is taken as it is. */
    private Robust(double[] median, double[] range) {
      super("robust", "median", median, "range", range);
      for (int i = 0; i < median.length; i++) {
        boolean sound = Double.isNaN(range[i]) || range[i] >= 0 && Double.isFinite(range[i]);
        if (!Double.isFinite(median[i]) || !sound) {
          throw wrong(
              i,
              "has median %s and range %s, expected finite numbers, the range not below 0",
              median[i],
              range[i]);
        }
      }
    }

    /**
     * The medians.
     *
     * @return [features], a copy
     */
    public double[] median() {
      return first.clone();
    }

    /**
     * The ranges between the quartiles.
     *
     * @return [features], a copy; 0 where a feature was constant, NaN where it is taken as it is
     */
    public double[] range() {
      return second.clone();
    }

    @Override
    public float scale(double raw, int feature) {
      double width = second[feature];
      if (!Double.isFinite(raw)) {
        return Float.NaN; // the limits would hide it from those who refuse such numbers
      } else if (Double.isNaN(width)) {
        return (float) raw;
      } else if (width == 0) {
        return 0;
      }
      double z = (raw - first[feature]) / width;
      if (Math.abs(z) > LARGE) {
        return (float) Math.copySign(LIMIT, z);
      }
      double third = z / LIMIT;
      return (float) (z / Math.sqrt(1 + third * third));
    }

    @Override
    public double undo(double scaled, int feature) {
      double width = second[feature];
      if (Double.isNaN(width)) {
        return scaled;
      }
      double third = scaled / LIMIT;
      return first[feature] + width * (scaled / Math.sqrt(1 - third * third));
    }
  }
}
