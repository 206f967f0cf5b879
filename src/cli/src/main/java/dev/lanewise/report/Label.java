package dev.lanewise.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Shortens text to a given width. There is no font to measure, so widths are estimated for DejaVu
 * Sans, the widest of the usual sans-serif typefaces.
 */
final class Label {
  private static final String ELLIPSIS = "\u2026";

  /** Largest number of combining marks, which have no width. */
  private static final int MOST_MARKS = 64;

  /** The part of the width that is before the ellipsis in the middle of a text. */
  private static final double HEAD = 0.6;

  private Label() {}

  /** Returns a text, or its beginning and an ellipsis. Controls and line breaks become spaces. */
  static String fit(String text, double fontSize, double width) {
    String line = plain(text);
    if (beginning(line, fontSize, width, 0) == line.length()) {
      return line;
    }
    int kept = beginning(line, fontSize, width, Glyph.ems(ELLIPSIS.codePointAt(0)));
    return line.substring(0, kept).stripTrailing() + ELLIPSIS;
  }

  /**
   * Returns a text, or its beginning and end with an ellipsis between them. Names of features
   * differ in their ends, which have the category or value.
   */
  static String fitMiddle(String text, double fontSize, double width) {
    String line = plain(text);
    if (beginning(line, fontSize, width, 0) == line.length()) {
      return line;
    }
    int head = beginning(line, fontSize, HEAD * width, Glyph.ems(ELLIPSIS.codePointAt(0)));
    String shown = line.substring(0, head).stripTrailing() + ELLIPSIS;
    double used = width(shown, fontSize) / fontSize;
    int marks = 0;
    int tail = line.length();
    for (int i = tail; i > head && marks <= MOST_MARKS; ) {
      int c = line.codePointBefore(i);
      i -= Character.charCount(c);
      used += Glyph.ems(c);
      marks += Glyph.ems(c) == 0 ? 1 : 0;
      if (used * fontSize > width) {
        break;
      }
      tail = Glyph.isBoundary(line, i) ? i : tail;
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
  static double width(String text, double fontSize) {
    double ems = 0;
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      ems += Glyph.ems(c);
    }
    return ems * fontSize;
  }

  /** Returns the width of the widest text, or 0. */
  static double widest(Iterable<String> texts, double fontSize) {
    double widest = 0;
    for (String text : texts) {
      widest = Math.max(widest, width(text, fontSize));
    }
    return widest;
  }

  private static String plain(String text) {
    StringBuilder line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i); // controls are not surrogates
      line.append(Character.isISOControl(c) ? ' ' : c);
    }
    return line.toString();
  }

  /** Returns the end of the longest beginning that leaves free ems and cuts no character. */
  private static int beginning(String line, double fontSize, double width, double free) {
    double used = 0; // ems, added in the order of width(), so that both round in the same way
    int marks = 0;
    int end = 0;
    for (int i = 0, c; i < line.length(); ) {
      c = line.codePointAt(i);
      i += Character.charCount(c);
      used += Glyph.ems(c);
      marks += Glyph.ems(c) == 0 ? 1 : 0;
      if ((used + free) * fontSize > width || marks > MOST_MARKS) {
        return end;
      }
      end = Glyph.isBoundary(line, i) ? i : end;
    }
    return end;
  }
}
