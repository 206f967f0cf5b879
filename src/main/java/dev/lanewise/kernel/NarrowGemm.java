package dev.lanewise.kernel;

import java.util.Arrays;

/**
 * The matrix product that is soon compiled: two tiles of {@link MicroKernels}, few columns wide,
 * for all shapes and orientations. C2 takes 20 ms for them and for the ten or twenty tiles that
 * {@link VectorGemm} needs for a small network half a second, in which a short job would be done.
 */
final class NarrowGemm {
  private static final int L = Lanes.LENGTH;

  /** 16 registers are those of short vectors, and 6 x 2 the one tile that C2 fits into them. */
  private static final boolean FEW_REGISTERS = Lanes.REGISTERS == 16;

  /**
   * Rows of the tiles: as many sums as hide the latency of a multiply-add. With 8 rows of one
   * vector C2 runs out of registers for their places.
   */
  static final int ROWS = FEW_REGISTERS ? 6 : 4;

  /** Columns of the tiles. */
  static final int COLUMNS = FEW_REGISTERS ? 2 * L : L;

  /** Vectors of sums of a tile. */
  static final int SUMS = ROWS * COLUMNS / L;

  /**
   * Multiply-adds between two steps that a large product lends to rehearsals, about a millisecond,
   * and of products that the scalar kernels compute in halves. Layers of thousands of units have a
   * hundred products an epoch, and would stay here for many (784-5100-5100-10, 1000 rows, the first
   * three epochs: 7.1, 5.1 and 2.1 s, so 4.3, 2.1 and 2.1).
   */
  static final long LOAN = 1 << 24;

  private NarrowGemm() {}

  /** Whether it can compute a product. */
  static boolean serves(Orientation orientation, int m, Initial initial, Epilogue epilogue) {
    return m >= ROWS && (orientation != Orientation.TN || epilogue == Epilogue.NONE);
  }

  /** Floats for a row of initial values, a tile of C and a panel of B. */
  static int workspace(int k) {
    return Math.multiplyExact(1 + ROWS + k, COLUMNS);
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
      float[] workspace,
      Rehearsals rehearsals) {
    int tile = COLUMNS;
    int panel = tile + ROWS * COLUMNS;
    // Element (i, p) of op(A) stands at aOffset + i * aRow + p * aStep.
    int aRow = orientation == Orientation.TN ? 1 : lda;
    int aStep = orientation == Orientation.TN ? lda : 1;
    float floor = epilogue == Epilogue.RELU ? 0 : Float.NEGATIVE_INFINITY;
    Arrays.fill(workspace, 0, COLUMNS, 0);
    int nr = Kernels.isPacked(ldb) ? PackedPanels.columns(n) : COLUMNS;
    long done = 0;
    for (int j = 0, width; j < n; j += width) {
      if (done >= LOAN) {
        rehearsals.lend(done);
        done = 0;
      }
      width = Math.min(Math.min(COLUMNS, nr - j % nr), n - j);
      if (initial == Initial.BIAS) {
        System.arraycopy(bias, biasOffset + j, workspace, 0, width);
      }
      float[] from = b;
      int at = bOffset + j;
      int step = ldb;
      if (Kernels.isPacked(ldb)) {
        at = bOffset + PackedPanels.offset(n, k, j);
        step = PackedPanels.step(n, k, j);
      }
      boolean copied = orientation == Orientation.NT;
      if (copied) {
        transpose(width, k, b, bOffset + j * ldb, ldb, workspace, panel);
      } else if (at + (k - 1) * step + COLUMNS > b.length) {
        copied = true;
        for (int p = 0; p < k; p++) {
          System.arraycopy(b, at + p * step, workspace, panel + p * COLUMNS, width);
        }
      }
      if (copied) {
        from = workspace;
        at = panel;
        step = COLUMNS;
      }
      done += (long) m * width * k;
      for (int next = 0; next < m; next += ROWS) {
        // The last rows are computed with some before them, which come out the same.
        int i = Math.min(next, m - ROWS);
        int aTile = aOffset + i * aRow;
        int cTile = cOffset + i * ldc + j;
        boolean result = initial == Initial.RESULT;
        boolean whole = width == COLUMNS && (i == next || !result);
        if (result && !whole) {
          copy(0, width, c, cTile, ldc, workspace, tile, COLUMNS);
        }
        float[] to = whole ? c : workspace;
        int toAt = whole ? cTile : tile;
        int toRow = whole ? ldc : COLUMNS;
        float[] z = result ? to : workspace;
        int zAt = result ? toAt : 0;
        int zRow = result ? toRow : 0;
        tile(k, a, aTile, aRow, aStep, from, at, step, z, zAt, zRow, to, toAt, toRow, floor);
        if (!whole) {
          // Of rows that have their products already, only the first results count.
          copy(result ? next - i : 0, width, workspace, tile, COLUMNS, c, cTile, ldc);
        }
      }
    }
  }

  /**
   * A tile of C, in which aRow or aStep is 1.
   *
   * @param zRow distance of the rows of initial values, 0 for one row
   */
  static void tile(
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bStep,
      float[] z,
      int zAt,
      int zRow,
      float[] c,
      int cAt,
      int cRow,
      float floor) {
    if (FEW_REGISTERS && aStep == 1) {
      MicroKernels.tile6x2Strided(
          k, a, aAt, aRow, 1, b, bAt, bStep, z, zAt, zRow, c, cAt, cRow, floor);
    } else if (FEW_REGISTERS) {
      MicroKernels.tile6x2Columns(
          k, a, aAt, 1, aStep, b, bAt, bStep, z, zAt, zRow, c, cAt, cRow, floor);
    } else if (aStep == 1) {
      MicroKernels.tile4x1Strided(
          k, a, aAt, aRow, 1, b, bAt, bStep, z, zAt, zRow, c, cAt, cRow, floor);
    } else {
      MicroKernels.tile4x1Columns(
          k, a, aAt, 1, aStep, b, bAt, bStep, z, zAt, zRow, c, cAt, cRow, floor);
    }
  }

  private static void transpose(
      int width, int k, float[] b, int bOffset, int ldb, float[] panel, int panelOffset) {
    for (int j = 0; j < width; j++) {
      column(k, b, bOffset + j * ldb, panel, panelOffset + j);
    }
  }

  /** A method of its own, to be compiled sooner: see {@link ScalarKernels}. */
  private static void column(int k, float[] b, int bOffset, float[] panel, int panelOffset) {
    for (int p = 0; p < k; p++) {
      panel[panelOffset + p * COLUMNS] = b[bOffset + p];
    }
  }

  /** Copies the rows of a tile from one on. */
  private static void copy(
      int row, int width, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    for (int i = row; i < ROWS; i++) {
      for (int j = 0; j < width; j++) {
        y[yOffset + i * ldy + j] = x[xOffset + i * ldx + j];
      }
    }
  }
}
