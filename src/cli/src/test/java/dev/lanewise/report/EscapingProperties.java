package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.JsonReader;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

public class EscapingProperties {
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<Character> special =
        Arbitraries.of(
            '<', '>', '&', '"', '\'', ']', '\t', '\n', '\r', ' ', '\0', '\u001b', '\u007f',
            '\u0085', '\u2028', '\u05d0', '\u202e', '\ud83d', '\ude00', '\ufffe', '\uffff');
    Arbitrary<Character> any = Arbitraries.chars().all();
    return Arbitraries.frequencyOf(Tuple.of(3, special), Tuple.of(1, any))
        .list()
        .ofMaxSize(30)
        .map(
            list -> {
              StringBuilder text = new StringBuilder();
              list.forEach(text::append);
              return text.toString();
            });
  }

  @Property
  void parsesToTheSameTextAndAttribute(@ForAll("texts") String text) {
    String escaped = Text.escape(text);
    Parsed parsed = Parsed.of("<a b=\"" + escaped + "\" c='" + escaped + "'>" + escaped + "</a>");
    String expected = replaceForbidden(text);
    assertEquals(expected, parsed.root().getAttribute("b"));
    assertEquals(expected, parsed.root().getAttribute("c"));
    assertEquals(expected, parsed.root().getTextContent());
  }

  /** Replaces the characters that section 2.2 of XML 1.0 forbids. */
  public static String replaceForbidden(String text) {
    return text.replaceAll(
        "[^\\t\\n\\r\\x{20}-\\x{d7ff}\\x{e000}-\\x{fffd}\\x{10000}-\\x{10ffff}]", "\ufffd");
  }

  @Example
  void cannotEndASection() {
    assertEquals("]]&#62;", Text.escape("]]>"));
    assertEquals("a\ufffdb\ufffd", Text.escape("a\0b\ud800"));
  }

  /** JSON in a page is the same text, and has neither the beginning nor the end of markup. */
  @Property
  void parsesToTheSameTextOfJson(@ForAll("texts") String text) {
    String json = Text.json(text);
    assertEquals(text, JsonReader.object("{\"a\":" + json + "}").get("a"));
    assertTrue(json.matches("[ -~&&[^<>&]]*"), json);
  }
}
