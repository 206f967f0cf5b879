package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.KernelWarmUp;
import dev.lanewise.kernel.simd.KernelWarmUps;
import dev.lanewise.kernel.simd.Lanes;
import java.util.Arrays;

/**
 * The matrix product that compiles quickly. One 4 x 1 tile for rows of A and one for columns of A
 * cover all shapes and orientations, and everything else is plain code. It is used in the first
 * second of a job, before C2 has compiled the tiles that {@link VectorGemm} needs.
 */
final class NarrowGemm {
  private static final int L = Lanes.LENGTH;
  private static final int ROWS = 4;

  // Places in the workspace: a row of initial values, a tile of C, and a panel of B.
  private static final int TILE = L;
  private static final int B = TILE + ROWS * L;

  private final KernelWarmUp rows;
  private final KernelWarmUp columns;

  NarrowGemm(KernelWarmUps warmUps) {
    rows = warmUp(warmUps, false);
    columns = warmUp(warmUps, true);
  }

  private KernelWarmUp warmUp(KernelWarmUps warmUps, boolean columns) {
    KernelWarmUp warmUp =
        warmUps.warmUp(
            columns ? "narrow product TN" : "narrow product",
            2 * ROWS * (KernelWarmUp.LITTLE + 2),
            1,
            () -> {
              float[] x = new float[ROWS * KernelWarmUp.MUCH * L];
              return (times, terms) -> {
                for (int i = 0; i < times; i++) {
                  int zRow = i % 2 * L; // one row of initial values for all rows, or one each
                  tile(columns, terms, x, 0, ROWS, x, 0, L, x, 0, zRow, x, 0, L);
                }
              };
            },
            2 * KernelWarmUp.MUCH * L,
            (vector, x) -> run(columns, vector, x));
    warmUps.want(warmUp); // without being asked for
    return warmUp;
  }

  /** Computes products in which tiles overlap and a vector is not full. */
  private void run(boolean columns, boolean vector, float[][] x) {
    int m = 2 * ROWS - 1;
    int n = 2 * L - 1;
    int k = KernelWarmUp.MUCH;
    Operands g = new Operands(columns ? Orientation.TN : Orientation.NN, n);
    g.m = m;
    g.k = k;
    g.a = x[0];
    g.lda = columns ? m : k;
    g.b = x[1];
    for (int i = 0; i < 3; i++) { // sums that begin at 0, with a bias, and with C
      g.bias = i == 1 ? x[2] : null;
      g.adds = i == 2;
      g.c = x[3 + i];
      if (vector) {
        multiply(g, new float[workspace(k)]);
      } else {
        new ScalarGemm(g).multiply(new float[ScalarGemm.workspace(n)]);
      }
    }
  }

  /** Returns the required floats of workspace. */
  static int workspace(int k) {
    return Math.multiplyExact(1 + ROWS + k, L);
  }

  /** Returns whether the code for this product is compiled; work is its number of multiply-adds. */
  boolean isReady(Operands g, long work) {
    return g.m >= ROWS && (g.orientation == Orientation.TN ? columns : rows).isReady(work);
  }

  /** Computes C without the epilogue. */
  void multiply(Operands g, float[] w) {
    boolean tn = g.orientation == Orientation.TN;
    for (int j = 0, width; j < g.n; j += width) {
      width = Math.min(L, g.n - j);
      float[] b = g.b;
      int bAt = g.bOffset + j;
      int bStep = g.n;
      if (g.packed != null) {
        int panel = j / g.packed.panel * g.packed.panel;
        b = g.packed.values;
        bAt = g.packed.offset(panel) + j - panel;
        bStep = g.packed.step(panel);
      } else if (width < L || g.orientation == Orientation.NT) {
        pack(g, j, width, w);
        b = w;
        bAt = B;
        bStep = L;
      }
      Arrays.fill(w, 0, L, 0);
      if (g.bias != null) {
        System.arraycopy(g.bias, g.biasOffset + j, w, 0, width);
      }
      boolean result = g.adds;
      for (int next = 0; next < g.m; next += ROWS) {
        // The last tile overlaps earlier rows and computes the same values for them again.
        int i = Math.min(next, g.m - ROWS);
        boolean whole = width == L && (i == next || !result);
        int cAt = g.cOffset + i * g.n + j;
        float[] c = whole ? g.c : w;
        int to = whole ? cAt : TILE;
        int cRow = whole ? g.n : L;
        if (result && !whole) {
          copy(0, width, g.c, cAt, g.n, w, TILE, L);
        }
        int aAt = g.aOffset + (tn ? i : i * g.lda);
        tile(
            tn,
            g.k,
            g.a,
            aAt,
            g.lda,
            b,
            bAt,
            bStep,
            result ? c : w,
            result ? to : 0,
            result ? cRow : 0,
            c,
            to,
            cRow);
        if (!whole) {
          // Rows that an earlier tile has finished keep their first results.
          copy(result ? next - i : 0, width, w, TILE, L, g.c, cAt, g.n);
        }
      }
    }
  }

  private static void tile(
      boolean columns,
      int k,
      float[] a,
      int aAt,
      int lda,
      float[] b,
      int bAt,
      int bStep,
      float[] z,
      int zAt,
      int zRow,
      float[] c,
      int cAt,
      int cRow) {
    if (columns) {
      MicroKernels.tile4x1Columns(k, a, aAt, lda, b, bAt, bStep, z, zAt, zRow, c, cAt, cRow);
    } else {
      MicroKernels.tile4x1Rows(k, a, aAt, lda, b, bAt, bStep, z, zAt, zRow, c, cAt, cRow);
    }
  }

  /** Copies width columns of op(B), followed by zeros up to a whole vector. */
  private static void pack(Operands g, int j, int width, float[] w) {
    for (int q = 0; q < L; q++) {
      if (q >= width) {
        column(g.k, g.b, 0, 0, w, B + q);
      } else if (g.orientation == Orientation.NT) {
        column(g.k, g.b, g.bOffset + (j + q) * g.k, 1, w, B + q);
      } else {
        column(g.k, g.b, g.bOffset + j + q, g.n, w, B + q);
      }
    }
  }

  /** Copies a column, or writes zeros if step is 0. A separate method is compiled sooner. */
  private static void column(int k, float[] b, int bAt, int step, float[] w, int to) {
    for (int p = 0; p < k; p++) {
      w[to + p * L] = step == 0 ? 0 : b[bAt + p * step];
    }
  }

  private static void copy(
      int row, int width, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    for (int i = row; i < ROWS; i++) {
      System.arraycopy(x, xOffset + i * ldx, y, yOffset + i * ldy, width);
    }
  }
}
