package dev.lanewise.data;

/** Where the features of a split are kept. Immutable; safe to share between threads. */
interface RowSource {
  /** The number of rows, of which a split may have some only. */
  int rows();

  /** The number of features. */
  int features();

  /** Copies rows, scaled, to [count][features] from an offset on; trusts its arguments. */
  void copy(int row, int count, float[] out, int offset);

  /** Copies rows by their numbers, each counted from a first one, as {@link #copy} does. */
  default void gather(int first, int[] order, int from, int count, float[] out, int offset) {
    for (int i = 0; i < count; i++) {
      copy(first + order[from + i], 1, out, offset + i * features());
    }
  }
}
