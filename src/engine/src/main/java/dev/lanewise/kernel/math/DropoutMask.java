package dev.lanewise.kernel.math;

/**
 * Inverted dropout. Whether an element is kept depends on a key and the element's index, never on a
 * thread or on the place of a batch in memory. A random number of {@link CounterRandom} decides two
 * elements; its upper half is for the even one. There is only a scalar version, because most of its
 * time goes into 64-bit products, for which AVX2 has no instruction.
 */
public final class DropoutMask {
  private DropoutMask() {}

  /**
   * Computes {@code y[e] = kept(e) ? x[e] * scale : 0} for a range of elements of a matrix. The
   * element of row i and column j has the index {@code e = i * columns + j}.
   *
   * @param key from {@link CounterRandom#key}
   * @param threshold an element is dropped if its 32 random bits are below this
   * @param scale the factor of the elements that are kept
   * @param x the matrix
   * @param y overwritten; may be x
   */
  public static void apply(
      long key, long threshold, float scale, int from, int to, float[] x, float[] y) {
    int e = from;
    if ((e & 1) != 0 && e < to) {
      y[e] = lower(CounterRandom.bits(key, e >> 1)) >= threshold ? x[e] * scale : 0;
      e++;
    }
    for (; e + 1 < to; e += 2) {
      long bits = CounterRandom.bits(key, e >> 1);
      y[e] = bits >>> 32 >= threshold ? x[e] * scale : 0;
      y[e + 1] = lower(bits) >= threshold ? x[e + 1] * scale : 0;
    }
    if (e < to) {
      y[e] = CounterRandom.bits(key, e >> 1) >>> 32 >= threshold ? x[e] * scale : 0;
    }
  }

  private static long lower(long bits) {
    return bits & 0xFFFFFFFFL;
  }
}
