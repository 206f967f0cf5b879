package dev.lanewise.kernel;

import java.util.Arrays;

/**
 * The matrix product in plain loops over rows of C.
 *
 * <p>C2 makes vectors of a loop only if every array index in it is the counter plus a constant, for
 * with any other offset it must fear that a store meets a later load. So rows of C of some length
 * and four or eight rows of B are copied to fixed places of the workspace, and worked on there: 28
 * GFLOP/s on 512 x 512 x 512 where loops over the matrices themselves gave 12, copies included.
 *
 * <p>Short rows would be copied more than multiplied. They stay where they are, two rows of C
 * taking four of B at a time, without vectors; B is walked in blocks that stay in the cache while
 * all rows of C pass over them, and B^T is first copied, so that the inner loop always runs along
 * rows.
 */
final class ScalarGemm {
  /** Rows (of the sum) and columns of a block of B: 256 KB, half of an ordinary L2. */
  static final int BLOCK_K = 128;

  static final int BLOCK_N = 512;

  /** Columns at a time of long rows: one of C and eight of B take 9 KB of the L1 cache. */
  private static final int WIDTH = 256;

  /** Columns from which rows are long: 128 x 64 x 784 still runs at 18 GFLOP/s this way. */
  private static final int SHORTEST_LONG = 64;

  private ScalarGemm() {}

  static int workspace(Orientation orientation, int n) {
    return orientation == Orientation.NT
        ? BLOCK_K * BLOCK_N // a transposed block
        : n >= SHORTEST_LONG ? 9 * WIDTH : 0;
  }

  static void initialise(
      int m, int n, float[] c, int cOffset, int ldc, Initial initial, float[] bias, int bOffset) {
    for (int i = 0; i < m; i++) {
      int row = cOffset + i * ldc;
      switch (initial) {
        case ZERO -> Arrays.fill(c, row, row + n, 0);
        case BIAS -> System.arraycopy(bias, bOffset, c, row, n);
        case RESULT -> {}
      }
    }
  }

  static void accumulate(
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
    // Element (i, p) of op(A) stands at aOffset + i * aRow + p * aStep.
    int aRow = orientation == Orientation.TN ? 1 : lda;
    int aStep = orientation == Orientation.TN ? lda : 1;
    if (Fma.HARDWARE && n >= SHORTEST_LONG) {
      boolean transposed = orientation == Orientation.NT;
      longRows(
          transposed,
          m,
          n,
          k,
          a,
          aOffset,
          aRow,
          aStep,
          b,
          bOffset,
          ldb,
          c,
          cOffset,
          ldc,
          workspace);
      return;
    }
    for (int j = 0; j < n; j += BLOCK_N) {
      int columns = Math.min(BLOCK_N, n - j);
      for (int p = 0; p < k; p += BLOCK_K) {
        int depth = Math.min(BLOCK_K, k - p);
        float[] block = b;
        int blockOffset = bOffset + p * ldb + j;
        int ldblock = ldb;
        if (orientation == Orientation.NT) {
          transpose(columns, depth, b, bOffset + j * ldb + p, ldb, workspace);
          block = workspace;
          blockOffset = 0;
          ldblock = columns;
        }
        int i = 0;
        for (; i + 2 <= m; i += 2) {
          twoRows(
              columns,
              depth,
              a,
              aOffset + i * aRow + p * aStep,
              aRow,
              aStep,
              block,
              blockOffset,
              ldblock,
              c,
              cOffset + i * ldc + j,
              ldc);
        }
        if (i < m) {
          oneRow(
              columns,
              depth,
              a,
              aOffset + i * aRow + p * aStep,
              aStep,
              block,
              blockOffset,
              ldblock,
              c,
              cOffset + i * ldc + j);
        }
      }
    }
  }

  private static void longRows(
      boolean transposed,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aStep,
      float[] b,
      int bOffset,
      int ldb,
      float[] c,
      int cOffset,
      int ldc,
      float[] w) {
    for (int j = 0; j < n; j += WIDTH) {
      int columns = Math.min(WIDTH, n - j);
      for (int p = 0; p < k; p += 8) {
        int terms = Math.min(8, k - p);
        for (int t = 0; t < terms; t++) {
          int row = (t + 1) * WIDTH;
          if (transposed) {
            for (int i = 0; i < columns; i++) {
              w[row + i] = b[bOffset + (j + i) * ldb + p + t];
            }
          } else {
            System.arraycopy(b, bOffset + (p + t) * ldb + j, w, row, columns);
          }
        }
        for (int i = 0; i < m; i++) {
          int x = aOffset + i * aRow + p * aStep;
          int row = cOffset + i * ldc + j;
          System.arraycopy(c, row, w, 0, columns);
          int t = 0;
          if (terms >= 4) {
            lower(columns, a[x], a[x + aStep], a[x + 2 * aStep], a[x + 3 * aStep], w);
            t = 4;
          }
          if (terms == 8) {
            int y = x + 4 * aStep;
            upper(columns, a[y], a[y + aStep], a[y + 2 * aStep], a[y + 3 * aStep], w);
            t = 8;
          }
          for (; t < terms; t++) {
            product(columns, a[x + t * aStep], w, (t + 1) * WIDTH, w, 0);
          }
          System.arraycopy(w, 0, c, row, columns);
        }
      }
    }
  }

  /** Rows 1 to 4 of the workspace, times a number each, onto row 0. */
  private static void lower(int n, float x0, float x1, float x2, float x3, float[] w) {
    for (int j = 0; j < n; j++) {
      float s = Math.fma(x1, w[j + 2 * WIDTH], Math.fma(x0, w[j + WIDTH], w[j]));
      w[j] = Math.fma(x3, w[j + 4 * WIDTH], Math.fma(x2, w[j + 3 * WIDTH], s));
    }
  }

  /** Rows 5 to 8 likewise: all eight in one loop would be too much for C2 to vectorise. */
  private static void upper(int n, float x0, float x1, float x2, float x3, float[] w) {
    for (int j = 0; j < n; j++) {
      float s = Math.fma(x1, w[j + 6 * WIDTH], Math.fma(x0, w[j + 5 * WIDTH], w[j]));
      w[j] = Math.fma(x3, w[j + 8 * WIDTH], Math.fma(x2, w[j + 7 * WIDTH], s));
    }
  }

  /** Copies B^T: rows x columns of b become columns x rows of the workspace. */
  private static void transpose(
      int rows, int columns, float[] b, int bOffset, int ldb, float[] workspace) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        workspace[j * rows + i] = b[bOffset + i * ldb + j];
      }
    }
  }

  private static void twoRows(
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aStep,
      float[] b,
      int bOffset,
      int ldb,
      float[] c,
      int c0,
      int ldc) {
    int p = 0;
    if (Fma.HARDWARE) {
      for (; p + 4 <= k; p += 4) {
        int a0 = aOffset + p * aStep;
        int a1 = a0 + aRow;
        eightProducts(
            n,
            a[a0],
            a[a0 + aStep],
            a[a0 + 2 * aStep],
            a[a0 + 3 * aStep],
            a[a1],
            a[a1 + aStep],
            a[a1 + 2 * aStep],
            a[a1 + 3 * aStep],
            b,
            bOffset + p * ldb,
            ldb,
            c,
            c0,
            c0 + ldc);
      }
    }
    for (; p < k; p++) {
      product(n, a[aOffset + p * aStep], b, bOffset + p * ldb, c, c0);
      product(n, a[aOffset + p * aStep + aRow], b, bOffset + p * ldb, c, c0 + ldc);
    }
  }

  private static void oneRow(
      int n,
      int k,
      float[] a,
      int aOffset,
      int aStep,
      float[] b,
      int bOffset,
      int ldb,
      float[] c,
      int c0) {
    int p = 0;
    if (Fma.HARDWARE) {
      for (; p + 4 <= k; p += 4) {
        int a0 = aOffset + p * aStep;
        fourProducts(
            n,
            a[a0],
            a[a0 + aStep],
            a[a0 + 2 * aStep],
            a[a0 + 3 * aStep],
            b,
            bOffset + p * ldb,
            ldb,
            c,
            c0);
      }
    }
    for (; p < k; p++) {
      product(n, a[aOffset + p * aStep], b, bOffset + p * ldb, c, c0);
    }
  }

  private static void eightProducts(
      int n,
      float x0,
      float x1,
      float x2,
      float x3,
      float y0,
      float y1,
      float y2,
      float y3,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int c1) {
    int b1 = b0 + ldb;
    int b2 = b1 + ldb;
    int b3 = b2 + ldb;
    for (int j = 0; j < n; j++) {
      float r0 = b[b0 + j];
      float r1 = b[b1 + j];
      float r2 = b[b2 + j];
      float r3 = b[b3 + j];
      c[c0 + j] = Math.fma(x3, r3, Math.fma(x2, r2, Math.fma(x1, r1, Math.fma(x0, r0, c[c0 + j]))));
      c[c1 + j] = Math.fma(y3, r3, Math.fma(y2, r2, Math.fma(y1, r1, Math.fma(y0, r0, c[c1 + j]))));
    }
  }

  private static void fourProducts(
      int n,
      float x0,
      float x1,
      float x2,
      float x3,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0) {
    int b1 = b0 + ldb;
    int b2 = b1 + ldb;
    int b3 = b2 + ldb;
    for (int j = 0; j < n; j++) {
      float s = Math.fma(x0, b[b0 + j], c[c0 + j]);
      s = Math.fma(x1, b[b1 + j], s);
      s = Math.fma(x2, b[b2 + j], s);
      c[c0 + j] = Math.fma(x3, b[b3 + j], s);
    }
  }

  private static void product(int n, float x, float[] b, int b0, float[] c, int c0) {
    if (Fma.HARDWARE) {
      for (int j = 0; j < n; j++) {
        c[c0 + j] = Math.fma(x, b[b0 + j], c[c0 + j]);
      }
    } else {
      for (int j = 0; j < n; j++) {
        c[c0 + j] = Fma.emulated(x, b[b0 + j], c[c0 + j]);
      }
    }
  }
}
