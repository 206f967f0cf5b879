package dev.lanewise.train;

/**
 * What the trainer knows of an {@link Optimizer}: two functions without state. What a run has to
 * remember is in its {@link Descent}.
 */
sealed interface UpdateRule extends Optimizer permits Sgd, Momentum, RmsProp, Adam {
  /** How many arrays it remembers, each in the layout of the parameters and 0 at first. */
  int arrays();

  /** What all parameters have in common in a step, the first of which is 1; at most two. */
  void prepare(double learningRate, long step, float[] scalars);

  /** Updates a range of the parameters by their gradient. */
  void apply(Descent descent, int offset, int length);

  /** Refuses what is not from 0 to below 1: 1 would keep everything and learn nothing. */
  static void checkKept(String name, double kept) {
    if (!(kept >= 0 && (float) kept < 1)) {
      throw new IllegalArgumentException(
          name + " " + kept + ": must be from 0 to below 1, as float32");
    }
  }

  /** Refuses 0 too: a parameter that never had a gradient would become 0 / 0. */
  static void checkEpsilon(double epsilon) {
    float rounded = (float) epsilon;
    if (!(rounded > 0 && rounded < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "epsilon " + epsilon + ": must be a finite number above 0, as float32");
    }
  }
}
