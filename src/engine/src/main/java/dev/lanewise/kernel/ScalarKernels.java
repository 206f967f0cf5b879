package dev.lanewise.kernel;

import dev.lanewise.kernel.gemm.Gemm;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.gemm.PackedMatrix;
import dev.lanewise.kernel.gemm.Workspace;
import dev.lanewise.kernel.math.Elementary;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.OutputBatch;
import dev.lanewise.kernel.math.RowMath;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * The kernels as plain loops: the readable reference, used wherever the vector kernels cannot be.
 * C2 vectorises the inner loops by itself, because their sums do not depend on each other.
 *
 * <p>Work that every training does in its first steps has a method per row. A JVM compiles a method
 * after some 200 calls, but a loop only after 60,000 iterations in the interpreter, at 30 ns each.
 */
final class ScalarKernels implements KernelSet {
  @Override
  public void warmUp(boolean stay, BooleanSupplier goOn) {}

  @Override
  public Gemm gemm(Orientation orientation, int m, int n, int k, Workspace workspace) {
    return new Gemm(orientation, m, n, k, workspace, null);
  }

  @Override
  public PackedMatrix pack(int n, int k, float[] b, int bOffset) {
    return PackedMatrix.ofRows(n, k, b, bOffset);
  }

  @Override
  public void activation(
      Nonlinearity function, int offset, int length, float[] x, float[] y, float[] scratch) {
    for (int i = offset; i < offset + length; i++) {
      y[i] = function.activate(x[i]);
    }
  }

  @Override
  public void activationBackward(
      Nonlinearity function, int offset, int length, float[] kept, float[] g, float[] scratch) {
    for (int i = offset; i < offset + length; i++) {
      g[i] = function.backward(kept[i], g[i]);
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
      float[] probabilities,
      int probabilitiesOffset,
      float[] scratch) {
    for (int i = 0; i < rows; i++) {
      int x = logitsOffset + i * columns;
      int p = probabilitiesOffset + i * columns;
      float sum =
          RowMath.exponentials(columns, logits, x, RowMath.largest(columns, logits, x), scratch);
      for (int j = 0; j < columns; j++) {
        probabilities[p + j] = scratch[j] / sum;
      }
    }
  }

  @Override
  public void softmaxCrossEntropy(
      OutputBatch batch, int from, int to, float divisor, float[] scratch) {
    int columns = batch.columns;
    float[] logits = batch.outputs;
    for (int i = from; i < to; i++) {
      int x = i * columns;
      int label = batch.labels[i];
      float max = RowMath.largest(columns, logits, x);
      float sum = RowMath.exponentials(columns, logits, x, max, scratch);
      batch.losses[i] = Elementary.log(sum) - (logits[x + label] - max);
      batch.predicted[i] = RowMath.argmax(columns, logits, x);
      for (int j = 0; j < columns; j++) {
        float t = j == label ? 1 : 0;
        batch.gradient[x + j] = (scratch[j] / sum - t) / divisor;
      }
    }
  }

  @Override
  public void bytesToFloats(
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

  /** Standardises the features from index {@code from} on. */
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
}
