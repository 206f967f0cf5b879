package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.Fma;
import java.util.Arrays;

/**
 * The matrix product in plain loops over rows of C: the readable reference, used where vector code
 * is not compiled.
 *
 * <p>C2 vectorises a loop only if every array index in it is the counter plus a constant; with any
 * other offset, a store might overlap a later load. So if rows of C are long, a row of C and eight
 * rows of B are copied to fixed places in the workspace and multiplied there. Short rows stay in
 * place, because copying would take longer than multiplying. Then two rows of C are multiplied by
 * four rows of B at a time. B is read in blocks that stay in the cache while all rows of C use
 * them, and B^T is copied first, so that the inner loop always runs along rows.
 */
final class ScalarGemm {
  /** Rows (of the sum) and columns of a block of B: 256 KB, half of an ordinary L2. */
  static final int BLOCK_K = 128;

  static final int BLOCK_N = 512;

  /** Columns of long rows at a time: a row of C and eight of B then take 9 KB of the L1 cache. */
  private static final int WIDTH = 256;

  /** Number of columns from which rows count as long. */
  private static final int SHORTEST_LONG = 64;

  private final Operands g;
  private float[] w; // workspace
  private int aRow; // element (i, p) of op(A) stands at aOffset + i * aRow + p * aStep
  private int aStep;

  /** Makes the scalar code for the operands that are set in g. */
  ScalarGemm(Operands g) {
    this.g = g;
  }

  /** Returns the required floats of workspace. */
  static int workspace(Orientation orientation, int n) {
    return orientation == Orientation.NT
        ? BLOCK_K * BLOCK_N // a transposed block
        : n >= SHORTEST_LONG ? 9 * WIDTH : 0;
  }

  /** Computes C without the epilogue. */
  void multiply(float[] workspace) {
    w = workspace;
    aRow = g.orientation == Orientation.TN ? 1 : g.lda;
    aStep = g.orientation == Orientation.TN ? g.lda : 1;
    for (int i = 0; i < g.m; i++) {
      int row = g.cOffset + i * g.n;
      if (g.initial == Initial.ZERO) {
        Arrays.fill(g.c, row, row + g.n, 0);
      } else if (g.initial == Initial.BIAS) {
        System.arraycopy(g.bias, g.biasOffset, g.c, row, g.n);
      }
    }
    if (g.packed != null) {
      for (int j = 0; j < g.n; j += g.packed.panel) {
        int columns = Math.min(g.packed.panel, g.n - j);
        accumulate(j, columns, g.packed.values, g.packed.offset(j), g.packed.step(j));
      }
    } else {
      accumulate(0, g.n, g.b, g.bOffset, g.orientation == Orientation.NT ? g.k : g.n);
    }
  }

  /** Applies an epilogue to finished sums, from index {@code from} to length, exclusive. */
  static void apply(
      Epilogue epilogue,
      int from,
      int length,
      float[] x,
      int xOffset,
      float[] mask,
      int maskOffset) {
    if (epilogue == Epilogue.RELU) {
      for (int i = xOffset + from; i < xOffset + length; i++) {
        x[i] = x[i] < 0 ? 0 : x[i];
      }
    } else {
      for (int i = from; i < length; i++) {
        x[xOffset + i] = mask[maskOffset + i] > 0 ? x[xOffset + i] : 0;
      }
    }
  }

  /** Adds the products of some columns of B, which start at bOffset, to C from column j on. */
  private void accumulate(int j, int columns, float[] b, int bOffset, int ldb) {
    if (Fma.HARDWARE && columns >= SHORTEST_LONG) {
      for (int done = 0; done < columns; done += WIDTH) {
        int at = bOffset + (g.orientation == Orientation.NT ? done * ldb : done);
        longRows(j + done, Math.min(WIDTH, columns - done), b, at, ldb);
      }
      return;
    }
    for (int done = 0; done < columns; done += BLOCK_N) {
      int width = Math.min(BLOCK_N, columns - done);
      for (int p = 0; p < g.k; p += BLOCK_K) {
        int depth = Math.min(BLOCK_K, g.k - p);
        if (g.orientation == Orientation.NT) {
          transpose(width, depth, b, bOffset + done * ldb + p, ldb);
          block(j + done, width, p, depth, w, 0, width);
        } else {
          block(j + done, width, p, depth, b, bOffset + p * ldb + done, ldb);
        }
      }
    }
  }

  private void longRows(int j, int columns, float[] b, int bOffset, int ldb) {
    for (int p = 0; p < g.k; p += 8) {
      int terms = Math.min(8, g.k - p);
      for (int t = 0; t < terms; t++) {
        int row = (t + 1) * WIDTH;
        if (g.orientation == Orientation.NT) {
          for (int i = 0; i < columns; i++) {
            w[row + i] = b[bOffset + i * ldb + p + t];
          }
        } else {
          System.arraycopy(b, bOffset + (p + t) * ldb, w, row, columns);
        }
      }
      for (int i = 0; i < g.m; i++) {
        int row = g.cOffset + i * g.n + j;
        System.arraycopy(g.c, row, w, 0, columns);
        longRow(columns, terms, g.a, g.aOffset + i * aRow + p * aStep);
        System.arraycopy(w, 0, g.c, row, columns);
      }
    }
  }

  private void longRow(int columns, int terms, float[] a, int x) {
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
  }

  /** Adds rows 1 to 4 of the workspace, each times a factor, to row 0. */
  private static void lower(int n, float x0, float x1, float x2, float x3, float[] w) {
    for (int j = 0; j < n; j++) {
      float s = Math.fma(x1, w[j + 2 * WIDTH], Math.fma(x0, w[j + WIDTH], w[j]));
      w[j] = Math.fma(x3, w[j + 4 * WIDTH], Math.fma(x2, w[j + 3 * WIDTH], s));
    }
  }

  /** Adds rows 5 to 8 in the same way. C2 would not vectorise a loop over all eight. */
  private static void upper(int n, float x0, float x1, float x2, float x3, float[] w) {
    for (int j = 0; j < n; j++) {
      float s = Math.fma(x1, w[j + 6 * WIDTH], Math.fma(x0, w[j + 5 * WIDTH], w[j]));
      w[j] = Math.fma(x3, w[j + 8 * WIDTH], Math.fma(x2, w[j + 7 * WIDTH], s));
    }
  }

  /** Copies the transpose of rows x columns values of b to the workspace. */
  private void transpose(int rows, int columns, float[] b, int bOffset, int ldb) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        w[j * rows + i] = b[bOffset + i * ldb + j];
      }
    }
  }

  /** Adds the products of a block of B to all rows of C, from column j on. */
  private void block(int j, int width, int p, int depth, float[] b, int bOffset, int ldb) {
    for (int i = 0; i < g.m; i++) {
      boolean two = i + 2 <= g.m;
      for (int q = 0; q < depth; q++) {
        int x = g.aOffset + i * aRow + (p + q) * aStep;
        int c = g.cOffset + i * g.n + j;
        int y = bOffset + q * ldb;
        if (!Fma.HARDWARE || q + 4 > depth) {
          product(width, g.a[x], b, y, g.c, c);
          if (two) {
            product(width, g.a[x + aRow], b, y, g.c, c + g.n);
          }
          continue;
        }
        if (two) {
          twoRows(width, g.a, x, aRow, aStep, b, y, ldb, g.c, c, c + g.n);
        } else {
          oneRow(width, g.a, x, aStep, b, y, ldb, g.c, c);
        }
        q += 3;
      }
      i += two ? 1 : 0;
    }
  }

  private static void twoRows(
      int n,
      float[] a,
      int a0,
      int aRow,
      int aStep,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int c1) {
    int a1 = a0 + aRow;
    float x0 = a[a0];
    float x1 = a[a0 + aStep];
    float x2 = a[a0 + 2 * aStep];
    float x3 = a[a0 + 3 * aStep];
    float y0 = a[a1];
    float y1 = a[a1 + aStep];
    float y2 = a[a1 + 2 * aStep];
    float y3 = a[a1 + 3 * aStep];
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

  private static void oneRow(
      int n, float[] a, int a0, int aStep, float[] b, int b0, int ldb, float[] c, int c0) {
    float x0 = a[a0];
    float x1 = a[a0 + aStep];
    float x2 = a[a0 + 2 * aStep];
    float x3 = a[a0 + 3 * aStep];
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
