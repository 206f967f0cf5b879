package dev.lanewise.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transpose of a matrix, by squares of as many rows as a vector has lanes. In a square, rows
 * that are s apart exchange the halves of their blocks of 2 s lanes, for s = L/2, L/4, ..., 1
 * (Eklundh, "A Fast Computer Method for Matrix Transposing", 1972), all in registers, the left and
 * the right half of the columns one after the other.
 */
final class VectorTranspose {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  /** Floats in which a square is turned. */
  static final int SCRATCH = 16 * 16;

  static final VectorShuffle<Float> SWAP_4 = swap(4);
  static final VectorShuffle<Float> SWAP_2 = swap(2);

  /**
   * Above 0 where a step of 8 lanes leads down: a comparison is a mask in a register, where 17
   * makes a constant mask anew for each of its uses (16 x 16 of turns: 56 to 80 ns, so 48 to 52).
   */
  static final float[] UPPER_8 = upper(8);

  static final float[] UPPER_4 = upper(4);
  static final float[] UPPER_2 = upper(2);

  private VectorTranspose() {}

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

  /** y[j][i] = x[i][j] for rows x columns values of x; the scratch is any array but x. */
  static void transpose(
      int rows,
      int columns,
      float[] x,
      int xOffset,
      int ldx,
      float[] y,
      int yOffset,
      int ldy,
      float[] scratch,
      int scratchOffset) {
    if (rows < L) {
      int j = ldy == rows ? narrow(rows, columns, x, xOffset, ldx, y, yOffset) : 0;
      each(rows, columns - j, x, xOffset + j, ldx, y, yOffset + j * ldy, ldy);
      return;
    }
    // The last squares overlap those before them, and write the same values again.
    for (int next = 0; next < rows; next += L) {
      int i = Math.min(next, rows - L);
      for (int across = 0; across < columns && columns >= L; across += L) {
        int j = Math.min(across, columns - L);
        square(x, xOffset + i * ldx + j, ldx, y, yOffset + j * ldy + i, ldy);
      }
      if (columns < L) {
        few(columns, x, xOffset + i * ldx, ldx, y, yOffset + i, ldy, scratch, scratchOffset);
      }
    }
  }

  /**
   * L rows of fewer columns: whole vectors of x, whose last lanes become rows that nobody copies.
   * With a negative ldx no square is made, for a rehearsal.
   */
  static void few(
      int columns,
      float[] x,
      int xOffset,
      int ldx,
      float[] y,
      int yOffset,
      int ldy,
      float[] scratch,
      int scratchOffset) {
    if (xOffset + (L - 1) * ldx + L > x.length) {
      each(L, columns, x, xOffset, ldx, y, yOffset, ldy);
      return;
    }
    if (columns <= L / 2) {
      half(x, xOffset, ldx, scratch, scratchOffset, L);
    } else {
      square(x, xOffset, ldx, scratch, scratchOffset, L);
    }
    for (int j = 0; j < columns; j++) {
      FloatVector.fromArray(S, scratch, scratchOffset + j * L).intoArray(y, yOffset + j * ldy);
    }
  }

  /**
   * The same where y has rows shorter than a vector, without gaps: what a vector stores beyond its
   * row, the next rows overwrite. Gives how many rows of y are done; the last have nothing behind.
   */
  private static int narrow(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset) {
    int last = columns - (L - 1) / rows;
    if (last < L) {
      return 0;
    }
    int within = x.length - xOffset - (L - 1) * ldx - L;
    int j = 0;
    while (j < last) {
      // The last square overlaps the one before it.
      int from = Math.min(j, last - L);
      if (from > within) {
        break;
      }
      square(x, xOffset + from, ldx, y, yOffset + from * rows, rows);
      j = from + L;
    }
    return j;
  }

  /** The same one by one, which is quicker for a handful of columns. */
  static void each(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    for (int j = 0; j < columns; j++) {
      for (int i = 0; i < rows; i++) {
        y[yOffset + j * ldy + i] = x[xOffset + i * ldx + j];
      }
    }
  }

  /** A square of L rows; of a negative ldx nothing, which is for rehearsals. */
  static void square(float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    half(x, xOffset, ldx, y, yOffset, ldy);
    half(x, xOffset + L / 2, ldx, y, yOffset + L / 2 * ldy, ldy);
  }

  /**
   * Half of a square's columns. Reads L/2 values before those of its lower rows, which is within
   * the rows above them, and L/2 behind those of its upper ones.
   */
  static void half(float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    if (L == 16) {
      MicroKernels.halfSquare16(x, xOffset, ldx, y, yOffset, ldy);
    } else if (L == 8) {
      MicroKernels.halfSquare8(x, xOffset, ldx, y, yOffset, ldy);
    } else {
      MicroKernels.halfSquare4(x, xOffset, ldx, y, yOffset, ldy);
    }
  }
}
