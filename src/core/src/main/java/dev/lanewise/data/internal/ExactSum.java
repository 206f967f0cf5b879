package dev.lanewise.data.internal;

import java.util.Arrays;

/**
 * A sum of doubles that is rounded once, whatever their order: it is kept as doubles whose bits do
 * not overlap. Source: Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust
 * Geometric Predicates", 1997.
 */
final class ExactSum {
  private double[] parts = new double[4]; // ascending in magnitude
  private int count;

  void add(double number) {
    double x = number;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      double y = parts[i];
      double high = x + y;
      double low =
          Math.abs(x) < Math.abs(y) ? x - (high - y) : y - (high - x); // what the sum has lost
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

  /** The double nearest to the sum; NaN or infinite if it has gone beyond the largest double. */
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
    // Exactly between two doubles the parts below decide; the sum was rounded to even.
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
