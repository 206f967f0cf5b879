package dev.lanewise.nn;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * How raw features become the inputs of a network. Computed in double and rounded once, so that the
 * same number gives the same input whatever type it was stored as.
 */
public sealed interface Scaling {

  /**
   * Features are taken as they are.
   *
   * @return the scaling
   */
  static Scaling none() {
    return new None();
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
   * Scales one number.
   *
   * @param raw the number
   * @param feature which feature it is
   * @return the input of the network
   */
  float scale(double raw, int feature);

  /**
   * The name for people and the command line.
   *
   * @return {@code none}, the divisor such as {@code 255}, or {@code standard}
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
    @Override
    public float scale(double raw, int feature) {
      return (float) raw;
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
    public String name() {
      boolean whole = divisor == Math.rint(divisor) && divisor < 1e15;
      return whole ? Long.toString((long) divisor) : Double.toString(divisor);
    }
  }

  /** Mean and deviation of each feature: {@code (float) ((raw - mean) / deviation)}. */
  final class Standardise implements Scaling {
    private final double[] mean; // [features]
    private final double[] deviation; // [features], as given: a 0 is written as 0
    private final double[] divisor; // [features], the deviation or 1

    private Standardise(double[] mean, double[] deviation) {
      if (mean.length != deviation.length) {
        throw new IllegalArgumentException(
            "scaling: %s means, %s deviations, expected as many"
                .formatted(mean.length, deviation.length));
      }
      this.mean = mean.clone();
      this.deviation = deviation.clone();
      this.divisor = deviation.clone();
      for (int i = 0; i < mean.length; i++) {
        if (!Double.isFinite(mean[i]) || !Double.isFinite(deviation[i]) || deviation[i] < 0) {
          throw new IllegalArgumentException(
              "scaling: feature %s has mean %s and deviation %s, expected finite numbers, not below 0"
                  .formatted(i, mean[i], deviation[i]));
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
      return mean.clone();
    }

    /**
     * The deviations.
     *
     * @return [features], a copy; 0 where a feature was constant
     */
    public double[] deviation() {
      return deviation.clone();
    }

    @Override
    public float scale(double raw, int feature) {
      return (float) ((raw - mean[feature]) / divisor[feature]);
    }

    @Override
    public String name() {
      return "standard";
    }

    @Override
    public OptionalInt features() {
      return OptionalInt.of(mean.length);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Standardise that
          && Arrays.equals(mean, that.mean)
          && Arrays.equals(deviation, that.deviation);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(mean) + Arrays.hashCode(deviation);
    }

    @Override
    public String toString() {
      return "Standardise[" + mean.length + " features]";
    }
  }
}
