package dev.lanewise.kernel.math;

import dev.lanewise.kernel.simd.Fma;

/**
 * The updates of parameters in a step of an optimizer: each formula with its rounding steps, as a
 * plain loop.
 *
 * <p>There is only a scalar version, because C2 vectorises a loop in which every index is its
 * counter. Until it is compiled, code on the Vector API allocates objects; a plain loop does not.
 *
 * <p>The state of an optimizer is never subnormal. Some processors take 20 times as long for
 * subnormal numbers, and the averages of a unit whose gradients stay 0 would become subnormal. So
 * each update of the state ends with the rounding R:
 *
 * <pre>
 * R(x) = (x + 1.5 * 2^-103) - 1.5 * 2^-103          two roundings
 * </pre>
 *
 * <p>Below 2^-104, R gives multiples of 2^-126, the least normal number. From 2^-104 to 2^-78 it
 * may change a number by one unit in the last place, or by two below 2^-103. Above 2^-78 it changes
 * nothing. -0 becomes +0. Weights are not rounded.
 *
 * <p>All arrays have the layout of the parameters and share one offset. Several threads may do a
 * step, each with its own range.
 */
public final class Updates {
  /**
   * The factors of moving averages and the term that is added to their roots, each rounded to float
   * once.
   *
   * @param beta1 factor of the previous mean of gradients
   * @param rest1 beta1' = 1 - beta1
   * @param beta2 factor of the previous mean of squares
   * @param rest2 beta2' = 1 - beta2
   * @param epsilon added to the root of the mean of squares
   */
  public record Averages(float beta1, float rest1, float beta2, float rest2, float epsilon) {
    /**
     * Rounds the values to float.
     *
     * @param beta1 factor of the previous mean of gradients
     * @param beta2 factor of the previous mean of squares
     * @param epsilon added to the root of the mean of squares
     */
    public static Averages of(double beta1, double beta2, double epsilon) {
      return new Averages(
          (float) beta1, (float) (1 - beta1), (float) beta2, (float) (1 - beta2), (float) epsilon);
    }
  }

  /** The last bit of this is the least normal number, so adding it removes all lower bits. */
  private static final float ROUNDER = 0x1.8p-103f;

  private Updates() {}

  /**
   * Takes a step of stochastic gradient descent: {@code w = fma(-eta, g, w)}.
   *
   * @param gradient g; may be the array of the weights, which weight decay uses
   * @param weights w, updated
   */
  public static void sgd(int offset, int length, float eta, float[] gradient, float[] weights) {
    for (int i = offset; i < offset + length; i++) {
      weights[i] = Fma.fma(-eta, gradient[i], weights[i]);
    }
  }

  /**
   * Takes a step of gradient descent with momentum: {@code u = R(fma(mu, u, g))}, {@code w =
   * fma(-eta, u, w)}.
   *
   * @param gradient g
   * @param weights w, updated
   * @param velocities u, updated
   */
  public static void momentum(
      int offset,
      int length,
      float eta,
      float mu,
      float[] gradient,
      float[] weights,
      float[] velocities) {
    for (int i = offset; i < offset + length; i++) {
      float u = rounded(Fma.fma(mu, velocities[i], gradient[i]));
      velocities[i] = u;
      weights[i] = Fma.fma(-eta, u, weights[i]);
    }
  }

  /**
   * Takes a step with Nesterov's momentum: {@code u = R(fma(mu, u, g))}, {@code w = fma(-eta,
   * fma(mu, u, g), w)}.
   *
   * @param gradient g
   * @param weights w, updated
   * @param velocities u, updated
   */
  public static void nesterov(
      int offset,
      int length,
      float eta,
      float mu,
      float[] gradient,
      float[] weights,
      float[] velocities) {
    for (int i = offset; i < offset + length; i++) {
      float g = gradient[i];
      float u = rounded(Fma.fma(mu, velocities[i], g));
      velocities[i] = u;
      weights[i] = Fma.fma(-eta, Fma.fma(mu, u, g), weights[i]);
    }
  }

  /**
   * Takes a step of RMSProp, with one rounding per operation:
   *
   * <pre>
   * v = R(fma(beta' * g, g, beta * v))         three roundings and those of R
   * w = fma(-eta, g / (sqrt(v) + epsilon), w)          four
   * </pre>
   *
   * @param gradient g
   * @param weights w, updated
   * @param squares v, updated
   */
  public static void rmsProp(
      int offset,
      int length,
      float eta,
      Averages averages,
      float[] gradient,
      float[] weights,
      float[] squares) {
    float beta = averages.beta2;
    float rest = averages.rest2;
    float epsilon = averages.epsilon;
    for (int i = offset; i < offset + length; i++) {
      float g = gradient[i];
      float v = rounded(Fma.fma(rest * g, g, beta * squares[i]));
      squares[i] = v;
      weights[i] = Fma.fma(-eta, g / (root(v) + epsilon), weights[i]);
    }
  }

  /**
   * Takes a step of Adam, with one rounding per operation:
   *
   * <pre>
   * m = R(fma(beta1', g, beta1 * m))                  two roundings and those of R
   * v = R(fma(beta2' * g, g, beta2 * v))              three and those of R
   * d = fma(correction, sqrt(v), epsilon)             two
   * w = fma(-stepSize, m / d, w)                      two
   * </pre>
   *
   * @param stepSize the learning rate divided by the bias correction of m
   * @param correction 1 divided by the square root of the bias correction of v
   * @param gradient g
   * @param weights w, updated
   * @param state m and v, updated
   */
  public static void adam(
      int offset,
      int length,
      Averages averages,
      float stepSize,
      float correction,
      float[] gradient,
      float[] weights,
      float[][] state) {
    float beta1 = averages.beta1;
    float rest1 = averages.rest1;
    float beta2 = averages.beta2;
    float rest2 = averages.rest2;
    float epsilon = averages.epsilon;
    float[] means = state[0];
    float[] squares = state[1];
    for (int i = offset; i < offset + length; i++) {
      float g = gradient[i];
      float m = rounded(Fma.fma(rest1, g, beta1 * means[i]));
      float v = rounded(Fma.fma(rest2 * g, g, beta2 * squares[i]));
      means[i] = m;
      squares[i] = v;
      float d = Fma.fma(correction, root(v), epsilon);
      weights[i] = Fma.fma(-stepSize, m / d, weights[i]);
    }
  }

  /** Returns R(state), as the class comment defines it. */
  private static float rounded(float state) {
    return (state + ROUNDER) - ROUNDER;
  }

  /** Returns the square root, rounded once: the detour through double changes no bit. */
  private static float root(float x) {
    return (float) Math.sqrt(x);
  }
}
