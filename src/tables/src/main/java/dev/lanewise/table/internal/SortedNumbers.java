package dev.lanewise.table.internal;

import java.util.Arrays;

/** Sorts many numbers by radix sort, which has no comparisons and thus no branch mispredictions. */
public final class SortedNumbers {
  /** Number of bits per pass; the table of counts should fit in the first-level cache. */
  private static final int BITS = 11;

  private static final int MASK = (1 << BITS) - 1;

  private SortedNumbers() {}

  /**
   * Sorts numbers like {@link Arrays#sort(double[])}: -0 before 0, and NaN last.
   *
   * @param numbers the numbers, without NaN of another sign
   * @param count how many numbers to sort
   */
  public static void sort(double[] numbers, int count) {
    long[] keys = new long[count];
    long[] nextKeys = new long[count];
    for (int i = 0; i < count; i++) {
      long bits = Double.doubleToLongBits(numbers[i]);
      keys[i] = bits ^ (bits >> 63 | Long.MIN_VALUE); // in the order of the numbers, unsigned
    }
    for (int shift = 0; shift < Long.SIZE; shift += BITS) {
      int[] starts = new int[MASK + 2];
      for (long key : keys) {
        starts[(int) (key >>> shift & MASK) + 1]++;
      }
      if (count == 0 || starts[(int) (keys[0] >>> shift & MASK) + 1] == count) {
        continue; // these bits are equal in all keys, as the last ones of whole numbers are
      }
      for (int b = 0; b < MASK; b++) {
        starts[b + 1] += starts[b];
      }
      for (long key : keys) {
        nextKeys[starts[(int) (key >>> shift & MASK)]++] = key;
      }
      long[] sorted = nextKeys;
      nextKeys = keys;
      keys = sorted;
    }
    for (int i = 0; i < count; i++) {
      numbers[i] = Double.longBitsToDouble(keys[i] < 0 ? keys[i] ^ Long.MIN_VALUE : ~keys[i]);
    }
  }
}
