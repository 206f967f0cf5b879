package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.WarmUp;

/**
 * A matrix product, C = epilogue(initial + op(A) op(B)), that is computed again and again: made
 * once a layer and thread. Each output is one chain of fused multiply-adds, {@code c = fma(a[i][p],
 * b[p][j], c)} for p = 0, 1, ..., k - 1, so that no way of computing it changes a bit.
 *
 * <p>Matrices are row-major parts of a {@code float[]}. C and the mask have rows of n values
 * without gaps, and so has B, of n values or for {@link Orientation#NT} of k; the rows of A may be
 * any distance apart. C overlaps no operand. Operands are trusted: whoever sets them has checked
 * the shapes.
 *
 * <pre>{@code
 * Workspace workspace = new Workspace(); // one a thread
 * Gemm forward = kernels.gemm(Orientation.NN, 100, 16, 2304, workspace);
 * forward.from(Initial.BIAS).then(Epilogue.RELU);
 * forward.a(x, 0, 2304).b(w, 0).bias(b, 0).c(y, 0).multiply(100, 2304);
 * }</pre>
 */
public final class Gemm {
  /** How many times as long a scalar multiply-add takes as one of the narrow product. */
  private static final int SCALAR_COST = 8;

  final Orientation orientation;
  final int n;
  private final Workspace workspace;
  private final WarmUp warmUp; // of the vector kernels; null for the scalar ones
  Initial initial = Initial.ZERO;
  private Epilogue epilogue = Epilogue.NONE;
  private final EpiloguePass pass; // null for the scalar kernels

  int m;
  int k;
  float[] a;
  int aOffset;
  int lda;
  float[] b;
  int bOffset;
  PackedMatrix packed; // in place of B, or null
  float[] c;
  int cOffset;
  float[] bias;
  int biasOffset;
  private float[] mask;
  private int maskOffset;

  private final ScalarGemm scalar = new ScalarGemm(this);
  private final NarrowGemm narrow; // of a job's first second; null for the scalar kernels

  /** The last shapes: whole and last mini-batches of a training and of its validation. */
  private final VectorGemm[] plans = new VectorGemm[4]; // the latest first

  /**
   * Makes a product.
   *
   * @param orientation which operands are transposed
   * @param m most rows of C
   * @param n columns of C
   * @param k most terms of a sum
   * @param workspace of the thread
   * @param warmUp decides when vector code serves; null leaves all to the scalar code
   */
  public Gemm(Orientation orientation, int m, int n, int k, Workspace workspace, WarmUp warmUp) {
    this.orientation = orientation;
    this.n = n;
    this.workspace = workspace;
    this.warmUp = warmUp;
    pass = warmUp == null ? null : new EpiloguePass(warmUp);
    narrow = warmUp == null ? null : new NarrowGemm(warmUp);
    workspace.require(ScalarGemm.workspace(orientation, n));
    if (warmUp != null) {
      workspace.require(Plan.workspace(orientation, m, n, k));
      workspace.require(NarrowGemm.workspace(k));
    }
  }

  /**
   * Has the vector code that serves any first product compiled before one is made.
   *
   * @param warmUp of the products to come
   */
  public static void rehearse(WarmUp warmUp) {
    new NarrowGemm(warmUp);
    new EpiloguePass(warmUp);
  }

  /**
   * Sets what the sums start from, {@link Initial#ZERO} unless this is called.
   *
   * @param initial what they start from
   * @return this
   */
  public Gemm from(Initial initial) {
    this.initial = initial;
    return this;
  }

  /**
   * Sets what is done to the sums, {@link Epilogue#NONE} unless this is called.
   *
   * @param epilogue what is done
   * @return this
   */
  public Gemm then(Epilogue epilogue) {
    this.epilogue = epilogue;
    return this;
  }

  /**
   * Sets A: m x k, or k x m for {@link Orientation#TN}.
   *
   * @param values where it stands
   * @param offset where it starts
   * @param ld the distance of its rows
   * @return this
   */
  public Gemm a(float[] values, int offset, int ld) {
    a = values;
    aOffset = offset;
    lda = ld;
    return this;
  }

  /**
   * Sets B: k x n, or n x k for {@link Orientation#NT}.
   *
   * @param values where it stands
   * @param offset where it starts
   * @return this
   */
  public Gemm b(float[] values, int offset) {
    b = values;
    bOffset = offset;
    packed = null;
    return this;
  }

  /**
   * Sets B: k x n, for {@link Orientation#NN} alone.
   *
   * @param matrix packed by the same kernels; as many rows as the sums will have terms
   * @return this
   */
  public Gemm b(PackedMatrix matrix) {
    packed = matrix;
    return this;
  }

  /**
   * Sets C: m x n.
   *
   * @param values where it stands
   * @param offset where it starts
   * @return this
   */
  public Gemm c(float[] values, int offset) {
    c = values;
    cOffset = offset;
    return this;
  }

  /**
   * Sets the bias, read for {@link Initial#BIAS} alone.
   *
   * @param values where its n values stand
   * @param offset where they start
   * @return this
   */
  public Gemm bias(float[] values, int offset) {
    bias = values;
    biasOffset = offset;
    return this;
  }

  /**
   * Sets the mask, read for {@link Epilogue#RELU_MASK} alone.
   *
   * @param values where its m x n values stand
   * @param offset where they start
   * @return this
   */
  public Gemm mask(float[] values, int offset) {
    mask = values;
    maskOffset = offset;
    return this;
  }

  /**
   * Computes C. Allocates nothing, unless its shape is none of the last four.
   *
   * @param m rows of C, at most as many as the constructor was told
   * @param k terms of the sums, likewise
   */
  public void multiply(int m, int k) {
    this.m = m;
    this.k = k;
    long work = (long) m * n * k;
    if (warmUp == null) {
      scalar.multiply(workspace.floats());
    } else if (warmUp.isLong() && plan().isReady(work)) {
      plans[0].multiply(workspace.floats());
    } else if (narrow.isReady(this, work)) {
      warmUp.spend(work);
      narrow.multiply(this, workspace.floats());
    } else {
      warmUp.spend(SCALAR_COST * work);
      scalar.multiply(workspace.floats());
    }
    if (epilogue != Epilogue.NONE && pass != null) {
      pass.run(epilogue, m * n, c, cOffset, mask, maskOffset);
    } else if (epilogue != Epilogue.NONE) {
      ScalarGemm.apply(epilogue, 0, m * n, c, cOffset, mask, maskOffset);
    }
  }

  VectorGemm plan() {
    int i = 0;
    while (i < plans.length - 1 && plans[i] != null && !plans[i].serves(this)) {
      i++;
    }
    if (plans[i] == null || !plans[i].serves(this)) {
      plans[i] = new VectorGemm(this, warmUp);
    }
    VectorGemm plan = plans[i];
    for (; i > 0; i--) {
      plans[i] = plans[i - 1];
    }
    plans[0] = plan;
    return plan;
  }
}
