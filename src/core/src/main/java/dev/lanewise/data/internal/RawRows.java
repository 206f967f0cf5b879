package dev.lanewise.data.internal;

import dev.lanewise.nn.Scaling;
import dev.lanewise.parallel.Team;

/** Rows of features as a file has them, with their targets. */
public interface RawRows {
  /** The number of rows. */
  int rows();

  /** The number of features. */
  int features();

  /** The target of every row. */
  Labels labels();

  /** Copies a row, [features]. */
  void copyRow(int row, double[] out);

  /** Copies rows, [count][features], as {@link #copyRow} would; after an exception out is open. */
  default void copyRows(int[] rows, int from, int count, double[] out) {
    double[] row = out.length == features() ? out : new double[features()];
    for (int i = 0; i < count; i++) {
      copyRow(rows == null ? from + i : rows[from + i], row);
      System.arraycopy(row, 0, out, i * features(), features());
    }
  }

  /** The rows as unsigned bytes [rows][features] if they are stored so, not copied; else null. */
  default byte[] bytes() {
    return null;
  }

  /** Whether they are stored as unsigned bytes. */
  default boolean storesBytes() {
    return bytes() != null;
  }

  /** The rows as they can be copied, scaled, out of their file; null if they are to be read now. */
  default RowSource mapped(Scaling scaling) {
    return null;
  }

  /** Copies a row as {@link #copyRow} does, but for gaps that were filled there: NaN here. */
  default void copyPresent(int row, double[] out) {
    copyRow(row, out);
  }

  /**
   * Copies the numbers of features without their gaps, in any order, from the first rows.
   *
   * @param features which
   * @param count how many rows
   * @param out receives the numbers of each feature
   * @param present receives how many there are of each
   * @return false, and nothing is copied, where rows are read as a whole
   */
  default boolean copyColumns(int[] features, int count, double[][] out, int[] present) {
    return false;
  }

  /** The order in which rows are read fastest; null: 0, 1, 2, ... */
  default int[] readingOrder() {
    return null;
  }

  /** Which features are scaled, the others being as they should be; null: all. */
  default boolean[] scaledFeatures() {
    return null;
  }

  /** Threads that may share work on all rows; null if there are none but the caller's. */
  default Team team() {
    return null;
  }

  /** Whether this is a table of measurements, such as CSV, rather than an array of images. */
  default boolean isTable() {
    return false;
  }

  /** The file and the array, for errors. */
  String where();

  /** Which number of which row, for errors: {@code row 17, feature 3}. */
  default String place(int row, int feature) {
    return "row " + row + ", " + feature(feature);
  }

  /** What a feature is called in errors. */
  default String feature(int feature) {
    return "feature " + feature;
  }
}
