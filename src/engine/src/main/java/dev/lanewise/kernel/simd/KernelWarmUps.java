package dev.lanewise.kernel.simd;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The {@link KernelWarmUp warm-ups} of a JVM. A thread that asks for vector code that is not
 * compiled yet does a step of a warm-up from time to time, in proportion to its own work, unless
 * another thread is in {@link #run}.
 */
public final class KernelWarmUps {
  /** Number of operations before callers do the first step; a job with fewer needs no vectors. */
  private static final long FIRST_STEP = 1 << 24;

  /** Operations between steps, which take about as long as a step on the scalar kernels. */
  private static final long NEXT_STEP = 1 << 17;

  /**
   * Number of warm-ups at a time; the next begins when one of them is compiled or late. With more
   * of them the queue of C2 grows, and C1 then makes code without counters for the profile.
   */
  private static final int FEW = 2;

  /**
   * Number of operations, half a second of narrow products, after which a job counts as long. Then
   * it pays to compile the tiles for its shapes, which takes C2 another half a second.
   */
  private static final long LONG_JOB = 1L << 34;

  /**
   * The part of an announced job that counts as done. Wide tiles take C2 half a second, in which
   * other code of a short job waits for it.
   */
  private static final int EXPECTED_PART = 8;

  private final boolean needed;
  private long spent; // not synchronised, like operations
  private final Map<Object, KernelWarmUp> known = new ConcurrentHashMap<>();
  private final List<KernelWarmUp> wanted =
      new CopyOnWriteArrayList<>(); // first come, first served
  final List<Object> wrong = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private volatile int helpers;
  private long operations = -FIRST_STEP; // not synchronised: a lost addition does no harm

  /**
   * Makes the warm-ups of a JVM, of which none has begun.
   *
   * @param needed false if vector code is used from the first call on, compiled or not
   */
  public KernelWarmUps(boolean needed) {
    this.needed = needed;
  }

  /** {@return whether so much has been computed that it pays to compile faster code} */
  public boolean isLong() {
    return spent >= LONG_JOB || !needed;
  }

  /**
   * Counts work that is done by code other than the fastest.
   *
   * @param work number of operations of a narrow product that take as long
   */
  public void spend(long work) {
    spent += work;
  }

  /**
   * Announces a job, so that a long one need not compute for some time to count as long.
   *
   * @param work number of operations of the job, such as multiply-adds
   */
  public void expect(long work) {
    spend(work / EXPECTED_PART);
  }

  /**
   * {@return the warm-up of a piece of vector code}
   *
   * @param key identifies the piece of code; equal keys share a warm-up
   * @param operations number of vector operations in a call with little work
   * @param pieces number of times that a call calls a method to be compiled
   * @param calls makes the calls when they are needed
   * @param room length of the arrays of a comparison
   * @param twins runs the compiled code or, if it gets false, the scalar kernel, for inputs that
   *     reach all of the code; of its six arrays of numbers, which may be inputs, all are compared
   */
  public KernelWarmUp warmUp(
      Object key,
      int operations,
      int pieces,
      Supplier<KernelWarmUp.Calls> calls,
      int room,
      BiConsumer<Boolean, float[][]> twins) {
    return known.computeIfAbsent(
        key,
        k -> new KernelWarmUp(needed ? this : null, key, operations, pieces, calls, room, twins));
  }

  /** {@return whether any vector code is compiled} */
  public boolean isAnyReady() {
    return known.values().stream().anyMatch(KernelWarmUp::isReady);
  }

  /** {@return the keys of the vector code that gave other bits than the scalar kernel} */
  public List<Object> wrong() {
    return wrong;
  }

  /** Returns whether a warm-up is done. If not, requests it, and may do a step in this thread. */
  boolean isReady(KernelWarmUp warmUp, long work) {
    if (!wanted.contains(warmUp)) {
      want(warmUp);
    }
    operations += work;
    if (operations > 0 && helpers == 0 && lock.tryLock()) {
      try {
        // After a large product many steps are due, until they would only wait for the compiler.
        do {
          operations -= NEXT_STEP;
        } while (step() && operations > 0 && !warmUp.isDone());
        operations = Math.min(operations, 0);
      } finally {
        lock.unlock();
      }
    }
    return warmUp.isReady();
  }

  /**
   * Requests a warm-up before its code is needed.
   *
   * @param warm-up a warm-up of this warm-up
   */
  public synchronized void want(KernelWarmUp warmUp) {
    if (!wanted.contains(warmUp)) {
      wanted.add(warmUp);
    }
  }

  /**
   * Does the requested warm-ups until all are compiled. With {@code stay} it also does warm-ups
   * that are requested later, until {@code goOn} returns false.
   *
   * @param stay whether to continue with later requests
   * @param goOn asked several times per millisecond; the method returns after the first false
   */
  public void run(boolean stay, BooleanSupplier goOn) {
    while (!lock.tryLock()) {
      // Another thread does the warm-ups, and may never end.
      if (!goOn.getAsBoolean() || (!stay && wanted.stream().allMatch(KernelWarmUp::isDone))) {
        return;
      }
      LockSupport.parkNanos(1_000_000);
    }
    helpers++;
    try {
      while (goOn.getAsBoolean() && (stay || !wanted.stream().allMatch(KernelWarmUp::isDone))) {
        if (!step()) {
          LockSupport.parkNanos(1_000_000); // to wait for the compiler
        }
      }
    } finally {
      helpers--;
      lock.unlock();
    }
  }

  /** Does a step of the first unfinished warm-ups. Returns false if it only remains to wait. */
  private boolean step() {
    int few = 0;
    for (KernelWarmUp warmUp : wanted) {
      if (few == FEW) {
        break;
      }
      if (!warmUp.isDone()) {
        warmUp.step();
        if (!warmUp.isWaiting()) {
          return true;
        }
        few += warmUp.isLate() ? 0 : 1;
      }
    }
    return false;
  }
}
