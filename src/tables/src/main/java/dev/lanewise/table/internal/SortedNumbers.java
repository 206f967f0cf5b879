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
   * @param places receives the original index of each number, stably sorted; or null
   */
  public static void sort(double[] numbers, int count, int[] places) {
    long[] keys = new long[count];
    long[] nextKeys = new long[count];
    int[] at = new int[places == null ? 0 : count];
    int[] nextAt = new int[at.length];
    for (int i = 0; i < count; i++) {
      long bits = Double.doubleToLongBits(numbers[i]);
      keys[i] = bits ^ (bits >> 63 | Long.MIN_VALUE); // in the order of the numbers, unsigned
    }
    Arrays.setAll(at, i -> i);
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
      for (int i = 0; i < count; i++) {
        int to = starts[(int) (keys[i] >>> shift & MASK)]++;
        nextKeys[to] = keys[i];
        if (places != null) {
          nextAt[to] = at[i];
        }
      }
      long[] sorted = nextKeys;
      nextKeys = keys;
      keys = sorted;
      int[] sortedAt = nextAt;
      nextAt = at;
      at = sortedAt;
    }
    for (int i = 0; i < count; i++) {
      numbers[i] = Double.longBitsToDouble(keys[i] < 0 ? keys[i] ^ Long.MIN_VALUE : ~keys[i]);
    }
    System.arraycopy(at, 0, places == null ? at : places, 0, at.length);
  }
}
