package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.OwnJvm;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.simd.KernelWarmUps;
import org.junit.jupiter.api.Test;

/**
 * Warm-ups get every activation compiled. This is tested in a separate JVM, because the calls of
 * other tests would get them compiled, too. If a warm-up left out a loop, scalar code would be used
 * for good, with the same results.
 */
class CompiledKernelsTest {
  /** A limit in nanoseconds, far above the time that C2 needs on a busy machine. */
  private static final long LONGEST = 60_000_000_000L;

  @Test
  void everyActivation() throws Exception {
    assumeTrue(KernelChoice.current().vector(), "only vector code is warmed up");
    assumeTrue(!"vector".equals(System.getProperty(KernelChoice.KERNELS_PROPERTY)));
    String found = OwnJvm.run(CompiledKernelsTest.class);
    // In few JVMs, C2 makes code that stays poor.
    assertEquals("", found.isEmpty() ? found : OwnJvm.run(CompiledKernelsTest.class));
  }

  /** Prints a line if something is not compiled in time. */
  public static void main(String[] args) {
    KernelWarmUps warmUps = new KernelWarmUps(true);
    VectorKernels kernels = new VectorKernels(warmUps);
    float[] x = new float[1000];
    for (Nonlinearity function : Nonlinearity.passes()) { // the call requests a warm-up
      kernels.activation(function, 0, x.length, x, x, new float[KernelSet.ACTIVATION_SCRATCH]);
    }
    long end = System.nanoTime() + LONGEST;
    warmUps.run(false, () -> System.nanoTime() < end);
    if (System.nanoTime() >= end) {
      System.out.println("not compiled");
    }
  }
}
