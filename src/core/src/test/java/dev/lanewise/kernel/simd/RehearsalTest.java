package dev.lanewise.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.simd.Rehearsal.Work;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  /** Operations that may take 5 ms. */
  private static final int OPERATIONS = 1_000_000;

  private static final long LIMIT_NANOS = 5L * OPERATIONS;

  private int calls;

  private static Rehearsal rehearsal(int operations, Rehearsal.Calls calls) {
    return new Rehearsal(new WarmUp(true), operations, 1, () -> calls);
  }

  /** The code of a compiled kernel leaves the caches between two looks. */
  @Test
  void aFirstCallMayBeSlow() {
    Rehearsal rehearsal =
        rehearsal(
            OPERATIONS,
            (times, work) -> {
              if (work == Work.LITTLE && calls++ % 2 == 0) {
                takeLongerThan(LIMIT_NANOS);
              }
            });
    for (int i = 0; i < 1000 && !rehearsal.isReady(); i++) {
      rehearsal.step();
    }
    assertTrue(rehearsal.isReady());
  }

  /** After a large product it is in no cache. */
  @Test
  void aFirstCallMayBeSlowerYetAfterALongPause() {
    boolean[] cold = new boolean[1];
    Rehearsal rehearsal =
        rehearsal(
            OPERATIONS / 10,
            (times, work) -> {
              if (work == Work.LITTLE && cold[0]) {
                takeLongerThan(LIMIT_NANOS);
                cold[0] = false;
              }
            });
    for (int i = 0; i < 4; i++) {
      LockSupport.parkNanos(110_000_000);
      cold[0] = true;
      rehearsal.step();
    }
    assertTrue(rehearsal.isReady());
  }

  @Test
  void whatIsSlowEachTimeIsNotCompiled() {
    Rehearsal rehearsal =
        rehearsal(
            OPERATIONS,
            (times, work) -> {
              if (work == Work.LITTLE) {
                takeLongerThan(LIMIT_NANOS);
              }
            });
    for (int i = 0; i < 40; i++) {
      rehearsal.step();
    }
    assertFalse(rehearsal.isReady());
  }

  @Test
  void whatStaysSlowIsCompiledAnew() {
    Rehearsal rehearsal =
        rehearsal(
            OPERATIONS,
            (times, work) -> {
              calls += work == Work.AGAIN ? 1 : 0;
              if (work == Work.LITTLE && calls == 0) {
                takeLongerThan(LIMIT_NANOS);
              }
            });
    for (int i = 0; i < 100_000 && !rehearsal.isReady(); i++) {
      rehearsal.step();
    }
    assertEquals(1, calls);
    assertTrue(rehearsal.isReady());
  }

  /** The compiler has other work: what waits for it neither begins again nor looks all the time. */
  @Test
  void whatIsNotCompiledYetWaits() {
    int operations = 1000;
    long compiled = System.nanoTime() + 600_000_000;
    int[] again = new int[1];
    Rehearsal rehearsal =
        rehearsal(
            operations,
            (times, work) -> {
              again[0] += work == Work.AGAIN ? 1 : 0;
              calls += work == Work.LITTLE ? 1 : 0;
              if (work == Work.LITTLE && System.nanoTime() < compiled) {
                takeLongerThan(200L * operations);
              }
            });
    for (int i = 0; i < 1_000_000 && !rehearsal.isReady(); i++) {
      LockSupport.parkNanos(100_000);
      rehearsal.step();
    }
    assertTrue(rehearsal.isReady());
    assertEquals(0, again[0]);
    assertTrue(calls < 200, () -> calls + " looks"); // of 2000 rounds and more
  }

  /** One short call may be the clock's error. */
  @Test
  void twoShortCallsInARowProveIt() {
    int operations = 20_000; // 100 us
    long verySlow = 64 * 5L * operations;
    Rehearsal rehearsal =
        rehearsal(
            operations,
            (times, work) -> {
              if (work == Work.LITTLE && ++calls == 2) {
                takeLongerThan(verySlow + 1_000_000);
              }
            });
    for (int i = 0; i < 100_000 && !rehearsal.isReady(); i++) {
      rehearsal.step();
    }
    assertTrue(rehearsal.isReady());
    assertTrue(calls >= 4, () -> "a short call, a long one, and two short ones, but " + calls);
  }

  /** Code that is poor again and again will stay so. */
  @Test
  void whatStaysPoorIsGivenUp() {
    int[] again = new int[1];
    Rehearsal rehearsal =
        rehearsal(
            1000,
            (times, work) -> {
              again[0] += work == Work.AGAIN ? 1 : 0;
              if (work == Work.LITTLE) {
                takeLongerThan(20_000);
              }
            });
    long end = System.nanoTime() + 60_000_000_000L;
    while (again[0] < 3 && System.nanoTime() < end) {
      LockSupport.parkNanos(100_000);
      rehearsal.step();
    }
    assertEquals(3, again[0]);
    end = System.nanoTime() + 1_200_000_000; // longer than it takes to begin again
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(100_000);
      rehearsal.step();
    }
    assertEquals(3, again[0]);
    assertFalse(rehearsal.isReady());
  }

  @Test
  void callsAreMadeWithTheFirstStep() {
    Rehearsal rehearsal =
        new Rehearsal(
            new WarmUp(true),
            OPERATIONS,
            1,
            () -> {
              calls++;
              return (times, work) -> {};
            });
    assertEquals(0, calls);
    rehearsal.step();
    rehearsal.step();
    assertEquals(1, calls);
  }

  private static void takeLongerThan(long nanos) {
    long start = System.nanoTime();
    while (System.nanoTime() - start <= nanos + nanos / 5) {
      LockSupport.parkNanos(nanos / 2);
    }
  }
}
