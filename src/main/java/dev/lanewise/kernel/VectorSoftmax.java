package dev.lanewise.kernel;

import dev.lanewise.kernel.simd.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The parts of softmax for one row, in a scratch row padded to whole groups of 16: there the
 * padding holds minus infinity, whose exponential adds +0 to its partial sum, so no masks are
 * needed.
 */
final class VectorSoftmax {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;
  private static final int GROUP = Kernels.PARTIAL_SUMS;

  private VectorSoftmax() {}

  private static int padded(int columns) {
    return (columns + GROUP - 1) / GROUP * GROUP;
  }

  /** Writes exp(x - max) to the scratch row, 0 to its padding, and returns max. */
  static float exponentials(int columns, float[] x, int xOffset, float[] scratch) {
    if (columns == 0) {
      return 0;
    }
    int padded = padded(columns);
    System.arraycopy(x, xOffset, scratch, 0, columns);
    Arrays.fill(scratch, columns, padded, Float.NEGATIVE_INFINITY);
    float max = x[xOffset];
    for (int j = 1; j < columns; j++) {
      max = Math.max(max, x[xOffset + j]);
    }
    FloatVector largest = FloatVector.broadcast(S, max);
    for (int j = 0; j < padded; j += L) {
      FloatVector.fromArray(S, scratch, j).sub(largest).intoArray(scratch, j);
    }
    VectorActivation.exp(padded, scratch); // by itself: C2 inlines no more at once
    return max;
  }

  /** The sum of the exponentials in scratch, in the order of the contract. */
  static float sum(int columns, float[] scratch) {
    if (columns == 0) {
      return 0;
    }
    int padded = padded(columns);
    int sums = scratch.length - GROUP;
    for (int lane = 0; lane < GROUP; lane += L) {
      FloatVector s = FloatVector.zero(S);
      for (int j = lane; j < padded; j += GROUP) {
        s = s.add(FloatVector.fromArray(S, scratch, j));
      }
      s.intoArray(scratch, sums + lane);
    }
    return ScalarKernels.total(scratch, sums);
  }

  /** The loss and the gradient of a row. */
  static void crossEntropy(OutputBatch batch, int row, float divisor, float[] scratch) {
    int columns = batch.columns;
    int x = row * columns;
    int label = batch.labels[row];
    float max = exponentials(columns, batch.outputs, x, scratch);
    float sum = sum(columns, scratch);
    batch.losses[row] = Elementary.log(sum) - (batch.outputs[x + label] - max);
    batch.predicted[row] = ScalarKernels.argmax(columns, batch.outputs, x);
    gradient(columns, label, sum, divisor, scratch);
    System.arraycopy(scratch, 0, batch.gradient, x, columns);
  }

  /** Divides the exponentials by their sum. */
  static void divide(int columns, float[] scratch) {
    FloatVector sum = FloatVector.broadcast(S, sum(columns, scratch));
    for (int j = 0; j < padded(columns); j += L) {
      FloatVector.fromArray(S, scratch, j).div(sum).intoArray(scratch, j);
    }
  }

  /** Turns the exponentials into (p - t) / divisor. */
  static void gradient(int columns, int label, float sum, float divisor, float[] scratch) {
    if (columns == 0) {
      return;
    }
    float correct = (scratch[label] / sum - 1f) / divisor;
    FloatVector sums = FloatVector.broadcast(S, sum);
    FloatVector divisors = FloatVector.broadcast(S, divisor);
    for (int j = 0; j < padded(columns); j += L) {
      // p - 0 is p for every p, -0 included: exponentials are never negative.
      FloatVector.fromArray(S, scratch, j).div(sums).div(divisors).intoArray(scratch, j);
    }
    scratch[label] = correct;
  }
}
