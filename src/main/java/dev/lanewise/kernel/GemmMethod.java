package dev.lanewise.kernel;

/** How {@link VectorGemm} computes a product: what is quickest for its shape. */
enum GemmMethod {
  /** C has one column, and B stands in one piece. */
  MATRIX_VECTOR,

  /** C has one row, and B is transposed. */
  VECTOR_MATRIX,

  /** {@link ThinGemm}. */
  THIN,

  /** {@link InPlaceGemm#packed}. */
  PACKED_ROWS,

  /** {@link RowPairs}. */
  ROW_PAIRS,

  /** {@link RowPairs}, of which C^T = B A^T is asked. */
  TURNED_PAIRS,

  /** {@link InPlaceGemm#gemm}. */
  IN_PLACE,

  /** {@link BlockedGemm}, of which C^T = B^T A is asked. */
  NARROW_GRADIENT,

  /** {@link BlockedGemm}, of which C^T = B A^T is asked. */
  TURNED,

  /** {@link BlockedGemm}. */
  BLOCKS;

  private static final int L = Lanes.LENGTH;

  /** Values of B from which on it pays to turn others instead: 16 x 64 x 64 loses a tenth. */
  private static final int TURNED_LEAST = 1 << 14;

  /** The method for a product in its {@link VectorGemm#simplest} orientation. */
  static GemmMethod of(
      Orientation orientation,
      int m,
      int n,
      int k,
      int lda,
      int ldb,
      Initial initial,
      Epilogue epilogue) {
    if (lda < 0) {
      return BLOCKS;
    } else if (orientation == Orientation.NN && n == 1 && ldb == 1) {
      return MATRIX_VECTOR;
    } else if (orientation == Orientation.NT && m == 1) {
      return VECTOR_MATRIX;
    } else if (ThinGemm.serves(orientation, m, n, k, ldb, initial)) {
      return THIN;
    } else if (InPlaceGemm.servesPacked(m, ldb, initial, epilogue)) {
      return PACKED_ROWS;
    } else if (RowPairs.serves(orientation, m, n, k, initial)) {
      return ROW_PAIRS;
    } else if (RowPairs.servesTurned(orientation, m, n, k, initial, epilogue)) {
      return TURNED_PAIRS;
    } else if (InPlaceGemm.serves(orientation, m, n, k, ldb, initial, epilogue)) {
      return IN_PLACE;
    } else if (narrowGradient(orientation, m, n, k, initial, epilogue)) {
      return NARROW_GRADIENT;
    }
    return turnsLess(orientation, m, n, k, initial, epilogue) ? TURNED : BLOCKS;
  }

  /**
   * Whether the gradient of a narrow layer's weights is computed transposed. Its columns do not
   * fill one vector, and 7 of them less than half: 80 x 7 x 100 ran at 23 GFLOP/s. X^T, though,
   * stands ready along its rows, so dY^T X fills the tiles and only the result has to be turned: 61
   * to 63.
   */
  private static boolean narrowGradient(
      Orientation orientation, int m, int n, int k, Initial initial, Epilogue epilogue) {
    return orientation == Orientation.TN
        && (n < L || (Lanes.TALL && n == L))
        && m >= 3 * L
        && k <= GemmPlan.kc(L)
        && initial == Initial.ZERO
        && epilogue == Epilogue.NONE;
  }

  /**
   * Whether C^T = B A^T is computed in place of C = A B^T: where turning A and C is at most half
   * the work of turning B, as in the gradient of a wide layer's inputs (32 x 512 x 512: 65 and 103
   * GFLOP/s, 128 x 512 x 512 98 and 104). Fewer rows than most of a vector would leave lanes idle.
   */
  private static boolean turnsLess(
      Orientation orientation, int m, int n, int k, Initial initial, Epilogue epilogue) {
    return orientation == Orientation.NT
        && 4 * m >= 3 * L
        && (long) n * k >= TURNED_LEAST
        && (long) n * k >= 2L * m * (n + k)
        && k <= GemmPlan.kc(L)
        && initial == Initial.ZERO
        && epilogue != Epilogue.RELU;
  }
}
