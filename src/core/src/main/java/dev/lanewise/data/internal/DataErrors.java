package dev.lanewise.data.internal;

import dev.lanewise.format.ArgumentException;
import java.util.List;

/** The errors in data from memory. */
public final class DataErrors {
  private DataErrors() {}

  /** Returns an error with parts for the %s of the problem. */
  public static IllegalArgumentException wrong(String problem, Object... parts) {
    return new ArgumentException("data: " + problem, parts);
  }

  /** Returns the error of copying rows into memory that may be too small for them. */
  public static IllegalArgumentException inFile() {
    return wrong(
        "rows that stay in the order of their file, expected rows in memory to shuffle or"
            + " stratify");
  }

  /** Returns what a feature is called in errors; there may be no names. */
  public static String feature(int feature, List<String> names) {
    return "feature " + feature + (names.isEmpty() ? "" : " (" + names.get(feature) + ")");
  }
}
