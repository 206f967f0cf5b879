package dev.lanewise.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Features on their way into a network: bytes to floats, in rows or in {@link Blocks}, and raw ones
 * standardised. What is left over at the end of a row is done by the scalar twin.
 */
final class VectorFeatures {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  /** A vector of 4 bytes does not exist. */
  static final boolean BYTES = L >= 8;

  /** Rows that are written to blocks side by side: a line of a cache and more, of each page. */
  private static final int ROWS = 4;

  /**
   * 1/255 and what its rounding left. In an array, for C2 of 25 would broadcast constants anew in
   * each round of a loop (2304 bytes in L1: 2.1 ns a vector, so 1.0).
   */
  private static final float[] RECIPROCAL = {1 / 255f, (float) (1 / 255.0 - 1 / 255f)};

  private VectorFeatures() {}

  /** Rows of whole vectors of bytes, divided, as {@link Kernels#bytesToFloats} has them. */
  static void quotients(
      int rows,
      int length,
      byte[] bytes,
      int bytesOffset,
      int ldb,
      int[] order,
      int orderOffset,
      float divisor,
      float[] floats,
      int floatsOffset,
      int ldf) {
    if (rows == 0) {
      return;
    }
    FloatVector divisors = FloatVector.broadcast(S, divisor);
    for (int i = 0; i < rows; i++) {
      int from = bytesOffset + Blocks.row(order, orderOffset + i) * ldb;
      int to = floatsOffset + i * ldf;
      for (int j = 0; j < length; j += L) {
        ByteVector raw = ByteVector.fromArray(Lanes.BYTES, bytes, from + j);
        IntVector signed = (IntVector) raw.convertShape(VectorOperators.B2I, Lanes.INTS, 0);
        FloatVector values = (FloatVector) signed.and(0xFF).convertShape(VectorOperators.I2F, S, 0);
        values.div(divisors).intoArray(floats, to + j);
      }
    }
  }

  /**
   * The same for 255, without dividing: x r + x e, where r + e is 1/255 with twice the digits, so
   * that only the last rounding counts. A test compares all 256 quotients.
   */
  static void pixels(
      int rows,
      int length,
      byte[] bytes,
      int bytesOffset,
      int ldb,
      int[] order,
      int orderOffset,
      float[] floats,
      int floatsOffset,
      int ldf) {
    if (rows == 0) {
      return;
    }
    FloatVector r = FloatVector.broadcast(S, RECIPROCAL[0]);
    FloatVector e = FloatVector.broadcast(S, RECIPROCAL[1]);
    int lines = length / (4 * L) * (4 * L);
    for (int row = 0; row < rows; row++) {
      int x = bytesOffset + Blocks.row(order, orderOffset + row) * ldb;
      int y = floatsOffset + row * ldf;
      // Four vectors a round, a line of bytes: more of them wait for memory side by side.
      for (int j = 0; j < lines; j += 4 * L) {
        int from = x + j;
        int to = y + j;
        ByteVector b0 = ByteVector.fromArray(Lanes.BYTES, bytes, from);
        ByteVector b1 = ByteVector.fromArray(Lanes.BYTES, bytes, from + L);
        ByteVector b2 = ByteVector.fromArray(Lanes.BYTES, bytes, from + 2 * L);
        ByteVector b3 = ByteVector.fromArray(Lanes.BYTES, bytes, from + 3 * L);
        IntVector i0 = (IntVector) b0.convertShape(VectorOperators.B2I, Lanes.INTS, 0);
        IntVector i1 = (IntVector) b1.convertShape(VectorOperators.B2I, Lanes.INTS, 0);
        IntVector i2 = (IntVector) b2.convertShape(VectorOperators.B2I, Lanes.INTS, 0);
        IntVector i3 = (IntVector) b3.convertShape(VectorOperators.B2I, Lanes.INTS, 0);
        FloatVector x0 = (FloatVector) i0.and(0xFF).convertShape(VectorOperators.I2F, S, 0);
        FloatVector x1 = (FloatVector) i1.and(0xFF).convertShape(VectorOperators.I2F, S, 0);
        FloatVector x2 = (FloatVector) i2.and(0xFF).convertShape(VectorOperators.I2F, S, 0);
        FloatVector x3 = (FloatVector) i3.and(0xFF).convertShape(VectorOperators.I2F, S, 0);
        x0.fma(r, x0.mul(e)).intoArray(floats, to);
        x1.fma(r, x1.mul(e)).intoArray(floats, to + L);
        x2.fma(r, x2.mul(e)).intoArray(floats, to + 2 * L);
        x3.fma(r, x3.mul(e)).intoArray(floats, to + 3 * L);
      }
      for (int j = lines; j < length; j += L) {
        ByteVector b = ByteVector.fromArray(Lanes.BYTES, bytes, x + j);
        IntVector i = (IntVector) b.convertShape(VectorOperators.B2I, Lanes.INTS, 0);
        FloatVector f = (FloatVector) i.and(0xFF).convertShape(VectorOperators.I2F, S, 0);
        f.fma(r, f.mul(e)).intoArray(floats, y + j);
      }
    }
  }

  /**
   * Standardises features, half a vector at a time: doubles take twice the room. Gives how many
   * values are done. On a Zen 4 2304 features take 0.75 us on 17, 21 and 25, which is what the
   * divisions take; the scalar twin, which C2 of 21 and 25 makes vectors of where both arrays are
   * one, 3 to 12 us on 17.
   */
  static int standardise(
      int length, float[] x, int xOffset, double[] mean, double[] divisor, float[] y, int yOffset) {
    if (!BYTES || length < L) {
      return 0;
    }
    // Of the same shape; not in a field, for a job without them loads no classes of doubles.
    VectorSpecies<Double> doubles = L == 16 ? DoubleVector.SPECIES_512 : DoubleVector.SPECIES_256;
    // What a vector stores beyond its half, the next one overwrites.
    int whole = (length - L) / (L / 2) * (L / 2) + L / 2;
    for (int i = 0; i < whole; i += L / 2) {
      FloatVector floats = FloatVector.fromArray(S, x, xOffset + i);
      DoubleVector values =
          ((DoubleVector) floats.convertShape(VectorOperators.F2D, doubles, 0))
              .sub(DoubleVector.fromArray(doubles, mean, i))
              .div(DoubleVector.fromArray(doubles, divisor, i));
      ((FloatVector) values.convertShape(VectorOperators.D2F, S, 0)).intoArray(y, yOffset + i);
    }
    return whole;
  }

  /** Whether so many rows are written to blocks here. */
  static boolean writesBlocks(int rows) {
    return L <= Blocks.LENGTH && rows >= ROWS;
  }

  /**
   * Bytes over 255 to blocks: whole blocks of rows in an order, as {@link Kernels#bytesToBlocks}
   * has them. One row at a time takes twice as long, for each of its stores goes to another page
   * (100 rows of 2304: 66 us, four at once 43, to rows 34).
   */
  static void pixelsToBlocks(
      int rows,
      int length,
      byte[] bytes,
      int bytesOffset,
      int ldb,
      int[] order,
      int orderOffset,
      float[] blocks,
      int blocksOffset,
      int step) {
    FloatVector r = FloatVector.broadcast(S, RECIPROCAL[0]);
    FloatVector e = FloatVector.broadcast(S, RECIPROCAL[1]);
    int whole = length / L * L;
    for (int next = 0; next < rows; next += ROWS) {
      int i = Math.min(next, rows - ROWS);
      int x0 = bytesOffset + Blocks.row(order, orderOffset + i) * ldb;
      int x1 = bytesOffset + Blocks.row(order, orderOffset + i + 1) * ldb;
      int x2 = bytesOffset + Blocks.row(order, orderOffset + i + 2) * ldb;
      int x3 = bytesOffset + Blocks.row(order, orderOffset + i + 3) * ldb;
      int to = blocksOffset + i * Blocks.LENGTH;
      for (int j = 0; j < whole; j += L) {
        ByteVector b0 = ByteVector.fromArray(Lanes.BYTES, bytes, x0 + j);
        ByteVector b1 = ByteVector.fromArray(Lanes.BYTES, bytes, x1 + j);
        ByteVector b2 = ByteVector.fromArray(Lanes.BYTES, bytes, x2 + j);
        ByteVector b3 = ByteVector.fromArray(Lanes.BYTES, bytes, x3 + j);
        IntVector i0 = (IntVector) b0.convertShape(VectorOperators.B2I, Lanes.INTS, 0);
        IntVector i1 = (IntVector) b1.convertShape(VectorOperators.B2I, Lanes.INTS, 0);
        IntVector i2 = (IntVector) b2.convertShape(VectorOperators.B2I, Lanes.INTS, 0);
        IntVector i3 = (IntVector) b3.convertShape(VectorOperators.B2I, Lanes.INTS, 0);
        FloatVector f0 = (FloatVector) i0.and(0xFF).convertShape(VectorOperators.I2F, S, 0);
        FloatVector f1 = (FloatVector) i1.and(0xFF).convertShape(VectorOperators.I2F, S, 0);
        FloatVector f2 = (FloatVector) i2.and(0xFF).convertShape(VectorOperators.I2F, S, 0);
        FloatVector f3 = (FloatVector) i3.and(0xFF).convertShape(VectorOperators.I2F, S, 0);
        f0.fma(r, f0.mul(e)).intoArray(blocks, to);
        f1.fma(r, f1.mul(e)).intoArray(blocks, to + L);
        f2.fma(r, f2.mul(e)).intoArray(blocks, to + 2 * L);
        f3.fma(r, f3.mul(e)).intoArray(blocks, to + 3 * L);
        to += step;
      }
    }
  }

  /** The same of floats, which are copied; vectors may be shorter than a block. */
  static void floatsToBlocks(
      int rows,
      int length,
      float[] x,
      int xOffset,
      int ldx,
      int[] order,
      int orderOffset,
      float[] blocks,
      int blocksOffset,
      int step) {
    int whole = length / Blocks.LENGTH * Blocks.LENGTH;
    for (int next = 0; next < rows; next += ROWS) {
      int i = Math.min(next, rows - ROWS);
      int x0 = xOffset + Blocks.row(order, orderOffset + i) * ldx;
      int x1 = xOffset + Blocks.row(order, orderOffset + i + 1) * ldx;
      int x2 = xOffset + Blocks.row(order, orderOffset + i + 2) * ldx;
      int x3 = xOffset + Blocks.row(order, orderOffset + i + 3) * ldx;
      int to = blocksOffset + i * Blocks.LENGTH;
      for (int j = 0; j < whole; j += Blocks.LENGTH) {
        for (int v = 0; v < Blocks.LENGTH; v += L) {
          FloatVector f0 = FloatVector.fromArray(S, x, x0 + j + v);
          FloatVector f1 = FloatVector.fromArray(S, x, x1 + j + v);
          FloatVector f2 = FloatVector.fromArray(S, x, x2 + j + v);
          FloatVector f3 = FloatVector.fromArray(S, x, x3 + j + v);
          f0.intoArray(blocks, to + v);
          f1.intoArray(blocks, to + Blocks.LENGTH + v);
          f2.intoArray(blocks, to + 2 * Blocks.LENGTH + v);
          f3.intoArray(blocks, to + 3 * Blocks.LENGTH + v);
        }
        to += step;
      }
    }
  }
}
