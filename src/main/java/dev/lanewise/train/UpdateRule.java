package dev.lanewise.train;

/**
 * The formula of an {@link Optimizer}: functions without state. What a run has to remember from
 * step to step is in its {@link Descent}.
 */
interface UpdateRule {
  /** The number of state arrays, each in the layout of the parameters and 0 at first. */
  int arrays();

  /** Whether the last of these holds means of squares, which are never negative. */
  default boolean hasSquares() {
    return false;
  }

  /**
   * Computes the scalars of a step, at most two, from the rate of some parameters. Steps count from
   * 1.
   */
  void prepare(double learningRate, long step, float[] scalars);

  /** Updates a range of the parameters by their gradient, with the scalars of the step. */
  void apply(Descent descent, float[] scalars, int offset, int length);
}
