package dev.lanewise.terminal;

import java.util.Arrays;

/**
 * Counts the columns that a text takes on a terminal: two for Chinese, Japanese and Korean
 * characters and for emoji, none for marks above or below a letter (Unicode Standard Annex 11).
 */
public final class DisplayWidth {
  /** Code points at which characters become wide, and narrow again, in turn. */
  private static final int[] BORDERS = {
    0x1100, 0x1160, 0x2e80, 0x303f, 0x3041, 0xa4d0, 0xa960, 0xa97d, 0xac00, 0xd7a4, 0xf900, 0xfb00,
    0xfe30, 0xfe70, 0xff00, 0xff61, 0xffe0, 0xffe7, 0x1f300, 0x1f650, 0x1f680, 0x1f700, 0x1f900,
    0x1fb00, 0x20000, 0x3fffe
  };

  private static final String DOTS = "...";

  private DisplayWidth() {}

  public static int of(String text) {
    return text.codePoints().map(DisplayWidth::of).sum();
  }

  private static int of(int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    int found = Arrays.binarySearch(BORDERS, codePoint);
    int passed = found < 0 ? -1 - found : found + 1;
    return passed % 2 == 0 ? 1 : 2;
  }

  /** Returns the text, cut to a width with three dots at the end if it is wider. */
  public static String cut(String text, int widest) {
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
