package dev.lanewise.kernel.math;

import dev.lanewise.kernel.simd.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Converts bytes into features and standardises features. The scalar kernels compute the values at
 * the end of a row that do not fill a vector.
 */
public final class VectorFeatures {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  /** Whether vectors can load the bytes; there is no vector of 4 bytes. */
  public static final boolean BYTES = L >= 8;

  /**
   * 1/255 and its rounding error, in an array, because C2 broadcasts constants in each iteration.
   */
  private static final float[] RECIPROCAL = {1 / 255f, (float) (1 / 255.0 - 1 / 255f)};

  private VectorFeatures() {}

  /**
   * Divides unsigned bytes, 0..255.
   *
   * @param length number of bytes, whole vectors
   * @param floats overwritten
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
   * Divides unsigned bytes by 255 as x r + x e, where r + e is 1/255 with twice the digits of a
   * float, so that only the last rounding matters. A test compares all 256 quotients.
   *
   * @param length number of bytes, whole vectors
   * @param floats overwritten
   */
  public static void pixels(
      int length, byte[] bytes, int bytesOffset, float[] floats, int floatsOffset) {
    if (length == 0) {
      return;
    }
    FloatVector r = FloatVector.broadcast(S, RECIPROCAL[0]);
    FloatVector e = FloatVector.broadcast(S, RECIPROCAL[1]);
    int lines = length / (4 * L) * (4 * L);
    // Four vectors per iteration, a cache line of bytes, so that more loads wait for memory at the
    // same time.
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
   * Computes {@code (float) ((x - mean) / divisor)}, half a vector at a time, because doubles take
   * twice the space.
   *
   * @param x the features
   * @param mean [length]
   * @param divisor [length]
   * @param y overwritten
   * @return the number of values that were computed, from the first on
   */
  public static int standardise(
      int length, float[] x, int xOffset, double[] mean, double[] divisor, float[] y, int yOffset) {
    if (!BYTES || length < L) {
      return 0;
    }
    // The same shape as S. It is not a field, so that other jobs do not load classes for doubles.
    VectorSpecies<Double> doubles = L == 16 ? DoubleVector.SPECIES_512 : DoubleVector.SPECIES_256;
    // Each store writes a whole vector; the next store overwrites its second half.
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
