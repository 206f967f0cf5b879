package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.Fma;
import java.util.Arrays;

/**
 * The matrix product in plain loops: the readable reference, used where vector code is not
 * compiled.
 *
 * <p>C2 vectorises a loop only if every array index in it is the counter plus a constant; with any
 * other offset, a store might overlap a later load. So if rows of C are long, a row of C and eight
 * rows of B are copied to fixed places in the workspace and multiplied there. Copying short rows
 * would take longer than multiplying. They are computed in place, two rows by four columns at a
 * time, whose sums do not wait for each other.
 */
final class ScalarGemm {
  /** Columns of long rows at a time: a row of C and eight of B then take 9 KB of the L1 cache. */
  private static final int WIDTH = 256;

  /** Number of columns from which rows count as long. */
  private static final int SHORTEST_LONG = 64;

  /** Number of terms at a time in long rows. */
  private static final int TERMS = 8;

  private final Operands g;
  private float[] w; // workspace
  private int aRow; // element (i, p) of op(A) stands at aOffset + i * aRow + p * aStep
  private int aStep;

  /** Makes the scalar code for the operands that are set in g. */
  ScalarGemm(Operands g) {
    this.g = g;
  }

  /** Returns the required floats of workspace. */
  static int workspace(int n) {
    return n >= SHORTEST_LONG ? 9 * WIDTH : 0;
  }

  /** Computes C without the epilogue. */
  void multiply(float[] workspace) {
    w = workspace;
    aRow = g.orientation == Orientation.TN ? 1 : g.lda;
    aStep = g.orientation == Orientation.TN ? g.lda : 1;
    for (int i = 0; i < g.m; i++) {
      int row = g.cOffset + i * g.n;
      if (g.beginAtZero()) {
        Arrays.fill(g.c, row, row + g.n, 0);
      } else if (g.bias != null) {
        System.arraycopy(g.bias, g.biasOffset, g.c, row, g.n);
      }
    }
    if (g.packed != null) {
      for (int j = 0; j < g.n; j += g.packed.panel) {
        int columns = Math.min(g.packed.panel, g.n - j);
        accumulate(j, columns, g.packed.values, g.packed.offset(j), g.packed.step(j), 1);
      }
    } else if (g.orientation == Orientation.NT) {
      accumulate(0, g.n, g.b, g.bOffset, 1, g.k);
    } else {
      accumulate(0, g.n, g.b, g.bOffset, g.n, 1);
    }
  }

  /**
   * Applies a mask, or ReLU if it is null, to finished sums, from an index to length, exclusive.
   */
  static void apply(int from, int length, float[] x, int xOffset, float[] mask, int maskOffset) {
    if (mask == null) {
      for (int i = xOffset + from; i < xOffset + length; i++) {
        x[i] = x[i] < 0 ? 0 : x[i];
      }
    } else {
      for (int i = from; i < length; i++) {
        x[xOffset + i] = mask[maskOffset + i] > 0 ? x[xOffset + i] : 0;
      }
    }
  }

  /**
   * Adds the products of some columns of B to C from column j on. Element (p, q) of these columns
   * stands at {@code bOffset + p * bRow + q * bStep}.
   */
  private void accumulate(int j, int columns, float[] b, int bOffset, int bRow, int bStep) {
    int done = Fma.HARDWARE && columns >= SHORTEST_LONG ? g.k / TERMS * TERMS : 0;
    for (int q = 0; done > 0 && q < columns; q += WIDTH) {
      int at = bOffset + q * bStep;
      longRows(j + q, Math.min(WIDTH, columns - q), done, b, at, bRow, bStep);
    }
    for (int i = 0; i < g.m && done < g.k; i += 2) {
      int below = i + 1 < g.m ? 1 : 0; // 0: the last row twice, with the same results
      for (int q = 0; q < columns; q += 4) {
        int at = bOffset + done * bRow + q * bStep;
        tile(i, done, below, b, at, bRow, bStep, j + q, columns - 1 - q);
      }
    }
  }

  /**
   * Adds the products from term {@code from} on to rows i and i + below of C, in four columns from
   * j on, or fewer: columns after the last one repeat it, with the same results.
   */
  private void tile(
      int i, int from, int below, float[] b, int b0, int bRow, int bStep, int j, int last) {
    float[] a = g.a;
    float[] c = g.c;
    int a0 = g.aOffset + i * aRow + from * aStep;
    int a1 = a0 + below * aRow;
    int c0 = g.cOffset + i * g.n + j;
    int c1 = c0 + below * g.n;
    int q1 = Math.min(1, last);
    int q2 = Math.min(2, last);
    int q3 = Math.min(3, last);
    int b1 = b0 + q1 * bStep;
    int b2 = b0 + q2 * bStep;
    int b3 = b0 + q3 * bStep;
    float s0 = c[c0];
    float s1 = c[c0 + q1];
    float s2 = c[c0 + q2];
    float s3 = c[c0 + q3];
    float t0 = c[c1];
    float t1 = c[c1 + q1];
    float t2 = c[c1 + q2];
    float t3 = c[c1 + q3];
    for (int p = from, x = 0, y = 0; p < g.k; p++, x += aStep, y += bRow) {
      float u = a[a0 + x];
      float v = a[a1 + x];
      s0 = Fma.fma(u, b[b0 + y], s0);
      s1 = Fma.fma(u, b[b1 + y], s1);
      s2 = Fma.fma(u, b[b2 + y], s2);
      s3 = Fma.fma(u, b[b3 + y], s3);
      t0 = Fma.fma(v, b[b0 + y], t0);
      t1 = Fma.fma(v, b[b1 + y], t1);
      t2 = Fma.fma(v, b[b2 + y], t2);
      t3 = Fma.fma(v, b[b3 + y], t3);
    }
    c[c0] = s0;
    c[c0 + q1] = s1;
    c[c0 + q2] = s2;
    c[c0 + q3] = s3;
    c[c1] = t0;
    c[c1 + q1] = t1;
    c[c1 + q2] = t2;
    c[c1 + q3] = t3;
  }

  /** Adds the products of the first terms, a multiple of 8, to some columns of C. */
  private void longRows(
      int j, int columns, int terms, float[] b, int bOffset, int bRow, int bStep) {
    float[] a = g.a;
    for (int p = 0; p < terms; p += TERMS) {
      for (int t = 0; t < TERMS; t++) {
        row(columns, b, bOffset + (p + t) * bRow, bStep, w, (t + 1) * WIDTH);
      }
      for (int i = 0; i < g.m; i++) {
        int c = g.cOffset + i * g.n + j;
        int x = g.aOffset + i * aRow + p * aStep;
        int y = x + 4 * aStep;
        System.arraycopy(g.c, c, w, 0, columns);
        lower(columns, a[x], a[x + aStep], a[x + 2 * aStep], a[x + 3 * aStep], w);
        upper(columns, a[y], a[y + aStep], a[y + 2 * aStep], a[y + 3 * aStep], w);
        System.arraycopy(w, 0, g.c, c, columns);
      }
    }
  }

  private static void row(int columns, float[] b, int bOffset, int bStep, float[] w, int to) {
    for (int q = 0; q < columns; q++) {
      w[to + q] = b[bOffset + q * bStep];
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
}
