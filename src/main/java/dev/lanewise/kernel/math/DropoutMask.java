package dev.lanewise.kernel.math;

/**
 * Inverted dropout. What is kept is a function of a key and an element's number, never of a thread
 * or a batch's memory: a random number of {@link CounterRandom} serves two elements, its upper half
 * the even one. It stands outside the kernels of two twins because it has no vector twin: most of
 * its time are 64-bit products, which AVX2 has no instruction for.
 */
public final class DropoutMask {
  private DropoutMask() {}

  /**
   * {@code y[e] = kept(e) ? x[e] * scale : 0} for some elements of a matrix, of which element e of
   * row i and column j is {@code i * columns + j}.
   *
   * @param key from {@link CounterRandom#key}
   * @param threshold dropped is what has a number of 32 bits below it
   * @param scale what kept elements are multiplied by
   * @param from first element
   * @param to behind the last element
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
