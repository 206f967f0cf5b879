package dev.lanewise.train;

import dev.lanewise.kernel.math.Updates;

/**
 * Momentum and Nesterov's momentum, see {@link Updates#momentum} and {@link Updates#nesterov}. The
 * velocity starts at 0, so the first step with momentum equals that of plain descent.
 */
record Momentum(double momentum, boolean nesterov) implements UpdateRule {
  Momentum {
    Ranges.belowOne("momentum", momentum);
  }

  @Override
  public int arrays() {
    return 1;
  }

  @Override
  public void prepare(double learningRate, long step, float[] scalars) {
    scalars[0] = (float) learningRate;
  }

  @Override
  public void apply(Descent d, float[] scalars, int offset, int length) {
    float eta = scalars[0];
    float mu = (float) momentum;
    float[] velocities = d.state[0];
    if (nesterov) {
      Updates.nesterov(offset, length, eta, mu, d.gradient, d.weights, velocities);
    } else {
      Updates.momentum(offset, length, eta, mu, d.gradient, d.weights, velocities);
    }
  }
}
