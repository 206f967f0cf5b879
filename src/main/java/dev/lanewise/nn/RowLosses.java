package dev.lanewise.nn;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.OutputLosses;

/**
 * Losses of the rows of a mini-batch, and their gradients by the outputs of the network. What the
 * rows should have given stands here: labels or targets, and weights if they have some.
 */
final class RowLosses {
  final Loss loss;
  final int[] labels; // [maxRows]
  final float[] targets; // [maxRows][outputs]; null for a loss that takes classes
  final float[] values; // [maxRows], the losses
  final int[] predicted; // [maxRows]
  float[] weights; // [maxRows]; null if all are 1

  private final int outputs;
  private final float[] logits; // [maxRows][outputs], what the last layer gives
  private final float[] gradient; // [maxRows][outputs]
  private final float[][] scratch; // [threads]
  private float smoothing;

  RowLosses(Loss loss, int outputs, int maxRows, float[] logits, float[] gradient, int threads) {
    this.loss = loss;
    this.outputs = outputs;
    this.logits = logits;
    this.gradient = gradient;
    labels = new int[maxRows];
    targets = loss.takesClasses() ? null : new float[ForwardPass.size(maxRows, outputs)];
    values = new float[maxRows];
    predicted = new int[maxRows];
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
          "label smoothing with loss " + loss.label() + ": must be with softmax");
    }
    this.smoothing = (float) smoothing;
  }

  /** Floats of scratch for a row of outputs. */
  float[] scratch(int thread) {
    return scratch[thread];
  }

  /** Of rows from..to as training has them: with smoothed labels and weights. */
  void ofTraining(int from, int to, int batch, int thread) {
    of(from, to, batch, thread);
    if (smoothing > 0) {
      OutputLosses.smoothLabels(
          from, to, outputs, smoothing, logits, labels, batch, gradient, values, scratch[thread]);
    }
    if (weights != null) {
      OutputLosses.weigh(from, to, outputs, weights, gradient, values);
    }
  }

  /** Of rows from..to by themselves; the gradient's divisor is that of so many rows. */
  void of(int from, int to, int batch, int thread) {
    float[] row = scratch[thread];
    float divisor = (float) ((long) batch * outputs);
    if (loss == Loss.SIGMOID) {
      OutputLosses.sigmoidCrossEntropy(
          from, to, outputs, logits, targets, divisor, gradient, values, row);
    } else if (loss == Loss.MSE) {
      OutputLosses.squaredError(from, to, outputs, logits, targets, divisor, gradient, values, row);
    } else if (loss == Loss.HUBER) {
      OutputLosses.huber(from, to, outputs, logits, targets, divisor, gradient, values, row);
    } else {
      softmax(from, to, batch, row);
    }
  }

  private void softmax(int from, int to, int batch, float[] row) {
    int offset = from * outputs;
    Kernels.active()
        .softmaxCrossEntropy(
            to - from, outputs, logits, offset, outputs, labels, from, batch, gradient, offset,
            outputs, values, from, predicted, from, row);
  }
}
