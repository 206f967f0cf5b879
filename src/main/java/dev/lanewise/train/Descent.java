package dev.lanewise.train;

import dev.lanewise.kernel.Updates;

/**
 * An optimizer at work in one training run. All that it remembers is a number of steps and arrays
 * in the layout of the parameters, so threads can share a step, and a checkpoint can keep it.
 */
final class Descent {
  /** Weights that a thread owns ahead of their update: 4 KB, an eighth of an L1 cache. */
  private static final int OWNED = 1024;

  /** Floats of a cache line. */
  private static final int LINE = 16;

  final float[] weights;
  final float[] gradient;
  final float[][] state; // [arrays][parameters]
  final float[] scalars = new float[2];

  private final UpdateRule rule;
  private final WeightDecay decay;
  private final TrainingState run;
  private float shrinking; // of decoupled decay in this step

  /** Goes on from what a run remembers. */
  Descent(Optimizer optimizer, WeightDecay decay, TrainingState run, float[] gradient) {
    this.rule = (UpdateRule) optimizer; // there is no other
    this.decay = decay;
    this.run = run;
    this.weights = run.parameters;
    this.gradient = gradient;
    this.state = run.optimizer;
  }

  /** Counts a step and computes its scalars: by one thread, before the others start. */
  void beginStep(double learningRate) {
    run.steps++;
    shrinking = (float) (learningRate * decay.rate);
    rule.prepare(learningRate, run.steps, scalars);
  }

  /**
   * Updates a range of weights by their gradient; no two threads the same. Where threads share the
   * step, all have read all weights, and the first store to a cache line waits until the other
   * caches have given it up. Stores of one value a line wait together, those of an update each for
   * itself, so the lines of a block are claimed before they are updated (Adam on two threads: two
   * thirds of the time).
   */
  void applyToWeights(int offset, int length, boolean shared) {
    int end = offset + length;
    int block = shared ? OWNED : length;
    for (int from = offset; from < end; from += block) {
      int count = Math.min(block, end - from);
      for (int i = from; shared && i < from + count; i += LINE) {
        weights[i] += -0f; // which changes no number, and no compiler may leave it out for that
      }
      decay(from, count);
      rule.apply(this, from, count);
    }
  }

  /** Both forms of decay are steps of descent: x = fma(-eta, y, x). */
  private void decay(int offset, int length) {
    if (decay.rate != 0) {
      if (decay.decoupled) {
        Updates.sgd(offset, length, shrinking, weights, weights);
      } else {
        Updates.sgd(offset, length, (float) -decay.rate, weights, gradient);
      }
    }
  }

  /** Updates a range of biases. */
  void applyToBiases(int offset, int length) {
    rule.apply(this, offset, length);
  }
}
