package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.Lanes;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transpose of a matrix, by squares of as many rows as a vector has lanes. In a square, rows
 * that are s apart exchange the halves of their blocks of 2 s lanes, for s = L/2, L/4, ..., 1
 * (Eklundh, "A Fast Computer Method for Matrix Transposing", 1972), all in registers, the left and
 * the right half of the columns one after the other.
 */
final class Transpose {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  static final VectorShuffle<Float> SWAP_4 = swap(4);
  static final VectorShuffle<Float> SWAP_2 = swap(2);

  /**
   * Above 0 where a step of 8 lanes leads down: a comparison makes a mask in a register, where JDK
   * 17 makes a constant mask anew for each of its uses.
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
      lanes[i] = (i ^ s) % L; // steps of a whole vector are not used
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

  /** y[j][i] = x[i][j] for rows x columns values of x. */
  static void transpose(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    if (columns < 0) {
      square(x, 0, columns, y, 0, 0); // a rehearsal
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
    // The last squares overlap those before them, and write the same values again.
    for (int next = 0; next < rows; next += L) {
      int i = Math.min(next, rows - L);
      for (int across = 0; across < columns; across += L) {
        int j = Math.min(across, columns - L);
        square(x, xOffset + i * ldx + j, ldx, y, yOffset + j * ldy + i, ldy);
      }
    }
  }

  /**
   * A square of L rows, half of its columns at a time. Each half reads L/2 values beside it, which
   * are within the rows of the other one.
   */
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
