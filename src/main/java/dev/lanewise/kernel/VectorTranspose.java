package dev.lanewise.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transpose of a matrix, by squares of as many rows as a vector has lanes. In a square, rows
 * that are s apart exchange the halves of their blocks of 2 s lanes, for s = L/2, L/4, ..., 1
 * (Eklundh, "A Fast Computer Method for Matrix Transposing", 1972); two such steps at a time keep
 * four rows in registers. 0.2 to 0.3 ns a value with 16 lanes, against 0.4 to 0.5 one by one.
 */
final class VectorTranspose {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;
  private static final int H = L / 2;
  private static final int Q = L / 4;

  /** Floats in which a square is turned. */
  static final int SCRATCH = 16 * 16;

  private static final VectorShuffle<Float> SWAP_H = swap(H);
  private static final VectorShuffle<Float> SWAP_Q = swap(Q);
  private static final VectorShuffle<Float> SWAP_2 = swap(2);
  private static final VectorShuffle<Float> SWAP_1 = swap(1);
  private static final VectorMask<Float> UPPER_H = upper(H);
  private static final VectorMask<Float> UPPER_Q = upper(Q);
  private static final VectorMask<Float> UPPER_2 = upper(2);
  private static final VectorMask<Float> UPPER_1 = upper(1);

  private VectorTranspose() {}

  private static VectorShuffle<Float> swap(int s) {
    int[] lanes = new int[L];
    for (int i = 0; i < L; i++) {
      lanes[i] = i ^ s;
    }
    return VectorShuffle.fromArray(S, lanes, 0);
  }

  private static VectorMask<Float> upper(int s) {
    boolean[] lanes = new boolean[L];
    for (int i = 0; i < L; i++) {
      lanes[i] = (i & s) != 0;
    }
    return VectorMask.fromArray(S, lanes, 0);
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
    int i = 0;
    for (; i + L <= rows; i += L) {
      int j = 0;
      for (; j + L <= columns; j += L) {
        halves(x, xOffset + i * ldx + j, ldx, scratch, scratchOffset);
        rest(scratch, scratchOffset, y, yOffset + j * ldy + i, ldy);
      }
      if (j < columns && xOffset + (i + L - 1) * ldx + j + L <= x.length) {
        // Whole vectors of x, of which the last lanes become rows that nobody copies.
        halves(x, xOffset + i * ldx + j, ldx, scratch, scratchOffset);
        rest(scratch, scratchOffset, scratch, scratchOffset, L);
        for (int r = 0; r < columns - j; r++) {
          FloatVector.fromArray(S, scratch, scratchOffset + r * L)
              .intoArray(y, yOffset + (j + r) * ldy + i);
        }
      } else if (j < columns) {
        each(L, columns - j, x, xOffset + i * ldx + j, ldx, y, yOffset + j * ldy + i, ldy);
      }
    }
    int j = 0;
    if (rows < L && ldy == rows) {
      j = narrow(rows, columns, x, xOffset, ldx, y, yOffset, scratch, scratchOffset);
    }
    each(rows - i, columns - j, x, xOffset + i * ldx + j, ldx, y, yOffset + j * ldy + i, ldy);
  }

  /**
   * The same where y has rows shorter than a vector, without gaps: what a vector stores beyond its
   * row, the next rows overwrite. Gives how many rows of y are done; the last have nothing behind.
   */
  private static int narrow(
      int rows,
      int columns,
      float[] x,
      int xOffset,
      int ldx,
      float[] y,
      int yOffset,
      float[] scratch,
      int scratchOffset) {
    int last = columns - (L - 1) / rows;
    int j = 0;
    for (; j + L <= last && xOffset + (L - 1) * ldx + j + L <= x.length; j += L) {
      halves(x, xOffset + j, ldx, scratch, scratchOffset);
      rest(scratch, scratchOffset, y, yOffset + j * rows, rows);
    }
    return j;
  }

  private static void each(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    for (int j = 0; j < columns; j++) {
      for (int i = 0; i < rows; i++) {
        y[yOffset + j * ldy + i] = x[xOffset + i * ldx + j];
      }
    }
  }

  /** The steps L/2 and L/4, from rows of x to the scratch. */
  private static void halves(float[] x, int xOffset, int ldx, float[] y, int yOffset) {
    for (int r = 0; r < Q; r++) {
      int from = xOffset + r * ldx;
      FloatVector a = FloatVector.fromArray(S, x, from);
      FloatVector b = FloatVector.fromArray(S, x, from + Q * ldx);
      FloatVector c = FloatVector.fromArray(S, x, from + H * ldx);
      FloatVector d = FloatVector.fromArray(S, x, from + (H + Q) * ldx);
      FloatVector ac = a.blend(c.rearrange(SWAP_H), UPPER_H);
      FloatVector ca = a.rearrange(SWAP_H).blend(c, UPPER_H);
      FloatVector bd = b.blend(d.rearrange(SWAP_H), UPPER_H);
      FloatVector db = b.rearrange(SWAP_H).blend(d, UPPER_H);
      int to = yOffset + r * L;
      ac.blend(bd.rearrange(SWAP_Q), UPPER_Q).intoArray(y, to);
      ac.rearrange(SWAP_Q).blend(bd, UPPER_Q).intoArray(y, to + Q * L);
      ca.blend(db.rearrange(SWAP_Q), UPPER_Q).intoArray(y, to + H * L);
      ca.rearrange(SWAP_Q).blend(db, UPPER_Q).intoArray(y, to + (H + Q) * L);
    }
  }

  /** The steps that are left: 2 and 1 of 16 lanes, 1 of 8, none of 4. */
  private static void rest(float[] x, int xOffset, float[] y, int yOffset, int ldy) {
    if (L == 16) {
      for (int r = 0; r < L; r += 4) {
        int from = xOffset + r * L;
        FloatVector a = FloatVector.fromArray(S, x, from);
        FloatVector b = FloatVector.fromArray(S, x, from + L);
        FloatVector c = FloatVector.fromArray(S, x, from + 2 * L);
        FloatVector d = FloatVector.fromArray(S, x, from + 3 * L);
        FloatVector ac = a.blend(c.rearrange(SWAP_2), UPPER_2);
        FloatVector ca = a.rearrange(SWAP_2).blend(c, UPPER_2);
        FloatVector bd = b.blend(d.rearrange(SWAP_2), UPPER_2);
        FloatVector db = b.rearrange(SWAP_2).blend(d, UPPER_2);
        int to = yOffset + r * ldy;
        ac.blend(bd.rearrange(SWAP_1), UPPER_1).intoArray(y, to);
        ac.rearrange(SWAP_1).blend(bd, UPPER_1).intoArray(y, to + ldy);
        ca.blend(db.rearrange(SWAP_1), UPPER_1).intoArray(y, to + 2 * ldy);
        ca.rearrange(SWAP_1).blend(db, UPPER_1).intoArray(y, to + 3 * ldy);
      }
      return;
    }
    for (int r = 0; r < L; r += 2) {
      FloatVector a = FloatVector.fromArray(S, x, xOffset + r * L);
      FloatVector b = FloatVector.fromArray(S, x, xOffset + (r + 1) * L);
      int to = yOffset + r * ldy;
      if (L == 8) {
        a.blend(b.rearrange(SWAP_1), UPPER_1).intoArray(y, to);
        a.rearrange(SWAP_1).blend(b, UPPER_1).intoArray(y, to + ldy);
      } else {
        a.intoArray(y, to);
        b.intoArray(y, to + ldy);
      }
    }
  }
}
