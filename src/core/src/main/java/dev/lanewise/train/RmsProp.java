package dev.lanewise.train;

import dev.lanewise.kernel.math.Updates;

/** RMSProp, see {@link Updates#rmsProp}. */
record RmsProp(double beta, double epsilon, Updates.Averages averages) implements UpdateRule {
  RmsProp(double beta, double epsilon) {
    this(beta, epsilon, Updates.Averages.of(0, beta, epsilon));
  }

  RmsProp {
    Ranges.belowOne("beta", beta);
    Ranges.positive("epsilon", epsilon);
  }

  @Override
  public int arrays() {
    return 1;
  }

  @Override
  public boolean hasSquares() {
    return true;
  }

  @Override
  public void prepare(double learningRate, long step, float[] scalars) {
    scalars[0] = (float) learningRate;
  }

  @Override
  public void apply(Descent d, float[] scalars, int offset, int length) {
    Updates.rmsProp(offset, length, scalars[0], averages, d.gradient, d.weights, d.state[0]);
  }
}
