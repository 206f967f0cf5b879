package dev.lanewise.data.internal;

import java.io.Serializable;
import java.util.Arrays;

/**
 * An exact sum of doubles that is rounded once, so their order does not matter. The sum is kept as
 * doubles whose bits do not overlap. Source: Shewchuk, "Adaptive Precision Floating-Point
 * Arithmetic and Fast Robust Geometric Predicates", 1997.
 */
final class ExactSum implements Serializable {
  private static final long serialVersionUID = 1L;

  private double[] parts = new double[4]; // ascending in magnitude
  private int count;

  void add(double number) {
    double x = number;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      double y = parts[i];
      double high = x + y;
      double low =
          Math.abs(x) < Math.abs(y) ? x - (high - y) : y - (high - x); // rounding error of high
      if (low != 0) {
        parts[kept++] = low;
      }
      x = high;
    }
    if (kept == parts.length) {
      parts = Arrays.copyOf(parts, 2 * kept);
    }
    parts[kept++] = x;
    count = kept;
  }

  /** Adds the numbers of another sum. */
  void add(ExactSum other) {
    for (int i = 0; i < other.count; i++) {
      add(other.parts[i]);
    }
  }

  /** Returns the nearest double; NaN or infinite if the sum exceeded the largest double. */
  double value() {
    int i = count - 1;
    if (i < 0) {
      return 0;
    }
    double high = parts[i];
    double low = 0;
    while (i > 0 && low == 0) {
      double x = high;
      double y = parts[--i];
      high = x + y;
      low = y - (high - x);
    }
    // If the sum is halfway between two doubles, the next part decides the rounding.
    if (i > 0 && low != 0 && Math.signum(low) == Math.signum(parts[i - 1])) {
      double twice = 2 * low;
      double other = high + twice;
      if (twice == other - high) {
        high = other;
      }
    }
    return high;
  }
}
