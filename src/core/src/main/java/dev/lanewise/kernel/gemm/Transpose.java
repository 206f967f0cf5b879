package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.Lanes;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transpose of a matrix, by squares with as many rows as a vector has lanes. In a square, rows
 * that are s apart exchange the halves of their blocks of 2 s lanes, for s = L/2, L/4, ..., 1
 * (Eklundh, "A Fast Computer Method for Matrix Transposing", 1972). All this is done in registers,
 * first for the left and then for the right half of the columns.
 */
final class Transpose {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  static final VectorShuffle<Float> SWAP_4 = swap(4);
  static final VectorShuffle<Float> SWAP_2 = swap(2);

  /**
   * Values above 0 in the upper 8 of every 16 lanes. Comparing them with 0 makes the mask in a
   * register; JDK 17 would build a constant mask again for each use.
   */
  static final float[] UPPER_8 = upper(8);

  static final float[] UPPER_4 = upper(4);
  static final float[] UPPER_2 = upper(2);

  /** The lower and the upper float of a long. */
  static final long LOW = 0xFFFFFFFFL;

  static final long HIGH = ~LOW;

  private Transpose() {}

  private static VectorShuffle<Float> swap(int s) {
    int[] lanes = new int[L];
    for (int i = 0; i < L; i++) {
      lanes[i] = (i ^ s) % L; // a swap of more lanes than L is not used
    }
    return VectorShuffle.fromArray(S, lanes, 0);
  }

  private static float[] upper(int s) {
    float[] lanes = new float[L];
    for (int i = 0; i < L; i++) {
      lanes[i] = i & s;
    }
    return lanes;
  }

  /** Computes y[j][i] = x[i][j] for rows x columns values of x. */
  static void transpose(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    if (columns < 0) {
      square(x, 0, columns, y, 0, 0); // an empty call of a rehearsal
      return;
    }
    if (rows < L || columns < L) {
      for (int j = 0; j < columns; j++) {
        for (int i = 0; i < rows; i++) {
          y[yOffset + j * ldy + i] = x[xOffset + i * ldx + j];
        }
      }
      return;
    }
    // The last squares overlap earlier ones and write the same values again.
    for (int next = 0; next < rows; next += L) {
      int i = Math.min(next, rows - L);
      for (int across = 0; across < columns; across += L) {
        int j = Math.min(across, columns - L);
        square(x, xOffset + i * ldx + j, ldx, y, yOffset + j * ldy + i, ldy);
      }
    }
  }

  /** Transposes a square of L rows, half of its columns at a time; each half reads whole rows. */
  private static void square(float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    half(x, xOffset, ldx, y, yOffset, ldy);
    half(x, xOffset + L / 2, ldx, y, yOffset + L / 2 * ldy, ldy);
  }

  private static void half(float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    if (L == 16) {
      MicroKernels.halfSquare16(x, xOffset, ldx, y, yOffset, ldy);
    } else if (L == 8) {
      MicroKernels.halfSquare8(x, xOffset, ldx, y, yOffset, ldy);
    } else {
      MicroKernels.halfSquare4(x, xOffset, ldx, y, yOffset, ldy);
    }
  }
}
