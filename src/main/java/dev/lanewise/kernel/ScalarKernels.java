package dev.lanewise.kernel;

import java.util.Arrays;

/**
 * The kernels as plain loops: the readable reference, and what serves where the vector ones cannot.
 * C2 vectorises the inner loops by itself; their sums do not depend on each other.
 *
 * <p>What every training does in its first steps has a method for a row: a JVM compiles what it has
 * called some 200 times, and a loop only after 60,000 turns in the interpreter, at 30 ns each.
 */
final class ScalarKernels implements Kernels {
  @Override
  public void gemm(
      Orientation orientation,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb,
      float[] c,
      int cOffset,
      int ldc,
      Initial initial,
      float[] bias,
      int biasOffset,
      Epilogue epilogue,
      float[] mask,
      int maskOffset,
      int ldmask,
      float[] workspace) {
    if (lda < 0) {
      Blocks.gemm(
          this,
          orientation,
          m,
          n,
          k,
          a,
          aOffset,
          lda,
          b,
          bOffset,
          ldb,
          c,
          cOffset,
          ldc,
          initial,
          bias,
          biasOffset,
          epilogue,
          mask,
          maskOffset,
          ldmask,
          workspace);
      return;
    }
    ScalarGemm.initialise(m, n, c, cOffset, ldc, initial, bias, biasOffset);
    ScalarGemm.accumulate(
        orientation,
        m,
        n,
        k,
        a,
        aOffset,
        lda,
        b,
        bOffset,
        Kernels.isPacked(ldb) ? n : ldb,
        c,
        cOffset,
        ldc,
        workspace);
    switch (epilogue) {
      case NONE -> {}
      case RELU -> relu(m, n, c, cOffset, ldc);
      case RELU_MASK -> reluBackward(m, n, c, cOffset, ldc, mask, maskOffset, ldmask);
    }
  }

  @Override
  public int gemmWorkspace(Orientation orientation, int m, int n, int k) {
    return ScalarGemm.workspace(orientation, n);
  }

  /** Rows without gaps. */
  @Override
  public void pack(
      int n, int k, float[] b, int bOffset, int ldb, float[] packed, int packedOffset) {
    for (int p = 0; p < k; p++) {
      System.arraycopy(b, bOffset + p * ldb, packed, packedOffset + p * n, n);
    }
  }

  @Override
  public long packedLength(int n, int k) {
    return (long) n * k;
  }

  private static void relu(int rows, int columns, float[] x, int xOffset, int ldx) {
    for (int i = 0; i < rows; i++) {
      int row = xOffset + i * ldx;
      for (int j = row; j < row + columns; j++) {
        x[j] = x[j] < 0 ? 0 : x[j];
      }
    }
  }

  @Override
  public void reluBackward(
      int rows,
      int columns,
      float[] gradient,
      int gradientOffset,
      int ldg,
      float[] output,
      int outputOffset,
      int ldo) {
    for (int i = 0; i < rows; i++) {
      int g = gradientOffset + i * ldg;
      int o = outputOffset + i * ldo;
      for (int j = 0; j < columns; j++) {
        gradient[g + j] = output[o + j] > 0 ? gradient[g + j] : 0;
      }
    }
  }

  @Override
  public void activation(
      Nonlinearity function,
      int offset,
      int length,
      float[] sums,
      float[] outputs,
      float[] scratch) {
    for (int i = offset; i < offset + length; i++) {
      outputs[i] = ScalarActivation.activate(function, sums[i]);
    }
  }

  @Override
  public void activationBackward(
      Nonlinearity function,
      int offset,
      int length,
      float[] kept,
      float[] gradient,
      float[] scratch) {
    for (int i = offset; i < offset + length; i++) {
      gradient[i] = ScalarActivation.backward(function, kept[i], gradient[i]);
    }
  }

  @Override
  public void columnSums(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] sums, int sumsOffset) {
    Arrays.fill(sums, sumsOffset, sumsOffset + columns, 0);
    for (int i = 0; i < rows; i++) {
      addRow(columns, x, xOffset + i * ldx, sums, sumsOffset);
    }
  }

  private static void addRow(int columns, float[] x, int xOffset, float[] sums, int sumsOffset) {
    for (int j = 0; j < columns; j++) {
      sums[sumsOffset + j] += x[xOffset + j];
    }
  }

  @Override
  public void softmax(
      int rows,
      int columns,
      float[] logits,
      int logitsOffset,
      int ldl,
      float[] probabilities,
      int probabilitiesOffset,
      int ldp,
      float[] scratch) {
    for (int i = 0; i < rows; i++) {
      int x = logitsOffset + i * ldl;
      int p = probabilitiesOffset + i * ldp;
      float sum = exponentials(columns, logits, x, largest(columns, logits, x), scratch);
      for (int j = 0; j < columns; j++) {
        probabilities[p + j] = scratch[j] / sum;
      }
    }
  }

  @Override
  public void softmaxCrossEntropy(
      int rows,
      int columns,
      float[] logits,
      int logitsOffset,
      int ldl,
      int[] labels,
      int labelsOffset,
      float divisor,
      float[] gradient,
      int gradientOffset,
      int ldg,
      float[] losses,
      int lossesOffset,
      int[] predicted,
      int predictedOffset,
      float[] scratch) {
    for (int i = 0; i < rows; i++) {
      int x = logitsOffset + i * ldl;
      int g = gradientOffset + i * ldg;
      int label = labels[labelsOffset + i];
      float max = largest(columns, logits, x);
      float sum = exponentials(columns, logits, x, max, scratch);
      losses[lossesOffset + i] = Elementary.log(sum) - (logits[x + label] - max);
      predicted[predictedOffset + i] = argmax(columns, logits, x);
      for (int j = 0; j < columns; j++) {
        float t = j == label ? 1 : 0;
        gradient[g + j] = (scratch[j] / sum - t) / divisor;
      }
    }
  }

  /** The maximum of a row; NaN if any element is. */
  private static float largest(int columns, float[] x, int xOffset) {
    float max = x[xOffset];
    for (int j = 1; j < columns; j++) {
      max = Math.max(max, x[xOffset + j]);
    }
    return max;
  }

  /**
   * Writes exp(x - max) to scratch[0..columns) and returns its sum, in the order of the contract.
   */
  private static float exponentials(
      int columns, float[] x, int xOffset, float max, float[] scratch) {
    for (int j = 0; j < columns; j++) {
      scratch[j] = Elementary.exp(x[xOffset + j] - max);
    }
    return sum(columns, scratch);
  }

  /** The sum of scratch[0..columns) in the order of the contract; the partial sums stand behind. */
  static float sum(int columns, float[] scratch) {
    int sums = scratch.length - PARTIAL_SUMS;
    Arrays.fill(scratch, sums, scratch.length, 0);
    for (int j = 0; j < columns; j++) {
      scratch[sums + j % PARTIAL_SUMS] += scratch[j];
    }
    return total(scratch, sums);
  }

  /** Adds the 16 partial sums at an offset as the contract says; they are overwritten. */
  static float total(float[] scratch, int sums) {
    for (int width = PARTIAL_SUMS / 2; width > 0; width /= 2) {
      for (int i = 0; i < width; i++) {
        scratch[sums + i] += scratch[sums + i + width];
      }
    }
    return scratch[sums];
  }

  /** The column of a row's largest number, the first if there are several; -1 if all are NaN. */
  static int argmax(int columns, float[] x, int xOffset) {
    int best = -1;
    float max = Float.NaN;
    for (int j = 0; j < columns; j++) {
      float value = x[xOffset + j];
      // The negation lets the first number replace the initial NaN.
      if (best < 0 ? value == value : value > max) {
        best = j;
        max = value;
      }
    }
    return best;
  }

  @Override
  public void bytesToFloats(
      int rows,
      int length,
      byte[] bytes,
      int bytesOffset,
      int ldb,
      int[] order,
      int orderOffset,
      float divisor,
      float[] floats,
      int floatsOffset,
      int ldf) {
    for (int i = 0; i < rows; i++) {
      int from = bytesOffset + Blocks.row(order, orderOffset + i) * ldb;
      bytesToFloats(length, bytes, from, divisor, floats, floatsOffset + i * ldf);
    }
  }

  private static void bytesToFloats(
      int length, byte[] bytes, int bytesOffset, float divisor, float[] floats, int floatsOffset) {
    for (int j = 0; j < length; j++) {
      floats[floatsOffset + j] = (bytes[bytesOffset + j] & 0xFF) / divisor;
    }
  }

  @Override
  public void standardise(
      int length, float[] x, int xOffset, double[] mean, double[] divisor, float[] y, int yOffset) {
    standardise(0, length, x, xOffset, mean, divisor, y, yOffset);
  }

  /** The same from a feature on. */
  static void standardise(
      int from,
      int length,
      float[] x,
      int xOffset,
      double[] mean,
      double[] divisor,
      float[] y,
      int yOffset) {
    for (int i = from; i < length; i++) {
      y[yOffset + i] = (float) ((x[xOffset + i] - mean[i]) / divisor[i]);
    }
  }

  /** Plain loops are as quick on rows. */
  @Override
  public boolean takesBlocks(int m, int n, int k) {
    return false;
  }

  @Override
  public void bytesToBlocks(
      int rows,
      int length,
      byte[] bytes,
      int bytesOffset,
      int ldb,
      int[] order,
      int orderOffset,
      float divisor,
      float[] blocks,
      int blocksOffset,
      int step) {
    for (int i = 0; i < rows; i++) {
      int row = bytesOffset + Blocks.row(order, orderOffset + i) * ldb;
      for (int j = 0; j < length; j++) {
        blocks[blocksOffset + Blocks.place(i, j, -step)] = (bytes[row + j] & 0xFF) / divisor;
      }
    }
  }

  @Override
  public void floatsToBlocks(
      int rows,
      int length,
      float[] x,
      int xOffset,
      int ldx,
      int[] order,
      int orderOffset,
      float[] blocks,
      int blocksOffset,
      int step) {
    for (int i = 0; i < rows; i++) {
      int row = xOffset + Blocks.row(order, orderOffset + i) * ldx;
      for (int j = 0; j < length; j++) {
        blocks[blocksOffset + Blocks.place(i, j, -step)] = x[row + j];
      }
    }
  }
}
