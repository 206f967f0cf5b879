package dev.lanewise.kernel.simd;

import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Gets a piece of vector code compiled, by calling it on separate arrays until a call is as short
 * as only compiled code can be. Until then the scalar kernel computes the same bits, because
 * interpreted vectors would take a thousand times as long and fill the heap.
 *
 * <p>The JVM compiles a method depending on the number of its calls, not on its running time: C1
 * compiles it after some 200 calls, with counters for a profile, and C2 after some 5000. Until then
 * each operation on vectors is a call that allocates objects. So most calls of a warm-up are empty,
 * and kernels return from them at once.
 *
 * <p>The profile that C2 uses must also contain calls with work. C2 inlines methods of the Vector
 * API only up to 8000 bytecodes at once. For the code after that, it must know the class of the
 * vectors from the profile, or it keeps them on the heap for good. C2 also unrolls loops no further
 * than the number of iterations in the profile, which is counted by C1's code but not by the
 * interpreter.
 *
 * <p>Compilers have defects, so compiled code is not believed until its outputs have been compared
 * with those of the scalar kernel. Code that gives another bit is never used in this JVM.
 */
public final class KernelWarmUp {
  /** Number of terms of a sum, or of vectors in a range, in a call that only counts. */
  public static final int NOTHING = -1;

  /** Number in a call with enough work to tell from its time whether the code is compiled. */
  public static final int LITTLE = 7;

  /** Number in a call with enough iterations for C2 to unroll the loops. */
  public static final int MUCH = 20;

  /** A number that no call has had before, which makes C2 discard its code and compile it again. */
  public static final int AGAIN = -2;

  /** All of these numbers. */
  public static final int[] TERMS = {NOTHING, LITTLE, MUCH, AGAIN};

  /** Calls of vector code. */
  public interface Calls {
    /**
     * Makes some calls.
     *
     * @param times number of calls
     * @param terms the work of each call: {@link #NOTHING}, {@link #LITTLE}, {@link #MUCH} or
     *     {@link #AGAIN}
     */
    void run(int times, int terms);
  }

  /** Number of empty calls in a round. */
  private static final int EMPTY_CALLS = 128;

  /** Number of rounds after which C2 has enough calls, if it is not busy. */
  private static final int ROUNDS = 50;

  /** Number of calls before which C2 does not compile, so measuring earlier is useless. */
  private static final int CALLS = 5000;

  /** Number of rounds between two with much work. */
  private static final int PROFILING_ROUNDS = 6;

  /** Largest number of rounds with much work. */
  private static final int PROFILES = 8;

  /** Number of calls in a round with much work: calls of two kinds may alternate. */
  private static final int PROFILING_CALLS = 2;

  /** Number of rounds after which the compiler is late and may never finish. */
  private static final int LATE = 200;

  /** Time after which a warm-up starts again if C2 has made poor code, in nanoseconds. */
  private static final long AGAIN_AFTER = 300_000_000;

  /** Time after which a warm-up starts again if C2 seems to have made no code, in nanoseconds. */
  private static final long LATE_AGAIN = 1_000_000_000;

  /** Largest number of restarts; code that is poor after three of them will stay poor. */
  private static final int MOST_TIMES = 3;

  /**
   * The pause between two measurements is the time since the start divided by this, because each
   * measurement of uncompiled code allocates objects.
   */
  private static final int SHARE = 24;

  /** Longest pause between two measurements, in nanoseconds. */
  private static final long LONGEST_PAUSE = 100_000_000;

  /**
   * Maximum nanoseconds per operation in compiled code; a compiled operation takes 1 or 2, one that
   * allocates objects at least 40.
   */
  private static final int SLOWEST_OPERATION = 5;

  /** Maximum nanoseconds per operation in poor code of C2, or in C1's code with warm caches. */
  private static final int POOR_OPERATION = 64;

  /** Consecutive measurements that show poor code; a single one may be due to cold caches. */
  private static final int POOR_TIMES = 2;

  /** Nanoseconds that a call and its measurement take. */
  private static final int OVERHEAD = 200;

  /** Consecutive short calls that prove compilation; a busy machine may measure one wrongly. */
  private static final int PROOFS = 2;

  /** Time limit for a compiled call whose code has left the caches, in multiples of the limit. */
  private static final int COLD = 4;

  /** The same maximum after a long pause, in which a large product may have been computed. */
  private static final int COLDEST = 64;

  /** Number of arrays of a comparison. */
  private static final int ARRAYS = 6;

  /** The inputs of comparisons, which fill every array again and again. */
  private static final float[] NUMBERS = numbers();

  private final KernelWarmUps warmUps; // null if no warm-up is needed
  private final Object key;
  private final Supplier<Calls> maker;
  private final int room;
  private final BiConsumer<Boolean, float[][]> twins;
  private final int emptyCalls; // calls without work in a round
  private Calls calls; // made at the first step
  private final long limit; // ns
  private final long poorLimit;
  private int rounds;
  private int times; // number of restarts
  private long began; // ns
  private int proofs;
  private int poorTimes;
  private long measured = System.nanoTime();
  private volatile boolean ready;
  private volatile boolean wrong;

  /** Makes a warm-up of calls; operations is the number of vector operations with little work. */
  KernelWarmUp(
      KernelWarmUps warmUps,
      Object key,
      int operations,
      int pieces,
      Supplier<Calls> maker,
      int room,
      BiConsumer<Boolean, float[][]> twins) {
    emptyCalls = Math.max(1, EMPTY_CALLS / pieces);
    this.warmUps = warmUps;
    this.key = key;
    this.maker = maker;
    this.room = room;
    this.twins = twins;
    limit = OVERHEAD + (long) SLOWEST_OPERATION * operations;
    poorLimit = OVERHEAD + (long) POOR_OPERATION * operations;
    ready = warmUps == null;
  }

  /**
   * {@return whether the vector code is compiled and right} If not, this thread may first do a part
   * of the warm-up, in proportion to its work.
   *
   * @param work number of operations, such as multiply-adds, that the caller is about to do
   */
  public boolean isReady(long work) {
    return ready || (!wrong && warmUps.isReady(this, work));
  }

  boolean isReady() {
    return ready;
  }

  /** Returns whether nothing is left to do. */
  boolean isDone() {
    return ready || wrong;
  }

  /** Returns whether all that is left is to wait for the compiler and measure from time to time. */
  boolean isWaiting() {
    return rounds >= ROUNDS;
  }

  /** Returns whether the compiler is late and may never finish. */
  boolean isLate() {
    return rounds >= LATE;
  }

  /** Makes some calls, which take a fraction of a millisecond; for one thread at a time. */
  void step() {
    if (calls == null) {
      calls = maker.get();
    }
    if (rounds == 0) {
      began = System.nanoTime();
    }
    calls.run(emptyCalls, NOTHING);
    rounds++;
    long patience = poorTimes >= POOR_TIMES ? AGAIN_AFTER : LATE_AGAIN;
    if (isLate() && proofs == 0 && times < MOST_TIMES && System.nanoTime() - began > patience) {
      times++;
      rounds = 0;
      poorTimes = 0;
      calls.run(1, AGAIN);
      return;
    }
    if (rounds % PROFILING_ROUNDS == 0 && rounds <= PROFILES * PROFILING_ROUNDS) {
      calls.run(PROFILING_CALLS, MUCH);
    } else if (mayBeReady() && isTimeToMeasure()) {
      measure();
    }
  }

  /**
   * Returns whether C2 may have compiled the code: after its 5000 calls, or at the start, because
   * the code may be compiled already.
   */
  private boolean mayBeReady() {
    return rounds <= PROOFS || rounds * EMPTY_CALLS >= CALLS;
  }

  /** Returns whether the last measurement requires another or is long enough ago. */
  private boolean isTimeToMeasure() {
    boolean unsure = proofs > 0 || (poorTimes > 0 && poorTimes < POOR_TIMES);
    long now = System.nanoTime();
    return rounds == 1 || unsure || now - measured > Math.min(LONGEST_PAUSE, (now - began) / SHARE);
  }

  private void measure() {
    int cold = System.nanoTime() - measured > LONGEST_PAUSE ? COLDEST : COLD;
    measured = System.nanoTime();
    long first = time();
    boolean isShort = first <= limit || (first <= cold * limit && time() <= limit);
    proofs = isShort ? proofs + 1 : 0;
    poorTimes = !isShort && first <= poorLimit ? poorTimes + 1 : 0;
    if (proofs == PROOFS) {
      compare();
    }
  }

  /** Compares the compiled code with the scalar kernel, and confirms that it is still compiled. */
  private void compare() {
    if (isRight()) {
      ready = time() <= limit || time() <= limit;
    } else {
      warmUps.wrong.add(key);
      wrong = true;
    }
    proofs = 0;
    if (isDone()) {
      calls = null;
    }
  }

  /**
   * Returns whether both twins give the same bits from the same numbers; any NaN is the same. Wrong
   * code may also read or write outside its arrays.
   */
  private boolean isRight() {
    float[][][] results = new float[2][ARRAYS][room];
    for (int twin = 0; twin < 2; twin++) {
      for (int a = 0; a < ARRAYS; a++) {
        int length = NUMBERS.length - a; // so that the arrays differ
        for (int i = 0; i < room; i += length) {
          System.arraycopy(NUMBERS, a, results[twin][a], i, Math.min(length, room - i));
        }
      }
      try {
        twins.accept(twin == 0, results[twin]);
      } catch (IndexOutOfBoundsException e) {
        return false;
      }
    }
    return Arrays.deepEquals(results[0], results[1]);
  }

  /**
   * Returns numbers of both signs from 2^-10 to 2^6. Every eighth is a zero, a subnormal number, or
   * one whose exponential is out of range.
   */
  private static float[] numbers() {
    float[] special = {0, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, 110, -110};
    float[] numbers = new float[509]; // a prime, so that the rows of a matrix differ
    int bits = 1;
    for (int i = 0; i < numbers.length; i++) {
      bits = bits * 1664525 + 1013904223; // a linear congruential generator
      int exponent = 117 + (bits >>> 23 & 15);
      numbers[i] =
          i % 8 == 7
              ? special[i / 8 % special.length]
              : Float.intBitsToFloat(bits & 0x807FFFFF | exponent << 23);
    }
    return numbers;
  }

  private long time() {
    long start = System.nanoTime();
    calls.run(1, LITTLE);
    return System.nanoTime() - start;
  }
}
