package dev.lanewise.kernel;

/**
 * Losses of outputs against numbers, row by row, and their gradients. A row's loss is the mean over
 * its outputs, summed in the order of {@link Kernels}; an element of the gradient is what its loss
 * contributes, over a divisor: rows of the mini-batch times outputs.
 *
 * <p>One scalar version serves beside both twins: the last layer is narrow, so its loss takes a
 * small part of a step.
 *
 * <p>All matrices are [row][columns] without gaps; row from is the first that is read or written.
 * The gradient may be the outputs themselves. The scratch has {@link Kernels#rowScratch} floats.
 */
public final class OutputLosses {
  private OutputLosses() {}

  /**
   * Sigmoid cross entropy from logits x: {@code max(x, 0) - x t + log(1 + exp(-|x|))}, whose
   * gradient is {@code (s(x) - t) / divisor}; no exponential overflows.
   *
   * @param from first row
   * @param to behind the last row
   * @param columns number of outputs
   * @param logits x
   * @param targets t, from 0 to 1
   * @param divisor rows of the mini-batch times columns
   * @param gradient overwritten
   * @param losses [rows], overwritten
   * @param scratch lost
   */
  public static void sigmoidCrossEntropy(
      int from,
      int to,
      int columns,
      float[] logits,
      float[] targets,
      float divisor,
      float[] gradient,
      float[] losses,
      float[] scratch) {
    for (int i = from; i < to; i++) {
      for (int j = 0, at = i * columns; j < columns; j++, at++) {
        float x = logits[at];
        float t = targets[at];
        float e = Elementary.exp(-Math.abs(x));
        float u = 1f + e;
        // The logarithm of 1 + e, not of u: what the sum has lost of e is added to first order.
        float log = Elementary.log(u) + (e - (u - 1f)) / u;
        scratch[j] = Fma.fma(-x, t, x < 0 ? 0f : x) + log;
        gradient[at] = (ScalarActivation.sigmoid(x) - t) / divisor;
      }
      losses[i] = ScalarKernels.sum(columns, scratch) / columns;
    }
  }

  /**
   * Squared error {@code d^2} with d = y - t, whose gradient is {@code 2 d / divisor}.
   *
   * @param from first row
   * @param to behind the last row
   * @param columns number of outputs
   * @param outputs y
   * @param targets t
   * @param divisor rows of the mini-batch times columns
   * @param gradient overwritten
   * @param losses [rows], overwritten
   * @param scratch lost
   */
  public static void squaredError(
      int from,
      int to,
      int columns,
      float[] outputs,
      float[] targets,
      float divisor,
      float[] gradient,
      float[] losses,
      float[] scratch) {
    for (int i = from; i < to; i++) {
      for (int j = 0, at = i * columns; j < columns; j++, at++) {
        float d = outputs[at] - targets[at];
        scratch[j] = d * d;
        gradient[at] = 2f * d / divisor;
      }
      losses[i] = ScalarKernels.sum(columns, scratch) / columns;
    }
  }

  /**
   * Huber's loss with delta 1: {@code d^2 / 2} where |d| is at most 1, else {@code |d| - 1/2}; its
   * gradient is {@code d / divisor}, with d held between -1 and 1.
   *
   * @param from first row
   * @param to behind the last row
   * @param columns number of outputs
   * @param outputs y
   * @param targets t
   * @param divisor rows of the mini-batch times columns
   * @param gradient overwritten
   * @param losses [rows], overwritten
   * @param scratch lost
   */
  public static void huber(
      int from,
      int to,
      int columns,
      float[] outputs,
      float[] targets,
      float divisor,
      float[] gradient,
      float[] losses,
      float[] scratch) {
    for (int i = from; i < to; i++) {
      for (int j = 0, at = i * columns; j < columns; j++, at++) {
        float d = outputs[at] - targets[at];
        float a = Math.abs(d);
        scratch[j] = a > 1f ? a - 0.5f : 0.5f * d * d;
        gradient[at] = (d > 1f ? 1f : d < -1f ? -1f : d) / divisor;
      }
      losses[i] = ScalarKernels.sum(columns, scratch) / columns;
    }
  }

  /**
   * Label smoothing, on what {@link Kernels#softmaxCrossEntropy} has computed: the target is the
   * one-hot label times 1 - smoothing, plus smoothing / columns everywhere. That adds {@code
   * smoothing (x[label] - mean of x)} to a row's loss, {@code smoothing / divisor} to the label's
   * gradient, and takes {@code smoothing / columns / divisor} from every gradient (Szegedy,
   * Vanhoucke, Ioffe, Shlens and Wojna, "Rethinking the Inception Architecture for Computer
   * Vision", 2016).
   *
   * @param from first row
   * @param to behind the last row
   * @param columns number of classes
   * @param smoothing from 0 to below 1
   * @param logits x; not overwritten by the gradient
   * @param labels [rows], from 0 to columns - 1
   * @param divisor rows of the mini-batch
   * @param gradient changed
   * @param losses [rows], changed
   * @param scratch lost
   */
  public static void smoothLabels(
      int from,
      int to,
      int columns,
      float smoothing,
      float[] logits,
      int[] labels,
      float divisor,
      float[] gradient,
      float[] losses,
      float[] scratch) {
    float more = smoothing / divisor;
    float less = smoothing / columns / divisor;
    for (int i = from; i < to; i++) {
      int row = i * columns;
      System.arraycopy(logits, row, scratch, 0, columns);
      float mean = ScalarKernels.sum(columns, scratch) / columns;
      losses[i] = Fma.fma(smoothing, logits[row + labels[i]] - mean, losses[i]);
      gradient[row + labels[i]] += more;
      for (int j = row; j < row + columns; j++) {
        gradient[j] -= less;
      }
    }
  }

  /**
   * Multiplies each row's loss and gradient by its weight.
   *
   * @param from first row
   * @param to behind the last row
   * @param columns number of outputs
   * @param weights [rows]
   * @param gradient changed
   * @param losses [rows], changed
   */
  public static void weigh(
      int from, int to, int columns, float[] weights, float[] gradient, float[] losses) {
    for (int i = from; i < to; i++) {
      losses[i] *= weights[i];
      for (int j = i * columns; j < (i + 1) * columns; j++) {
        gradient[j] *= weights[i];
      }
    }
  }
}
