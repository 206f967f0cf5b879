package dev.lanewise.kernel;

/**
 * A vector kernel on its way to be compiled: called on arrays of nobody until a call takes as
 * little time as only compiled code does.
 *
 * <p>Whether a method is compiled the JVM decides by how often it is called, not by how long it
 * runs: C1 takes it up after some 200 calls, to count what it does, and C2 after some 5000. Until
 * then each operation on vectors is a call that makes objects, 100 ns and 200 bytes. So most calls
 * of a rehearsal have nothing to do, and kernels return from such at once.
 *
 * <p>C2 has to see calls with work, too, by the time that it begins. It inlines the methods of the
 * Vector API only up to 8000 bytecodes at once (a multiply-add is 400); for what comes behind, it
 * must know from profiles which class the vectors are of. Without them it keeps vectors on the heap
 * for good, and a training takes 15 seconds in place of one: seen where 5000 empty calls overtook 3
 * with work. And it unrolls loops no further than the turns that the profile has, of which C1's
 * code takes note, and not the interpreter.
 */
final class Rehearsal {
  /** What a call is to do. */
  enum Work {
    NOTHING,

    /** Enough to tell by its time whether it is compiled. */
    LITTLE,

    /** Loops of so many turns that C2 takes them for loops. */
    MUCH,

    /** Nothing, but on a path not taken before: C2 gives up its code, and makes it anew. */
    AGAIN
  }

  /** Calls of a vector kernel. */
  interface Calls {
    void run(int times, Work work);
  }

  /** Calls without work in a round, and rounds until C2 has seen enough if it is not busy. */
  private static final int EMPTY_CALLS = 128;

  private static final int ROUNDS = 50;

  /**
   * Calls before which C2 does not begin: looks in the meantime are in vain (the digits' process
   * 1.11 s, so 1.08).
   */
  private static final int CALLS = 5000;

  /**
   * Rounds from one with much work to the next, and how many such there are at most. Of those 5000
   * calls that C1 counts, wherever they begin, some are among them.
   */
  private static final int PROFILING_ROUNDS = 6;

  private static final int PROFILES = 8;

  /** Calls with much work then: of two kinds, where there are two. */
  private static final int PROFILING_CALLS = 2;

  /** Rounds after which the compiler takes longer than it should, perhaps for ever. */
  private static final int LATE = 200;

  /**
   * Nanoseconds after which all begins again where C2 has made poor code. The first tile kept
   * vectors on the heap in one of ten to fifteen processes, for good, and the digits took 2.9 s in
   * place of 1.1.
   */
  private static final long AGAIN = 300_000_000;

  /**
   * The same where it seems to have made none: it has other work. Twenty kernels take it a second
   * and more, and most of them began again, with 2 MB of garbage each, while this was as short; but
   * with three times this some training took 3.3 s in place of 1.4.
   */
  private static final long LATE_AGAIN = 1_000_000_000;

  /** How many times it begins again: code that is poor three times over will stay so. */
  private static final int MOST_TIMES = 3;

  /**
   * Of the time since it began, the part that passes between two looks: each in vain makes garbage.
   * With one every second round, and all beginning again, a training of 1000 rows took 138 to 170
   * MB on 17 and 180 to 200 on 25, so 110 to 113 and 154 to 175. With an eighth, and 3 s in place
   * of one above, it took 105 and 142 to 151, but the digits' process 1.76 s; with a 32nd 1.36.
   */
  private static final int SHARE = 24;

  /** Nanoseconds, the longest between two looks. */
  private static final long LONGEST_PAUSE = 100_000_000;

  /** Nanoseconds: an operation that makes objects takes 40 and more, a compiled one 1 or 2. */
  private static final int SLOWEST_OPERATION = 5;

  /** Nanoseconds: one of C2's poor code, or of C1's where all is in the caches; else it has 100. */
  private static final int POOR_OPERATION = 64;

  /** Looks in a row that find it, not one cold call alone. */
  private static final int POOR_LOOKS = 2;

  /** Nanoseconds of a call and of taking the time. */
  private static final int OVERHEAD = 200;

  /** Short calls in a row that prove it: the clock of a busy machine may err once. */
  private static final int PROOFS = 2;

  /**
   * Times the limit that a compiled call takes at most when its code has left the caches; the next
   * one tells. On a Zen 3 the parts of softmax took 300 to 800 ns the first time, 100 to 200 then,
   * and some were never found compiled.
   */
  private static final int COLD = 4;

  /**
   * The same where a large product may lie between two looks: after one of 2000^3 the first call
   * took 2 to 20 us, the next 0.3, and its tile was never found compiled.
   */
  private static final int COLDEST = 64;

  private final Calls calls;
  private final long limit; // ns
  private final long poorLimit;
  private int rounds;
  private int times; // that all began again
  private long began; // ns
  private int proofs;
  private int poorLooks;
  private long lastLook = System.nanoTime();
  private volatile boolean ready;

  /**
   * A rehearsal.
   *
   * @param operations on vectors in a call with little work
   */
  Rehearsal(int operations, Calls calls) {
    this.calls = calls;
    limit = OVERHEAD + (long) SLOWEST_OPERATION * operations;
    poorLimit = OVERHEAD + (long) POOR_OPERATION * operations;
  }

  /** Whether the vector kernel is compiled. */
  boolean isReady() {
    return ready;
  }

  /** Declares it compiled, or not. */
  void setReady(boolean ready) {
    this.ready = ready;
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
    if (rounds == 0) {
      began = System.nanoTime();
    }
    calls.run(EMPTY_CALLS, Work.NOTHING);
    rounds++;
    long patience = poorLooks >= POOR_LOOKS ? AGAIN : LATE_AGAIN;
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
    }
  }

  private long time() {
    long start = System.nanoTime();
    calls.run(1, Work.LITTLE);
    return System.nanoTime() - start;
  }
}
