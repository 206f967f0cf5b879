package dev.lanewise.bench;

/** Computes some thousands of outputs of a product by its definition. */
final class Reference {
  private final Shape shape;
  private final Operands operands;
  private final Work work;

  Reference(Shape shape, Operands operands, Work work) {
    this.shape = shape;
    this.operands = operands;
    this.work = work;
  }

  /**
   * Fails if a result is wrong. A result must be exact to the last bit or, for other libraries,
   * which add in another order, within the error of a float sum.
   *
   * @param c [m][n]
   * @param exact whether every bit must be right
   */
  void check(float[] c, boolean exact) {
    int rowStep = step(shape.m());
    int columnStep = step(shape.n());
    for (int i = shape.m() - 1; i >= 0; i -= rowStep) {
      for (int j = shape.n() - 1; j >= 0; j -= columnStep) {
        check(i, j, c[i * shape.n() + j], exact);
      }
    }
  }

  /**
   * Returns a step without a common factor with tiles of 6 rows and 16 lanes, so that the check
   * reaches every position of a tile.
   */
  private static int step(int length) {
    int step = Math.max(1, length / 40);
    while (step % 2 == 0 || (step > 1 && step % 3 == 0)) {
      step++;
    }
    return step;
  }

  private void check(int i, int j, float actual, boolean exact) {
    float chain = work == Work.BIAS_RELU ? operands.bias()[j] : 0;
    double sum = chain;
    for (int p = 0; p < shape.k(); p++) {
      float x = operands.a()[transposedA() ? p * shape.m() + i : i * shape.k() + p];
      float y = operands.b()[transposedB() ? j * shape.k() + p : p * shape.n() + j];
      chain = Math.fma(x, y, chain);
      sum += (double) x * y;
    }
    if (zero(chain, i, j)) {
      chain = 0;
    }
    if (zero((float) sum, i, j)) {
      sum = 0;
    }
    boolean right =
        exact
            ? Float.floatToIntBits(actual) == Float.floatToIntBits(chain)
            : Math.abs(actual - sum) <= 1e-6 * (10 + shape.k());
    if (!right) {
      throw new AssertionError(
          shape + ": element (" + i + ", " + j + ") is " + actual + ", must be " + chain);
    }
  }

  private boolean zero(float sum, int i, int j) {
    return switch (work) {
      case PLAIN -> false;
      case BIAS_RELU -> sum < 0;
      case RELU_MASK -> !(operands.mask()[i * shape.n() + j] > 0);
    };
  }

  private boolean transposedA() {
    return shape.orientation() == Orientation.TN;
  }

  private boolean transposedB() {
    return shape.orientation() == Orientation.NT;
  }
}
