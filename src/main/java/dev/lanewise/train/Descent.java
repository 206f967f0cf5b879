package dev.lanewise.train;

import dev.lanewise.kernel.Kernels;

/**
 * An optimizer at work in one training run. All that it remembers is a number of steps and arrays
 * in the layout of the parameters, so threads can share a step, and a checkpoint can keep it.
 */
final class Descent {
  final Kernels kernels = Kernels.active();
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

  /** Updates a range of weights by their gradient; no two threads the same. */
  void applyToWeights(int offset, int length) {
    if (decay.rate != 0) {
      // Both are the kernel of descent: x = fma(-eta, y, x).
      if (decay.decoupled) {
        kernels.sgd(length, shrinking, weights, offset, weights, offset);
      } else {
        kernels.sgd(length, (float) -decay.rate, weights, offset, gradient, offset);
      }
    }
    rule.apply(this, offset, length);
  }

  /** Updates a range of biases. */
  void applyToBiases(int offset, int length) {
    rule.apply(this, offset, length);
  }
}
