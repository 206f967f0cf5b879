package dev.lanewise.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class KernelWarmUpTest {
  /** A number of operations that may take 5 ms. */
  private static final int OPERATIONS = 1_000_000;

  private static final long LIMIT_NANOS = 5L * OPERATIONS;

  private int little; // calls with little work
  private int again; // restarts

  /**
   * Returns a warm-up whose slow calls with little work take longer than a number of nanoseconds.
   */
  private KernelWarmUp warmUp(int operations, long nanos, BooleanSupplier isSlow) {
    KernelWarmUp.Calls calls =
        (times, terms) -> {
          again += terms == KernelWarmUp.AGAIN ? 1 : 0;
          little += terms == KernelWarmUp.LITTLE ? 1 : 0;
          if (terms == KernelWarmUp.LITTLE && isSlow.getAsBoolean()) {
            takeLongerThan(nanos);
          }
        };
    return new KernelWarmUps(true).warmUp("code", operations, 1, () -> calls, 1, (vector, x) -> {});
  }

  private static void takeLongerThan(long nanos) {
    long start = System.nanoTime();
    while (System.nanoTime() - start <= nanos + nanos / 5) {
      LockSupport.parkNanos(nanos / 2);
    }
  }

  private static void step(KernelWarmUp warmUp, int most) {
    for (int i = 0; i < most && !warmUp.isReady(); i++) {
      warmUp.step();
    }
  }

  /** The code of a compiled kernel may leave the caches between two measurements. */
  @Test
  void theFirstCallMayBeSlow() {
    KernelWarmUp warmUp = warmUp(OPERATIONS, LIMIT_NANOS, () -> little % 2 == 1);
    step(warmUp, 1000);
    assertTrue(warmUp.isReady());
  }

  /** After a large product, the code is no longer in any cache. */
  @Test
  void theFirstCallMayBeEvenSlowerAfterALongPause() {
    boolean[] cold = new boolean[1];
    var warmUp =
        warmUp(
            OPERATIONS / 10,
            LIMIT_NANOS,
            () -> {
              boolean isCold = cold[0];
              cold[0] = false;
              return isCold;
            });
    for (int i = 0; i < 40 && !warmUp.isReady(); i++) { // a busy machine needs more than 4
      LockSupport.parkNanos(110_000_000);
      cold[0] = true;
      warmUp.step();
    }
    assertTrue(warmUp.isReady());
  }

  @Test
  void codeThatIsAlwaysSlowIsNotCompiled() {
    KernelWarmUp warmUp = warmUp(OPERATIONS, LIMIT_NANOS, () -> true);
    step(warmUp, 40);
    assertFalse(warmUp.isReady());
  }

  @Test
  void codeThatStaysSlowIsCompiledAgain() {
    KernelWarmUp warmUp = warmUp(OPERATIONS, LIMIT_NANOS, () -> again == 0);
    step(warmUp, 100_000);
    assertEquals(1, again);
    assertTrue(warmUp.isReady());
  }

  /** While the compiler is busy, a warm-up neither restarts nor measures all the time. */
  @Test
  void codeThatIsNotCompiledYetWaits() {
    int operations = 1000;
    long compiled = System.nanoTime() + 600_000_000;
    KernelWarmUp warmUp = warmUp(operations, 200L * operations, () -> System.nanoTime() < compiled);
    for (int i = 0; i < 1_000_000 && !warmUp.isReady(); i++) {
      LockSupport.parkNanos(100_000);
      warmUp.step();
    }
    assertTrue(warmUp.isReady());
    assertEquals(0, again);
    assertTrue(little < 200, () -> little + " measurements"); // in at least 2000 rounds
  }

  /** A single short call may be an error of the clock. */
  @Test
  void twoConsecutiveShortCallsProveCompilation() {
    int operations = 20_000; // 100 us
    long verySlow = 64 * 5L * operations;
    KernelWarmUp warmUp = warmUp(operations, verySlow + 1_000_000, () -> little == 2);
    step(warmUp, 100_000);
    assertTrue(warmUp.isReady());
    assertTrue(little >= 4, () -> "a short call, a long one, and two short ones, but " + little);
  }

  @Test
  void codeThatStaysPoorIsGivenUp() {
    KernelWarmUp warmUp = warmUp(1000, 20_000, () -> true);
    long end = System.nanoTime() + 60_000_000_000L;
    while (again < 3 && System.nanoTime() < end) {
      LockSupport.parkNanos(100_000);
      warmUp.step();
    }
    assertEquals(3, again);
    end = System.nanoTime() + 1_200_000_000; // longer than a restart takes
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(100_000);
      warmUp.step();
    }
    assertEquals(3, again);
    assertFalse(warmUp.isReady());
  }

  @Test
  void callsAreMadeWithTheFirstStep() {
    int[] made = new int[1];
    var warmUp =
        new KernelWarmUps(true)
            .warmUp(
                "code",
                OPERATIONS,
                1,
                () -> {
                  made[0]++;
                  return (times, terms) -> {};
                },
                1,
                (vector, x) -> {});
    assertEquals(0, made[0]);
    warmUp.step();
    warmUp.step();
    assertEquals(1, made[0]);
  }
}
