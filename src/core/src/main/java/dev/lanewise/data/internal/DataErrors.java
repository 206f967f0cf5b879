package dev.lanewise.data.internal;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.Remedy;
import java.util.List;

/** Errors in data from memory. */
public final class DataErrors {
  private DataErrors() {}

  /** Returns the error for a problem; the parts replace its %s. */
  public static IllegalArgumentException wrong(String problem, Object... parts) {
    return new ArgumentException("data: " + problem, parts);
  }

  /** Returns the length of an array of rows, or throws the error that no array can be so long. */
  public static int length(int rows, int columns) {
    long length = (long) rows * columns;
    if (length > Integer.MAX_VALUE - 8) {
      throw wrong(
          "%s rows of %s numbers, expected less than 2^31 of them (larger data: %s)",
          rows, columns, Remedy.MAPPED.with());
    }
    return (int) length;
  }

  /** Returns the error for copying rows of a file into memory, which may be too small for them. */
  public static IllegalArgumentException inFile() {
    return wrong(
        "rows that stay in the order of their file, expected rows in memory to shuffle or"
            + " stratify");
  }

  /** Returns the name of a feature in errors; there may be no names. */
  public static String feature(int feature, List<String> names) {
    return "feature " + feature + (names.isEmpty() ? "" : " (" + names.get(feature) + ")");
  }
}
