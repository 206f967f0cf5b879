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
  final float[] scalars = new float[3];

  private final UpdateRule rule;
  private final TrainingState run;

  /** Goes on from what a run remembers. */
  Descent(Optimizer optimizer, TrainingState run, float[] gradient) {
    this.rule = (UpdateRule) optimizer; // there is no other
    this.run = run;
    this.weights = run.parameters;
    this.gradient = gradient;
    this.state = run.optimizer;
  }

  /** Counts a step and computes its scalars: by one thread, before the others start. */
  void beginStep(double learningRate) {
    run.steps++;
    rule.prepare(learningRate, run.steps, scalars);
  }

  /** Updates a range of the parameters by their gradient; no two threads the same. */
  void apply(int offset, int length) {
    rule.apply(this, offset, length);
  }
}
