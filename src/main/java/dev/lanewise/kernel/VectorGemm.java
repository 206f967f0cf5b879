package dev.lanewise.kernel;

/**
 * The matrix product in register tiles: vectors run along the columns of C, a broadcast element of
 * A along its rows, so no sum is ever reordered. Here it finds its {@link GemmMethod}.
 */
final class VectorGemm {
  private VectorGemm() {}

  static int workspace(Orientation orientation, int m, int n, int k) {
    return Math.max(InPlaceGemm.WORKSPACE, BlockedGemm.workspace(orientation, m, n, k));
  }

  /** The orientation without transposes of what is its own: a matrix of one row or one column. */
  static Orientation simplest(Orientation orientation, int n, int k, int lda, int ldb) {
    if (lda < 0) {
      return orientation;
    }
    return switch (orientation) {
      case NN -> orientation;
      case NT -> n == 1 || (k == 1 && ldb == 1) ? Orientation.NN : orientation;
      case TN -> k == 1 ? Orientation.NN : orientation;
    };
  }

  /** The product; gives whether its mask is yet to be applied. */
  static boolean gemm(
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
    Orientation simplest = simplest(orientation, n, k, lda, ldb);
    if (simplest != orientation) {
      lda = orientation == Orientation.TN ? 1 : lda;
      ldb = orientation == Orientation.NT ? n : ldb;
      orientation = simplest;
    }
    boolean masks = epilogue == Epilogue.RELU_MASK;
    switch (GemmMethod.of(orientation, m, n, k, lda, ldb, initial, epilogue)) {
      case MATRIX_VECTOR -> {
        MatrixVector.gemv(
            m,
            k,
            a,
            aOffset,
            lda,
            b,
            bOffset,
            c,
            cOffset,
            ldc,
            initial,
            bias,
            biasOffset,
            0,
            epilogue,
            mask,
            maskOffset,
            ldmask,
            workspace);
        return false;
      }
      case VECTOR_MATRIX -> {
        MatrixVector.gemv(
            n,
            k,
            b,
            bOffset,
            ldb,
            a,
            aOffset,
            c,
            cOffset,
            1,
            initial,
            bias,
            biasOffset,
            1,
            epilogue,
            mask,
            maskOffset,
            1,
            workspace);
        return false;
      }
      case THIN -> {
        ThinGemm.gemm(
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
        return false;
      }
      case PACKED_ROWS ->
          InPlaceGemm.packed(
              m,
              n,
              k,
              a,
              aOffset,
              lda,
              b,
              bOffset,
              ldb == Kernels.PACKED_BACKWARDS,
              c,
              cOffset,
              ldc,
              initial,
              bias,
              biasOffset,
              epilogue,
              workspace);
      case ROW_PAIRS ->
          RowPairs.gemm(
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
              workspace);
      case TURNED_PAIRS ->
          RowPairs.turned(m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc, workspace);
      case IN_PLACE ->
          InPlaceGemm.gemm(
              orientation == Orientation.TN,
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
              workspace);
      case NARROW_GRADIENT ->
          // What was op(A) is now B, row-major as it stands, and B is A transposed.
          transposed(
              Orientation.TN,
              n,
              m,
              k,
              b,
              bOffset,
              ldb,
              a,
              aOffset,
              lda,
              c,
              cOffset,
              ldc,
              workspace);
      case TURNED ->
          // B is read in rows as it stands, and A, which is small, transposed.
          transposed(
              Orientation.NT,
              n,
              m,
              k,
              b,
              bOffset,
              ldb,
              a,
              aOffset,
              lda,
              c,
              cOffset,
              ldc,
              workspace);
      case BLOCKS -> {
        boolean within = !masks || BlockedGemm.masks(orientation, m, n, k, lda, ldb);
        BlockedGemm.gemm(
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
            false,
            initial,
            bias,
            biasOffset,
            within ? epilogue : Epilogue.NONE,
            mask,
            maskOffset,
            ldmask,
            workspace);
        return !within;
      }
    }
    return masks;
  }

  /** C^T = op(A) op(B). */
  private static void transposed(
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
      float[] workspace) {
    BlockedGemm.gemm(
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
        true,
        Initial.ZERO,
        null,
        0,
        Epilogue.NONE,
        null,
        0,
        0,
        workspace);
  }
}
