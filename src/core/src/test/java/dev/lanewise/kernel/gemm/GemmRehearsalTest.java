package dev.lanewise.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.simd.Lanes;
import dev.lanewise.kernel.simd.Rehearsal;
import dev.lanewise.kernel.simd.WarmUp;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GemmRehearsalTest {
  /** A limit in nanoseconds, far above the time that C2 needs on a busy machine. */
  private static final long LONGEST = 120_000_000_000L;

  @BeforeEach
  void vectors() {
    assumeTrue(KernelChoice.current().vector(), "only vector code is rehearsed");
    assumeTrue(!"vector".equals(System.getProperty(KernelChoice.KERNELS_PROPERTY)));
  }

  private static Gemm gemm(
      Orientation orientation, int m, int n, int k, Initial initial, WarmUp warmUp) {
    Gemm gemm = new Gemm(orientation, m, n, k, new Workspace(), warmUp).from(initial);
    gemm.operands.m = m;
    gemm.operands.k = k;
    return gemm;
  }

  /** No call of a rehearsal reads beyond its arrays, whatever the shape. */
  @Test
  void everyPlanCanBeRehearsed() {
    Random random = new Random(3);
    for (int i = 0; i < 800; i++) {
      int m = 1 + random.nextInt(1 << 1 + random.nextInt(9));
      int n = 1 + random.nextInt(1 << 1 + random.nextInt(10));
      int k = random.nextInt(1 << 1 + random.nextInt(13));
      Orientation orientation = Orientation.values()[i % 3];
      Initial initial = Initial.values()[random.nextInt(3)];
      Gemm gemm = gemm(orientation, m, n, k, initial, new WarmUp(true));
      if (orientation == Orientation.NN && random.nextBoolean()) {
        gemm.b(Gemm.panels(n, k, new float[n * k], 0));
      }
      Rehearsal.Calls calls = gemm.plan().sample().calls();
      String shape = orientation + " " + m + " x " + n + " x " + k;
      for (Rehearsal.Work work : Rehearsal.Work.values()) {
        assertDoesNotThrow(() -> calls.run(2, work), shape);
      }
    }
  }

  /** No comparison rejects code that is right, or leaves the product out. */
  @Test
  void everyPlanCanBeCompared() {
    Random random = new Random(4);
    for (int i = 0; i < 800; i++) {
      int m = 1 + random.nextInt(1 << 1 + random.nextInt(7));
      int n = 1 + random.nextInt(1 << 1 + random.nextInt(9));
      int k = 1 + random.nextInt(1 << 1 + random.nextInt(13));
      Orientation orientation = Orientation.values()[i % 3];
      Initial initial = Initial.values()[random.nextInt(3)];
      Gemm gemm = gemm(orientation, m, n, k, initial, new WarmUp(true));
      if (orientation == Orientation.NN && random.nextBoolean()) {
        gemm.b(Gemm.panels(n, k, new float[n * k], 0));
      }
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
      assertFalse(Arrays.equals(inputs[3 + initial.ordinal()], x[3 + initial.ordinal()]));
    }
  }

  @Test
  void shapesWithTheSameRemaindersShareARehearsal() {
    WarmUp warmUp = new WarmUp(true);
    int n = 7 * Lanes.LENGTH;
    Rehearsal one = gemm(Orientation.NN, 240, n, 64, Initial.ZERO, warmUp).plan().rehearsal();
    assertSame(one, gemm(Orientation.NN, 120, n, 90, Initial.ZERO, warmUp).plan().rehearsal());
    assertNotSame(one, gemm(Orientation.NN, 121, n, 64, Initial.ZERO, warmUp).plan().rehearsal());
    assertNotSame(
        one, gemm(Orientation.NN, 240, n + 1, 64, Initial.ZERO, warmUp).plan().rehearsal());
    assertNotSame(one, gemm(Orientation.TN, 240, n, 64, Initial.ZERO, warmUp).plan().rehearsal());
  }

  /** A second model gets its vector code even if the first model's code is compiled already. */
  @Test
  void aSecondModelGetsItsVectorCodeToo() {
    WarmUp warmUp = new WarmUp(true);
    warmUp.spend(1L << 40);
    long end = System.nanoTime() + LONGEST;
    int[][] models = {{100, 16, 300}, {100, 23, 70}};
    Rehearsal first = null;
    for (int[] size : models) {
      Gemm gemm = gemm(Orientation.NN, size[0], size[1], size[2], Initial.BIAS, warmUp);
      Rehearsal rehearsal = gemm.plan().rehearsal();
      assertNotSame(first, rehearsal);
      assertFalse(rehearsal.isReady(1));
      warmUp.run(false, () -> System.nanoTime() < end);
      assertTrue(rehearsal.isReady(1));
      first = rehearsal;
    }
    assertTrue(first.isReady(1));
  }
}
