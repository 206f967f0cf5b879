package dev.lanewise.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The product for outputs of at most 8 columns on 16 lanes, such as the last layer of a classifier
 * of few classes: two rows of C share a vector. One row a vector would leave half its lanes idle
 * (100 x 7 x 80: 31 GFLOP/s, so 40 on 17, 50 on 25). B stands twice in each row of its panel, once
 * a half.
 */
final class RowPairs {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  /** Columns of C at most, and terms of a row in a vector: half a vector. */
  private static final int H = L / 2;

  /** Rows of a tile: four pairs. */
  private static final int ROWS = 8;

  static final VectorShuffle<Float> TERM_0 = term(0);
  static final VectorShuffle<Float> TERM_1 = term(1);
  static final VectorShuffle<Float> TERM_2 = term(2);
  static final VectorShuffle<Float> TERM_3 = term(3);
  static final VectorShuffle<Float> TERM_4 = term(4);
  static final VectorShuffle<Float> TERM_5 = term(5);
  static final VectorShuffle<Float> TERM_6 = term(6);
  static final VectorShuffle<Float> TERM_7 = term(7);
  static final VectorShuffle<Float> SWAP = VectorShuffle.fromOp(S, lane -> lane ^ H);
  static final VectorMask<Float> UPPER = VectorMask.fromLong(S, -1L << H & (1L << L) - 1);

  private RowPairs() {}

  private static VectorShuffle<Float> term(int q) {
    return VectorShuffle.fromOp(S, lane -> lane / H * H + q % H);
  }

  /** Whether a matrix B has so few columns that its panel holds it twice. */
  static boolean twice(int n) {
    return L == 16 && n <= H;
  }

  /** Whether a product is one for pairs. */
  static boolean serves(Orientation orientation, int m, int n, int k, Initial initial) {
    return twice(n)
        && orientation != Orientation.TN
        && m >= ROWS
        && k >= H
        && k <= GemmPlan.KC
        && initial != Initial.RESULT;
  }

  /** Copies B, [k][n], to a panel [k][L] that holds each row in both halves. */
  static void pack(int n, int k, float[] b, int bOffset, int ldb, float[] panel, int panelOffset) {
    int p = 0;
    // The second store spills half a vector into the next row, which is written after it.
    for (; p < k - 1 && bOffset + p * ldb + L <= b.length; p++) {
      FloatVector row = FloatVector.fromArray(S, b, bOffset + p * ldb);
      row.intoArray(panel, panelOffset + p * L);
      row.intoArray(panel, panelOffset + p * L + H);
    }
    for (; p < k; p++) {
      int to = panelOffset + p * L;
      FloatVector.zero(S).intoArray(panel, to);
      for (int j = 0; j < n; j++) {
        panel[to + j] = b[bOffset + p * ldb + j];
        panel[to + H + j] = b[bOffset + p * ldb + j];
      }
    }
  }

  /** The same of B^T, for which b is [n][k]. */
  private static void packTransposed(
      int n, int k, float[] b, int bOffset, int ldb, float[] panel, int panelOffset) {
    for (int p = 0; p < k; p++) {
      int to = panelOffset + p * L;
      FloatVector.zero(S).intoArray(panel, to);
      for (int j = 0; j < n; j++) {
        panel[to + j] = b[bOffset + j * ldb + p];
        panel[to + H + j] = b[bOffset + j * ldb + p];
      }
    }
  }

  /** C = epilogue(Z + A B), where {@link #serves} says so; leaves a mask to be applied. */
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
    int scratch = L;
    int panel = scratch + ROWS * L;
    Arrays.fill(workspace, 0, L, 0);
    if (initial == Initial.BIAS) {
      System.arraycopy(bias, biasOffset, workspace, 0, n);
      System.arraycopy(bias, biasOffset, workspace, H, n);
    }
    float[] from = b;
    int fromOffset = bOffset;
    if (ldb != Kernels.PACKED) {
      if (orientation == Orientation.NT) {
        packTransposed(n, k, b, bOffset, ldb, workspace, panel);
      } else {
        pack(n, k, b, bOffset, ldb, workspace, panel);
      }
      from = workspace;
      fromOffset = panel;
    }
    float floor = epilogue == Epilogue.RELU ? 0 : Float.NEGATIVE_INFINITY;
    for (int next = 0; next < m; next += ROWS) {
      // The last rows are computed with some before them, which come out the same.
      int i = Math.min(next, m - ROWS);
      int at = aOffset + i * lda;
      // Whole vectors over C, where what spills is the start of rows that come after.
      if (ldc == n && (i + ROWS - 1) * n + L <= m * n) {
        MicroKernels.pairs(
            k, a, at, lda, from, fromOffset, workspace, c, cOffset + i * n, n, floor);
      } else {
        MicroKernels.pairs(
            k, a, at, lda, from, fromOffset, workspace, workspace, scratch, L, floor);
        copy(n, workspace, scratch, c, cOffset + i * ldc, ldc);
      }
    }
  }

  private static void copy(int n, float[] from, int fromOffset, float[] c, int cOffset, int ldc) {
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < n; j++) {
        c[cOffset + i * ldc + j] = from[fromOffset + i * L + j];
      }
    }
  }
}
