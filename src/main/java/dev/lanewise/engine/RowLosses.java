package dev.lanewise.engine;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.math.OutputBatch;
import dev.lanewise.kernel.math.OutputLosses;
import java.util.Locale;

/**
 * Losses of the rows of a mini-batch, and their gradients by the outputs of the network. What the
 * rows should have given stands here: labels or targets, and weights if they have some.
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
    scratch = new float[threads][Kernels.rowScratch(outputs)];
  }

  /** As {@link Backpropagation#smoothLabels} says. */
  void smoothLabels(double smoothing) {
    if (!(smoothing >= 0 && (float) smoothing < 1)) {
      throw new IllegalArgumentException(
          "label smoothing " + smoothing + ": must be from 0 to below 1");
    }
    if (smoothing > 0 && !loss.takesClasses()) {
      throw new IllegalArgumentException(
          "label smoothing with loss "
              + loss.name().toLowerCase(Locale.ROOT)
              + ": must be with softmax");
    }
    this.smoothing = (float) smoothing;
  }

  /** Floats of scratch for a row of outputs. */
  float[] scratch(int thread) {
    return scratch[thread];
  }

  /** Of rows from..to as training has them: with smoothed labels and weights. */
  void ofTraining(int from, int to, int rows, int thread) {
    of(from, to, rows, thread);
    if (smoothing > 0) {
      OutputLosses.smoothLabels(batch, from, to, smoothing, rows, scratch[thread]);
    }
    if (weights != null) {
      OutputLosses.weigh(batch, from, to, weights);
    }
  }

  /** Of rows from..to by themselves; the gradient's divisor is that of so many rows. */
  void of(int from, int to, int rows, int thread) {
    int parts = loss.takesClasses() ? 1 : batch.columns; // of a row's loss
    loss.rows.compute(batch, from, to, (float) ((long) rows * parts), scratch[thread]);
  }
}
