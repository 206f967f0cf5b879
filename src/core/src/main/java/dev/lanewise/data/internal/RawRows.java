package dev.lanewise.data.internal;

import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Scaling;
import dev.lanewise.parallel.Team;
import java.io.UncheckedIOException;

/** Unscaled rows of features from a file, with their targets. */
public interface RawRows {
  int rows();

  int features();

  Labels labels();

  /** Copies a row, [features]. */
  void copyRow(int row, double[] out);

  /** Copies rows, [count][features]; after an exception, {@code out} is undefined. */
  default void copyRows(int[] rows, int from, int count, double[] out) {
    double[] row = out.length == features() ? out : new double[features()];
    for (int i = 0; i < count; i++) {
      copyRow(rows == null ? from + i : rows[from + i], row);
      System.arraycopy(row, 0, out, i * features(), features());
    }
  }

  /** Returns the rows [rows][features] if they are stored as unsigned bytes; else null. */
  default byte[] bytes() {
    return null;
  }

  default boolean storesBytes() {
    return bytes() != null;
  }

  /** Returns a source that scales rows of the file when they are copied; else null. */
  default RowSource under(Scaling scaling) {
    return null;
  }

  /** Copies a row like {@link #copyRow}, with NaN in place of values that replace missing ones. */
  default void copyPresent(int row, double[] out) {
    copyRow(row, out);
  }

  /**
   * Copies the values of features in the first rows, without missing values, in any order.
   *
   * @param features which features
   * @param count how many rows
   * @param out receives the values of each feature
   * @param present receives the number of values of each feature
   * @return false if nothing was copied because this object reads whole rows
   */
  default boolean copyColumns(int[] features, int count, double[][] out, int[] present) {
    return false;
  }

  /** Returns the order in which rows are read fastest; null: 0, 1, 2, ... */
  default int[] readingOrder() {
    return null;
  }

  /** Returns which features are to be scaled; null: all. */
  default boolean[] scaledFeatures() {
    return null;
  }

  /** Returns threads that can share work on all rows; null: only the caller's thread. */
  default Team team() {
    return null;
  }

  /** Work in parts, each done by one thread. */
  interface Work {
    void run(int part, int parts) throws FormatException;
  }

  /** Shares work among the threads; of several errors, always throws the first. */
  default void share(Work work) throws FormatException {
    Team team = team();
    if (team != null) {
      try {
        team.run(
            member -> {
              try {
                work.run(member, team.size());
              } catch (FormatException e) {
                throw new UncheckedIOException(e);
              }
            });
        return;
      } catch (UncheckedIOException e) {
        // Another thread may have an earlier error: runs all parts again in one thread.
      }
    }
    work.run(0, 1);
  }

  /** Returns whether the rows are a table, such as CSV, and not an array of images. */
  default boolean isTable() {
    return false;
  }

  /** Returns the names of the file and the array, for errors. */
  String where();

  /** Returns the place of a value for errors: {@code row 17, feature 3}. */
  default String place(int row, int feature) {
    return "row " + row + ", " + feature(feature);
  }

  default String feature(int feature) {
    return "feature " + feature;
  }

  /** Refuses a value that is not finite. */
  default void checkFinite(int row, int feature, double value) throws FormatException {
    if (!Double.isFinite(value)) {
      throw notFinite(row, feature, value, null);
    }
  }

  /** Returns the error for a value that is not finite, or not finite after scaling. */
  default FormatException notFinite(int row, int feature, double value, Scaling scaling) {
    String place = place(row, feature);
    return Double.isFinite(value)
        ? new FormatException(
            where(),
            "%s is %s, expected a smaller number: after scaling (%s) it is not a finite float",
            place,
            value,
            scaling.name())
        : new FormatException(where(), "%s is %s, expected a finite number", place, value);
  }
}
