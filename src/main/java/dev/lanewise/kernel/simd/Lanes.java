package dev.lanewise.kernel.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one float species of this JVM. One, because on JDK 17 and 21 a second one in use makes C2's
 * tiles about fifteen times slower; in a class of its own, because it may only be loaded where the
 * vector module is. At most 512 bits: the widest vector that holds the partial sums of a row.
 */
public final class Lanes {
  /** Forces the width of the vectors: 128, 256 or 512 bits. */
  public static final String PROPERTY = "lanewise.lanes";

  /** Bits of the widest vectors that this JVM prefers. */
  public static final int PREFERRED_BITS = FloatVector.SPECIES_PREFERRED.vectorBitSize();

  /** The species. */
  public static final VectorSpecies<Float> SPECIES = species();

  /** Lanes of a vector: 4, 8 or 16. */
  public static final int LENGTH = SPECIES.length();

  /** The class of its vectors, which has no name outside the module. */
  public static final Class<? extends FloatVector> VECTOR =
      SPECIES.vectorType().asSubclass(FloatVector.class);

  /** Ints of the same shape; other element types do C2 no harm. */
  public static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

  /** Longs of the same shape. */
  public static final VectorSpecies<Long> LONGS = SPECIES.withLanes(long.class);

  /** The class of their vectors. */
  public static final Class<? extends LongVector> LONG_VECTOR =
      LONGS.vectorType().asSubclass(LongVector.class);

  /**
   * As many bytes as there are lanes; at least 8, below which bytes are left to the scalar twin.
   */
  public static final VectorSpecies<Byte> BYTES =
      LENGTH == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  /**
   * Vector registers of the machine: 32 with AVX-512 and on AArch64, else 16. Narrower lanes forced
   * on an AVX-512 machine count 32 too, which is what C2 has there.
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
