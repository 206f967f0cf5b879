package dev.lanewise.report.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class LabelProperties {
  @Property
  void fitsAndIsAPrefix(
      @ForAll @StringLength(max = 80) String text,
      @ForAll @DoubleRange(min = 20, max = 300) double width) {
    String fitted = Label.fit(text, 13, width);
    assertTrue(Label.width(fitted, 13) <= width, fitted);
    assertTrue(fitted.codePoints().noneMatch(Character::isISOControl));
    String shown = plain(text);
    if (!fitted.equals(shown)) {
      assertTrue(fitted.endsWith("\u2026"));
      assertTrue(shown.startsWith(fitted.substring(0, fitted.length() - 1)));
    }
  }

  @Property
  void fitsWithBothEnds(
      @ForAll @StringLength(max = 80) String text,
      @ForAll @DoubleRange(min = 40, max = 300) double width) {
    String shown = plain(text);
    String fitted = Label.fitMiddle(text, 13, width);
    assertTrue(Label.width(fitted, 13) <= width + 1e-9, fitted);
    if (!fitted.equals(shown)) {
      boolean isBothEnds = false;
      for (int i = 0; i < fitted.length(); i++) { // the text may contain ellipses
        isBothEnds |=
            fitted.charAt(i) == '\u2026'
                && shown.startsWith(fitted.substring(0, i))
                && shown.endsWith(fitted.substring(i + 1));
      }
      assertTrue(isBothEnds, fitted);
    }
  }

  private static String plain(String text) {
    return text.replaceAll("[\\x{0}-\\x{1f}\\x{7f}-\\x{9f}]", " ");
  }

  private static String withoutSpaces(String text) {
    return text.codePoints()
        .filter(c -> !Character.isWhitespace(c))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Property
  void linesContainAllTextThatFits(
      @ForAll @StringLength(max = 80) String text,
      @ForAll @DoubleRange(min = 40, max = 300) double width,
      @ForAll @IntRange(min = 1, max = 4) int most) {
    List<String> lines = Label.lines(text, 13, width, most);
    assertTrue(lines.size() >= 1 && lines.size() <= most, lines.toString());
    for (String line : lines) {
      assertTrue(Label.width(line, 13) <= width, line);
    }
    String letters = withoutSpaces(plain(text));
    String shown = withoutSpaces(String.join("", lines));
    if (!shown.equals(letters)) {
      assertTrue(shown.endsWith("\u2026"), shown);
      assertTrue(letters.startsWith(shown.substring(0, shown.length() - 1)), shown);
    }
  }

  @Example
  void linesBreakAtSpaces() {
    assertEquals(
        List.of("Least certain", "of 15 rows"), Label.lines("Least certain of 15 rows", 10, 80, 2));
    assertEquals(
        List.of("Least certain", "of 15 millio\u2026"),
        Label.lines("Least certain of 15 million rows", 10, 80, 2));
    assertEquals(List.of("\u4f7f\u7528", "\u4e2d"), Label.lines("\u4f7f\u7528\u4e2d", 10, 25, 2));
    assertEquals(List.of("one"), Label.lines(" one ", 10, 90, 2));
    assertEquals(List.of(""), Label.lines("", 10, 90, 2));
  }

  @Example
  void theMiddleIsLeftOut() {
    assertEquals(
        "marital-st\u2026-spouse", Label.fitMiddle("marital-status=Married-civ-spouse", 10, 110));
    assertEquals("age 42", Label.fitMiddle("age 42", 10, 110));
  }

  @Example
  void charactersOfSeveralCodePointsStayWhole() {
    String germany = "\ud83c\udde9\ud83c\uddea";
    assertEquals(germany + "\u2026", Label.fit(germany.repeat(9), 10, 45));
    String family = "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67";
    assertEquals(family + "\u2026", Label.fit(family.repeat(9), 10, 65));
    String dark = "\ud83d\udc4d\ud83c\udfff";
    assertEquals(dark + "\u2026", Label.fit(dark.repeat(9), 10, 45));
    assertEquals("e\u0301\u2026", Label.fit("e\u0301".repeat(9), 10, 20));
    assertEquals(germany + "\u2026" + germany, Label.fitMiddle(germany.repeat(9), 10, 59));
  }

  @Example
  void shortensByCodePoints() {
    String smiles = "\ud83d\ude00".repeat(9);
    assertEquals("\ud83d\ude00".repeat(4) + "\u2026", Label.fit(smiles, 10, 59));
    assertEquals("happy", Label.fit("happy", 13, 60));
    assertEquals("a b c", Label.fit("a\nb\u0085c", 13, 60));
    assertEquals("", Label.fit("", 13, 60));
  }

  @Example
  void theNumberOfMarksWithoutWidthIsLimited() {
    String fitted = Label.fit("a" + "\u0301".repeat(100000), 13, 60);
    assertTrue(fitted.length() <= 66, "length " + fitted.length());
    fitted = Label.fit("\u200b".repeat(100000), 13, 60);
    assertTrue(fitted.length() <= 66, "length " + fitted.length());
    fitted = Label.fitMiddle("\u200b".repeat(100000), 13, 60);
    assertTrue(fitted.length() <= 131, "length " + fitted.length());
  }
}
