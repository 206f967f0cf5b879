package dev.lanewise.kernel;

import dev.lanewise.kernel.gemm.Gemm;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.gemm.PackedMatrix;
import dev.lanewise.kernel.gemm.Workspace;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.OutputBatch;
import dev.lanewise.kernel.math.RowMath;
import dev.lanewise.kernel.math.SoftmaxRows;
import java.util.function.BooleanSupplier;

/**
 * The contract of the arithmetic, which every implementation keeps to the last bit. Matrices are
 * row-major, without gaps between their rows unless a distance is given. Arguments are trusted,
 * because callers have checked the shapes. Only methods that make an object allocate memory. Cells
 * outside a result are neither read nor written.
 *
 * <p>The order of every sum is fixed. An output of a {@link Gemm} adds its products in the order of
 * k, with one rounding each. A sum down a column starts at +0 and adds the rows in order. A sum
 * along a row follows {@link Rows}.
 */
public interface KernelSet {
  /** Number of floats of scratch that the activations need. */
  int ACTIVATION_SCRATCH = Nonlinearity.SCRATCH;

  /** {@return the kernels of this JVM, which {@link KernelChoice} chooses once} */
  static KernelSet active() {
    return KernelChoice.ACTIVE;
  }

  /**
   * Gets vector code compiled before it is used. Without this call, the threads that use the
   * kernels spend some of their time on it, and the scalar kernels compute until it is done.
   *
   * @param stay whether to continue with vector code that is requested later
   * @param goOn asked several times per millisecond; the method returns after the first false
   */
  void warmUp(boolean stay, BooleanSupplier goOn);

  /**
   * Announces a job, so that the code for its shapes is compiled from its first product on.
   *
   * @param work about as many multiply-adds as the job will take
   */
  default void expect(long work) {}

  /**
   * Makes a matrix product that one thread can compute any number of times.
   *
   * @param orientation which operands are transposed
   * @param m largest number of rows of C
   * @param n columns of C
   * @param k largest number of terms of a sum
   * @param workspace the workspace of the thread
   */
  Gemm gemm(Orientation orientation, int m, int n, int k, Workspace workspace);

  /**
   * Copies a matrix B that many products share into the layout that {@link Gemm} reads fastest.
   *
   * @param n columns of B
   * @param k rows of B
   * @param b the matrix B
   * @return the copy, for products of these kernels; null if it would be too large for an array
   */
  PackedMatrix pack(int n, int k, float[] b, int bOffset);

  /**
   * Computes an activation of a range of pre-activations, element by element, as {@link
   * Nonlinearity} defines it.
   *
   * @param x the pre-activations
   * @param y overwritten by the outputs; may be x
   * @param scratch at least {@value #ACTIVATION_SCRATCH} floats, which are overwritten
   */
  void activation(
      Nonlinearity function, int offset, int length, float[] x, float[] y, float[] scratch);

  /**
   * Turns the gradient with respect to an activation's outputs into the gradient with respect to
   * its pre-activations, by multiplying it by the derivative.
   *
   * @param kept the pre-activations or the outputs, as {@link Nonlinearity#keepsPreActivations}
   *     says
   * @param g the gradient, replaced
   * @param scratch at least {@value #ACTIVATION_SCRATCH} floats, which are overwritten
   */
  void activationBackward(
      Nonlinearity function, int offset, int length, float[] kept, float[] g, float[] scratch);

  /**
   * Computes the sums down the columns, which are the gradient of a bias.
   *
   * @param x [rows][columns]
   * @param ldx distance between the rows of x
   * @param sums [columns], overwritten
   */
  void columnSums(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] sums, int sumsOffset);

  /**
   * Computes the softmax of each row: {@code e = exp(x - max)}, divided by the row's sum of e.
   *
   * @param logits [rows][columns]
   * @param probabilities [rows][columns], overwritten; may be the array of the logits
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
   * Computes the cross entropy of softmax from the logits, and its gradient. A row's loss is {@code
   * log(sum of e) - (x[label] - max)}. Its gradient is {@code (p - t) / divisor}, where p is the
   * result of {@link #softmax} and t the one-hot label. The method also finds the column of each
   * row's largest logit: the first wins a tie, NaN never wins, and a row that contains only NaN
   * gives -1.
   *
   * @param batch outputs and labels, which are from 0 to columns - 1, are read; gradient, losses
   *     and predicted classes are overwritten
   * @param divisor the number of rows of the mini-batch
   * @param scratch at least {@link #rowScratch} floats
   */
  void softmaxCrossEntropy(OutputBatch batch, int from, int to, float divisor, float[] scratch);

  /** {@return how many floats of scratch the softmax kernels need for rows of this length} */
  static int rowScratch(int columns) {
    return columns <= SoftmaxRows.COLUMNS ? SoftmaxRows.SCRATCH : RowMath.scratch(columns);
  }

  /**
   * Divides unsigned bytes, 0..255, by a float. A divisor of 255 gives {@code (float) (x / 255.0)}.
   *
   * @param floats overwritten
   */
  void bytesToFloats(
      int length, byte[] bytes, int bytesOffset, float divisor, float[] floats, int floatsOffset);

  /**
   * Standardises a row of features into inputs of a network: {@code y[i] = (float) ((x[i] -
   * mean[i]) / divisor[i])}, computed in double and rounded to float once.
   *
   * @param length number of values, of means and of divisors
   * @param x the features
   * @param mean [length]
   * @param divisor [length]
   * @param y the inputs, overwritten; not the same array as x
   */
  void standardise(
      int length, float[] x, int xOffset, double[] mean, double[] divisor, float[] y, int yOffset);
}
