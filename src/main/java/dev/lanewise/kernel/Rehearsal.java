package dev.lanewise.kernel;

/**
 * A vector kernel on its way to be compiled: called on arrays of nobody until a call takes as
 * little time as only compiled code does.
 *
 * <p>Whether a method is compiled the JVM decides by how often it is called, not by how long it
 * runs: C2 takes it up after some 5000 calls. Until then each operation on vectors is a call that
 * makes objects, 100 ns and 200 bytes. So most calls of a rehearsal have nothing to do, and kernels
 * return from such at once.
 *
 * <p>Calls with work come first. C2 inlines the methods of the Vector API only up to 8000 bytecodes
 * at once (a multiply-add is 400); for what comes behind, it must know from profiles which class
 * the vectors are of. Without them it keeps vectors on the heap for good, and a training takes 15
 * seconds in place of one: seen where 5000 empty calls overtook 3 with work.
 */
final class Rehearsal {
  /** Calls of a vector kernel, each on some vectors or on none. */
  interface Calls {
    void run(int times, boolean work);
  }

  private static final int CALLS_A_STEP = 8;

  /** Calls without work in a round, and rounds after which C2 has seen enough if it is not busy. */
  private static final int EMPTY_CALLS = 128;

  private static final int ROUNDS = 50;

  /** After so many rounds without success only every 64th turn is one: they make garbage. */
  private static final int PATIENCE = 200;

  /** Nanoseconds: an operation that makes objects takes 40 and more, a compiled one 1 to 4. */
  private static final int SLOWEST_OPERATION = 10;

  /** Nanoseconds of a call and of taking the time. */
  private static final int OVERHEAD = 200;

  /** Short calls in a row that prove it: the clock of a busy machine may err once. */
  private static final int PROOFS = 2;

  private final Calls calls;
  private final int profilingCalls;
  private final long limit; // ns
  private int turns;
  private int profiled;
  private int rounds;
  private int proofs;
  private volatile boolean ready;

  /**
   * A rehearsal.
   *
   * @param operations on vectors in a call with work
   * @param profilingCalls calls with work that fill the profiles
   */
  Rehearsal(int operations, int profilingCalls, Calls calls) {
    this.profilingCalls = profilingCalls;
    this.calls = calls;
    limit = OVERHEAD + (long) SLOWEST_OPERATION * operations;
  }

  /** Whether the vector kernel is compiled. */
  boolean isReady() {
    return ready;
  }

  /** Declares it compiled, or not. */
  void setReady(boolean ready) {
    this.ready = ready;
  }

  /** Whether calls with work are still to be made. */
  boolean isProfiling() {
    return profiled < profilingCalls;
  }

  /** Whether nothing is left to do but to wait for the compiler, and to look now and then. */
  boolean isWaiting() {
    return rounds >= ROUNDS;
  }

  /** Some calls, which take a fraction of a millisecond; one thread at a time. */
  void step() {
    if (isProfiling()) {
      calls.run(CALLS_A_STEP, true);
      profiled += CALLS_A_STEP;
      return;
    }
    turns++;
    if (rounds > PATIENCE && turns % 64 != 0) {
      return;
    }
    calls.run(EMPTY_CALLS, false);
    rounds++;
    if (rounds < ROUNDS && rounds % 4 != 0) {
      return;
    }
    long start = System.nanoTime();
    calls.run(1, true);
    proofs = System.nanoTime() - start <= limit ? proofs + 1 : 0;
    if (proofs >= PROOFS) {
      ready = true;
    }
  }
}
