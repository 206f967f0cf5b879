package dev.lanewise.train;

/** Plain gradient descent: {@link dev.lanewise.kernel.Kernels#sgd}. */
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
  public void apply(Descent d, int offset, int length) {
    d.kernels.sgd(length, d.scalars[0], d.gradient, offset, d.weights, offset);
  }
}
