package dev.lanewise.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The product for outputs of at most 8 columns on 16 lanes, such as the last layer of a classifier
 * of few classes: two rows of C share a vector, in even and in odd lanes. Rows of A are woven for
 * it, so that one load of 64 bits brings a term of both, and each value of B stands twice. 100 x 7
 * x 80 runs at 49 GFLOP/s on 17 and 51 on 25, of which the tiles alone reach 95 and weaving takes a
 * quarter of the time; at 34 with a row a vector, at 41 and 49 with terms spread by permutations.
 */
final class RowPairs {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  /** Columns of C at most: half a vector. */
  private static final int H = L / 2;

  /** Even terms of a pass, and odd ones: with a panel of B, woven rows fill an L1 cache. */
  static final int HALF = 128;

  private static final int DEPTH = 2 * HALF;

  /** Pairs of a tile, and of the one for what is left. */
  private static final int PAIRS = 8;

  private static final int FEW_PAIRS = 4;

  /** Floats of workspace before the panel of B: a row of C, sums of pairs, and their rows. */
  private static final int WORKSPACE = L + PAIRS * L + 2 * PAIRS * L;

  /** Terms that pay for the weaving: 285 x 3 x 8 7.0 GFLOP/s, in place 8.5; 262 x 6 x 14 22, 19. */
  private static final int LEAST_TERMS = 12;

  /**
   * Terms from which on that is quicker than to transpose B: 8 x 300 x 128 31 GFLOP/s, turned 46; 8
   * x 512 x 64 on 25 45 and 36.
   */
  private static final int TERMS_TO_TURN = 96;

  /** Values of a result that waits in the workspace for being turned. */
  private static final int MOST_TURNED = 1 << 20;

  static final long LOW = 0xFFFFFFFFL;
  static final long HIGH = ~LOW;

  /**
   * Longs, for which a workspace of floats has no room, and without which 64 bits cannot be read.
   */
  private static final ThreadLocal<long[]> WOVEN =
      ThreadLocal.withInitial(() -> new long[PAIRS * DEPTH]);

  private RowPairs() {}

  /** Whether a product is one for pairs. */
  static boolean serves(Orientation orientation, int m, int n, int k, Initial initial) {
    return L == 16
        && n <= H
        && orientation != Orientation.TN
        && m >= 2 * FEW_PAIRS
        && k >= LEAST_TERMS
        && k <= GemmPlan.KC
        && initial != Initial.RESULT;
  }

  /**
   * Whether the transpose of A B^T, for A of few rows, is one for pairs: those of B, which stay as
   * they are and would all have to be transposed else.
   */
  static boolean servesTurned(
      Orientation orientation, int m, int n, int k, Initial initial, Epilogue epilogue) {
    return orientation == Orientation.NT
        && m > 1
        && k >= TERMS_TO_TURN
        && serves(orientation, n, m, k, initial)
        && initial == Initial.ZERO
        && epilogue != Epilogue.RELU
        && (long) m * n <= MOST_TURNED;
  }

  /** C = A B^T, where {@link #servesTurned} says so; leaves a mask to be applied. */
  static void turned(
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
    int result = WORKSPACE + k * L;
    gemm(
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
        workspace,
        result,
        m,
        Initial.ZERO,
        null,
        0,
        Epilogue.NONE,
        workspace);
    VectorTranspose.each(n, m, workspace, result, m, c, cOffset, ldc);
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
    int sums = L;
    int rows = sums + PAIRS * L;
    int panel = WORKSPACE;
    for (int j = 0; j < H; j++) {
      set(j, initial == Initial.BIAS && j < n ? bias[biasOffset + j] : 0, workspace, 0);
    }
    if (orientation == Orientation.NT) {
      twiceTransposed(n, k, b, bOffset, ldb, workspace, panel);
    } else {
      twice(n, k, b, bOffset, Kernels.isPacked(ldb) ? L : ldb, workspace, panel);
    }
    long[] woven = WOVEN.get();
    float floor = epilogue == Epilogue.RELU ? 0 : Float.NEGATIVE_INFINITY;
    for (int next = 0; next < m; ) {
      int pairs = m - next > 2 * FEW_PAIRS && m >= 2 * PAIRS ? PAIRS : FEW_PAIRS;
      // The last rows are computed with some before them, which come out the same.
      int i = Math.min(next, m - 2 * pairs);
      for (int p = 0; p < k; p += DEPTH) {
        int depth = Math.min(DEPTH, k - p);
        for (int pair = 0; pair < pairs; pair += FEW_PAIRS) {
          weave(depth, a, aOffset + (i + 2 * pair) * lda + p, lda, woven, pair * DEPTH);
        }
        int from = p == 0 ? 0 : sums;
        int step = p == 0 ? 0 : L;
        if (pairs == PAIRS) {
          MicroKernels.pairs8(
              depth, woven, workspace, panel + p * L, workspace, from, step, workspace, sums);
        } else {
          MicroKernels.pairs4(
              depth, woven, workspace, panel + p * L, workspace, from, step, workspace, sums);
        }
      }
      // Whole vectors over C, where what spills is the start of rows that come after.
      if (ldc == n && (i + 2 * pairs - 1) * n + L <= m * n) {
        unweave(pairs, floor, workspace, sums, c, cOffset + i * n, n);
      } else {
        unweave(pairs, floor, workspace, sums, workspace, rows, L);
        copy(2 * pairs, n, workspace, rows, c, cOffset + i * ldc, ldc);
      }
      next = i + 2 * pairs;
    }
  }

  /** A call of everything compiled that a product needs, for a rehearsal: see {@link Tiles}. */
  static void rehearse(int k, float[] a, float[] b, float[] z, float[] c) {
    long[] woven = WOVEN.get();
    int end = a.length - Math.max(k, 0);
    weave(k, a, 0, L, woven, 0);
    weave(k, a, end, 0, woven, 0); // with nothing behind the terms
    MicroKernels.pairs8(k, woven, b, 0, z, 0, 0, c, 0);
    MicroKernels.pairs4(k, woven, b, 0, z, 0, L, c, 0);
    unweave(k < 0 ? 0 : PAIRS, 0, z, 0, c, 0, L);
    twice(H, k, b, 0, H, c, 0); // left to the first products it made 200 MB of garbage
  }

  /** Sets a column of a row that holds each value twice: the even columns come before the odd. */
  private static void set(int column, float value, float[] row, int offset) {
    int at = offset + (column % 2 == 0 ? column : H + column - 1);
    row[at] = value;
    row[at + 1] = value;
  }

  /** Copies B, [k][n], to a panel [k][L] of such rows. */
  private static void twice(
      int n, int k, float[] b, int bOffset, int ldb, float[] panel, int panelOffset) {
    int whole = Math.max(0, Math.min(k - 1, VectorPacking.within(b.length, bOffset, ldb, k, L)));
    for (int p = 0; p < whole; p++) {
      LongVector u = FloatVector.fromArray(S, b, bOffset + p * ldb).reinterpretAsLongs();
      int to = panelOffset + p * L;
      u.and(LOW)
          .or(u.lanewise(VectorOperators.LSHL, 32))
          .reinterpretAsFloats()
          .intoArray(panel, to);
      // Half a vector spills into the next row, which is written after it.
      u.and(HIGH)
          .or(u.lanewise(VectorOperators.LSHR, 32))
          .reinterpretAsFloats()
          .intoArray(panel, to + H);
    }
    for (int p = whole; p < k; p++) {
      for (int j = 0; j < n; j++) {
        set(j, b[bOffset + p * ldb + j], panel, panelOffset + p * L);
      }
    }
  }

  /** The same of B^T, for which b is [n][k]. */
  private static void twiceTransposed(
      int n, int k, float[] b, int bOffset, int ldb, float[] panel, int panelOffset) {
    for (int j = 0; j < n; j++) {
      for (int p = 0; p < k; p++) {
        set(j, b[bOffset + j * ldb + p], panel, panelOffset + p * L);
      }
    }
  }

  /**
   * Terms of eight rows, those of two side by side: the even ones of a pair from {@code 2 pair
   * HALF} on, the odd ones {@link #HALF} behind.
   */
  private static void weave(int k, float[] a, int aOffset, int lda, long[] woven, int wovenOffset) {
    int whole = k / L * L;
    if (whole < k && aOffset + (2 * FEW_PAIRS - 1) * lda + whole + L <= a.length) {
      whole += L; // what stands behind the terms is woven too, and not used
    }
    for (int pair = 0; pair < FEW_PAIRS; pair += 2) {
      MicroKernels.weave(
          whole, a, aOffset + 2 * pair * lda, lda, woven, wovenOffset + pair * DEPTH);
    }
    for (int pair = 0; pair < FEW_PAIRS; pair++) {
      int upper = aOffset + 2 * pair * lda;
      for (int p = whole; p < k; p++) {
        woven[wovenOffset + pair * DEPTH + p / 2 + (p & 1) * HALF] =
            Float.floatToRawIntBits(a[upper + p]) & LOW
                | (long) Float.floatToRawIntBits(a[upper + lda + p]) << 32;
      }
    }
  }

  /**
   * ReLU with a floor of 0, and the rows of the pairs apart: the even columns meet the odd ones.
   */
  private static void unweave(
      int pairs, float floor, float[] sums, int sumsOffset, float[] c, int cOffset, int ldc) {
    FloatVector floors = FloatVector.broadcast(S, floor);
    for (int i = 0; i < pairs; i++) {
      FloatVector even = FloatVector.fromArray(S, sums, sumsOffset + i * L);
      FloatVector odd = FloatVector.fromArray(S, sums, sumsOffset + i * L + H);
      LongVector u =
          even.blend(floors, even.compare(VectorOperators.LT, floors)).reinterpretAsLongs();
      LongVector v =
          odd.blend(floors, odd.compare(VectorOperators.LT, floors)).reinterpretAsLongs();
      u.and(LOW)
          .or(v.lanewise(VectorOperators.LSHL, 32))
          .reinterpretAsFloats()
          .intoArray(c, cOffset + 2 * i * ldc);
      u.lanewise(VectorOperators.LSHR, 32)
          .or(v.and(HIGH))
          .reinterpretAsFloats()
          .intoArray(c, cOffset + (2 * i + 1) * ldc);
    }
  }

  private static void copy(
      int rows, int n, float[] from, int fromOffset, float[] c, int cOffset, int ldc) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < n; j++) {
        c[cOffset + i * ldc + j] = from[fromOffset + i * L + j];
      }
    }
  }
}
