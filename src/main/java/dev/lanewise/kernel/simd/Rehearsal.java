package dev.lanewise.kernel.simd;

import java.util.function.Supplier;

/**
 * A piece of vector code on its way to be compiled: called on arrays of its own until a call takes
 * as little time as only compiled code does. Until then the scalar twin serves, whose bits are the
 * same; interpreted vectors would take a thousand times as long and fill the heap.
 *
 * <p>Whether a method is compiled the JVM decides by how often it is called, not by how long it
 * runs: C1 takes it up after some 200 calls, to count what it does, and C2 after some 5000. Until
 * then each operation on vectors is a call that makes objects. So most calls of a rehearsal have
 * nothing to do, and kernels return from such at once.
 *
 * <p>C2 has to see calls with work, too, by the time that it begins. It inlines the methods of the
 * Vector API only up to 8000 bytecodes at once; for what comes behind, it must know from profiles
 * which class the vectors are of, or it keeps them on the heap for good. And it unrolls loops no
 * further than the turns that the profile has, of which C1's code takes note, and not the
 * interpreter.
 */
public final class Rehearsal {
  /** Terms of a sum, or vectors of a range, in a call with little work. */
  public static final int LITTLE = 7;

  /** The same in a call with much work. */
  public static final int MUCH = 20;

  /** A length that no call has had before: C2 gives up its code for it, and makes it anew. */
  public static final int AGAIN = -2;

  /** What a call is to do. */
  public enum Work {
    /** Nothing: the call is counted. */
    NOTHING(-1),

    /** Enough to tell by its time whether it is compiled. */
    LITTLE(Rehearsal.LITTLE),

    /** Loops of so many turns that C2 takes them for loops. */
    MUCH(Rehearsal.MUCH),

    /** Nothing, on a path that was not taken before. */
    AGAIN(Rehearsal.AGAIN);

    private final int terms;

    Work(int terms) {
      this.terms = terms;
    }

    /**
     * How long the sums of a call are.
     *
     * @return a number of terms, below 0 for none
     */
    public int terms() {
      return terms;
    }

    /**
     * How long a range a call takes.
     *
     * @return a number of vectors
     */
    public int vectors() {
      return Math.max(0, terms);
    }
  }

  /** Calls of vector code. */
  public interface Calls {
    /**
     * Makes some calls.
     *
     * @param times how many
     * @param work what each is to do
     */
    void run(int times, Work work);
  }

  /** Calls without work in a round, and rounds until C2 has seen enough if it is not busy. */
  private static final int EMPTY_CALLS = 128;

  private static final int ROUNDS = 50;

  /** Calls before which C2 does not begin, so that looks in the meantime are in vain. */
  private static final int CALLS = 5000;

  /** Rounds from one with much work to the next, and how many such there are at most. */
  private static final int PROFILING_ROUNDS = 6;

  private static final int PROFILES = 8;

  /** Calls with much work then: of two kinds, where there are two. */
  private static final int PROFILING_CALLS = 2;

  /** Rounds after which the compiler takes longer than it should, perhaps for ever. */
  private static final int LATE = 200;

  /** Nanoseconds after which all begins again where C2 has made poor code. */
  private static final long AGAIN_AFTER = 300_000_000;

  /** The same where it seems to have made none, because it has other work. */
  private static final long LATE_AGAIN = 1_000_000_000;

  /** How many times it begins again: code that is poor three times over will stay so. */
  private static final int MOST_TIMES = 3;

  /** Of the time since it began, the part that passes between two looks: each makes garbage. */
  private static final int SHARE = 24;

  /** Nanoseconds, the longest between two looks. */
  private static final long LONGEST_PAUSE = 100_000_000;

  /** Nanoseconds: an operation that makes objects takes 40 and more, a compiled one 1 or 2. */
  private static final int SLOWEST_OPERATION = 5;

  /** Nanoseconds: one of C2's poor code, or of C1's where all is in the caches. */
  private static final int POOR_OPERATION = 64;

  /** Looks in a row that find it, not one cold call alone. */
  private static final int POOR_LOOKS = 2;

  /** Nanoseconds of a call and of taking the time. */
  private static final int OVERHEAD = 200;

  /** Short calls in a row that prove it: the clock of a busy machine may err once. */
  private static final int PROOFS = 2;

  /** Times the limit that a compiled call takes at most when its code has left the caches. */
  private static final int COLD = 4;

  /** The same where a large product may lie between two looks. */
  private static final int COLDEST = 64;

  private final WarmUp warmUp; // null if nothing is to be done
  private final Supplier<Calls> maker;
  private final int emptyCalls; // in a round
  private Calls calls; // made at the first step
  private final long limit; // ns
  private final long poorLimit;
  private int rounds;
  private int times; // that all began again
  private long began; // ns
  private int proofs;
  private int poorLooks;
  private long lastLook = System.nanoTime();
  private volatile boolean ready;

  /** A rehearsal of calls with so many operations on vectors where there is little work. */
  Rehearsal(WarmUp warmUp, int operations, int pieces, Supplier<Calls> maker) {
    emptyCalls = Math.max(1, EMPTY_CALLS / pieces);
    this.warmUp = warmUp;
    this.maker = maker;
    limit = OVERHEAD + (long) SLOWEST_OPERATION * operations;
    poorLimit = OVERHEAD + (long) POOR_OPERATION * operations;
    ready = warmUp == null;
  }

  /**
   * Whether the vector code is compiled. If not, the caller's thread may first do some of what is
   * needed for that, in proportion to the work for which it asks.
   *
   * @param work operations, such as multiply-adds, that the caller has to do
   * @return whether the caller should take the vector code
   */
  public boolean isReady(long work) {
    return ready || warmUp.isReady(this, work);
  }

  boolean isReady() {
    return ready;
  }

  /** Whether nothing is left to do but to wait for the compiler, and to look now and then. */
  boolean isWaiting() {
    return rounds >= ROUNDS;
  }

  /** Whether the compiler takes longer than it should, perhaps for ever. */
  boolean isLate() {
    return rounds >= LATE;
  }

  /** Some calls, which take a fraction of a millisecond; one thread at a time. */
  void step() {
    if (calls == null) {
      calls = maker.get();
    }
    if (rounds == 0) {
      began = System.nanoTime();
    }
    calls.run(emptyCalls, Work.NOTHING);
    rounds++;
    long patience = poorLooks >= POOR_LOOKS ? AGAIN_AFTER : LATE_AGAIN;
    if (isLate() && proofs == 0 && times < MOST_TIMES && System.nanoTime() - began > patience) {
      times++;
      rounds = 0;
      poorLooks = 0;
      calls.run(1, Work.AGAIN);
      return;
    }
    if (rounds % PROFILING_ROUNDS == 0 && rounds <= PROFILES * PROFILING_ROUNDS) {
      calls.run(PROFILING_CALLS, Work.MUCH);
    } else if (mayBeReady() && isTimeToLook()) {
      look();
    }
  }

  /** Whether C2 has had its 5000 calls; or at the start, when a kernel may be compiled already. */
  private boolean mayBeReady() {
    return rounds <= PROOFS || rounds * EMPTY_CALLS >= CALLS;
  }

  /** Whether the last look asks for another, or is long enough ago. */
  private boolean isTimeToLook() {
    boolean unsure = proofs > 0 || (poorLooks > 0 && poorLooks < POOR_LOOKS);
    long now = System.nanoTime();
    return rounds == 1 || unsure || now - lastLook > Math.min(LONGEST_PAUSE, (now - began) / SHARE);
  }

  private void look() {
    int cold = System.nanoTime() - lastLook > LONGEST_PAUSE ? COLDEST : COLD;
    lastLook = System.nanoTime();
    long first = time();
    boolean isShort = first <= limit || (first <= cold * limit && time() <= limit);
    proofs = isShort ? proofs + 1 : 0;
    poorLooks = !isShort && first <= poorLimit ? poorLooks + 1 : 0;
    if (proofs == PROOFS) {
      ready = true;
      calls = null;
    }
  }

  private long time() {
    long start = System.nanoTime();
    calls.run(1, Work.LITTLE);
    return System.nanoTime() - start;
  }
}
