package dev.lanewise.kernel.gemm;

/**
 * Arrays whose vectors lie within a cache line each, where the garbage collector lets them: one
 * that crosses lines takes two loads, and twice as many lines from L2.
 *
 * <p>Java tells no addresses. But G1 puts an array of half a region or more at the start of a
 * region, where it stays, and its values stand behind 16 bytes of header: from {@link #START} on
 * they begin with a line. An array that is nearly as large is made as large as that.
 */
public final class Aligned {
  /** The place of the first value. */
  public static final int START = 12;

  /** Values for which it is not worth it. */
  private static final int FEW = 1 << 15;

  /** Most values that are added for it: 4 MB, what heaps of up to 16 GB may need. */
  private static final int MOST_MORE = 1 << 20;

  /** Values of half a region: G1 makes at most 2048 of the heap, of 1 to 32 MB, a power of two. */
  private static final int APART =
      Integer.highestOneBit(
              (int)
                  Math.min(
                      Math.max((Runtime.getRuntime().maxMemory() - 1) >> 11, 1 << 19), 31 << 20))
          / Float.BYTES;

  private Aligned() {}

  /**
   * An array of zeros.
   *
   * @param length how many values it has from {@link #START} on, or a few more
   * @return the array
   */
  public static float[] floats(int length) {
    int all = length + START;
    return new float[length >= FEW && APART - all <= MOST_MORE ? Math.max(all, APART) : all];
  }
}
