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

  /**
   * Whether tiles are tall: 6 rows of 4 vectors, and not 4. Intel's units for multiply-adds are as
   * wide as 512-bit vectors, and what a tile of 4 x 4 loads keeps them waiting (panels of 512 terms
   * in L2, of a peak of 215 GFLOP/s: 105, with 6 rows 137; on 25 110 and 137). Zen 4 takes two
   * cycles for each multiply-add, in which it has loaded what the next one needs.
   */
  static final boolean TALL = LENGTH == 16 && tall();

  private Lanes() {}

  private static boolean tall() {
    String wish = System.getProperty(KernelChoice.TILES_PROPERTY, "");
    return wish.isEmpty() ? Processor.isIntel() : wish.equals("tall");
  }

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
