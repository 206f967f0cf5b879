package dev.lanewise.train;

import dev.lanewise.kernel.math.Updates;

/**
 * Adam, see {@link Updates#adam}. The scalars of step t are computed in double and rounded once:
 *
 * <pre>
 * stepSize = eta / (1 - beta1^t)
 * correction = 1 / sqrt(1 - beta2^t)
 * </pre>
 */
record Adam(double beta1, double beta2, double epsilon, Updates.Averages averages)
    implements UpdateRule {
  Adam(double beta1, double beta2, double epsilon) {
    this(beta1, beta2, epsilon, Updates.Averages.of(beta1, beta2, epsilon));
  }

  Adam {
    Ranges.belowOne("beta1", beta1);
    Ranges.belowOne("beta2", beta2);
    Ranges.positive("epsilon", epsilon);
  }

  @Override
  public int arrays() {
    return 2;
  }

  @Override
  public boolean hasSquares() {
    return true;
  }

  @Override
  public void prepare(double learningRate, long step, float[] scalars) {
    scalars[0] = (float) (learningRate / (1 - power(beta1, step)));
    scalars[1] = (float) (1 / Math.sqrt(1 - power(beta2, step)));
  }

  @Override
  public void apply(Descent d, float[] scalars, int offset, int length) {
    Updates.adam(offset, length, averages, scalars[0], scalars[1], d.gradient, d.weights, d.state);
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
