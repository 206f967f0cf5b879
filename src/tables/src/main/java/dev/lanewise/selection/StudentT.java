package dev.lanewise.selection;

/**
 * Student's t distribution. Its tail is an integral of the density over the points {@code t +
 * exp(pi / 2 sinh x)}, which the trapezoidal rule sums for evenly spaced x (Takahasi and Mori,
 * "Double exponential formulas for numerical integration", 1974), with a relative error below
 * 1e-10.
 */
final class StudentT {
  private static final int POINTS = 257;
  private static final double STEP = 1.0 / 32; // x is from -4 to 4

  /** The distances of the points from t, and their weights. */
  private static final double[] DISTANCES = new double[POINTS];

  private static final double[] WEIGHTS = new double[POINTS];

  static {
    for (int i = 0; i < POINTS; i++) {
      double x = (i - POINTS / 2) * STEP;
      DISTANCES[i] = StrictMath.exp(Math.PI / 2 * StrictMath.sinh(x));
      WEIGHTS[i] = STEP * Math.PI / 2 * StrictMath.cosh(x) * DISTANCES[i];
    }
  }

  private StudentT() {}

  /** Returns the probability of a value at least as far from 0 as t. */
  static double twoSided(double t, double degrees) {
    return tail(Math.abs(t), degrees) / tail(0, degrees);
  }

  /** Returns the t for which {@link #twoSided} is the given probability, between 0 and 1. */
  static double twoSidedQuantile(double probability, double degrees) {
    double all = tail(0, degrees);
    double t = 0;
    double before = -1;
    while (t > before) { // Newton's method ascends from 0, as the tail is convex
      before = t;
      t += (tail(t, degrees) - probability * all) / density(t, degrees);
    }
    return t;
  }

  /** Returns the integral of the density from t on. */
  private static double tail(double t, double degrees) {
    double sum = 0;
    for (int i = 0; i < POINTS; i++) {
      sum += WEIGHTS[i] * density(t + DISTANCES[i], degrees);
    }
    return sum;
  }

  /** Returns the density at t relative to that at 0. */
  private static double density(double t, double degrees) {
    return StrictMath.exp(-(degrees + 1) / 2 * StrictMath.log1p(t * t / degrees));
  }
}
