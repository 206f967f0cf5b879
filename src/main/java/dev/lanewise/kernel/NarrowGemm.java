package dev.lanewise.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The matrix product that is soon compiled: one tile, one vector wide, for all shapes and
 * orientations. C2 takes 10 ms for it and for the ten or twenty tiles that {@link VectorGemm} needs
 * for a small network half a second, in which a short job would be done.
 */
final class NarrowGemm {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  /** Rows of the tile: as many sums as hide the latency of a multiply-add. */
  static final int ROWS = 4;

  private NarrowGemm() {}

  /** Whether it can compute a product. */
  static boolean serves(int m, Initial initial) {
    return m >= ROWS && initial != Initial.RESULT;
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
        at = bOffset + VectorGemm.packedOffset(n, k, j);
        step = VectorGemm.packedStep(n, k, j);
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
        if (width == L) {
          tile(k, a, aTile, aRow, aStep, from, at, step, workspace, c, cTile, ldc, floor);
        } else {
          tile(k, a, aTile, aRow, aStep, from, at, step, workspace, workspace, tile, L, floor);
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

  static void tile(
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aStep,
      float[] b,
      int bOffset,
      int bStep,
      float[] z,
      float[] c,
      int cOffset,
      int cRow,
      float floor) {
    if (k < 0) {
      return; // a rehearsal, to be counted
    }
    FloatVector s0 = FloatVector.fromArray(S, z, 0);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int p = 0, aAt = aOffset, bAt = bOffset; p < k; p++, aAt += aStep, bAt += bStep) {
      FloatVector v = FloatVector.fromArray(S, b, bAt);
      s0 = FloatVector.broadcast(S, a[aAt]).fma(v, s0);
      s1 = FloatVector.broadcast(S, a[aAt + aRow]).fma(v, s1);
      s2 = FloatVector.broadcast(S, a[aAt + 2 * aRow]).fma(v, s2);
      s3 = FloatVector.broadcast(S, a[aAt + 3 * aRow]).fma(v, s3);
    }
    FloatVector floors = FloatVector.broadcast(S, floor);
    s0.blend(floors, s0.compare(VectorOperators.LT, floors)).intoArray(c, cOffset);
    s1.blend(floors, s1.compare(VectorOperators.LT, floors)).intoArray(c, cOffset + cRow);
    s2.blend(floors, s2.compare(VectorOperators.LT, floors)).intoArray(c, cOffset + 2 * cRow);
    s3.blend(floors, s3.compare(VectorOperators.LT, floors)).intoArray(c, cOffset + 3 * cRow);
  }
}
