package dev.lanewise.engine.internal;

import dev.lanewise.kernel.KernelSet;
import dev.lanewise.kernel.math.OutputBatch;
import dev.lanewise.kernel.math.OutputLosses;

/**
 * Losses of the rows of a mini-batch and their gradients with respect to the network's outputs. It
 * holds the labels or targets of the rows, and their weights if there are any.
 */
final class RowLosses {
  final Objective loss;
  final OutputBatch batch;
  float[] weights; // [maxRows]; null if all are 1

  private final float[][] scratch; // [threads]
  private float smoothing;

  RowLosses(
      Objective loss, int outputs, int maxRows, float[] logits, float[] gradient, int threads) {
    this.loss = loss;
    batch = new OutputBatch(maxRows, outputs, logits, gradient, loss.takesClasses());
    scratch = new float[threads][KernelSet.rowScratch(outputs)];
  }

  /** Checks and keeps the share, see {@link Backpropagation#smoothLabels}. */
  void smoothLabels(double smoothing) {
    if (!(smoothing >= 0 && (float) smoothing < 1)) {
      throw new IllegalArgumentException(
          "label smoothing " + smoothing + ", expected a number from 0 to below 1");
    }
    if (smoothing > 0 && !loss.takesClasses()) {
      throw new IllegalArgumentException(
          "label smoothing with loss "
              + loss.label()
              + ", expected label smoothing with softmax only");
    }
    this.smoothing = (float) smoothing;
  }

  /** Computes rows from..to for training: with smoothed labels and weights. */
  void ofTraining(int from, int to, int rows, int thread) {
    of(from, to, rows, thread);
    if (smoothing > 0) {
      OutputLosses.smoothLabels(batch, from, to, smoothing, rows, scratch[thread]);
    }
    if (weights != null) {
      OutputLosses.weigh(batch, from, to, weights);
    }
  }

  /** Computes rows from..to of a mini-batch of a given number of rows. */
  void of(int from, int to, int rows, int thread) {
    int parts = loss.takesClasses() ? 1 : batch.columns; // a row's loss is the mean of its parts
    loss.rows().compute(batch, from, to, (float) ((long) rows * parts), scratch[thread]);
  }
}
