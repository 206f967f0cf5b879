package dev.lanewise.kernel;

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
final class Lanes {
  static final int PREFERRED_BITS = FloatVector.SPECIES_PREFERRED.vectorBitSize();

  static final VectorSpecies<Float> SPECIES = species();

  /** Lanes of a vector: 4, 8 or 16. */
  static final int LENGTH = SPECIES.length();

  /** The class of its vectors, which has no name outside the module. */
  static final Class<? extends FloatVector> VECTOR =
      SPECIES.vectorType().asSubclass(FloatVector.class);

  /** Ints of the same shape; other element types do C2 no harm. */
  static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

  /** Longs of the same shape. */
  static final VectorSpecies<Long> LONGS = SPECIES.withLanes(long.class);

  static final Class<? extends LongVector> LONG_VECTOR =
      LONGS.vectorType().asSubclass(LongVector.class);

  /**
   * As many bytes as there are lanes; at least 8, below which bytes are left to the scalar twin.
   */
  static final VectorSpecies<Byte> BYTES =
      LENGTH == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  /**
   * Vector registers of the machine: 32 with AVX-512 and on AArch64, else 16. Narrower lanes forced
   * on an AVX-512 machine count 32 too, which is what C2 has there.
   */
  static final int REGISTERS =
      PREFERRED_BITS >= 512 || System.getProperty("os.arch", "").equals("aarch64") ? 32 : 16;

  private Lanes() {}

  private static VectorSpecies<Float> species() {
    int bits = Integer.getInteger(KernelChoice.LANES_PROPERTY, Math.min(512, PREFERRED_BITS));
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
