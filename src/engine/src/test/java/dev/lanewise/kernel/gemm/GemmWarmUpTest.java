package dev.lanewise.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.simd.KernelWarmUp;
import dev.lanewise.kernel.simd.KernelWarmUps;
import dev.lanewise.kernel.simd.Lanes;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GemmWarmUpTest {
  /** A limit in nanoseconds, far above the time that C2 needs on a busy machine. */
  private static final long LONGEST = 120_000_000_000L;

  @BeforeEach
  void vectors() {
    assumeTrue(KernelChoice.current().vector(), "only vector code is warmed up");
    assumeTrue(!"vector".equals(System.getProperty(KernelChoice.KERNELS_PROPERTY)));
  }

  private static Gemm gemm(
      Orientation orientation, int m, int n, int k, Initial initial, KernelWarmUps warmUps) {
    Gemm gemm = new Gemm(orientation, m, n, k, new Workspace(), warmUps);
    initial.in(gemm, new float[n], 0);
    gemm.operands.m = m;
    gemm.operands.k = k;
    return gemm;
  }

  /** Draws a product whose sizes have at most so many bits, with any initial value. */
  private static Gemm drawn(
      Random random, Orientation orientation, int bitsOfM, int bitsOfN, int leastK) {
    int m = 1 + random.nextInt(1 << 1 + random.nextInt(bitsOfM));
    int n = 1 + random.nextInt(1 << 1 + random.nextInt(bitsOfN));
    int k = leastK + random.nextInt(1 << 1 + random.nextInt(13));
    Initial initial = Initial.values()[random.nextInt(3)];
    Gemm gemm = gemm(orientation, m, n, k, initial, new KernelWarmUps(true));
    boolean packed = orientation == Orientation.NN && random.nextBoolean();
    return packed ? gemm.b(Gemm.panels(n, k, new float[n * k], 0)) : gemm;
  }

  /** No call of a warm-up reads beyond its arrays, whatever the shape. */
  @Test
  void everyPlanCanBeWarmedUp() {
    Random random = new Random(3);
    for (int i = 0; i < 800; i++) {
      Gemm gemm = drawn(random, Orientation.values()[i % 3], 9, 10, 0);
      VectorGemm.Sample sample = gemm.plan().sample();
      KernelWarmUp.Calls calls = sample.calls();
      for (int terms : KernelWarmUp.TERMS) {
        assertDoesNotThrow(() -> calls.run(2, terms), sample::toString);
      }
    }
  }

  /** No comparison rejects code that is right, or leaves the product out. */
  @Test
  void everyPlanCanBeCompared() {
    Random random = new Random(4);
    for (int i = 0; i < 800; i++) {
      Gemm gemm = drawn(random, Orientation.values()[i % 3], 7, 9, 1);
      VectorGemm.Sample sample = gemm.plan().sample();
      float[][] x = new float[6][sample.room()];
      for (float[] array : x) {
        for (int j = 0; j < array.length; j++) {
          array[j] = (float) random.nextGaussian();
        }
      }
      float[][] y = Arrays.stream(x).map(float[]::clone).toArray(float[][]::new);
      float[][] inputs = Arrays.stream(x).map(float[]::clone).toArray(float[][]::new);
      sample.run(true, x);
      sample.run(false, y);
      assertArrayEquals(y, x, sample::toString);
      int result = gemm.operands.adds ? 5 : gemm.operands.bias == null ? 3 : 4;
      assertFalse(Arrays.equals(inputs[result], x[result]));
    }
  }

  @Test
  void shapesWithTheSameRemaindersShareAWarmUp() {
    KernelWarmUps warmUps = new KernelWarmUps(true);
    int n = 7 * Lanes.LENGTH;
    KernelWarmUp one = gemm(Orientation.NN, 240, n, 64, Initial.ZERO, warmUps).plan().warmUp();
    assertSame(one, gemm(Orientation.NN, 120, n, 90, Initial.ZERO, warmUps).plan().warmUp());
    assertNotSame(one, gemm(Orientation.NN, 121, n, 64, Initial.ZERO, warmUps).plan().warmUp());
    assertNotSame(one, gemm(Orientation.NN, 240, n + 1, 64, Initial.ZERO, warmUps).plan().warmUp());
    assertNotSame(one, gemm(Orientation.TN, 240, n, 64, Initial.ZERO, warmUps).plan().warmUp());
  }

  /** A second model gets its vector code even if the first model's code is compiled already. */
  @Test
  void aSecondModelGetsItsVectorCodeToo() {
    KernelWarmUps warmUps = new KernelWarmUps(true);
    warmUps.spend(1L << 40);
    long end = System.nanoTime() + LONGEST;
    int[][] models = {{100, 16, 300}, {100, 23, 70}};
    KernelWarmUp first = null;
    for (int[] size : models) {
      Gemm gemm = gemm(Orientation.NN, size[0], size[1], size[2], Initial.BIAS, warmUps);
      KernelWarmUp warmUp = gemm.plan().warmUp();
      assertNotSame(first, warmUp);
      assertFalse(warmUp.isReady(1));
      warmUps.run(false, () -> System.nanoTime() < end);
      assertTrue(warmUp.isReady(1));
      first = warmUp;
    }
    assertTrue(first.isReady(1));
  }
}
