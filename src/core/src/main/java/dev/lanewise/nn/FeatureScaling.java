package dev.lanewise.nn;

import dev.lanewise.format.ArgumentException;
import java.util.Arrays;
import java.util.OptionalInt;

/** A scaling with two parameters per feature. */
abstract sealed class FeatureScaling implements Scaling
    permits Scaling.Standardise, Scaling.MinMax, Scaling.Robust {
  private final String name;
  final double[] first; // [features], never changed
  final double[] second; // [features], never changed

  FeatureScaling(
      String name, String firstName, double[] first, String secondName, double[] second) {
    this.name = name;
    this.first = first.clone();
    this.second = second.clone();
    if (first.length != second.length) {
      throw new ArgumentException(
          "scaling: %s numbers of each %s, %s of each %s, expected as many of both",
          first.length, firstName, second.length, secondName);
    }
  }

  /** Returns the exception for invalid parameters of a feature. */
  static IllegalArgumentException wrong(int feature, String problem, Object... parts) {
    return new IllegalArgumentException(
        "scaling: feature %s ".formatted(feature) + problem.formatted(parts));
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final OptionalInt features() {
    return OptionalInt.of(first.length);
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof FeatureScaling that
        && name.equals(that.name)
        && Arrays.equals(first, that.first)
        && Arrays.equals(second, that.second);
  }

  @Override
  public final int hashCode() {
    return 31 * Arrays.hashCode(first) + Arrays.hashCode(second);
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + first.length + " features]";
  }
}
