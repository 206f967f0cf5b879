package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.text.Bidi;
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

  /** No part of a name is left outside, whatever signs it has. */
  @Property
  void namesAreIsolated(@ForAll String name) {
    String isolated = Text.isolated(name);
    if (Bidi.requiresBidi(name.toCharArray(), 0, name.length())) {
      assertTrue(isolated.matches("(?s)\u2068[^\u2066-\u2069]*\u2069"), isolated);
      assertEquals(
          name.replaceAll("[\u2066-\u2069]", ""), isolated.substring(1, isolated.length() - 1));
    } else {
      assertEquals(name, isolated);
      assertFalse(isolated.contains("\u05d0"));
    }
  }
}
