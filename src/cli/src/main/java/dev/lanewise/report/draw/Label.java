package dev.lanewise.report.draw;

import java.util.ArrayList;
import java.util.List;

/**
 * Shortens text to a given width. There is no font to measure, so widths are estimated for DejaVu
 * Sans, the widest of the usual sans-serif typefaces.
 */
public final class Label {
  private static final String ELLIPSIS = "\u2026";
  private static final int MOST_MARKS = 64; // combining marks, which have no width
  private static final double HEAD = 0.6; // share of the width before an ellipsis in the middle
  private static final int JOINER = 0x200D;

  private Label() {}

  /** Returns a text, or its beginning and an ellipsis. Controls and line breaks become spaces. */
  public static String fit(String text, double fontSize, double width) {
    String line = plain(text);
    return fits(line, fontSize, width) ? line : head(line, fontSize, width);
  }

  private static boolean fits(String line, double fontSize, double width) {
    return beginning(line, fontSize, width, 0) == line.length();
  }

  private static String head(String line, double fontSize, double width) {
    int kept = beginning(line, fontSize, width, ems(ELLIPSIS.codePointAt(0)));
    return line.substring(0, kept).stripTrailing() + ELLIPSIS;
  }

  /**
   * Returns a text, or its beginning and end with an ellipsis between them. Names of features
   * differ in their ends, which have the category or value.
   */
  static String fitMiddle(String text, double fontSize, double width) {
    String line = plain(text);
    if (fits(line, fontSize, width)) {
      return line;
    }
    String shown = head(line, fontSize, HEAD * width);
    int head = shown.length() - 1;
    double used = width(shown, fontSize) / fontSize;
    int marks = 0;
    int tail = line.length();
    for (int i = tail; i > head && marks <= MOST_MARKS; ) {
      int c = line.codePointBefore(i);
      i -= Character.charCount(c);
      used += ems(c);
      marks += ems(c) == 0 ? 1 : 0;
      if (used * fontSize > width) {
        break;
      }
      tail = isBoundary(line, i) ? i : tail;
    }
    return shown + line.substring(tail).stripLeading();
  }

  /** Returns a text on a limited number of lines, broken at spaces if there are any. */
  static List<String> lines(String text, double fontSize, double width, int most) {
    List<String> lines = new ArrayList<>();
    String rest = plain(text).strip();
    while (lines.size() < most - 1) {
      int end = beginning(rest, fontSize, width, 0);
      if (end == 0 || end == rest.length()) {
        break;
      }
      int space = rest.lastIndexOf(' ', end);
      end = space < 0 ? end : space;
      lines.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
    }
    lines.add(fit(rest, fontSize, width));
    return lines;
  }

  /** Returns the estimated width of a text, in the unit of the font size. */
  public static double width(String text, double fontSize) {
    double ems = 0;
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      ems += ems(c);
    }
    return ems * fontSize;
  }

  /** Returns the width of the widest text, or 0. */
  public static double widest(List<String> texts, double fontSize) {
    return texts.stream().mapToDouble(text -> width(text, fontSize)).max().orElse(0);
  }

  private static String plain(String text) {
    return text.replaceAll("\\p{Cc}", " ");
  }

  /**
   * Returns the length of the longest beginning that fits beside some free ems and cuts no
   * character.
   */
  private static int beginning(String line, double fontSize, double width, double free) {
    double used = 0; // ems, added in the order of width(), so that both round in the same way
    int marks = 0;
    int end = 0;
    for (int i = 0, c; i < line.length(); ) {
      c = line.codePointAt(i);
      i += Character.charCount(c);
      used += ems(c);
      marks += ems(c) == 0 ? 1 : 0;
      if ((used + free) * fontSize > width || marks > MOST_MARKS) {
        return end;
      }
      end = isBoundary(line, i) ? i : end;
    }
    return end;
  }

  /** Returns the estimated width of a code point, in ems. */
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
  private static boolean isBoundary(String text, int index) {
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
