package dev.lanewise.report;

/** Properties of characters without a font: their likely widths, and where text may be cut. */
final class Glyph {
  private static final int JOINER = 0x200D;

  private Glyph() {}

  /** Returns the estimated width of a code point, in ems. */
  static double ems(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    if (isWide(c) || "mwMW@%".indexOf(c) >= 0) {
      return 1;
    }
    if ("ijlftrI.,:;'|!()[]- ".indexOf(c) >= 0) {
      return 0.42;
    }
    return Character.isUpperCase(c) ? 0.75 : 0.64;
  }

  /** Scripts from India to the Pacific, symbols, full-width forms and pictographs are wide. */
  private static boolean isWide(int c) {
    return c >= 0x0900 && c <= 0x1CFF
        || c >= 0x2014 && c <= 0xD7FF
        || c >= 0xF900 && c <= 0xFAFF
        || c >= 0xFF01 && c <= 0xFF60
        || c >= 0x1F000;
  }

  /**
   * Returns whether a text may be cut at an index between two code points, which is not inside a
   * letter with its marks or a character of several code points, such as a flag or a family.
   */
  static boolean isBoundary(String text, int index) {
    if (index == 0 || index == text.length()) {
      return true;
    }
    int before = text.codePointBefore(index);
    int after = text.codePointAt(index);
    if (before == JOINER || isExtension(after)) {
      return false;
    }
    int letters = 0; // two are a flag
    for (int i = index; i > 0 && isFlagLetter(text.codePointBefore(i)); i -= 2) {
      letters++;
    }
    return letters % 2 == 0 || !isFlagLetter(after);
  }

  private static boolean isExtension(int c) {
    int type = Character.getType(c);
    boolean isTone = c >= 0x1F3FB && c <= 0x1F3FF;
    boolean isTag = c >= 0xE0020 && c <= 0xE007F;
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || c == JOINER
        || isTone
        || isTag;
  }

  private static boolean isFlagLetter(int c) {
    return c >= 0x1F1E6 && c <= 0x1F1FF;
  }
}
