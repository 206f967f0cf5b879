package dev.lanewise.kernel.math;

/**
 * Random numbers from a key and a counter. Each can be computed without the earlier ones. So an
 * initial weight depends on the seed and its index alone, and the order of an epoch on (seed,
 * epoch), never on a thread, a clock or the state of a generator.
 *
 * <p>Number {@code i} of a key is the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast
 * splittable pseudorandom number generators", 2014, with Stafford's variant 13) applied to {@code
 * key + (i + 1) * 0x9E3779B97F4A7C15}. The algorithm is specified here, because the JDK's
 * generators may change.
 */
public final class CounterRandom {
  /** The stream of the initial weights; its second argument is the parameter array's number. */
  public static final long INITIAL_WEIGHTS = 1;

  /** The stream of the order of training rows; its second argument is the epoch. */
  public static final long SHUFFLE = 2;

  /** The stream that divides rows into training, validation and test rows. */
  public static final long SPLIT = 3;

  /** The stream of the rows and elements that a gradient check samples. */
  public static final long CHECK = 4;

  /** The stream of dropout masks; its second argument is the epoch. */
  public static final long DROPOUT = 5;

  /** The stream of class-balanced draws; its second argument is the epoch. */
  public static final long BALANCED = 6;

  /** The stream of rows that are drawn or permuted to examine a model. */
  public static final long PERMUTATION = 7;

  /** The stream of the order in which rows are dealt to folds. */
  public static final long FOLDS = 8;

  /** The stream of the seeds of an ensemble's members. */
  public static final long MEMBER = 9;

  /** Elements that are shuffled per call; a method that is called often is compiled soon. */
  private static final int PIECE = 16;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private CounterRandom() {}

  /**
   * {@return the key for one use of a seed}
   *
   * @param seed the user's seed
   * @param stream the purpose of the random numbers, one of this class's constants
   * @param index an index within the purpose, such as an epoch or a layer
   */
  public static long key(long seed, long stream, long index) {
    return mix(mix(mix(seed + GOLDEN) + stream * GOLDEN) + index * GOLDEN);
  }

  /** {@return 64 random bits} */
  public static long bits(long key, long counter) {
    return mix(key + (counter + 1) * GOLDEN);
  }

  /** {@return a key whose random bits are those of another key from a counter on} */
  public static long from(long key, long counter) {
    return key + counter * GOLDEN;
  }

  /** {@return a uniform random number, a multiple of 2^-53 strictly between 0 and 1} */
  public static double uniform(long key, long counter) {
    return ((bits(key, counter) >>> 12) + 0.5) * 0x1p-52;
  }

  /**
   * {@return a standard normal random number: the inverse of the normal distribution function at
   * {@link #uniform}}
   */
  public static double gaussian(long key, long counter) {
    return NormalQuantile.of(uniform(key, counter));
  }

  /**
   * {@return a random integer from 0 to a bound, exclusive} The bias is below bound / 2^63.
   *
   * @param bound the bound, above 0
   */
  public static int below(long key, long counter, int bound) {
    return (int) Math.multiplyHigh(bits(key, counter) >>> 1, (long) bound << 1);
  }

  /**
   * Fills an array with a random permutation of 0, 1, ..., length - 1, by the shuffle of Fisher and
   * Yates (Knuth, The Art of Computer Programming 2, algorithm 3.4.2P).
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

  /** Makes the swaps of the elements from index {@code from} down to {@code end}, exclusive. */
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
