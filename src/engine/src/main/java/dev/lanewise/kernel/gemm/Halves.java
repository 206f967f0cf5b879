package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.Lanes;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Constants by which {@link MicroKernels} exchange the halves of blocks of lanes in a transpose.
 */
final class Halves {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  static final VectorShuffle<Float> SWAP_4 = swap(4);
  static final VectorShuffle<Float> SWAP_2 = swap(2);

  /**
   * Values above 0 in the upper 8 of every 16 lanes. Comparing them with 0 makes the mask in a
   * register; JDK 17 would build a constant mask again for each use.
   */
  static final float[] UPPER_8 = upper(8);

  static final float[] UPPER_4 = upper(4);
  static final float[] UPPER_2 = upper(2);

  /** The lower and the upper float of a long. */
  static final long LOW = 0xFFFFFFFFL;

  static final long HIGH = ~LOW;

  private Halves() {}

  private static VectorShuffle<Float> swap(int s) {
    int[] lanes = new int[L];
    for (int i = 0; i < L; i++) {
      lanes[i] = (i ^ s) % L; // a swap of more lanes than L is not used
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
}
