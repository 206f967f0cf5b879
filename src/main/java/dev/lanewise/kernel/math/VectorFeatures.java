package dev.lanewise.kernel.math;

import dev.lanewise.kernel.simd.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Features on their way into a network: bytes to floats, and raw ones standardised. What is left
 * over at the end of a row is done by the scalar twin.
 */
public final class VectorFeatures {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  /** Whether bytes can be had by vectors: one of 4 bytes does not exist. */
  public static final boolean BYTES = L >= 8;

  /**
   * 1/255 and what its rounding left. They stand in an array because C2 would broadcast constants
   * anew in each round of a loop.
   */
  private static final float[] RECIPROCAL = {1 / 255f, (float) (1 / 255.0 - 1 / 255f)};

  private VectorFeatures() {}

  /**
   * Bytes 0..255, divided.
   *
   * @param length whole vectors
   * @param bytes unsigned
   * @param bytesOffset where they start
   * @param divisor what each is divided by
   * @param floats overwritten
   * @param floatsOffset where they start
   */
  public static void quotients(
      int length, byte[] bytes, int bytesOffset, float divisor, float[] floats, int floatsOffset) {
    if (length == 0) {
      return;
    }
    FloatVector divisors = FloatVector.broadcast(S, divisor);
    for (int j = 0; j < length; j += L) {
      ByteVector raw = ByteVector.fromArray(Lanes.BYTES, bytes, bytesOffset + j);
      IntVector signed = (IntVector) raw.convertShape(VectorOperators.B2I, Lanes.INTS, 0);
      FloatVector values = (FloatVector) signed.and(0xFF).convertShape(VectorOperators.I2F, S, 0);
      values.div(divisors).intoArray(floats, floatsOffset + j);
    }
  }

  /**
   * The same for 255, without dividing: x r + x e, where r + e is 1/255 with twice the digits, so
   * that only the last rounding counts. A test compares all 256 quotients.
   *
   * @param length whole vectors
   * @param bytes unsigned
   * @param bytesOffset where they start
   * @param floats overwritten
   * @param floatsOffset where they start
   */
  public static void pixels(
      int length, byte[] bytes, int bytesOffset, float[] floats, int floatsOffset) {
    if (length == 0) {
      return;
    }
    FloatVector r = FloatVector.broadcast(S, RECIPROCAL[0]);
    FloatVector e = FloatVector.broadcast(S, RECIPROCAL[1]);
    int lines = length / (4 * L) * (4 * L);
    // Four vectors a round, a line of bytes: more of them wait for memory side by side.
    for (int j = 0; j < lines; j += 4 * L) {
      int from = bytesOffset + j;
      int to = floatsOffset + j;
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
      ByteVector b = ByteVector.fromArray(Lanes.BYTES, bytes, bytesOffset + j);
      IntVector i = (IntVector) b.convertShape(VectorOperators.B2I, Lanes.INTS, 0);
      FloatVector f = (FloatVector) i.and(0xFF).convertShape(VectorOperators.I2F, S, 0);
      f.fma(r, f.mul(e)).intoArray(floats, floatsOffset + j);
    }
  }

  /**
   * {@code (float) ((x - mean) / divisor)}, half a vector at a time: doubles take twice the room.
   *
   * @param length of all arrays
   * @param x the features
   * @param xOffset where they start
   * @param mean [length]
   * @param divisor [length]
   * @param y overwritten
   * @param yOffset where it starts
   * @return how many values are done, from the first on
   */
  public static int standardise(
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
}
