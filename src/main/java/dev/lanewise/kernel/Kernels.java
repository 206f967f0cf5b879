package dev.lanewise.kernel;

import dev.lanewise.kernel.gemm.Gemm;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.gemm.PackedMatrix;
import dev.lanewise.kernel.gemm.Workspace;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.OutputBatch;
import dev.lanewise.kernel.math.Rows;
import dev.lanewise.kernel.math.ScalarActivation;
import java.util.function.BooleanSupplier;

/**
 * The contract of the arithmetic, which every implementation keeps to the last bit. Matrices are
 * row-major, without gaps between their rows unless a distance is given. Arguments are trusted:
 * whoever calls has checked the shapes. No method allocates but those that make an object, and
 * cells outside a result are neither read nor written.
 *
 * <p>Fixed orders: an output of a {@link Gemm} takes its products in the order of k, one rounding
 * each; a sum down a column runs over the rows in order from +0; a sum along a row is that of
 * {@link Rows}.
 */
public interface Kernels {
  /** How many floats of scratch the activations need. */
  int ACTIVATION_SCRATCH = Nonlinearity.SCRATCH;

  /**
   * The kernels that serve this JVM, chosen once by {@link KernelChoice}.
   *
   * @return the kernels
   */
  static Kernels active() {
    return KernelChoice.ACTIVE;
  }

  /**
   * Has vector code compiled ahead of its use. Without this, those who use it lend some time to it,
   * and the scalar twins serve them until then.
   *
   * @param stay whether to stay, for what will be needed later
   * @param goOn asked some times a millisecond; false ends it
   */
  void warmUp(boolean stay, BooleanSupplier goOn);

  /**
   * Whether code of these kernels serves, and not yet that of the scalar twins alone.
   *
   * @return false until the first vector code is compiled
   */
  boolean isCompiled();

  /**
   * Makes a matrix product, to be computed again and again by one thread.
   *
   * @param orientation which operands are transposed
   * @param m most rows of C
   * @param n columns of C
   * @param k most terms of a sum
   * @param workspace of the thread
   * @return the product
   */
  Gemm gemm(Orientation orientation, int m, int n, int k, Workspace workspace);

  /**
   * Copies a matrix B to where {@link Gemm} reads it fastest: for one that many products share.
   *
   * @param n columns of B
   * @param k rows of B
   * @param b the matrix B
   * @param bOffset where B starts
   * @return the copy, for products of these kernels; null if it would be too large for an array
   */
  PackedMatrix pack(int n, int k, float[] b, int bOffset);

  /**
   * An activation of a range of sums, element by element, as {@link ScalarActivation} defines it.
   *
   * @param function which
   * @param offset where the range starts, in both arrays
   * @param length number of elements
   * @param sums the sums
   * @param outputs overwritten; may be the sums themselves
   * @param scratch at least {@value #ACTIVATION_SCRATCH} floats, whose contents are lost
   */
  void activation(
      Nonlinearity function,
      int offset,
      int length,
      float[] sums,
      float[] outputs,
      float[] scratch);

  /**
   * The gradient by an activation's sums from that by its outputs: multiplied by the derivative.
   *
   * @param function which
   * @param offset where the range starts, in both arrays
   * @param length number of elements
   * @param kept the sums or the outputs, as {@link Nonlinearity#keepsSums} says
   * @param gradient replaced
   * @param scratch at least {@value #ACTIVATION_SCRATCH} floats, whose contents are lost
   */
  void activationBackward(
      Nonlinearity function,
      int offset,
      int length,
      float[] kept,
      float[] gradient,
      float[] scratch);

  /**
   * Sums down the columns: the gradient of a bias.
   *
   * @param rows number of rows
   * @param columns number of columns
   * @param x [rows][columns]
   * @param xOffset where it starts
   * @param ldx distance of its rows
   * @param sums [columns], overwritten
   * @param sumsOffset where the sums start
   */
  void columnSums(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] sums, int sumsOffset);

  /**
   * Softmax of each row: {@code e = exp(x - max)}, then e divided by the row's sum of e.
   *
   * @param rows number of rows
   * @param columns number of classes
   * @param logits [rows][columns]
   * @param logitsOffset where they start
   * @param probabilities [rows][columns], overwritten; may be the logits themselves
   * @param probabilitiesOffset where they start
   * @param scratch at least {@link #rowScratch} floats
   */
  void softmax(
      int rows,
      int columns,
      float[] logits,
      int logitsOffset,
      float[] probabilities,
      int probabilitiesOffset,
      float[] scratch);

  /**
   * Cross entropy of softmax, from the logits, and its gradient: a row's loss is {@code log(sum of
   * e) - (x[label] - max)}, the gradient {@code (p - t) / divisor} with p as {@link #softmax} gives
   * it and t the one-hot label. With them comes the column of each row's largest logit: the first
   * wins a tie, NaN never wins, and a row of nothing but NaN gives -1.
   *
   * @param batch its outputs and labels, from 0 to columns - 1, are read, and its gradient, losses
   *     and predicted classes are overwritten
   * @param from first row
   * @param to behind the last row
   * @param divisor the number of rows of the mini-batch
   * @param scratch at least {@link #rowScratch} floats
   */
  void softmaxCrossEntropy(OutputBatch batch, int from, int to, float divisor, float[] scratch);

  /**
   * How many floats of scratch the softmax kernels need for rows of a length.
   *
   * @param columns number of classes
   * @return a number of floats
   */
  static int rowScratch(int columns) {
    return Rows.scratch(columns);
  }

  /**
   * Bytes 0..255 divided by a number in float: for 255, the same as {@code (float) (x / 255.0)}.
   *
   * @param length how many
   * @param bytes unsigned
   * @param bytesOffset where they start
   * @param divisor what each value is divided by
   * @param floats overwritten
   * @param floatsOffset where they start
   */
  void bytesToFloats(
      int length, byte[] bytes, int bytesOffset, float divisor, float[] floats, int floatsOffset);

  /**
   * {@code y[i] = (float) ((x[i] - mean[i]) / divisor[i])}, in double and rounded once: a row of
   * features as it becomes the inputs of a network.
   *
   * @param length how many values, as many as there are means and divisors
   * @param x the features
   * @param xOffset where they start
   * @param mean [length]
   * @param divisor [length]
   * @param y the inputs, overwritten; another array
   * @param yOffset where they start
   */
  void standardise(
      int length, float[] x, int xOffset, double[] mean, double[] divisor, float[] y, int yOffset);
}
