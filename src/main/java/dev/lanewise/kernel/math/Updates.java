package dev.lanewise.kernel.math;

import dev.lanewise.kernel.simd.Fma;

/**
 * What a step of an optimizer does to parameters: each formula once, with its rounding steps, as a
 * plain loop.
 *
 * <p>There is no vector twin, for none is faster: C2 makes vectors of a loop whose indices are all
 * its counter. And a loop makes no garbage until it is compiled, as vectors do.
 *
 * <p>What an optimizer remembers is never subnormal: some processors take 20 times as long for such
 * numbers, and where a unit has died its gradients are 0, and its means would shrink until they
 * are. So each update of the state ends with rounding it, R:
 *
 * <pre>
 * R(x) = (x + 1.5 * 2^-103) - 1.5 * 2^-103          two roundings
 * </pre>
 *
 * <p>R gives multiples of 2^-126, the least normal number, below 2^-104. From there to 2^-78 it may
 * move a number by one unit in the last place, by two below 2^-103, and above it changes nothing.
 * -0 becomes +0. Weights are not rounded.
 *
 * <p>All arrays have the layout of the parameters and share one offset; threads may share a step,
 * each with a range of its own.
 */
public final class Updates {
  /**
   * What moving averages keep, and what is added to their roots, each rounded once.
   *
   * @param beta1 what the mean of gradients keeps
   * @param rest1 beta1' = 1 - beta1
   * @param beta2 what the mean of squares keeps
   * @param rest2 beta2' = 1 - beta2
   * @param epsilon added to the root of the mean of squares
   */
  public record Averages(float beta1, float rest1, float beta2, float rest2, float epsilon) {
    /**
     * Rounds the numbers.
     *
     * @param beta1 what the mean of gradients keeps
     * @param beta2 what the mean of squares keeps
     * @param epsilon added to the root of the mean of squares
     * @return the averages
     */
    public static Averages of(double beta1, double beta2, double epsilon) {
      return new Averages(
          (float) beta1, (float) (1 - beta1), (float) beta2, (float) (1 - beta2), (float) epsilon);
    }
  }

  /** Its last bit is the least normal number, so a sum with something small has no bit below. */
  private static final float ROUNDER = 0x1.8p-103f;

  private Updates() {}

  /**
   * Stochastic gradient descent: {@code w = fma(-eta, g, w)}.
   *
   * @param offset where the range starts, in both arrays
   * @param length number of parameters
   * @param eta the learning rate
   * @param gradient g; may be the weights themselves, which then shrink
   * @param weights w, updated
   */
  public static void sgd(int offset, int length, float eta, float[] gradient, float[] weights) {
    for (int i = offset; i < offset + length; i++) {
      weights[i] = Fma.fma(-eta, gradient[i], weights[i]);
    }
  }

  /**
   * Gradient descent with momentum: {@code u = R(fma(mu, u, g))}, {@code w = fma(-eta, u, w)}.
   *
   * @param offset where the range starts, in all three arrays
   * @param length number of parameters
   * @param eta the learning rate
   * @param mu the momentum
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
   * Nesterov's momentum: {@code u = R(fma(mu, u, g))}, {@code w = fma(-eta, fma(mu, u, g), w)}.
   *
   * @param offset where the range starts, in all three arrays
   * @param length number of parameters
   * @param eta the learning rate
   * @param mu the momentum
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
   * RMSProp, one rounding an operation:
   *
   * <pre>
   * v = R(fma(beta' * g, g, beta * v))         three roundings and those of R
   * w = fma(-eta, g / (sqrt(v) + epsilon), w)          four
   * </pre>
   *
   * @param offset where the range starts, in all three arrays
   * @param length number of parameters
   * @param eta the learning rate
   * @param averages beta is beta2
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
   * Adam, one rounding an operation:
   *
   * <pre>
   * m = R(fma(beta1', g, beta1 * m))                  two roundings and those of R
   * v = R(fma(beta2' * g, g, beta2 * v))              three and those of R
   * d = fma(correction, sqrt(v), epsilon)             two
   * w = fma(-stepSize, m / d, w)                      two
   * </pre>
   *
   * @param offset where the range starts, in all four arrays
   * @param length number of parameters
   * @param averages beta1, beta2 and epsilon
   * @param stepSize the learning rate over the bias correction of m
   * @param correction 1 over the root of the bias correction of v
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

  /** R of the formulas: what an optimizer may remember. */
  private static float rounded(float state) {
    return (state + ROUNDER) - ROUNDER;
  }

  /** The square root, rounded once: through double it is exactly that of float arithmetic. */
  private static float root(float x) {
    return (float) Math.sqrt(x);
  }
}
