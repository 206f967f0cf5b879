package dev.lanewise.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.simd.Rehearsal.Work;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  /** A number of operations that may take a second, so that empty calls seem compiled. */
  private static final int OPERATIONS = 200_000_000;

  /** A number of operations so small that a call that waits does not seem compiled. */
  private static final int FEW_OPERATIONS = 1;

  private final WarmUp warmUp = new WarmUp(true);

  /** Counts the rounds of calls. */
  private static final class Counted implements Rehearsal.Calls {
    private final boolean quick;
    private int rounds;

    Counted(boolean quick) {
      this.quick = quick;
    }

    @Override
    public void run(int times, Work work) {
      rounds += work == Work.NOTHING ? 1 : 0;
      long start = System.nanoTime();
      while (!quick && work == Work.LITTLE && System.nanoTime() - start < 1_000_000) {
        Thread.onSpinWait();
      }
    }
  }

  private Rehearsal rehearsal(Object key, Counted calls) {
    return warmUp.rehearsal(
        key, calls.quick ? OPERATIONS : FEW_OPERATIONS, 1, () -> calls, 1, (vector, x) -> {});
  }

  /** Returns true a number of times. */
  private static BooleanSupplier times(int count) {
    int[] left = {count};
    return () -> left[0]-- > 0;
  }

  @Test
  void equalKeysShareARehearsal() {
    record Key(int m, String what) {}
    Counted calls = new Counted(true);
    Rehearsal rehearsal = rehearsal(new Key(3, "tiles"), calls);
    assertSame(rehearsal, rehearsal(new Key(3, "tiles"), new Counted(false)));
    assertNotSame(rehearsal, rehearsal(new Key(4, "tiles"), new Counted(true)));
    warmUp.want(rehearsal);
    warmUp.run(false, () -> true);
    assertTrue(calls.rounds > 0);
  }

  @Test
  void nothingIsMadeUntilItIsRequested() {
    Rehearsal unwanted =
        warmUp.rehearsal("unwanted", 1, 1, WarmUpTest::notRequested, 1, (vector, x) -> {});
    Rehearsal wanted = rehearsal("wanted", new Counted(true));
    warmUp.want(wanted);
    warmUp.run(false, () -> true);
    assertTrue(wanted.isReady());
    assertFalse(unwanted.isReady());
    assertThrows(AssertionError.class, () -> unwanted.isReady(1L << 40));
  }

  private static Rehearsal.Calls notRequested() {
    throw new AssertionError("not requested");
  }

  @Test
  void runningEndsWhenAllRequestsAreCompiled() {
    Rehearsal[] rehearsals = new Rehearsal[5];
    for (int i = 0; i < rehearsals.length; i++) {
      rehearsals[i] = rehearsal(i, new Counted(true));
      warmUp.want(rehearsals[i]);
      warmUp.want(rehearsals[i]); // a second request changes nothing
    }
    warmUp.run(false, () -> true);
    for (Rehearsal rehearsal : rehearsals) {
      assertTrue(rehearsal.isReady());
    }
    // Later requests, for a second model, are rehearsed, too.
    Counted calls = new Counted(true);
    Rehearsal later = rehearsal("later", calls);
    assertFalse(later.isReady(1));
    warmUp.run(false, () -> true);
    assertTrue(later.isReady(1));
    int rounds = calls.rounds;
    warmUp.run(false, () -> true);
    assertEquals(rounds, calls.rounds, "compiled code is not rehearsed again");
  }

  @Test
  void runningEndsWhenTheCallerSaysSo() {
    Counted calls = new Counted(false);
    warmUp.want(rehearsal("slow", calls));
    warmUp.run(false, times(10));
    assertEquals(10, calls.rounds);
    warmUp.run(true, times(0));
    assertEquals(10, calls.rounds);
  }

  @Test
  void someAreRehearsedAtATime() {
    Counted[] calls = new Counted[4];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = new Counted(false);
      warmUp.want(rehearsal(i, calls[i]));
    }
    warmUp.run(false, times(49));
    assertEquals(49, calls[0].rounds, "the first runs until it only waits for the compiler");
    assertEquals(0, calls[1].rounds + calls[2].rounds);
    warmUp.run(false, times(100));
    assertTrue(calls[1].rounds >= 50);
    assertEquals(0, calls[2].rounds, "only two run at a time");
    // On a busy machine, a late rehearsal starts again up to three times before it stays late.
    BooleanSupplier more = times(4000);
    warmUp.run(false, () -> calls[2].rounds == 0 && more.getAsBoolean());
    assertTrue(calls[2].rounds > 0, "the first two are late");
  }

  /** A caller spends a share of its time on rehearsals; one that computes little does no steps. */
  @Test
  void callersDoSteps() {
    Counted calls = new Counted(false);
    Rehearsal rehearsal = rehearsal("slow", calls);
    for (int i = 0; i < 16; i++) {
      assertFalse(rehearsal.isReady(1 << 20));
    }
    assertEquals(0, calls.rounds);
    assertFalse(rehearsal.isReady(1));
    assertEquals(1, calls.rounds);
    for (int i = 0; i < 128; i++) {
      rehearsal.isReady(1 << 12);
    }
    int steps = calls.rounds - 1;
    assertTrue(steps >= 3 && steps <= 4, () -> steps + " steps for four times a step's work");
  }

  /** Otherwise layers of thousands of units, which have few products, would wait many epochs. */
  @Test
  void aLargeProductDoesManySteps() {
    Counted calls = new Counted(false);
    Rehearsal rehearsal = rehearsal("slow", calls);
    rehearsal.isReady(1L << 40);
    assertEquals(50, calls.rounds, "it runs until it only waits for the compiler");
    rehearsal.isReady(1L << 40);
    assertEquals(51, calls.rounds);
  }

  @Test
  void callersDoNoStepsWhileAThreadStays() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    BooleanSupplier goOn =
        () -> {
          started.countDown();
          return !Thread.currentThread().isInterrupted();
        };
    Thread staying = new Thread(() -> warmUp.run(true, goOn));
    staying.start();
    started.await();
    Thread[] caller = new Thread[1];
    Rehearsal rehearsal =
        warmUp.rehearsal(
            "key",
            OPERATIONS,
            1,
            () -> (times, work) -> caller[0] = Thread.currentThread(),
            1,
            (vector, x) -> {});
    boolean ready = false;
    while (!ready) {
      ready = rehearsal.isReady(1L << 40);
      Thread.onSpinWait();
    }
    assertSame(staying, caller[0]);
    // Other threads that call run() return at once.
    warmUp.run(false, () -> true);
    warmUp.run(true, times(1));
    staying.interrupt();
    staying.join();
  }

  /** The calls of a rehearsal may request others within a step. */
  @Test
  void aStepContainsNoOtherStep() {
    Rehearsal other = rehearsal("other", new Counted(false));
    int[] rounds = {0};
    Rehearsal.Calls calls =
        (times, work) -> {
          rounds[0]++;
          assertTrue(rounds[0] < 100, "a step within a step");
          other.isReady(1L << 40);
        };
    Rehearsal asking =
        warmUp.rehearsal("asking", FEW_OPERATIONS, 1, () -> calls, 1, (vector, x) -> {});
    warmUp.want(asking);
    warmUp.run(false, times(3));
    int all = rounds[0];
    assertTrue(all >= 3 && all < 20, all + " calls of three steps");
  }

  @Test
  void callersDoStepsAgainWhenNoThreadStays() {
    Counted calls = new Counted(false);
    Rehearsal rehearsal = rehearsal("slow", calls);
    warmUp.want(rehearsal);
    warmUp.run(true, times(1));
    assertEquals(1, calls.rounds);
    rehearsal.isReady(1L << 40);
    assertEquals(50, calls.rounds);
  }

  @Test
  void aJobBecomesLongByTheSumOfItsProducts() {
    warmUp.spend(1L << 33);
    assertFalse(warmUp.isLong());
    warmUp.spend(1L << 33);
    assertTrue(warmUp.isLong());
  }

  @Test
  void forcedVectorCodeIsUsedFromTheFirstCallOn() {
    WarmUp none = new WarmUp(false);
    assertTrue(none.isLong());
    Rehearsal rehearsal =
        none.rehearsal("key", 1, 1, WarmUpTest::notRequested, 1, (vector, x) -> {});
    assertTrue(rehearsal.isReady(1L << 40));
    none.want(rehearsal);
    none.run(false, () -> true);
  }

  /** One bit in one of the arrays decides; a zero has a sign, but a NaN is a NaN. */
  @Test
  void codeThatGivesOtherBitsIsNeverReady() {
    List<Rehearsal.Twins> right =
        List.of(
            (vector, x) -> x[5][8] += 1,
            (vector, x) -> x[0][0] = Float.intBitsToFloat(vector ? 0x7FC00000 : 0x7FC00001));
    List<Rehearsal.Twins> wrong =
        List.of(
            (vector, x) -> x[5][8] = vector ? 1 : Math.nextUp(1f),
            (vector, x) -> x[0][0] = vector ? 0 : -0f,
            (vector, x) -> x[3][4] += vector ? 1 : 0,
            (vector, x) -> x[vector ? x.length : 1][0] = 1);
    for (Rehearsal.Twins twins : right) {
      Rehearsal rehearsal = compared(twins);
      assertTrue(rehearsal.isReady(1));
    }
    assertEquals(List.of(), warmUp.wrong());
    for (Rehearsal.Twins twins : wrong) {
      Rehearsal rehearsal = compared(twins);
      assertFalse(rehearsal.isReady());
      assertFalse(rehearsal.isReady(1L << 40));
    }
    assertEquals(wrong, warmUp.wrong(), "each is named once");
  }

  /** Returns the rehearsal, which is done, of code that is compiled at once. */
  private Rehearsal compared(Rehearsal.Twins twins) {
    Counted calls = new Counted(true);
    Rehearsal rehearsal = warmUp.rehearsal(twins, OPERATIONS, 1, () -> calls, 9, twins);
    warmUp.want(rehearsal);
    warmUp.run(false, () -> true);
    int rounds = calls.rounds;
    warmUp.run(false, () -> true);
    assertEquals(rounds, calls.rounds, "nothing is left to do");
    return rehearsal;
  }

  /**
   * Code that is slow after the comparison is not compiled any more, and has to be compared again.
   */
  @Test
  void comparedCodeMustStillBeCompiled() {
    int[] comparisons = {0};
    Counted[] calls = {new Counted(true), new Counted(false)};
    boolean[] slow = {false};
    Rehearsal rehearsal =
        warmUp.rehearsal(
            "discarded",
            20_000, // 100 us
            1,
            () -> (times, work) -> calls[slow[0] ? 1 : 0].run(times, work),
            1,
            (vector, x) -> {
              comparisons[0] += vector ? 1 : 0;
              slow[0] = comparisons[0] == 1;
            });
    warmUp.want(rehearsal);
    warmUp.run(false, () -> comparisons[0] == 0);
    assertFalse(rehearsal.isReady());
    slow[0] = false;
    warmUp.run(false, () -> true);
    assertTrue(rehearsal.isReady());
    assertTrue(comparisons[0] >= 2);
  }
}
