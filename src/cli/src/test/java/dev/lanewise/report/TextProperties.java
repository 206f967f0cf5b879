package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.text.Bidi;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class TextProperties {
  @Property
  void countsAreInGroupsOfThree(@ForAll long count) {
    assertEquals(String.format(Locale.ROOT, "%,d", count), Text.count(count));
    assertEquals(String.format(Locale.ROOT, "%,d", count % 10_000), Text.count(count % 10_000));
  }

  @Example
  void percentages() {
    assertEquals("100.0%", Text.percent(1));
    assertEquals("0.0%", Text.percent(0));
    assertEquals("50.0%", Text.percent(0.5));
    assertEquals("99.9%", Text.percent(0.999));
    assertEquals("99.98%", Text.percent(0.9998));
    assertEquals("99.999%", Text.percent(0.99999));
    assertEquals("0.03%", Text.percent(0.0003));
    assertEquals("100.00000%", Text.percent(Math.nextDown(1.0)));
    assertEquals("-", Text.percent(Double.NaN));
  }

  /** The whole name is isolated, whatever characters it contains. */
  @Property
  void namesAreIsolated(@ForAll String name) {
    String isolated = Text.isolated(name);
    if (Bidi.requiresBidi(name.toCharArray(), 0, name.length())) {
      assertTrue(isolated.matches("(?s)\u2068[^\u2066-\u2069]*\u2069"), isolated);
      assertEquals(
          name.replaceAll("[\u2066-\u2069]", ""), isolated.substring(1, isolated.length() - 1));
    } else if (name.codePoints().allMatch(c -> c < 0x590 && Character.isDefined(c))) {
      assertEquals(name, isolated);
    }
  }

  @Example
  void otherNamesAreUnchanged() {
    for (String name : List.of("", "a b", "\u00fc\u4e16\ud83d\ude00", "\ud800", "12%")) {
      assertEquals(name, Text.isolated(name));
    }
    for (String name : List.of("\u05d0", "a\u0627", "\u202ex", "\u0661", "\ud802\udc00")) {
      assertEquals("\u2068" + name + "\u2069", Text.isolated(name));
    }
  }
}
