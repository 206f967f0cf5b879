package dev.lanewise.format.internal;

import java.util.Comparator;

/** Sorts texts by their code points, independent of the settings of the machine. */
public final class CodePoints {
  /** Compares two texts by their code points. */
  public static final Comparator<String> ORDER = CodePoints::compare;

  private CodePoints() {}

  private static int compare(String a, String b) {
    int i = 0;
    while (i < a.length() && i < b.length()) {
      int difference = Integer.compare(a.codePointAt(i), b.codePointAt(i));
      if (difference != 0) {
        return difference;
      }
      i += Character.charCount(a.codePointAt(i));
    }
    return Integer.compare(a.length(), b.length());
  }
}
