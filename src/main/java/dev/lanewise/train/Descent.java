package dev.lanewise.train;

import dev.lanewise.kernel.math.Updates;

/**
 * The updates of one training run: weight decay and an optimizer, applied to ranges of the
 * parameters. Its only state is the number of steps and arrays in the layout of the parameters, so
 * threads can share a step by ranges, and a checkpoint can store the state.
 */
final class Descent {
  /** Weights whose cache lines a thread acquires before it updates them: 4 KB, to stay in L1. */
  private static final int OWNED = 1024;

  /** Floats in a cache line. */
  private static final int LINE = 16;

  final float[] weights;
  final float[] gradient;
  final float[][] state; // [arrays][parameters]
  final float[] scalars = new float[2];

  private final UpdateRule rule;
  private final WeightDecay decay;
  private final TrainingState run;
  private float shrinking; // of decoupled decay in this step

  /** Updates the parameters of a run, from its state on. */
  Descent(Optimizer optimizer, WeightDecay decay, TrainingState run, float[] gradient) {
    this.rule = optimizer.rule;
    this.decay = decay;
    this.run = run;
    this.weights = run.parameters;
    this.gradient = gradient;
    this.state = run.optimizer;
  }

  /** Counts a step and computes its scalars. One thread calls this before the others start. */
  void beginStep(double learningRate) {
    run.steps++;
    shrinking = (float) (learningRate * decay.rate);
    rule.prepare(learningRate, run.steps, scalars);
  }

  /**
   * Updates a range of weights by their gradient. No two threads may update the same weight.
   *
   * <p>When threads share a step, each cache line of the weights is in the caches of all threads,
   * which have read it, and the first store to it waits until the others have given it up. One
   * store for each line of a block, ahead of the update, lets the processor overlap these waits.
   */
  void applyToWeights(int offset, int length, boolean shared) {
    int end = offset + length;
    int block = shared ? OWNED : length;
    for (int from = offset; from < end; from += block) {
      int count = Math.min(block, end - from);
      for (int i = from; shared && i < from + count; i += LINE) {
        weights[i] += -0f; // changes no number, yet is a store that no compiler may omit
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
