package dev.lanewise.rows;

import dev.lanewise.format.ArgumentException;
import java.util.Arrays;

/**
 * Fingerprints of the training rows, stored in a model to detect these rows in other data. The
 * smallest hashes show how many of the training rows are in the data. Each row also sets one bit,
 * selected by its hash, in a set of bits, which shows how many rows of the data are training rows
 * (a Bloom filter with one function; B. H. Bloom, "Space/time trade-offs in hash coding with
 * allowable errors", 1970). Other rows hit a set bit with a probability equal to the share of set
 * bits, so a large training is detected only from several rows.
 */
public final class RowSample {
  /** The sample of no rows. */
  public static final RowSample NONE = new RowSample(new long[0], new long[0]);

  private static final int SMALLEST = 256;

  /** Bits per row while there are few rows. */
  private static final int BITS_A_ROW = 64;

  /** Maximum number of bits: 64 KiB. */
  private static final int MOST_BITS = 1 << 19;

  /** Maximum number of rows that set bits; of more, only a half, a quarter, ... do. */
  private static final int MOST_ROWS = MOST_BITS / 2;

  /**
   * Maximum probability that chance gives as many hits; above it, no training rows are reported.
   */
  private static final double CHANCE = 0.02;

  private final long[] smallest; // ascending
  private final long[] bits; // the number of halvings, then a power of two of words

  /**
   * Makes a sample from the arrays of a model file.
   *
   * @param smallest hashes, ascending; copied
   * @param bits the number of halvings of the rows, then words of 64 bits; or empty; copied
   * @throws IllegalArgumentException if the number of words is not a power of two, or the number of
   *     halvings is out of range
   */
  public RowSample(long[] smallest, long[] bits) {
    this.smallest = smallest.clone();
    this.bits = bits.clone();
    int words = bits.length - 1;
    if (bits.length > 0
        && (Integer.bitCount(words) != 1 || bits[0] < 0 || bits[0] >= Integer.SIZE)) {
      throw new ArgumentException(
          "%s words of bits, expected a power of two after a number from 0 to %s",
          words, Integer.SIZE - 1);
    }
  }

  /**
   * Makes a sample of rows.
   *
   * @param hashes one per row, in any order
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

  /** Returns whether the row is used: the first bits of its hash, one per halving, are 0. */
  private static boolean isTaken(long hash, long halvings) {
    return halvings == 0 || hash >>> Long.SIZE - halvings == 0;
  }

  /** Returns the word with the bit of a hash; the last six bits select the bit. */
  private static int word(long hash, long[] bits) {
    return 1 + (int) (hash >>> 6 & bits.length - 2);
  }

  /**
   * Combines the samples of two sets of rows.
   *
   * @param other of other rows
   * @return the sample of both
   */
  public RowSample with(RowSample other) {
    long[] more = other.bits.length > bits.length ? other.bits : bits;
    long[] less = more == bits ? other.bits : bits;
    long[] both = more.clone();
    for (int i = 1; i < both.length && less.length > 0; i++) {
      both[i] |= less[1 + (i - 1 & less.length - 2)]; // the smaller set is repeated
    }
    if (less.length > 0) {
      both[0] = Math.max(bits[0], other.bits[0]);
    }
    long[] all = Arrays.copyOf(smallest, smallest.length + other.smallest.length);
    System.arraycopy(other.smallest, 0, all, smallest.length, other.smallest.length);
    return new RowSample(smallest(all), both);
  }

  /**
   * Estimates the share of some rows that are training rows.
   *
   * @param hashes one per row
   * @return from 0 to 1; 0 if the rows are too few to exclude chance
   */
  public double share(long[] hashes) {
    double set = Arrays.stream(bits).skip(1).map(Long::bitCount).sum();
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
    // Chernoff bound of the probability that other rows hit as many bits.
    double information =
        met * StrictMath.log(met / chance)
            + (met < 1 ? (1 - met) * StrictMath.log((1 - met) / (1 - chance)) : 0);
    return StrictMath.exp(-compared * information) > CHANCE ? 0 : (met - chance) / (1 - chance);
  }

  /**
   * Estimates the share of the training rows that are among some rows.
   *
   * @param hashes one per row
   * @return from 0 to 1
   */
  public double found(long[] hashes) {
    long[] sorted = hashes.clone();
    Arrays.sort(sorted);
    long found = Arrays.stream(smallest).filter(h -> Arrays.binarySearch(sorted, h) >= 0).count();
    return smallest.length == 0 ? 0 : found / (double) smallest.length;
  }

  /** {@return the smallest hashes, ascending; a copy} */
  public long[] smallest() {
    return smallest.clone();
  }

  /** {@return the number of halvings and the words of bits; a copy} */
  public long[] bits() {
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
