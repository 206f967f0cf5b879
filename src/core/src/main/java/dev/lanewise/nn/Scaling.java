package dev.lanewise.nn;

import java.util.OptionalInt;

/**
 * A transformation of raw features to network inputs. It is computed in double and rounded once, so
 * that the same value gives the same input whatever type stored it.
 */
public sealed interface Scaling permits FeatureScaling, Scaling.None, Scaling.Divide {

  /** {@return the scaling that leaves features unchanged} */
  static Scaling none() {
    return None.ONE;
  }

  /**
   * Divides all features by one number, such as 255 for bytes.
   *
   * @param divisor finite and above 0
   * @return the scaling
   * @throws IllegalArgumentException if the divisor is not finite or not above 0
   */
  static Scaling divide(double divisor) {
    return new Divide(divisor);
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
  static Scaling standardise(double[] mean, double[] deviation) {
    return new Standardise(mean, deviation);
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
  static Scaling minMax(double[] minimum, double[] maximum) {
    return new MinMax(minimum, maximum);
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
  static Scaling robust(double[] median, double[] range) {
    return new Robust(median, range);
  }

  /**
   * Scales one value.
   *
   * @param raw the value
   * @param feature the index of its feature
   * @return the input of the network
   */
  float scale(double raw, int feature);

  /**
   * Computes the inverse of {@link #scale} in double. The result equals the raw value except for
   * the rounding in {@link #scale}.
   *
   * @param scaled the input of the network
   * @param feature the index of its feature
   * @return the raw value
   */
  double undo(double scaled, int feature);

  /**
   * {@return the name for people and the command line: {@code none}, the divisor such as {@code
   * 255}, {@code standard}, {@code minmax} or {@code robust}}
   */
  String name();

  /** {@return the number of features that a row must have; empty if any number is possible} */
  default OptionalInt features() {
    return OptionalInt.empty();
  }

  /** Leaves features unchanged. */
  record None() implements Scaling {
    /** The shared instance; comparing two instances costs the JVM 20 ms the first time. */
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

  /** Mean and standard deviation per feature: {@code (float) ((raw - mean) / deviation)}. */
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

    /** {@return the means, [features], a copy} */
    public double[] mean() {
      return first.clone();
    }

    /** {@return the standard deviations, [features], a copy; 0 for a constant feature} */
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

  /** Minimum and maximum per feature: {@code (float) ((raw - min) / (max - min))}. */
  final class MinMax extends FeatureScaling {
    final Standardise range; // computes the formula with mean = minimum and deviation = range

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

    /** {@return the minima, [features], a copy} */
    public double[] minimum() {
      return first.clone();
    }

    /** {@return the maxima, [features], a copy} */
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
   * Median and range between the quartiles per feature: {@code (float) (z / sqrt(1 + (z / 3) (z /
   * 3)))} with {@code z = (raw - median) / range}.
   */
  final class Robust extends FeatureScaling {
    /** At this size of z and above, the result is the limit, so that z is not squared. */
    private static final double LARGE = 1e8;

    private static final double LIMIT = 3;

    /** Accepts a range of 0 for a constant feature and NaN for an unchanged one. */
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

    /** {@return the medians, [features], a copy} */
    public double[] median() {
      return first.clone();
    }

    /**
     * {@return the ranges between the quartiles, [features], a copy; 0 for a constant feature, NaN
     * for an unchanged one}
     */
    public double[] range() {
      return second.clone();
    }

    @Override
    public float scale(double raw, int feature) {
      double width = second[feature];
      if (!Double.isFinite(raw)) {
        return Float.NaN; // the limits -3 and 3 would hide it from callers that refuse it
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
