package dev.lanewise.kernel.simd;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The {@link Rehearsal rehearsals} of a JVM, by what they rehearse. Who asks for vector code that
 * is not compiled yet lends a step now and then, in proportion to the work it has, unless a thread
 * is there for it in {@link #run}.
 */
public final class WarmUp {
  /** Operations after which a caller lends its first step: a job of less needs no vectors. */
  private static final long FIRST_LOAN = 1 << 24;

  /** Operations between steps, which take about as long on the scalar kernels. */
  private static final long NEXT_LOAN = 1 << 17;

  /**
   * How many are rehearsed at once; the next begins when one of them is compiled or late. With more
   * the queue of C2 grows, and C1 then makes code that takes no note of what it does.
   */
  private static final int FEW = 2;

  /**
   * Operations, half a second of the narrow products, after which a job is a long one: then it pays
   * to compile what is made for its shapes, which takes C2 another half a second.
   */
  private static final long LONG_JOB = 1L << 34;

  private final boolean needed;
  private long spent; // unguarded, as debt is
  private final Map<Object, Rehearsal> known = new ConcurrentHashMap<>();
  private final List<Rehearsal> wanted = new CopyOnWriteArrayList<>(); // first come, first served
  private final ReentrantLock lock = new ReentrantLock();
  private volatile int helpers;
  private long debt = -FIRST_LOAN; // unguarded: what two threads lose of it does not matter

  /**
   * Makes one without rehearsals.
   *
   * @param needed false if vector code is to serve from the first call on, compiled or not
   */
  public WarmUp(boolean needed) {
    this.needed = needed;
  }

  /**
   * Whether so much has been computed that the time for better code is well spent.
   *
   * @return whether the job is a long one
   */
  public boolean isLong() {
    return spent >= LONG_JOB || !needed;
  }

  /**
   * Counts what is computed by other code than the best.
   *
   * @param work operations of narrow products that take as long
   */
  public void spend(long work) {
    spent += work;
  }

  /**
   * The rehearsal of a piece of vector code.
   *
   * @param key what says which piece it is: equal keys share one rehearsal
   * @param operations on vectors in a call with little work
   * @param pieces how many times a call calls a method that is to be compiled
   * @param calls makes the calls when they are needed
   * @return the rehearsal
   */
  public Rehearsal rehearsal(
      Object key, int operations, int pieces, Supplier<Rehearsal.Calls> calls) {
    return known.computeIfAbsent(
        key, k -> new Rehearsal(needed ? this : null, operations, pieces, calls));
  }

  /**
   * Whether any vector code serves.
   *
   * @return true once a rehearsal is done
   */
  public boolean isAnyReady() {
    return known.values().stream().anyMatch(Rehearsal::isReady);
  }

  /** Whether a rehearsal is done; if not, it is wanted, and the caller may lend a step. */
  boolean isReady(Rehearsal rehearsal, long work) {
    if (!wanted.contains(rehearsal)) {
      want(rehearsal);
    }
    debt += work;
    if (debt > 0 && helpers == 0 && lock.tryLock()) {
      try {
        // A long product owes many steps, as many as do not wait for the compiler.
        do {
          debt -= NEXT_LOAN;
        } while (step() && debt > 0 && !rehearsal.isReady());
        debt = Math.min(debt, 0);
      } finally {
        lock.unlock();
      }
    }
    return rehearsal.isReady();
  }

  /**
   * Has a rehearsal done before anyone asks.
   *
   * @param rehearsal one of these
   */
  public synchronized void want(Rehearsal rehearsal) {
    if (!wanted.contains(rehearsal)) {
      wanted.add(rehearsal);
    }
  }

  /**
   * Rehearses what is wanted until all of it is compiled, or with {@code stay} what will be wanted,
   * too, as long as the caller likes.
   *
   * @param stay whether to stay
   * @param goOn asked some times a millisecond
   */
  public void run(boolean stay, BooleanSupplier goOn) {
    while (!lock.tryLock()) {
      // Another thread is at it, perhaps for good.
      if (!goOn.getAsBoolean() || (!stay && wanted.stream().allMatch(Rehearsal::isReady))) {
        return;
      }
      LockSupport.parkNanos(1_000_000);
    }
    helpers++;
    try {
      while (goOn.getAsBoolean() && (stay || !wanted.stream().allMatch(Rehearsal::isReady))) {
        if (!step()) {
          LockSupport.parkNanos(1_000_000); // for the compiler
        }
      }
    } finally {
      helpers--;
      lock.unlock();
    }
  }

  /** A step of the first few that are wanted; whether anything is left but waiting. */
  private boolean step() {
    int few = 0;
    for (Rehearsal rehearsal : wanted) {
      if (few == FEW) {
        break;
      }
      if (!rehearsal.isReady()) {
        rehearsal.step();
        if (!rehearsal.isWaiting()) {
          return true;
        }
        few += rehearsal.isLate() ? 0 : 1;
      }
    }
    return false;
  }
}
