package dev.lanewise.kernel.math;

import dev.lanewise.kernel.simd.Fma;

/**
 * Losses of outputs against numbers, row by row, and their gradients. A row's loss is the mean over
 * its outputs, summed in the order of {@link Rows}; an element of the gradient is what its loss
 * contributes, over a divisor: rows of the mini-batch times outputs.
 *
 * <p>One scalar version serves beside both twins: the last layer is narrow, so its loss takes a
 * small part of a step.
 *
 * <p>All matrices are [row][columns] without gaps; row from is the first that is read or written.
 * The gradient may be the outputs themselves. The scratch has {@link Rows#scratch} floats.
 */
public final class OutputLosses {
  private OutputLosses() {}

  /**
   * Sigmoid cross entropy from logits x: {@code max(x, 0) - x t + log(1 + exp(-|x|))}, whose
   * gradient is {@code (s(x) - t) / divisor}; no exponential overflows.
   *
   * @param batch its gradient and losses are overwritten
   * @param from first row
   * @param to behind the last row
   * @param divisor rows of the mini-batch times columns
   * @param scratch lost
   */
  public static void sigmoidCrossEntropy(
      OutputBatch batch, int from, int to, float divisor, float[] scratch) {
    for (int i = from; i < to; i++) {
      for (int j = 0, at = i * batch.columns; j < batch.columns; j++, at++) {
        float x = batch.outputs[at];
        float t = batch.targets[at];
        float e = Elementary.exp(-Math.abs(x));
        float u = 1f + e;
        // The logarithm of 1 + e, not of u: what the sum has lost of e is added to first order.
        float log = Elementary.log(u) + (e - (u - 1f)) / u;
        scratch[j] = Fma.fma(-x, t, x < 0 ? 0f : x) + log;
        batch.gradient[at] = (ScalarActivation.sigmoid(x) - t) / divisor;
      }
      batch.losses[i] = Rows.sum(batch.columns, scratch) / batch.columns;
    }
  }

  /**
   * Squared error {@code d^2} with d = y - t, whose gradient is {@code 2 d / divisor}.
   *
   * @param batch its gradient and losses are overwritten
   * @param from first row
   * @param to behind the last row
   * @param divisor rows of the mini-batch times columns
   * @param scratch lost
   */
  public static void squaredError(
      OutputBatch batch, int from, int to, float divisor, float[] scratch) {
    for (int i = from; i < to; i++) {
      for (int j = 0, at = i * batch.columns; j < batch.columns; j++, at++) {
        float d = batch.outputs[at] - batch.targets[at];
        scratch[j] = d * d;
        batch.gradient[at] = 2f * d / divisor;
      }
      batch.losses[i] = Rows.sum(batch.columns, scratch) / batch.columns;
    }
  }

  /**
   * Huber's loss with delta 1: {@code d^2 / 2} where |d| is at most 1, else {@code |d| - 1/2}; its
   * gradient is {@code d / divisor}, with d held between -1 and 1.
   *
   * @param batch its gradient and losses are overwritten
   * @param from first row
   * @param to behind the last row
   * @param divisor rows of the mini-batch times columns
   * @param scratch lost
   */
  public static void huber(OutputBatch batch, int from, int to, float divisor, float[] scratch) {
    for (int i = from; i < to; i++) {
      for (int j = 0, at = i * batch.columns; j < batch.columns; j++, at++) {
        float d = batch.outputs[at] - batch.targets[at];
        float a = Math.abs(d);
        scratch[j] = a > 1f ? a - 0.5f : 0.5f * d * d;
        batch.gradient[at] = (d > 1f ? 1f : d < -1f ? -1f : d) / divisor;
      }
      batch.losses[i] = Rows.sum(batch.columns, scratch) / batch.columns;
    }
  }

  /**
   * Label smoothing, on what softmax cross entropy has computed: the target is the one-hot label
   * times 1 - smoothing, plus smoothing / columns everywhere. That adds {@code smoothing (x[label]
   * - mean of x)} to a row's loss, {@code smoothing / divisor} to the label's gradient, and takes
   * {@code smoothing / columns / divisor} from every gradient (Szegedy, Vanhoucke, Ioffe, Shlens
   * and Wojna, "Rethinking the Inception Architecture for Computer Vision", 2016).
   *
   * @param batch its gradient and losses are changed; the gradient has not overwritten the outputs
   * @param from first row
   * @param to behind the last row
   * @param smoothing from 0 to below 1
   * @param divisor rows of the mini-batch
   * @param scratch lost
   */
  public static void smoothLabels(
      OutputBatch batch, int from, int to, float smoothing, float divisor, float[] scratch) {
    float more = smoothing / divisor;
    float less = smoothing / batch.columns / divisor;
    for (int i = from; i < to; i++) {
      int row = i * batch.columns;
      System.arraycopy(batch.outputs, row, scratch, 0, batch.columns);
      float mean = Rows.sum(batch.columns, scratch) / batch.columns;
      batch.losses[i] =
          Fma.fma(smoothing, batch.outputs[row + batch.labels[i]] - mean, batch.losses[i]);
      batch.gradient[row + batch.labels[i]] += more;
      for (int j = row; j < row + batch.columns; j++) {
        batch.gradient[j] -= less;
      }
    }
  }

  /**
   * Multiplies each row's loss and gradient by its weight.
   *
   * @param batch its gradient and losses are changed
   * @param from first row
   * @param to behind the last row
   * @param weights [rows]
   */
  public static void weigh(OutputBatch batch, int from, int to, float[] weights) {
    for (int i = from; i < to; i++) {
      batch.losses[i] *= weights[i];
      for (int j = i * batch.columns; j < (i + 1) * batch.columns; j++) {
        batch.gradient[j] *= weights[i];
      }
    }
  }
}
