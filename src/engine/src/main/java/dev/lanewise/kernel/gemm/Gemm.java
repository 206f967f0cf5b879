package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.KernelWarmUps;
import dev.lanewise.kernel.simd.Lanes;

/**
 * A matrix product, C = epilogue(initial + op(A) op(B)). One object is made per layer and thread,
 * and computes the product as often as it is needed. Each output is one chain of fused
 * multiply-adds, {@code c = fma(a[i][p], b[p][j], c)} for p = 0, 1, ..., k - 1, so every
 * implementation gives the same bits.
 *
 * <p>Matrices are row-major parts of a {@code float[]}. C, the mask and B have no gaps between
 * their rows. Rows of C and of the mask have n values; rows of B have n values, or k for {@link
 * Orientation#NT}. The rows of A may be any distance apart. C overlaps no operand. Operands are
 * trusted, because callers have checked the shapes.
 *
 * <pre>{@code
 * Workspace workspace = new Workspace(); // one per thread
 * Gemm forward = kernels.gemm(Orientation.NN, 100, 16, 2304, workspace);
 * forward.relu();
 * forward.a(x, 0, 2304).b(w, 0).bias(b, 0).c(y, 0).multiply(100, 2304);
 * }</pre>
 */
public final class Gemm {
  /** Time of a multiply-add in scalar code, in multiples of its time in the narrow product. */
  private static final int SCALAR_COST = 8;

  final Operands operands;
  private final Workspace workspace;
  private final KernelWarmUps warmUps; // null for the scalar kernels
  private boolean relu;
  private final EpiloguePass pass; // null for the scalar kernels
  private float[] mask; // or null
  private int maskOffset;

  private final ScalarGemm scalar;
  private final NarrowGemm narrow; // for the first second of a job; null for the scalar kernels

  /** Plans of the latest shapes, such as full and last mini-batches of training and validation. */
  private final VectorGemm[] plans = new VectorGemm[4]; // the latest first

  /**
   * Makes a product.
   *
   * @param orientation which operands are transposed
   * @param m largest number of rows of C
   * @param n columns of C
   * @param k largest number of terms of a sum
   * @param workspace the workspace of the thread
   * @param warmUps decides when vector code is used; null for scalar code only
   */
  public Gemm(
      Orientation orientation, int m, int n, int k, Workspace workspace, KernelWarmUps warmUps) {
    operands = new Operands(orientation, n);
    scalar = new ScalarGemm(operands);
    this.workspace = workspace;
    this.warmUps = warmUps;
    pass = warmUps == null ? null : new EpiloguePass(warmUps);
    narrow = warmUps == null ? null : new NarrowGemm(warmUps);
    workspace.require(ScalarGemm.workspace(n));
    if (warmUps != null) {
      workspace.require(Plan.workspace(orientation, m, n, k));
      workspace.require(NarrowGemm.workspace(k));
    }
  }

  /**
   * Requests the compilation of the vector code that every product uses first, before a product is
   * made.
   *
   * @param warmUps the warm-up that the products will be made with
   */
  public static void warmUp(KernelWarmUps warmUps) {
    new NarrowGemm(warmUps);
    new EpiloguePass(warmUps);
  }

  /**
   * Copies a matrix B for products of the vector kernels.
   *
   * @param n columns
   * @param k rows
   * @param b [k][n], row-major
   * @return the copy; null if it would be too large for an array
   */
  public static PackedMatrix panels(int n, int k, float[] b, int bOffset) {
    return PackedMatrix.of(n, k, b, bOffset, Plan.vectors(n) * Lanes.LENGTH, Lanes.LENGTH);
  }

  /**
   * Sets A: m x k, or k x m for {@link Orientation#TN}.
   *
   * @param values the array that contains the matrix
   * @param ld distance between the rows of A
   * @return this
   */
  public Gemm a(float[] values, int offset, int ld) {
    operands.a = values;
    operands.aOffset = offset;
    operands.lda = ld;
    return this;
  }

  /**
   * Sets B: k x n, or n x k for {@link Orientation#NT}.
   *
   * @param values the array that contains the matrix
   * @return this
   */
  public Gemm b(float[] values, int offset) {
    operands.b = values;
    operands.bOffset = offset;
    operands.packed = null;
    return this;
  }

  /**
   * Sets B, k x n, for products of {@link Orientation#NN} only.
   *
   * @param matrix a matrix packed by the same kernels, with as many rows as the sums have terms
   * @return this
   */
  public Gemm b(PackedMatrix matrix) {
    operands.packed = matrix;
    return this;
  }

  /**
   * Sets C: m x n.
   *
   * @param values the array that contains the matrix
   * @return this
   */
  public Gemm c(float[] values, int offset) {
    operands.c = values;
    operands.cOffset = offset;
    return this;
  }

  /**
   * Makes the sums begin with the bias of their column.
   *
   * @param values the array that contains its n values; null for sums that begin at +0
   * @return this
   */
  public Gemm bias(float[] values, int offset) {
    operands.bias = values;
    operands.biasOffset = offset;
    operands.adds = false;
    return this;
  }

  /**
   * Makes the sums begin with the values in C.
   *
   * @return this
   */
  public Gemm add() {
    operands.bias = null;
    operands.adds = true;
    return this;
  }

  /**
   * Makes the sums end with ReLU, {@code x < 0 ? 0 : x}, which keeps NaN and -0.
   *
   * @return this
   */
  public Gemm relu() {
    relu = true;
    mask = null;
    return this;
  }

  /**
   * Makes the sums end with the backward pass of ReLU, which keeps a sum where the mask is above 0,
   * and gives +0 elsewhere.
   *
   * @param values the array that contains its m x n values; null for sums that stay as they are
   * @return this
   */
  public Gemm mask(float[] values, int offset) {
    relu = false;
    mask = values;
    maskOffset = offset;
    return this;
  }

  /**
   * Computes C. Allocates memory only if the shape is not one of the last four.
   *
   * @param m number of rows of C, at most the constructor's m
   * @param k number of terms of the sums, at most the constructor's k
   */
  public void multiply(int m, int k) {
    operands.m = m;
    operands.k = k;
    int length = m * operands.n;
    long work = (long) length * k;
    if (warmUps == null) {
      scalar.multiply(workspace.floats());
    } else if (warmUps.isLong() && plan().isReady(work)) {
      plans[0].multiply(workspace.floats());
    } else if (narrow.isReady(operands, work)) {
      warmUps.spend(work);
      narrow.multiply(operands, workspace.floats());
    } else {
      warmUps.spend(SCALAR_COST * work);
      scalar.multiply(workspace.floats());
    }
    if (!relu && mask == null) {
      return;
    } else if (pass != null) {
      pass.run(length, operands.c, operands.cOffset, mask, maskOffset);
    } else {
      ScalarGemm.apply(0, length, operands.c, operands.cOffset, mask, maskOffset);
    }
  }

  VectorGemm plan() {
    int i = 0;
    while (i < plans.length - 1 && plans[i] != null && !plans[i].serves(operands)) {
      i++;
    }
    if (plans[i] == null || !plans[i].serves(operands)) {
      plans[i] = new VectorGemm(operands, warmUps);
    }
    VectorGemm plan = plans[i];
    for (; i > 0; i--) {
      plans[i] = plans[i - 1];
    }
    plans[0] = plan;
    return plan;
  }
}
