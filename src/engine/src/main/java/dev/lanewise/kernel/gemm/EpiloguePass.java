package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.KernelWarmUp;
import dev.lanewise.kernel.simd.KernelWarmUps;
import dev.lanewise.kernel.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Applies ReLU or its mask to a finished product that is still in a cache. Doing it inside the
 * register tiles would double or triple their number and gain less than 1%.
 */
final class EpiloguePass {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;
  private static final int OPERATIONS = 8; // per vector
  private static final int LENGTH = KernelWarmUp.MUCH * L; // length of a range that is warmed up

  private final KernelWarmUp vectors;

  EpiloguePass(KernelWarmUps warmUps) {
    vectors =
        warmUps.warmUp(
            "relu",
            2 * OPERATIONS * KernelWarmUp.LITTLE,
            1,
            () -> {
              float[] x = new float[LENGTH];
              float[] mask = new float[LENGTH];
              return (times, terms) -> {
                int length = Math.max(0, terms) * L;
                for (int i = 0; i < times; i++) {
                  relu(length, x, 0);
                  mask(length, x, 0, mask, 0);
                }
              };
            },
            LENGTH,
            EpiloguePass::run);
    warmUps.want(vectors);
  }

  private static void run(boolean vector, float[][] x) {
    if (vector) {
      relu(LENGTH, x[0], 0);
      mask(LENGTH, x[1], 0, x[2], 0);
    } else {
      ScalarGemm.apply(0, LENGTH, x[0], 0, null, 0);
      ScalarGemm.apply(0, LENGTH, x[1], 0, x[2], 0);
    }
  }

  /** Applies a mask, or ReLU if it is null, to values, with vector code if it is compiled. */
  void run(int length, float[] x, int xOffset, float[] mask, int maskOffset) {
    int done = 0;
    if (vectors.isReady(length)) {
      done = length / L * L;
      if (mask == null) {
        relu(done, x, xOffset);
      } else {
        mask(done, x, xOffset, mask, maskOffset);
      }
    }
    ScalarGemm.apply(done, length, x, xOffset, mask, maskOffset);
  }

  private static void relu(int length, float[] x, int offset) {
    if (length == 0) {
      return; // an empty call of a warm-up
    }
    FloatVector zero = FloatVector.zero(S);
    for (int i = offset; i < offset + length; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      v.blend(zero, v.compare(VectorOperators.LT, zero)).intoArray(x, i);
    }
  }

  private static void mask(int length, float[] x, int xOffset, float[] mask, int maskOffset) {
    if (length == 0) {
      return; // an empty call of a warm-up
    }
    FloatVector zero = FloatVector.zero(S);
    for (int i = 0; i < length; i += L) {
      FloatVector active = FloatVector.fromArray(S, mask, maskOffset + i);
      zero.blend(FloatVector.fromArray(S, x, xOffset + i), active.compare(VectorOperators.GT, zero))
          .intoArray(x, xOffset + i);
    }
  }
}
