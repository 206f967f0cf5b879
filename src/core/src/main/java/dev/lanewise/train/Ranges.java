package dev.lanewise.train;

import dev.lanewise.format.ArgumentException;

/** Refuses values of options that are outside their ranges, including NaN. */
final class Ranges {
  private Ranges() {}

  /** Returns a whole number that is at least a least one. */
  static int atLeast(int least, String name, int value) {
    require(value >= least, name, value, "a whole number from " + least);
    return value;
  }

  /** Returns a number that is at least 0 and finite as float32. */
  static double notNegative(String name, double value) {
    require(
        value >= 0 && (float) value < Float.POSITIVE_INFINITY,
        name,
        value,
        "a number from 0 to 3.4e38");
    return value;
  }

  /** Returns a number that is above 0 and finite as float32. */
  static double positive(String name, double value) {
    float rounded = (float) value;
    require(
        rounded > 0 && rounded < Float.POSITIVE_INFINITY,
        name,
        value,
        "a number above 0, as float32 has them (1.4e-45 to 3.4e38)");
    return value;
  }

  /** Returns a number from 0 to below 1: with a rate of 1 a moving average would never change. */
  static double belowOne(String name, double value) {
    require(
        value >= 0 && (float) value < 1,
        name,
        value,
        "a number from 0 to below 1, as float32 has them");
    return value;
  }

  static void require(boolean inRange, String name, Object value, String expected) {
    if (!inRange) {
      throw ArgumentException.of(name, value, expected);
    }
  }
}
