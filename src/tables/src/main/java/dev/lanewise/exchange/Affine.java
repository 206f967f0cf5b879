package dev.lanewise.exchange;

import dev.lanewise.nn.Scaling;
import java.util.Arrays;

/**
 * The two numbers of each feature in a scaling {@code (raw - offset) / divisor}, to which a robust
 * scaling then applies a function.
 *
 * @param offset [features]
 * @param divisor [features]; 0 is replaced by 1, except for the ranges of a robust scaling
 */
record Affine(double[] offset, double[] divisor) {
  /** Returns the numbers of a scaling per feature. */
  static Affine of(Scaling scaling) {
    if (scaling instanceof Scaling.Robust robust) {
      return new Affine(robust.median(), robust.range());
    }
    if (scaling instanceof Scaling.MinMax minMax) {
      double[] ranges = minMax.maximum();
      double[] minimum = minMax.minimum();
      Arrays.setAll(ranges, i -> ranges[i] - minimum[i]);
      return of(minimum, ranges);
    }
    Scaling.Standardise standard = (Scaling.Standardise) scaling;
    return of(standard.mean(), standard.deviation());
  }

  /** Divides constant features by 1. */
  private static Affine of(double[] offset, double[] range) {
    return new Affine(offset, Arrays.stream(range).map(r -> r == 0 ? 1 : r).toArray());
  }
}
