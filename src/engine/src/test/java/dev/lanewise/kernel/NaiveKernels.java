package dev.lanewise.kernel;

import dev.lanewise.kernel.gemm.Epilogue;
import dev.lanewise.kernel.gemm.Initial;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.math.Elementary;

/** Computes the definitions of the contract of kernels as simply as possible. */
public final class NaiveKernels {
  private NaiveKernels() {}

  public static void gemm(
      Orientation orientation,
      Matrix a,
      Matrix b,
      Matrix c,
      int k,
      Initial initial,
      Matrix bias,
      Epilogue epilogue,
      Matrix mask) {
    float[] sums = new float[c.columns];
    for (int i = 0; i < c.rows; i++) {
      for (int j = 0; j < c.columns; j++) {
        sums[j] =
            switch (initial) {
              case ZERO -> 0f;
              case BIAS -> bias.get(0, j);
              case RESULT -> c.get(i, j);
            };
      }
      for (int p = 0; p < k; p++) {
        float x = orientation == Orientation.TN ? a.get(p, i) : a.get(i, p);
        for (int j = 0; j < c.columns; j++) {
          float y = orientation == Orientation.NT ? b.get(j, p) : b.get(p, j);
          sums[j] = Math.fma(x, y, sums[j]);
        }
      }
      for (int j = 0; j < c.columns; j++) {
        float sum = sums[j];
        c.set(
            i,
            j,
            switch (epilogue) {
              case NONE -> sum;
              case RELU -> sum < 0 ? 0 : sum;
              case RELU_MASK -> mask.get(i, j) > 0 ? sum : 0;
            });
      }
    }
  }

  static float rowMax(Matrix x, int i) {
    float max = x.get(i, 0);
    for (int j = 1; j < x.columns; j++) {
      max = Math.max(max, x.get(i, j));
    }
    return max;
  }

  /** Returns the total of sixteen partial sums. */
  static float rowSum(float[] values) {
    float[] sums = new float[16];
    for (int j = 0; j < values.length; j++) {
      sums[j % 16] += values[j];
    }
    for (int width = 8; width >= 1; width /= 2) {
      for (int i = 0; i < width; i++) {
        sums[i] = sums[i] + sums[i + width];
      }
    }
    return sums[0];
  }

  /** Returns the losses, and overwrites the gradient. */
  static float[] softmaxCrossEntropy(Matrix logits, int[] labels, float divisor, Matrix gradient) {
    float[] losses = new float[logits.rows];
    for (int i = 0; i < logits.rows; i++) {
      float max = rowMax(logits, i);
      float[] e = new float[logits.columns];
      for (int j = 0; j < e.length; j++) {
        e[j] = Elementary.exp(logits.get(i, j) - max);
      }
      float sum = rowSum(e);
      losses[i] = Elementary.log(sum) - (logits.get(i, labels[i]) - max);
      for (int j = 0; j < e.length; j++) {
        gradient.set(i, j, (e[j] / sum - (j == labels[i] ? 1f : 0f)) / divisor);
      }
    }
    return losses;
  }
}
