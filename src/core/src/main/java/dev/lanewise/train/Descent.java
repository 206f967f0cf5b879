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

  private final float[] weights;
  private final float[] gradient;
  private final float[][] state; // [arrays][parameters]

  private final Optimizer optimizer;
  private final WeightDecay decay;
  private final TrainingState run;
  private final double[] rates; // [groups of parameters], factors of the learning rate
  private final float[][] scalars; // [groups][2]
  private final float[] shrinking; // [groups], decoupled decay in this step

  /**
   * Makes the updates of a run.
   *
   * @param rates factors of the learning rate, one per group of parameters
   */
  Descent(
      Optimizer optimizer,
      WeightDecay decay,
      TrainingState run,
      float[] gradient,
      double... rates) {
    this.optimizer = optimizer;
    this.decay = decay;
    this.run = run;
    this.weights = run.trained;
    this.gradient = gradient;
    this.state = run.optimizer;
    this.rates = rates;
    this.scalars = new float[rates.length][2];
    this.shrinking = new float[rates.length];
  }

  /** Counts a step and computes its scalars. One thread calls this before the others start. */
  void beginStep(double learningRate) {
    run.steps++;
    for (int group = 0; group < rates.length; group++) {
      double rate = rates[group] * learningRate;
      shrinking[group] = (float) (rate * decay.rate);
      optimizer.prepare(rate, run.steps, scalars[group]);
    }
  }

  /**
   * Updates a range of weights by their gradient. No two threads may update the same weight.
   *
   * <p>When threads share a step, the caches of all threads hold each line of the weights, and the
   * first store to a line waits until the other caches have dropped it. One early store to each
   * line of a block lets the processor overlap these waits.
   */
  void applyToWeights(int group, int offset, int length, boolean shared) {
    int end = offset + length;
    int block = shared ? OWNED : length;
    for (int from = offset; from < end; from += block) {
      int count = Math.min(block, end - from);
      for (int i = from; shared && i < from + count; i += LINE) {
        weights[i] += -0f; // changes no number, but no compiler may omit the store
      }
      decay(group, from, count);
      apply(group, from, count);
    }
  }

  /** Decays weights; both forms of decay are steps of descent, x = fma(-eta, y, x). */
  private void decay(int group, int offset, int length) {
    if (decay.rate != 0) {
      if (decay.decoupled) {
        Updates.sgd(offset, length, shrinking[group], weights, weights);
      } else {
        Updates.sgd(offset, length, (float) -decay.rate, weights, gradient);
      }
    }
  }

  /** Updates a range of parameters that do not decay. */
  void apply(int group, int offset, int length) {
    optimizer.apply(gradient, weights, state, scalars[group], offset, length);
  }
}
