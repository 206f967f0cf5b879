package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.Lanes;

/**
 * The transpose of a matrix, by squares with as many rows as a vector has lanes. In a square, rows
 * that are s apart exchange the halves of their blocks of 2 s lanes, for s = L/2, L/4, ..., 1
 * (Eklundh, "A Fast Computer Method for Matrix Transposing", 1972). All this is done in registers,
 * first for the left and then for the right half of the columns.
 */
final class Transpose {
  private static final int L = Lanes.LENGTH;

  private Transpose() {}

  /** Computes y[j][i] = x[i][j] for rows x columns values of x. */
  static void transpose(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    if (columns < 0) {
      square(x, 0, columns, y, 0, 0); // an empty call of a warm-up
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
