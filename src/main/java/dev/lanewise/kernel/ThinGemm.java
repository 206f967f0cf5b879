package dev.lanewise.kernel;

/**
 * Products whose sums have a handful of terms: networks of few inputs, gradients of single rows or
 * few of them. What counts there is to write C, so B stays in registers while rows of A go by, and
 * nothing is copied but a transposed B, which is small. As in {@link InPlaceGemm}, the last vectors
 * of a row of C end where it ends and overlap those before them.
 */
final class ThinGemm {
  private static final int L = Lanes.LENGTH;

  /** Columns of B^T that are transposed at once: with 6 terms a fifth of an L1 cache. */
  private static final int BLOCK = 256;

  /** Rows from which on it is quicker than to have wide panels of B in place: with few terms... */
  private static final int ROWS = 5;

  /** ... and with more, where those would not do, but a copy of B. */
  private static final int ROWS_OF_MANY = GemmPlan.ROWS_PER_PACKED_B;

  private static final int MANY_TERMS = 5;

  private ThinGemm() {}

  /** Whether a product is one for here. */
  static boolean serves(Orientation orientation, int m, int n, int k, int ldb, Initial initial) {
    boolean few = k < MANY_TERMS && orientation == Orientation.NT;
    return k > 0
        && (few || m >= (k < MANY_TERMS ? ROWS : ROWS_OF_MANY))
        && k < MicroKernels.THIN.length
        && n >= L
        && !Kernels.isPacked(ldb)
        && initial != Initial.RESULT;
  }

  /** C = epilogue(initial + op(A) op(B)), where {@link #serves} says so. */
  static void gemm(
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
    boolean tn = orientation == Orientation.TN;
    boolean nt = orientation == Orientation.NT;
    float floor = epilogue == Epilogue.RELU ? 0 : Float.NEGATIVE_INFINITY;
    int width = block(n, nt);
    for (int start = 0; start < n; start += width) {
      int from = Math.min(start, n - width); // the last block, too, may overlap the one before
      if (nt) {
        VectorTranspose.each(width, k, b, bOffset + from * ldb, ldb, workspace, 0, width);
      }
      for (int done = 0, vectors; done < width; done += vectors * L) {
        vectors = vectors(k, width, done);
        done = Math.min(done, width - vectors * L);
        int j = from + done;
        MicroKernels.thin(
            vectors,
            k,
            m,
            a,
            aOffset,
            tn ? 1 : lda,
            tn ? lda : 1,
            nt ? workspace : b,
            nt ? done : bOffset + j,
            nt ? width : ldb,
            initial == Initial.BIAS ? bias : BlockedGemm.ZEROS,
            initial == Initial.BIAS ? biasOffset + j : 0,
            c,
            cOffset + j,
            ldc,
            floor,
            epilogue == Epilogue.RELU_MASK ? mask : null,
            maskOffset + j,
            ldmask);
      }
    }
  }

  /** Columns of each block of n. */
  static int block(int n, boolean transposed) {
    return transposed ? Math.min(BLOCK, n) : n;
  }

  /** Vectors of the panel for what is left of some columns: the widest that is not mostly done. */
  static int vectors(int k, int columns, int done) {
    int left = columns - done;
    for (int vectors : MicroKernels.THIN[k]) {
      if (vectors * L <= columns && (vectors == 1 || left > vectors / 2 * L)) {
        return vectors;
      }
    }
    throw new AssertionError(columns);
  }
}
