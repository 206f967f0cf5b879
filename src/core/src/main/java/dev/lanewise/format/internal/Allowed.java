package dev.lanewise.format.internal;

import dev.lanewise.format.ArgumentException;

/**
 * The numbers that an array in a file may have. A checksum does not show that a file is sensible,
 * as whoever changes a file can compute it again. So every reader states here what its array
 * contains, and an error names the array if it contains something else.
 */
public enum Allowed {
  /** Any number. */
  FINITE("finite numbers", -Double.MAX_VALUE, Double.MAX_VALUE, false),

  /** Any number that is stored as float32, whatever type the file has. */
  FINITE_FLOATS("finite float32 numbers", -Float.MAX_VALUE, Float.MAX_VALUE, false),

  /** Any number, or NaN where there is none. */
  FINITE_OR_NAN("finite numbers or NaN", -Double.MAX_VALUE, Double.MAX_VALUE, true),

  /** Such as deviations and distances. */
  FROM_ZERO("finite numbers from 0", 0, Double.MAX_VALUE, false),

  /** The same, or NaN where there is none. */
  FROM_ZERO_OR_NAN("finite numbers from 0, or NaN", 0, Double.MAX_VALUE, true),

  /** Such as divisors. */
  ABOVE_ZERO("finite numbers above 0", Double.MIN_VALUE, Double.MAX_VALUE, false),

  /** Shares, probabilities, and flags that are integers. */
  FROM_ZERO_TO_ONE("numbers from 0 to 1", 0, 1, false),

  /** Losses that were only measured, which may have overflowed; NaN without rows. */
  LOSSES("losses or NaN", -Double.MAX_VALUE, Double.POSITIVE_INFINITY, true),

  /**
   * Accuracies and R2; NaN without rows, and where the targets hardly differ. Of rows whose weights
   * differ by many powers of ten, a perfect accuracy may be rounded to more than 1.
   */
  SCORES("scores up to 1, or NaN", Double.NEGATIVE_INFINITY, 1 + 1e-9, true),

  /** Means of inputs that are not scaled. */
  FROM_MINUS_ONE_TO_ONE("numbers from -1 to 1", -1, 1, false);

  private final String expected;
  private final double least;
  private final double most;
  private final boolean mayBeNan;

  Allowed(String expected, double least, double most, boolean mayBeNan) {
    this.expected = expected;
    this.least = least;
    this.most = most;
    this.mayBeNan = mayBeNan;
  }

  /**
   * {@return the numbers of an array}
   *
   * @param name the name of the array
   * @param numbers its elements
   * @throws IllegalArgumentException if a number is not allowed
   */
  public double[] in(String name, double... numbers) {
    for (int i = 0; i < numbers.length; i++) {
      if (!allows(numbers[i])) {
        throw new ArgumentException(
            "%s has %s at element %s, expected %s", name, numbers[i], i, expected);
      }
    }
    return numbers;
  }

  /** {@return whether a number may be in the array} */
  public boolean allows(double number) {
    return number >= least && number <= most || mayBeNan && Double.isNaN(number);
  }

  /** {@return a description of the numbers, for messages} */
  @Override
  public String toString() {
    return expected;
  }

  /**
   * {@return numbers of an array, each of which is at least the one before}
   *
   * @param name the name of the array
   * @param numbers its elements, of which none is NaN
   * @throws IllegalArgumentException if a number is less than the one before
   */
  public static double[] ascending(String name, double... numbers) {
    for (int i = 1; i < numbers.length; i++) {
      if (!(numbers[i] >= numbers[i - 1])) {
        throw new ArgumentException(
            "%s has %s before %s at element %s, expected ascending numbers",
            name, numbers[i - 1], numbers[i], i);
      }
    }
    return numbers;
  }
}
