package dev.lanewise.train;

/** The formula of an {@link Optimizer}, without state: a {@link Descent} holds that of a run. */
interface UpdateRule {
  /** Returns the number of state arrays, each in the layout of the parameters and 0 at first. */
  int arrays();

  /** Returns whether the last state array holds means of squares, which are never negative. */
  default boolean hasSquares() {
    return false;
  }

  /** Computes the scalars of a step, at most two, from the learning rate; the first step is 1. */
  void prepare(double learningRate, long step, float[] scalars);

  /** Updates a range of the parameters by their gradient with the scalars of the step. */
  void apply(Descent descent, float[] scalars, int offset, int length);
}
