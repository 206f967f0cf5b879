package dev.lanewise.kernel.math;

import dev.lanewise.kernel.simd.Fma;

/**
 * Losses of outputs with numeric targets, row by row, and their gradients. A row's loss is the mean
 * over its outputs, summed in the order of {@link Rows}. Each element of the gradient is divided by
 * a divisor, the number of rows of the mini-batch times the number of outputs.
 *
 * <p>There is only a scalar version, because the last layer is narrow, so its loss takes a small
 * part of a step.
 *
 * <p>All matrices are [row][columns] without gaps. Only the rows from {@code from} to {@code to},
 * exclusive, are read or written. The gradient may be the array of the outputs. The scratch has
 * {@link RowMath#scratch} floats.
 */
public final class OutputLosses {
  private OutputLosses() {}

  /**
   * Computes the sigmoid cross entropy from logits x: {@code max(x, 0) - x t + log(1 + exp(-|x|))},
   * whose gradient is {@code (sigmoid(x) - t) / divisor}. No exponential overflows.
   *
   * @param batch its gradient and losses are overwritten
   * @param divisor rows of the mini-batch times columns
   */
  public static void sigmoidCrossEntropy(
      OutputBatch batch, int from, int to, float divisor, float[] scratch) {
    for (int i = from; i < to; i++) {
      for (int j = 0, at = i * batch.columns; j < batch.columns; j++, at++) {
        float x = batch.outputs[at];
        float t = batch.targets[at];
        scratch[j] = Fma.fma(-x, t, x < 0 ? 0f : x) + Elementary.log1pExp(-Math.abs(x));
        batch.gradient[at] = (Nonlinearity.sigmoid(x) - t) / divisor;
      }
      batch.losses[i] = RowMath.sum(batch.columns, scratch) / batch.columns;
    }
  }

  /**
   * Computes the squared error {@code d^2} with d = y - t, whose gradient is {@code 2 d / divisor}.
   *
   * @param batch its gradient and losses are overwritten
   * @param divisor rows of the mini-batch times columns
   */
  public static void squaredError(
      OutputBatch batch, int from, int to, float divisor, float[] scratch) {
    for (int i = from; i < to; i++) {
      for (int j = 0, at = i * batch.columns; j < batch.columns; j++, at++) {
        float d = batch.outputs[at] - batch.targets[at];
        scratch[j] = d * d;
        batch.gradient[at] = 2f * d / divisor;
      }
      batch.losses[i] = RowMath.sum(batch.columns, scratch) / batch.columns;
    }
  }

  /**
   * Computes Huber's loss with delta 1: {@code d^2 / 2} where |d| is at most 1, else {@code |d| -
   * 1/2}. Its gradient is {@code d / divisor}, with d clipped to the range from -1 to 1.
   *
   * @param batch its gradient and losses are overwritten
   * @param divisor rows of the mini-batch times columns
   */
  public static void huber(OutputBatch batch, int from, int to, float divisor, float[] scratch) {
    for (int i = from; i < to; i++) {
      for (int j = 0, at = i * batch.columns; j < batch.columns; j++, at++) {
        float d = batch.outputs[at] - batch.targets[at];
        float a = Math.abs(d);
        scratch[j] = a > 1f ? a - 0.5f : 0.5f * d * d;
        batch.gradient[at] = (d > 1f ? 1f : d < -1f ? -1f : d) / divisor;
      }
      batch.losses[i] = RowMath.sum(batch.columns, scratch) / batch.columns;
    }
  }

  /**
   * Computes the absolute error {@code |d|} with d = y - t, whose gradient is the sign of d over
   * the divisor, and 0 where d is 0.
   *
   * @param batch its gradient and losses are overwritten
   * @param divisor rows of the mini-batch times columns
   */
  public static void absoluteError(
      OutputBatch batch, int from, int to, float divisor, float[] scratch) {
    for (int i = from; i < to; i++) {
      for (int j = 0, at = i * batch.columns; j < batch.columns; j++, at++) {
        float d = batch.outputs[at] - batch.targets[at];
        scratch[j] = Math.abs(d);
        batch.gradient[at] = (d > 0 ? 1f : d < 0 ? -1f : d) / divisor; // NaN stays
      }
      batch.losses[i] = RowMath.sum(batch.columns, scratch) / batch.columns;
    }
  }

  /**
   * Computes the pinball loss: with d = y - t, {@code (1 - level) d} where d is above 0, else
   * {@code -level d}. Its gradient is {@code 1 - level} or {@code -level} over the divisor, and 0
   * where d is 0.
   *
   * @param batch its gradient and losses are overwritten
   * @param level the level of the quantile, above 0 and below 1
   * @param divisor rows of the mini-batch times columns
   */
  public static void pinball(
      OutputBatch batch, int from, int to, float level, float divisor, float[] scratch) {
    for (int i = from; i < to; i++) {
      for (int j = 0, at = i * batch.columns; j < batch.columns; j++, at++) {
        float d = batch.outputs[at] - batch.targets[at];
        float slope = d > 0 ? 1f - level : -level;
        scratch[j] = slope * d;
        batch.gradient[at] = (d > 0 || d < 0 ? slope : d) / divisor; // NaN stays
      }
      batch.losses[i] = RowMath.sum(batch.columns, scratch) / batch.columns;
    }
  }

  /**
   * Applies label smoothing to the loss and gradient of softmax cross entropy. The target becomes
   * the one-hot label times 1 - smoothing, plus smoothing / columns for every class. That adds
   * {@code smoothing (x[label] - mean of x)} to a row's loss and {@code smoothing / divisor} to the
   * label's gradient, and subtracts {@code smoothing / columns / divisor} from every gradient
   * (Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, "Rethinking the Inception Architecture for
   * Computer Vision", 2016).
   *
   * @param batch its gradient and losses are changed; its gradient must not be the array of the
   *     outputs
   * @param smoothing at least 0 and below 1
   * @param divisor rows of the mini-batch
   */
  public static void smoothLabels(
      OutputBatch batch, int from, int to, float smoothing, float divisor, float[] scratch) {
    float more = smoothing / divisor;
    float less = smoothing / batch.columns / divisor;
    for (int i = from; i < to; i++) {
      int row = i * batch.columns;
      System.arraycopy(batch.outputs, row, scratch, 0, batch.columns);
      float mean = RowMath.sum(batch.columns, scratch) / batch.columns;
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
