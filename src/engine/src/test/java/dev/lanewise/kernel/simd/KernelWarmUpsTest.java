package dev.lanewise.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class KernelWarmUpsTest {
  /** A number of operations that may take a second, so that empty calls seem compiled. */
  private static final int OPERATIONS = 200_000_000;

  /** A number of operations so small that a call that waits does not seem compiled. */
  private static final int FEW_OPERATIONS = 1;

  private final KernelWarmUps warmUps = new KernelWarmUps(true);

  /** Counts the rounds of calls. */
  private static final class Counted implements KernelWarmUp.Calls {
    private final boolean quick;
    private int rounds;

    Counted(boolean quick) {
      this.quick = quick;
    }

    @Override
    public void run(int times, int terms) {
      rounds += terms == KernelWarmUp.NOTHING ? 1 : 0;
      long start = System.nanoTime();
      while (!quick && terms == KernelWarmUp.LITTLE && System.nanoTime() - start < 1_000_000) {
        Thread.onSpinWait();
      }
    }
  }

  private KernelWarmUp warmUp(Object key, Counted calls) {
    return warmUps.warmUp(
        key, calls.quick ? OPERATIONS : FEW_OPERATIONS, 1, () -> calls, 1, (vector, x) -> {});
  }

  /** Returns true a number of times. */
  private static BooleanSupplier times(int count) {
    int[] left = {count};
    return () -> left[0]-- > 0;
  }

  @Test
  void equalKeysShareAWarmUp() {
    record Key(int m, String what) {}
    Counted calls = new Counted(true);
    KernelWarmUp warmUp = warmUp(new Key(3, "tiles"), calls);
    assertSame(warmUp, warmUp(new Key(3, "tiles"), new Counted(false)));
    assertNotSame(warmUp, warmUp(new Key(4, "tiles"), new Counted(true)));
    warmUps.want(warmUp);
    warmUps.run(false, () -> true);
    assertTrue(calls.rounds > 0);
  }

  @Test
  void nothingIsMadeUntilItIsRequested() {
    var unwanted =
        warmUps.warmUp("unwanted", 1, 1, KernelWarmUpsTest::notRequested, 1, (vector, x) -> {});
    KernelWarmUp wanted = warmUp("wanted", new Counted(true));
    warmUps.want(wanted);
    warmUps.run(false, () -> true);
    assertTrue(wanted.isReady());
    assertFalse(unwanted.isReady());
    assertThrows(AssertionError.class, () -> unwanted.isReady(1L << 40));
  }

  private static KernelWarmUp.Calls notRequested() {
    throw new AssertionError("not requested");
  }

  @Test
  void runningEndsWhenAllRequestsAreCompiled() {
    KernelWarmUp[] five = new KernelWarmUp[5];
    for (int i = 0; i < five.length; i++) {
      five[i] = warmUp(i, new Counted(true));
      warmUps.want(five[i]);
      warmUps.want(five[i]); // a second request changes nothing
    }
    warmUps.run(false, () -> true);
    for (KernelWarmUp warmUp : five) {
      assertTrue(warmUp.isReady());
    }
    // Later requests, for a second model, are warmed up, too.
    Counted calls = new Counted(true);
    KernelWarmUp later = warmUp("later", calls);
    assertFalse(later.isReady(1));
    warmUps.run(false, () -> true);
    assertTrue(later.isReady(1));
    int rounds = calls.rounds;
    warmUps.run(false, () -> true);
    assertEquals(rounds, calls.rounds, "compiled code is not warmed up again");
  }

  @Test
  void runningEndsWhenTheCallerSaysSo() {
    Counted calls = new Counted(false);
    warmUps.want(warmUp("slow", calls));
    warmUps.run(false, times(10));
    assertEquals(10, calls.rounds);
    warmUps.run(true, times(0));
    assertEquals(10, calls.rounds);
  }

  @Test
  void someAreWarmedUpAtATime() {
    Counted[] calls = new Counted[4];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = new Counted(false);
      warmUps.want(warmUp(i, calls[i]));
    }
    warmUps.run(false, times(49));
    assertEquals(49, calls[0].rounds, "the first runs until it only waits for the compiler");
    assertEquals(0, calls[1].rounds + calls[2].rounds);
    warmUps.run(false, times(100));
    assertTrue(calls[1].rounds >= 50);
    assertEquals(0, calls[2].rounds, "only two run at a time");
    // On a busy machine, a late warm-up starts again up to three times before it stays late.
    BooleanSupplier more = times(4000);
    warmUps.run(false, () -> calls[2].rounds == 0 && more.getAsBoolean());
    assertTrue(calls[2].rounds > 0, "the first two are late");
  }

  /** A caller spends a share of its time on warm-ups; one that computes little does no steps. */
  @Test
  void callersDoSteps() {
    Counted calls = new Counted(false);
    KernelWarmUp warmUp = warmUp("slow", calls);
    for (int i = 0; i < 16; i++) {
      assertFalse(warmUp.isReady(1 << 20));
    }
    assertEquals(0, calls.rounds);
    assertFalse(warmUp.isReady(1));
    assertEquals(1, calls.rounds);
    for (int i = 0; i < 128; i++) {
      warmUp.isReady(1 << 12);
    }
    int steps = calls.rounds - 1;
    assertTrue(steps >= 3 && steps <= 4, () -> steps + " steps for four times a step's work");
  }

  /** Otherwise layers of thousands of units, which have few products, would wait many epochs. */
  @Test
  void aLargeProductDoesManySteps() {
    Counted calls = new Counted(false);
    KernelWarmUp warmUp = warmUp("slow", calls);
    warmUps.want(warmUp);
    warmUps.run(true, times(1)); // a thread that does not stay leaves the rest to callers
    assertEquals(1, calls.rounds);
    warmUp.isReady(1L << 40);
    assertEquals(50, calls.rounds, "it runs until it only waits for the compiler");
    warmUp.isReady(1L << 40);
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
    Thread staying = new Thread(() -> warmUps.run(true, goOn));
    staying.start();
    started.await();
    Thread[] caller = new Thread[1];
    var warmUp =
        warmUps.warmUp(
            "key",
            OPERATIONS,
            1,
            () -> (times, terms) -> caller[0] = Thread.currentThread(),
            1,
            (vector, x) -> {});
    boolean ready = false;
    while (!ready) {
      ready = warmUp.isReady(1L << 40);
      Thread.sleep(1);
    }
    assertSame(staying, caller[0]);
    // Other threads that call run() return at once.
    warmUps.run(false, () -> true);
    warmUps.run(true, times(1));
    staying.interrupt();
    staying.join();
  }

  /** The calls of a warm-up may request others within a step. */
  @Test
  void aStepContainsNoOtherStep() {
    KernelWarmUp other = warmUp("other", new Counted(false));
    int[] rounds = {0};
    KernelWarmUp.Calls calls =
        (times, terms) -> {
          rounds[0]++;
          assertTrue(rounds[0] < 100, "a step within a step");
          other.isReady(1L << 40);
        };
    var asking = warmUps.warmUp("asking", FEW_OPERATIONS, 1, () -> calls, 1, (vector, x) -> {});
    warmUps.want(asking);
    warmUps.run(false, times(3));
    int all = rounds[0];
    assertTrue(all >= 3 && all < 20, all + " calls of three steps");
  }

  @Test
  void aJobBecomesLongByItsProductsAndAnEighthOfAnAnnouncedOne() {
    warmUps.expect(1L << 36);
    assertFalse(warmUps.isLong());
    warmUps.spend(1L << 33);
    assertTrue(warmUps.isLong());
  }

  @Test
  void forcedVectorCodeIsUsedFromTheFirstCallOn() {
    KernelWarmUps none = new KernelWarmUps(false);
    assertTrue(none.isLong());
    var warmUp = none.warmUp("key", 1, 1, KernelWarmUpsTest::notRequested, 1, (vector, x) -> {});
    assertTrue(warmUp.isReady(1L << 40));
    none.want(warmUp);
    none.run(false, () -> true);
  }

  /** One bit in one of the arrays decides; a zero has a sign, but a NaN is a NaN. */
  @Test
  void codeThatGivesOtherBitsIsNeverReady() {
    List<BiConsumer<Boolean, float[][]>> right =
        List.of(
            (vector, x) -> x[5][8] += 1,
            (vector, x) -> x[0][0] = Float.intBitsToFloat(vector ? 0x7FC00000 : 0x7FC00001));
    List<BiConsumer<Boolean, float[][]>> wrong =
        List.of(
            (vector, x) -> x[5][8] = vector ? 1 : Math.nextUp(1f),
            (vector, x) -> x[0][0] = vector ? 0 : -0f,
            (vector, x) -> x[3][4] += vector ? 1 : 0,
            (vector, x) -> x[vector ? x.length : 1][0] = 1);
    for (BiConsumer<Boolean, float[][]> twins : right) {
      KernelWarmUp warmUp = compared(twins);
      assertTrue(warmUp.isReady(1));
    }
    assertEquals(List.of(), warmUps.wrong());
    for (BiConsumer<Boolean, float[][]> twins : wrong) {
      KernelWarmUp warmUp = compared(twins);
      assertFalse(warmUp.isReady());
      assertFalse(warmUp.isReady(1L << 40));
    }
    assertEquals(wrong, warmUps.wrong(), "each is named once");
  }

  /** Returns the warm-up, which is done, of code that is compiled at once. */
  private KernelWarmUp compared(BiConsumer<Boolean, float[][]> twins) {
    Counted calls = new Counted(true);
    KernelWarmUp warmUp = warmUps.warmUp(twins, OPERATIONS, 1, () -> calls, 9, twins);
    warmUps.want(warmUp);
    warmUps.run(false, () -> true);
    int rounds = calls.rounds;
    warmUps.run(false, () -> true);
    assertEquals(rounds, calls.rounds, "nothing is left to do");
    return warmUp;
  }

  /**
   * Code that is slow after the comparison is not compiled any more, and has to be compared again.
   */
  @Test
  void comparedCodeMustStillBeCompiled() {
    int[] comparisons = {0};
    Counted[] calls = {new Counted(true), new Counted(false)};
    boolean[] slow = {false};
    var warmUp =
        warmUps.warmUp(
            "discarded",
            20_000, // 100 us
            1,
            () -> (times, terms) -> calls[slow[0] ? 1 : 0].run(times, terms),
            1,
            (vector, x) -> {
              comparisons[0] += vector ? 1 : 0;
              slow[0] = comparisons[0] == 1;
            });
    warmUps.want(warmUp);
    warmUps.run(false, () -> comparisons[0] == 0);
    assertFalse(warmUp.isReady());
    slow[0] = false;
    warmUps.run(false, () -> true);
    assertTrue(warmUp.isReady());
    assertTrue(comparisons[0] >= 2);
  }
}
