package dev.lanewise.report;

/**
 * Text of one line that must fit into a place. There is no font to measure, so widths are estimated
 * on the large side: for DejaVu Sans, the widest of the usual sans-serif faces.
 */
final class Label {
  private static final String ELLIPSIS = "\u2026";

  /** Marks on letters take no place, but a name may not bring them without end. */
  private static final int MOST_CODE_POINTS = 64;

  private Label() {}

  /** The text itself or its beginning with an ellipsis; line breaks and controls become spaces. */
  static String fit(String text, double fontSize, double width) {
    StringBuilder line = new StringBuilder();
    int kept = 0; // of the line, if an ellipsis, which takes one em, must follow
    double used = 0; // ems, summed as width does, lest they differ by a rounding
    int count = 0;
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      line.appendCodePoint(Character.isISOControl(c) ? ' ' : c);
      used += ems(c);
      if ((used + 1) * fontSize <= width) {
        kept = line.length();
      }
      if (used * fontSize > width || ++count > MOST_CODE_POINTS) {
        line.setLength(kept);
        return line.toString().stripTrailing() + ELLIPSIS;
      }
    }
    return line.toString();
  }

  /** The estimated width of a text, in the unit of the font size. */
  static double width(String text, double fontSize) {
    double ems = 0;
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      ems += ems(c);
    }
    return ems * fontSize;
  }

  private static double ems(int c) {
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

  /** East Asian scripts, full-width forms and pictographs, coarsely. */
  private static boolean isWide(int c) {
    return c >= 0x2E80 && c <= 0xD7FF
        || c >= 0xF900 && c <= 0xFAFF
        || c >= 0xFF01 && c <= 0xFF60
        || c >= 0x1F000;
  }
}
