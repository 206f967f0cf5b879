package dev.lanewise.kernel.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one float species of this JVM. On JDK 17 and 21, using a second one makes C2's register tiles
 * about fifteen times slower. It is in a separate class, which may only be loaded where the vector
 * module is present. It has at most 512 bits, the width of the 16 partial sums of a row.
 */
public final class Lanes {
  /** Forces the width of the vectors: 128, 256 or 512 bits. */
  public static final String PROPERTY = "lanewise.lanes";

  /** Width of the vectors that this JVM prefers, in bits. */
  public static final int PREFERRED_BITS = FloatVector.SPECIES_PREFERRED.vectorBitSize();

  /** The species. */
  public static final VectorSpecies<Float> SPECIES = species();

  /** Number of lanes of a vector: 4, 8 or 16. */
  public static final int LENGTH = SPECIES.length();

  /** The class of the species' vectors, which is not accessible by name outside the module. */
  public static final Class<? extends FloatVector> VECTOR =
      SPECIES.vectorType().asSubclass(FloatVector.class);

  /** The species of ints of the same shape; further element types do not slow C2 down. */
  public static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

  /** The species of longs of the same shape. */
  public static final VectorSpecies<Long> LONGS = SPECIES.withLanes(long.class);

  /** The class of vectors of longs. */
  public static final Class<? extends LongVector> LONG_VECTOR =
      LONGS.vectorType().asSubclass(LongVector.class);

  /** A byte per lane, but at least 8 bytes; with 4 lanes the scalar kernels convert bytes. */
  public static final VectorSpecies<Byte> BYTES =
      LENGTH == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  /**
   * Number of vector registers of the machine: 32 with AVX-512 and on AArch64, else 16. C2 has 32
   * on an AVX-512 machine even if narrower vectors are forced.
   */
  public static final int REGISTERS =
      PREFERRED_BITS >= 512 || System.getProperty("os.arch", "").equals("aarch64") ? 32 : 16;

  private Lanes() {}

  private static VectorSpecies<Float> species() {
    int bits = Integer.getInteger(PROPERTY, Math.min(512, PREFERRED_BITS));
    return switch (bits) {
      case 128 -> FloatVector.SPECIES_128;
      case 256 -> FloatVector.SPECIES_256;
      case 512 -> FloatVector.SPECIES_512;
      default ->
          VectorShape.preferredShape().vectorBitSize() < 128
              ? FloatVector.SPECIES_64
              : FloatVector.SPECIES_128;
    };
  }
}
