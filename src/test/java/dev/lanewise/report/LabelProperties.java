package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.StringLength;

class LabelProperties {
  @Property
  void fitsAndIsAPrefix(
      @ForAll @StringLength(max = 80) String text,
      @ForAll @DoubleRange(min = 20, max = 300) double width) {
    String fitted = Label.fit(text, 13, width);
    assertTrue(Label.width(fitted, 13) <= width, fitted);
    assertTrue(fitted.codePoints().noneMatch(Character::isISOControl));
    String shown =
        text.codePoints()
            .map(c -> Character.isISOControl(c) ? ' ' : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    if (!fitted.equals(shown)) {
      assertTrue(fitted.endsWith("\u2026"));
      assertTrue(shown.startsWith(fitted.substring(0, fitted.length() - 1)));
    }
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
  void marksWithoutWidthHaveAnEnd() {
    String fitted = Label.fit("a" + "\u0301".repeat(100000), 13, 60);
    assertTrue(fitted.length() <= 66, "length " + fitted.length());
  }
}
