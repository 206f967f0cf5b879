package dev.lanewise.data.internal;

import dev.lanewise.nn.Scaling;

/** Where the features of a split are kept. Immutable; safe to share between threads. */
public interface RowSource {
  /** The number of rows, of which a split may have some only. */
  int rows();

  /** The number of features. */
  int features();

  /** Copies rows, scaled, to [count][features] from an offset on; trusts its arguments. */
  void copy(int row, int count, float[] out, int offset);

  /** Copies a row of unscaled ones, [features], as it was before it was rounded to floats. */
  void copyUnscaled(int row, double[] out);

  /** Whether what {@link #copyUnscaled} gives is more than {@link #copy} does. */
  default boolean isRounded() {
    return false;
  }

  /** Whether they were stored as unsigned bytes where they come from. */
  default boolean storesBytes() {
    return false;
  }

  /** The same rows, unscaled till now, under a scaling; null if they have to be copied for that. */
  RowSource under(Scaling scaling);

  /** Some rows by their numbers, copied. */
  RowSource select(int[] rows);

  /** Whether the rows are in memory, and do not stay in a file. */
  default boolean isInMemory() {
    return true;
  }

  /** Whether {@link #gather} copies single columns; otherwise it is asked for all columns. */
  default boolean gathersColumns() {
    return true;
  }

  /** What the rows are called in errors. */
  default String where() {
    return "data";
  }

  /**
   * Copies columns [column, column + width) of rows that stand in an order (null: 0, 1, 2, ...),
   * counted from a first one, scaled, to rows of {@code width} values.
   */
  void gather(
      int first, int[] order, int from, int count, int column, int width, float[] out, int offset);

  /** The row at a place of an order. */
  static int row(int first, int[] order, int place) {
    return first + (order == null ? place : order[place]);
  }
}
