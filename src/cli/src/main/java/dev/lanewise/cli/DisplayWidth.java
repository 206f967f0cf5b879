package dev.lanewise.cli;

/**
 * How many columns of a terminal a text takes: Chinese, Japanese and Korean characters and emoji
 * take two, marks above or below a letter none. Source: Unicode Standard Annex 11, in ranges.
 */
final class DisplayWidth {
  /** First and last code points of wide ranges. */
  private static final int[][] WIDE = {
    {0x1100, 0x115f},
    {0x2e80, 0x303e},
    {0x3041, 0xa4cf},
    {0xa960, 0xa97c},
    {0xac00, 0xd7a3},
    {0xf900, 0xfaff},
    {0xfe30, 0xfe6f},
    {0xff00, 0xff60},
    {0xffe0, 0xffe6},
    {0x1f300, 0x1f64f},
    {0x1f680, 0x1f6ff},
    {0x1f900, 0x1faff},
    {0x20000, 0x3fffd}
  };

  private static final String DOTS = "...";

  private DisplayWidth() {}

  static int of(String text) {
    return text.codePoints().map(DisplayWidth::of).sum();
  }

  private static int of(int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    for (int[] range : WIDE) {
      if (codePoint >= range[0] && codePoint <= range[1]) {
        return 2;
      }
    }
    return 1;
  }

  /** Returns the text, cut to a width with three dots at the end if it is wider. */
  static String cut(String text, int widest) {
    if (of(text) <= widest) {
      return text;
    }
    int end = 0;
    int width = DOTS.length();
    while (true) {
      int codePoint = text.codePointAt(end);
      width += of(codePoint);
      if (width > widest) {
        return text.substring(0, end) + DOTS;
      }
      end += Character.charCount(codePoint);
    }
  }
}
