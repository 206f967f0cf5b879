package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies blocks of operands into the order in which the register tiles read them. Whole vectors are
 * copied wherever the array is long enough, even where fewer values are needed: the next copy
 * overwrites the surplus, or it lies in lanes whose sums are discarded.
 */
final class Packing {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  private Packing() {}

  /** Copies B, depth x columns, into panels of nr columns. */
  static void columns(
      int columns, int depth, float[] b, int bOffset, int ldb, float[] panels, int to, int nr) {
    for (int j = 0; j < columns; j += nr) {
      int width = Math.min(nr, columns - j);
      int step = (width + L - 1) / L * L;
      int v = 0;
      for (; v + 2 * L <= width; v += 2 * L) {
        copy2(depth, b, bOffset + j + v, ldb, panels, to + j * depth + v, step);
      }
      for (; v < width; v += L) {
        int panel = to + j * depth + v;
        copy(depth, Math.min(L, width - v), b, bOffset + j + v, ldb, panels, panel, step);
      }
    }
  }

  private static void copy2(
      int depth, float[] b, int bOffset, int ldb, float[] to, int toOffset, int step) {
    for (int p = 0; p < depth; p++) {
      FloatVector v0 = FloatVector.fromArray(S, b, bOffset + p * ldb);
      FloatVector v1 = FloatVector.fromArray(S, b, bOffset + p * ldb + L);
      v0.intoArray(to, toOffset + p * step);
      v1.intoArray(to, toOffset + p * step + L);
    }
  }

  /** Copies the first width values of each row, at most a vector. */
  private static void copy(
      int rows, int width, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    int last = x.length - L - xOffset;
    int whole = rows < 0 || last < 0 ? 0 : Math.min(rows, last / ldx + 1);
    for (int i = 0; i < whole; i++) {
      FloatVector.fromArray(S, x, xOffset + i * ldx).intoArray(y, yOffset + i * ldy);
    }
    for (int i = whole; i < rows; i++) {
      System.arraycopy(x, xOffset + i * ldx, y, yOffset + i * ldy, width);
      Arrays.fill(y, yOffset + i * ldy + width, yOffset + i * ldy + L, 0);
    }
  }

  /** Copies B^T, columns x depth, into panels of nr columns, so its rows become columns. */
  static void transposed(
      int columns, int depth, float[] b, int bOffset, int ldb, float[] panels, int to, int nr) {
    for (int j = 0; j < columns; j += nr) {
      int width = Math.min(nr, columns - j);
      int step = (width + L - 1) / L * L;
      Transpose.transpose(width, depth, b, bOffset + j * ldb, ldb, panels, to + j * depth, step);
    }
  }

  /**
   * Copies A^T, depth x rows, for panels of C that are this many vectors wide: tile after tile, of
   * the heights in {@link MicroKernels}, and term after term within a tile.
   */
  static void tiles(
      int vectors, int rows, int depth, float[] a, int aOffset, int lda, float[] panels, int to) {
    int i = 0;
    for (int height : MicroKernels.HEIGHTS) {
      for (; height <= Plan.tallest(true, vectors) && i + height <= rows; i += height) {
        tile(height, depth, a, aOffset + i, lda, panels, to + i * depth);
      }
    }
  }

  /** Copies height adjacent values for each term. */
  private static void tile(
      int height, int depth, float[] a, int aOffset, int lda, float[] panels, int to) {
    int last = a.length - L - aOffset;
    int whole = L < height || last < 0 ? 0 : Math.min(depth, last / lda + 1);
    for (int p = 0; p < whole; p++) {
      FloatVector.fromArray(S, a, aOffset + p * lda).intoArray(panels, to + p * height);
    }
    for (int p = Math.max(0, whole); p < depth; p++) {
      System.arraycopy(a, aOffset + p * lda, panels, to + p * height, height);
    }
  }
}
