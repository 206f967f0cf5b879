package dev.lanewise.engine.internal;

import dev.lanewise.kernel.math.Updates;

/**
 * A rule by which a gradient changes parameters, as PyTorch defines it: an immutable value. The
 * page on arithmetic has the formulas with their roundings.
 */
public final class UpdateRule {
  private final int arrays;
  private final boolean looksAhead; // as Nesterov's momentum does
  private final Updates.Averages averages; // null without means of squares
  private final double[] factors; // of the momentum or the means

  private UpdateRule(int arrays, boolean looksAhead, Updates.Averages averages, double... factors) {
    this.arrays = arrays;
    this.looksAhead = looksAhead;
    this.averages = averages;
    this.factors = factors;
  }

  /** {@return {@code w -= eta * g}} */
  public static UpdateRule descent() {
    return new UpdateRule(0, false, null);
  }

  /** {@return {@code u = momentum * u + g}, {@code w -= eta * u}} */
  public static UpdateRule momentum(double momentum) {
    return new UpdateRule(1, false, null, momentum);
  }

  /** {@return Nesterov's momentum, {@code w -= eta * (momentum * u + g)}} */
  public static UpdateRule nesterov(double momentum) {
    return new UpdateRule(1, true, null, momentum);
  }

  /**
   * {@return {@code v = beta * v + (1 - beta) * g^2}, {@code w -= eta * g / (sqrt(v) + epsilon)}}
   */
  public static UpdateRule rmsProp(double beta, double epsilon) {
    return new UpdateRule(1, false, Updates.Averages.of(0, beta, epsilon));
  }

  /** {@return Adam} */
  public static UpdateRule adam(double beta1, double beta2, double epsilon) {
    return new UpdateRule(2, false, Updates.Averages.of(beta1, beta2, epsilon), beta1, beta2);
  }

  /** {@return the number of state arrays, each in the layout of the parameters and 0 at first} */
  public int arrays() {
    return arrays;
  }

  /** {@return whether the last state array holds means of squares, which are never negative} */
  public boolean hasSquares() {
    return averages != null;
  }

  /**
   * Computes the scalars of step t = 1, 2, ... in double, and rounds them once. They are the
   * learning rate eta; for Adam {@code eta / (1 - beta1^t)} and {@code 1 / sqrt(1 - beta2^t)}.
   */
  void prepare(double learningRate, long step, float[] scalars) {
    if (arrays == 2) {
      scalars[0] = (float) (learningRate / (1 - power(factors[0], step)));
      scalars[1] = (float) (1 / Math.sqrt(1 - power(factors[1], step)));
    } else {
      scalars[0] = (float) learningRate;
    }
  }

  /** Updates a range of the parameters by their gradient with the scalars of the step. */
  void apply(
      float[] gradient, float[] weights, float[][] state, float[] scalars, int offset, int length) {
    float eta = scalars[0];
    if (arrays == 0) {
      Updates.sgd(offset, length, eta, gradient, weights);
    } else if (arrays == 2) {
      Updates.adam(offset, length, averages, eta, scalars[1], gradient, weights, state);
    } else if (averages != null) {
      Updates.rmsProp(offset, length, eta, averages, gradient, weights, state[0]);
    } else if (looksAhead) {
      Updates.nesterov(offset, length, eta, (float) factors[0], gradient, weights, state[0]);
    } else {
      Updates.momentum(offset, length, eta, (float) factors[0], gradient, weights, state[0]);
    }
  }

  /**
   * Computes a power by repeated squaring. The result is the same on every platform, and unlike
   * {@code StrictMath.pow} the method allocates nothing before C2 compiles it.
   */
  private static double power(double base, long exponent) {
    double power = 1;
    double square = base;
    for (long bits = exponent; bits > 0; bits >>= 1) {
      if ((bits & 1) != 0) {
        power *= square;
      }
      square *= square;
    }
    return power;
  }
}
