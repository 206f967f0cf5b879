package dev.lanewise.kernel;

import java.util.Arrays;

/**
 * The matrix product that is soon compiled: two tiles of {@link MicroKernels}, one vector wide, for
 * all shapes and orientations. C2 takes 20 ms for them and for the ten or twenty tiles that {@link
 * VectorGemm} needs for a small network half a second, in which a short job would be done.
 */
final class NarrowGemm {
  private static final int L = Lanes.LENGTH;

  /**
   * Rows of the tiles: as many sums as hide the latency of a multiply-add. With 8 of them C2 runs
   * out of registers for their places.
   */
  static final int ROWS = 4;

  private NarrowGemm() {}

  /** Whether it can compute a product. */
  static boolean serves(Orientation orientation, int m, Initial initial, Epilogue epilogue) {
    return m >= ROWS
        && initial != Initial.RESULT
        && (orientation != Orientation.TN || epilogue == Epilogue.NONE);
  }

  /** Floats for a row of initial values, a tile of C and a panel of B. */
  static int workspace(int k) {
    return Math.multiplyExact(1 + ROWS + k, L);
  }

  /** C = epilogue(initial + op(A) op(B)), without a mask, which is left to be applied. */
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
      float[] workspace) {
    int tile = L;
    int panel = tile + ROWS * L;
    // Element (i, p) of op(A) stands at aOffset + i * aRow + p * aStep.
    int aRow = orientation == Orientation.TN ? 1 : lda;
    int aStep = orientation == Orientation.TN ? lda : 1;
    float floor = epilogue == Epilogue.RELU ? 0 : Float.NEGATIVE_INFINITY;
    Arrays.fill(workspace, 0, L, 0);
    for (int j = 0; j < n; j += L) {
      int width = Math.min(L, n - j);
      if (initial == Initial.BIAS) {
        System.arraycopy(bias, biasOffset + j, workspace, 0, width);
      }
      float[] from = b;
      int at = bOffset + j;
      int step = ldb;
      if (ldb == Kernels.PACKED) {
        at = bOffset + PackedPanels.offset(n, k, j);
        step = PackedPanels.step(n, k, j);
      } else if (orientation == Orientation.NT) {
        transpose(width, k, b, bOffset + j * ldb, ldb, workspace, panel);
        from = workspace;
        at = panel;
        step = L;
      } else if (at + (k - 1) * ldb + L > b.length) {
        for (int p = 0; p < k; p++) {
          System.arraycopy(b, at + p * ldb, workspace, panel + p * L, width);
        }
        from = workspace;
        at = panel;
        step = L;
      }
      for (int next = 0; next < m; next += ROWS) {
        // The last rows are computed with some before them, which come out the same.
        int i = Math.min(next, m - ROWS);
        int aTile = aOffset + i * aRow;
        int cTile = cOffset + i * ldc + j;
        boolean whole = width == L;
        float[] to = whole ? c : workspace;
        int toAt = whole ? cTile : tile;
        int toRow = whole ? ldc : L;
        if (aStep == 1) {
          MicroKernels.tile4x1Strided(
              k, a, aTile, aRow, 1, from, at, step, workspace, 0, 0, to, toAt, toRow, floor);
        } else {
          MicroKernels.tile4x1Columns(
              k, a, aTile, 1, aStep, from, at, step, workspace, 0, 0, to, toAt, toRow, floor);
        }
        if (!whole) {
          copy(width, workspace, tile, c, cTile, ldc);
        }
      }
    }
  }

  private static void transpose(
      int width, int k, float[] b, int bOffset, int ldb, float[] panel, int panelOffset) {
    for (int j = 0; j < width; j++) {
      for (int p = 0; p < k; p++) {
        panel[panelOffset + p * L + j] = b[bOffset + j * ldb + p];
      }
    }
  }

  private static void copy(int width, float[] x, int xOffset, float[] c, int cOffset, int ldc) {
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < width; j++) {
        c[cOffset + i * ldc + j] = x[xOffset + i * L + j];
      }
    }
  }
}
