package dev.lanewise.data.internal;

import dev.lanewise.nn.Scaling;

/** Storage of the features of a split. Immutable and thread-safe. */
public interface RowSource {
  /** Returns the number of rows; a split may use only some of them. */
  int rows();

  int features();

  /** Copies scaled rows to [count][features] from an offset on; does not check its arguments. */
  default void copy(int row, int count, float[] out, int offset) {
    gather(row, null, 0, count, 0, features(), out, offset);
  }

  /** Copies a row of unscaled rows, [features], with its values before they were rounded. */
  void copyRow(int row, double[] out);

  /** Returns whether {@link #copyRow} is more exact than {@link #copy}. */
  default boolean isRounded() {
    return false;
  }

  /** Returns whether the origin of the rows stored them as unsigned bytes. */
  default boolean storesBytes() {
    return false;
  }

  /** Returns these unscaled rows with a scaling; null if they have to be copied for that. */
  RowSource under(Scaling scaling);

  RowSource select(int[] rows);

  default boolean isInMemory() {
    return true;
  }

  /** Returns the name of the rows in errors. */
  default String where() {
    return "data";
  }

  /**
   * Copies columns [column, column + width) of scaled rows to rows of {@code width} values. The
   * rows are at positions from {@code from} on in an order (null: 0, 1, 2, ...), counted from row
   * {@code first}.
   */
  void gather(
      int first, int[] order, int from, int count, int column, int width, float[] out, int offset);

  /** Returns the row at a position of an order. */
  static int row(int first, int[] order, int place) {
    return first + (order == null ? place : order[place]);
  }
}
