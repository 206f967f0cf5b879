package dev.lanewise.kernel.math;

import dev.lanewise.kernel.simd.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The parts of softmax for one row, in a scratch row that is padded to whole groups of 16. The
 * padding holds minus infinity, whose exponential adds +0 to its partial sum, so no masks are
 * needed.
 */
public final class VectorSoftmax {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;
  private static final int GROUP = RowMath.PARTIAL_SUMS;

  private VectorSoftmax() {}

  private static int padded(int columns) {
    return (columns + GROUP - 1) / GROUP * GROUP;
  }

  /**
   * Writes {@code exp(x - max)} to the scratch row, and 0 to its padding.
   *
   * @param columns number of classes; 0 in an empty call of a warm-up
   * @param x the array that contains the logits
   * @param scratch {@link RowMath#scratch} floats
   * @return the largest logit
   */
  public static float exponentials(int columns, float[] x, int xOffset, float[] scratch) {
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
    VectorActivation.exp(
        padded, scratch); // a separate method, because C2 would not inline all of this into one
    return max;
  }

  /** Returns the sum of the exponentials in scratch, in the order of the contract. */
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
    return RowMath.total(scratch, sums);
  }

  /**
   * Computes the loss, gradient and predicted class of a row.
   *
   * @param batch its losses, gradient and predicted classes are overwritten
   * @param row index of the row
   * @param divisor the number of rows of the mini-batch
   * @param scratch {@link RowMath#scratch} floats
   */
  public static void crossEntropy(OutputBatch batch, int row, float divisor, float[] scratch) {
    int columns = batch.columns;
    int x = row * columns;
    int label = batch.labels[row];
    float max = exponentials(columns, batch.outputs, x, scratch);
    float sum = sum(columns, scratch);
    batch.losses[row] = Elementary.log(sum) - (batch.outputs[x + label] - max);
    batch.predicted[row] = RowMath.argmax(columns, batch.outputs, x);
    gradient(columns, label, sum, divisor, scratch);
    System.arraycopy(scratch, 0, batch.gradient, x, columns);
  }

  /**
   * Divides the exponentials by their sum.
   *
   * @param scratch with the exponentials, which are overwritten
   */
  public static void divide(int columns, float[] scratch) {
    FloatVector sum = FloatVector.broadcast(S, sum(columns, scratch));
    for (int j = 0; j < padded(columns); j += L) {
      FloatVector.fromArray(S, scratch, j).div(sum).intoArray(scratch, j);
    }
  }

  /**
   * Turns the exponentials into {@code (p - t) / divisor}.
   *
   * @param columns number of classes; 0 in an empty call of a warm-up
   * @param label the row's class
   * @param sum the sum of the exponentials
   * @param divisor the number of rows of the mini-batch
   * @param scratch with the exponentials, which are overwritten
   */
  public static void gradient(int columns, int label, float sum, float divisor, float[] scratch) {
    if (columns == 0) {
      return;
    }
    float correct = (scratch[label] / sum - 1f) / divisor;
    FloatVector sums = FloatVector.broadcast(S, sum);
    FloatVector divisors = FloatVector.broadcast(S, divisor);
    for (int j = 0; j < padded(columns); j += L) {
      // p - 0 is p for every p.
      FloatVector.fromArray(S, scratch, j).div(sums).div(divisors).intoArray(scratch, j);
    }
    scratch[label] = correct;
  }
}
