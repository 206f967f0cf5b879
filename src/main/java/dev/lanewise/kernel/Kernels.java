package dev.lanewise.kernel;

import java.util.function.BooleanSupplier;

/**
 * The contract of the arithmetic, which every implementation keeps to the last bit (DESIGN: exact
 * arithmetic). All matrices are row-major parts of a {@code float[]}: element (i, j) of X stands at
 * {@code xOffset + i * ldx + j}. Arguments are trusted: whoever calls has checked the shapes. No
 * method allocates, and cells outside a result are neither read nor written.
 *
 * <p>Fixed orders: an output of {@link #gemm} takes its products in the order of k, one rounding
 * each; a sum down a column runs over the rows in order from +0; a sum along a row has {@value
 * #PARTIAL_SUMS} partial sums from +0, element j going to sum j mod 16, and then sum i takes sum i
 * + 8, i + 4, i + 2, i + 1.
 */
public interface Kernels {
  /** How many partial sums a sum along a row has. */
  int PARTIAL_SUMS = 16;

  /** In place of the distance of B's rows: B stands as {@link #pack} has put it. */
  int PACKED = 0;

  /**
   * The same, and its panels are taken from the last to the first. Who goes through more weights
   * than a cache holds again and again, there and back by turns, finds in it those that came last.
   */
  int PACKED_BACKWARDS = -1;

  /**
   * Whether B stands as {@link #pack} has put it.
   *
   * @param ldb distance of B's rows, or what stands in its place
   * @return whether that is {@link #PACKED} or {@link #PACKED_BACKWARDS}
   */
  static boolean isPacked(int ldb) {
    return ldb <= PACKED;
  }

  /**
   * The kernels that serve this JVM, chosen once by {@link KernelChoice}.
   *
   * @return the kernels
   */
  static Kernels active() {
    return KernelChoice.ACTIVE;
  }

  /**
   * Calls the vector kernels that most networks train with, on arrays of nobody, until they are
   * compiled. They are used from then on; without this, callers of other kernels do the same bit by
   * bit.
   *
   * @param stay whether to stay, for what will be needed later
   * @param goOn asked some times a millisecond
   */
  static void warmUp(boolean stay, BooleanSupplier goOn) {
    if (active() instanceof TieredKernels tiers) {
      tiers.rehearsals().run(stay, goOn);
    }
  }

  /**
   * The scalar kernels, whichever serve: to compare with.
   *
   * @return the kernels
   */
  static Kernels scalar() {
    return new ScalarKernels();
  }

  /**
   * C = epilogue(initial + op(A) op(B)), one chain of fused multiply-adds an output: {@code c =
   * fma(a[i][p], b[p][j], c)} for p = 0, 1, ..., k - 1.
   *
   * @param orientation which operands are transposed, and with it the shapes of A and B
   * @param m rows of C
   * @param n columns of C
   * @param k length of the sums
   * @param a the matrix A
   * @param aOffset where A starts
   * @param lda distance of A's rows, or below 0, unless B is packed, that of its {@link Blocks}
   * @param b the matrix B
   * @param bOffset where B starts
   * @param ldb distance of B's rows, or for {@link Orientation#NN} {@link #PACKED} or {@link
   *     #PACKED_BACKWARDS}
   * @param c the result; overlaps no operand
   * @param cOffset where C starts
   * @param ldc distance of C's rows
   * @param initial what the sums start from
   * @param bias [n], read for {@link Initial#BIAS} alone
   * @param biasOffset where the bias starts
   * @param epilogue what is done to the sums
   * @param mask [m][n], read for {@link Epilogue#RELU_MASK} alone
   * @param maskOffset where the mask starts
   * @param ldmask distance of the mask's rows
   * @param workspace at least {@link #gemmWorkspace} floats, whose contents are lost; one a thread
   */
  void gemm(
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
      float[] workspace);

  /**
   * How many floats {@link #gemm} needs as workspace for a product, at most. It grows with each
   * argument, so the largest product of several gives enough for all.
   *
   * @param orientation as for gemm
   * @param m as for gemm
   * @param n as for gemm
   * @param k as for gemm
   * @return a number of floats
   */
  int gemmWorkspace(Orientation orientation, int m, int n, int k);

  /**
   * Copies B to where {@link #gemm} reads it fastest: for a matrix that many products share. The
   * order is that of these kernels, and of no others.
   *
   * @param n columns of B
   * @param k rows of B
   * @param b the matrix B
   * @param bOffset where B starts
   * @param ldb distance of B's rows
   * @param packed receives {@link #packedLength} floats
   * @param packedOffset where they start
   */
  void pack(int n, int k, float[] b, int bOffset, int ldb, float[] packed, int packedOffset);

  /**
   * How many floats {@link #pack} writes, at most 2^31 - 1.
   *
   * @param n columns of B
   * @param k rows of B
   * @return a number of floats
   */
  long packedLength(int n, int k);

  /**
   * ReLU backward: {@code gradient[i][j] = output[i][j] > 0 ? gradient[i][j] : 0}.
   *
   * @param rows number of rows
   * @param columns number of columns
   * @param gradient [rows][columns], replaced
   * @param gradientOffset where it starts
   * @param ldg distance of its rows
   * @param output what ReLU gave, [rows][columns]
   * @param outputOffset where it starts
   * @param ldo distance of its rows
   */
  void reluBackward(
      int rows,
      int columns,
      float[] gradient,
      int gradientOffset,
      int ldg,
      float[] output,
      int outputOffset,
      int ldo);

  /** How many floats of scratch the activations need: two blocks of 256, an eighth of a cache. */
  int ACTIVATION_SCRATCH = 512;

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
   * @param ldl distance of their rows
   * @param probabilities [rows][columns], overwritten; may be the logits themselves
   * @param probabilitiesOffset where they start
   * @param ldp distance of their rows
   * @param scratch at least {@link #rowScratch} floats
   */
  void softmax(
      int rows,
      int columns,
      float[] logits,
      int logitsOffset,
      int ldl,
      float[] probabilities,
      int probabilitiesOffset,
      int ldp,
      float[] scratch);

  /**
   * Cross entropy of softmax, from the logits, and its gradient: a row's loss is {@code log(sum of
   * e) - (x[label] - max)}, the gradient {@code (p - t) / divisor} with p as {@link #softmax} gives
   * it and t the one-hot label. With them comes the column of each row's largest logit: the first
   * wins a tie, NaN never wins, and a row of nothing but NaN gives -1.
   *
   * @param rows number of rows
   * @param columns number of classes
   * @param logits [rows][columns]
   * @param logitsOffset where they start
   * @param ldl distance of their rows
   * @param labels [rows], each from 0 to columns - 1
   * @param labelsOffset where they start
   * @param divisor the number of rows of the mini-batch
   * @param gradient [rows][columns], overwritten; may be the logits themselves
   * @param gradientOffset where it starts
   * @param ldg distance of its rows
   * @param losses [rows], overwritten
   * @param lossesOffset where they start
   * @param predicted [rows], overwritten
   * @param predictedOffset where it starts
   * @param scratch at least {@link #rowScratch} floats
   */
  void softmaxCrossEntropy(
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
      float[] scratch);

  /**
   * How many floats of scratch the softmax kernels need for rows of a length.
   *
   * @param columns number of classes
   * @return a number of floats
   */
  static int rowScratch(int columns) {
    int row = Math.addExact(columns, 2 * PARTIAL_SUMS - 1) / PARTIAL_SUMS * PARTIAL_SUMS;
    return columns <= SoftmaxRows.COLUMNS ? SoftmaxRows.SCRATCH : row;
  }

  /**
   * Rows of bytes 0..255 in any order, divided by a number in float: for 255, the same as {@code
   * (float) (x / 255.0)}.
   *
   * @param rows how many rows
   * @param length values of each
   * @param bytes unsigned
   * @param bytesOffset where row 0 starts
   * @param ldb distance of its rows
   * @param order the rows' numbers, or null for 0, 1, 2, ...
   * @param orderOffset where to begin in the order
   * @param divisor what each value is divided by
   * @param floats overwritten, in the order of the rows
   * @param floatsOffset where the first of them starts
   * @param ldf distance of its rows
   */
  void bytesToFloats(
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
      int ldf);

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

  /**
   * Whether {@link #gemm} is sooner done with the rows of a mini-batch in {@link Blocks}: in {@link
   * Orientation#NN}, and in {@link Orientation#TN} for the gradient, with {@link Initial#BIAS} and
   * {@link Initial#ZERO}.
   *
   * @param m rows
   * @param n columns of the weights
   * @param k features of a row
   * @return true if so, from now on: it may be false before kernels are compiled
   */
  boolean takesBlocks(int m, int n, int k);

  /**
   * {@link #bytesToFloats} to {@link Blocks}.
   *
   * @param rows how many rows
   * @param length values of each
   * @param bytes unsigned
   * @param bytesOffset where row 0 starts
   * @param ldb distance of its rows
   * @param order the rows' numbers, or null for 0, 1, 2, ...
   * @param orderOffset where to begin in the order
   * @param divisor what each value is divided by
   * @param blocks overwritten, in the order of the rows
   * @param blocksOffset where the first value of the first row goes, the first of a block
   * @param step floats from one block to the next
   */
  void bytesToBlocks(
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
      int step);

  /**
   * Copies rows in any order to {@link Blocks}.
   *
   * @param rows how many rows
   * @param length values of each
   * @param x the values
   * @param xOffset where row 0 starts
   * @param ldx distance of its rows
   * @param order the rows' numbers, or null for 0, 1, 2, ...
   * @param orderOffset where to begin in the order
   * @param blocks overwritten, in the order of the rows
   * @param blocksOffset where the first value of the first row goes, the first of a block
   * @param step floats from one block to the next
   */
  void floatsToBlocks(
      int rows,
      int length,
      float[] x,
      int xOffset,
      int ldx,
      int[] order,
      int orderOffset,
      float[] blocks,
      int blocksOffset,
      int step);
}
