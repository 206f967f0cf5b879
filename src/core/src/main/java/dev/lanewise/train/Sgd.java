package dev.lanewise.train;

import dev.lanewise.kernel.math.Updates;

/** Plain gradient descent, see {@link Updates#sgd}. */
record Sgd() implements UpdateRule {
  @Override
  public int arrays() {
    return 0;
  }

  @Override
  public void prepare(double learningRate, long step, float[] scalars) {
    scalars[0] = (float) learningRate;
  }

  @Override
  public void apply(Descent d, float[] scalars, int offset, int length) {
    Updates.sgd(offset, length, scalars[0], d.gradient, d.weights);
  }
}
