package dev.lanewise.nn;

import java.util.Arrays;

/**
 * What a model remembers of its training rows, by which they are noticed among others: the smallest
 * of their hashes, which tell how many of the training rows are there, and a set of bits, in which
 * the hash of each row has set one (a Bloom filter of one function; B. H. Bloom, "Space/time
 * trade-offs in hash coding with allowable errors", 1970). Rows that are no training rows meet a
 * bit by chance, as often as bits are set; so a single row says little of a large training, but
 * some do.
 */
public final class RowSample {
  /** Of no rows. */
  public static final RowSample NONE = new RowSample(new long[0], new long[0]);

  private static final int SMALLEST = 256;

  /** Of so many bits a row sets one, as long as there are few rows. */
  private static final int BITS_A_ROW = 64;

  /** 64 KiB. */
  private static final int MOST_BITS = 1 << 19;

  /** Of more rows a half, a quarter, ... is taken, so that enough bits stay unset. */
  private static final int MOST_ROWS = MOST_BITS / 2;

  /** What rows may do by chance without being taken for training rows: so often at most. */
  private static final double CHANCE = 0.02;

  private final long[] smallest; // ascending
  private final long[] bits; // how often the rows were halved, then the words of a power of two

  /**
   * Takes the arrays of a model file.
   *
   * @param smallest hashes, ascending; copied
   * @param bits how often the rows were halved, then 64 bits each; or none; copied
   * @throws IllegalArgumentException if the number of words is no power of two, or the first is
   *     none of halvings
   */
  public RowSample(long[] smallest, long[] bits) {
    this.smallest = smallest.clone();
    this.bits = bits.clone();
    int words = bits.length - 1;
    if (bits.length > 0
        && (Integer.bitCount(words) != 1 || bits[0] < 0 || bits[0] >= Integer.SIZE)) {
      throw new IllegalArgumentException(
          "%s words of bits, expected a power of two after a number from 0 to %s"
              .formatted(words, Integer.SIZE - 1));
    }
  }

  /**
   * What is to be remembered of rows.
   *
   * @param hashes one a row, in any order
   * @return the sample
   */
  public static RowSample of(long[] hashes) {
    int halvings = 0;
    while (hashes.length >> halvings > MOST_ROWS) {
      halvings++;
    }
    long wanted = Math.min(MOST_BITS, (long) BITS_A_ROW * Math.max(1, hashes.length));
    int words = Integer.highestOneBit((int) (2 * wanted - 1)) / Long.SIZE;
    long[] bits = new long[1 + words];
    bits[0] = halvings;
    for (long hash : hashes) {
      if (isTaken(hash, halvings)) {
        bits[word(hash, bits)] |= 1L << hash;
      }
    }
    return new RowSample(smallest(hashes), bits);
  }

  private static long[] smallest(long... hashes) {
    return Arrays.stream(hashes).sorted().distinct().limit(SMALLEST).toArray();
  }

  /** Whether the first bits of a hash, one a halving, are zero. */
  private static boolean isTaken(long hash, long halvings) {
    return halvings == 0 || hash >>> Long.SIZE - halvings == 0;
  }

  /** Where the bit of a hash is, which its last six bits choose in that word. */
  private static int word(long hash, long[] bits) {
    return 1 + (int) (hash >>> 6 & bits.length - 2);
  }

  /**
   * What is to be remembered of these rows and others.
   *
   * @param other of other rows
   * @return the sample of both
   */
  public RowSample with(RowSample other) {
    long[] more = other.bits.length > bits.length ? other.bits : bits;
    long[] less = more == bits ? other.bits : bits;
    long[] both = more.clone();
    for (int i = 1; i < both.length && less.length > 0; i++) {
      both[i] |= less[1 + (i - 1 & less.length - 2)]; // fewer bits stand for more as they repeat
    }
    if (less.length > 0) {
      both[0] = Math.max(bits[0], other.bits[0]);
    }
    long[] all = Arrays.copyOf(smallest, smallest.length + other.smallest.length);
    System.arraycopy(other.smallest, 0, all, smallest.length, other.smallest.length);
    return new RowSample(smallest(all), both);
  }

  /**
   * The share of some rows that are training rows.
   *
   * @param hashes one a row
   * @return an estimate from 0 to 1; 0 where the rows are too few to tell it from chance
   */
  public double share(long[] hashes) {
    double set = 0;
    for (int i = 1; i < bits.length; i++) {
      set += Long.bitCount(bits[i]);
    }
    double chance = set / Math.max(1, Long.SIZE * (bits.length - 1.0));
    double compared = 0;
    double found = 0;
    for (long hash : hashes) {
      if (bits.length > 0 && isTaken(hash, bits[0])) {
        compared++;
        found += bits[word(hash, bits)] >>> hash & 1;
      }
    }
    double met = compared == 0 ? 0 : found / compared;
    if (met <= chance || chance == 0) {
      return 0;
    }
    // Chernoff's bound of how likely other rows meet as many bits.
    double information =
        met * StrictMath.log(met / chance)
            + (met < 1 ? (1 - met) * StrictMath.log((1 - met) / (1 - chance)) : 0);
    return StrictMath.exp(-compared * information) > CHANCE ? 0 : (met - chance) / (1 - chance);
  }

  /**
   * The share of the training rows that are among some rows.
   *
   * @param hashes one a row
   * @return an estimate from 0 to 1
   */
  public double found(long[] hashes) {
    long[] sorted = hashes.clone();
    Arrays.sort(sorted);
    long found = Arrays.stream(smallest).filter(h -> Arrays.binarySearch(sorted, h) >= 0).count();
    return smallest.length == 0 ? 0 : found / (double) smallest.length;
  }

  /** The smallest hashes, ascending, as a model file has them. */
  long[] smallest() {
    return smallest.clone();
  }

  /** The halvings and the words of bits, as a model file has them. */
  long[] bits() {
    return bits.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowSample that
        && Arrays.equals(smallest, that.smallest)
        && Arrays.equals(bits, that.bits);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(smallest) + Arrays.hashCode(bits);
  }
}
