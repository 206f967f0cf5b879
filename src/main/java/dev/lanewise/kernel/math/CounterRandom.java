package dev.lanewise.kernel.math;

/**
 * Random numbers from a key and a counter: any of them can be had without the ones before, so an
 * initial weight depends on its index alone and the order of an epoch on (seed, epoch), never on a
 * thread, a clock or a generator's state.
 *
 * <p>Number {@code i} of a key is the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast
 * splittable pseudorandom number generators", 2014, with Stafford's variant 13) applied to {@code
 * key + (i + 1) * 0x9E3779B97F4A7C15}. Specified here and not taken from the JDK, whose generators
 * may change.
 */
public final class CounterRandom {
  /** The stream of the initial weights; its second argument is the parameter array's number. */
  public static final long INITIAL_WEIGHTS = 1;

  /** The stream of the order of training rows; its second argument is the epoch. */
  public static final long SHUFFLE = 2;

  /** The stream that splits a file without splits. */
  public static final long SPLIT = 3;

  /** The stream of rows and elements that a gradient check looks at. */
  public static final long CHECK = 4;

  /** The stream of dropout masks; its second argument is the epoch. */
  public static final long DROPOUT = 5;

  /** The stream of class-balanced draws; its second argument is the epoch. */
  public static final long BALANCED = 6;

  /** The stream of rows that are drawn or permuted to look at a model. */
  public static final long PERMUTATION = 7;

  /** Places that are shuffled at once: a method that is called soon gets compiled. */
  private static final int PIECE = 16;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private CounterRandom() {}

  /**
   * The key of one use of a seed.
   *
   * @param seed the user's seed
   * @param stream what the numbers are for, one of this class's constants
   * @param index which of them: an epoch, a layer
   * @return the key
   */
  public static long key(long seed, long stream, long index) {
    return mix(mix(mix(seed + GOLDEN) + stream * GOLDEN) + index * GOLDEN);
  }

  /**
   * 64 random bits.
   *
   * @param key from {@link #key}
   * @param counter which number
   * @return the bits
   */
  public static long bits(long key, long counter) {
    return mix(key + (counter + 1) * GOLDEN);
  }

  /**
   * A uniform number, a multiple of 2^-53 strictly between 0 and 1.
   *
   * @param key from {@link #key}
   * @param counter which number
   * @return the number
   */
  public static double uniform(long key, long counter) {
    return ((bits(key, counter) >>> 12) + 0.5) * 0x1p-52;
  }

  /**
   * A standard normal number: the inverse normal distribution function of {@link #uniform}, one
   * number a counter.
   *
   * @param key from {@link #key}
   * @param counter which number
   * @return the number
   */
  public static double gaussian(long key, long counter) {
    return NormalQuantile.of(uniform(key, counter));
  }

  /**
   * A whole number from 0 up to a bound. The bias is below bound / 2^63.
   *
   * @param key from {@link #key}
   * @param counter which number
   * @param bound above 0; the result is below it
   * @return the number
   */
  public static int below(long key, long counter, int bound) {
    return (int) Math.multiplyHigh(bits(key, counter) >>> 1, (long) bound << 1);
  }

  /**
   * Fills an array with a random permutation of 0, 1, ..., length - 1: Fisher and Yates' shuffle
   * (Knuth, The Art of Computer Programming 2, algorithm 3.4.2P) of the identity.
   *
   * @param key from {@link #key}
   * @param order the array to fill
   */
  public static void permutation(long key, int[] order) {
    for (int i = 0; i < order.length; i += PIECE) {
      count(order, i, Math.min(order.length, i + PIECE));
    }
    for (int i = order.length - 1; i > 0; i -= PIECE) {
      shuffle(key, order, i, Math.max(0, i - PIECE));
    }
  }

  private static void count(int[] order, int from, int end) {
    for (int i = from; i < end; i++) {
      order[i] = i;
    }
  }

  /** The swaps of places from one down to the one before another. */
  private static void shuffle(long key, int[] order, int from, int end) {
    for (int i = from; i > end; i--) {
      int j = below(key, i, i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  private static long mix(long z) {
    long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
