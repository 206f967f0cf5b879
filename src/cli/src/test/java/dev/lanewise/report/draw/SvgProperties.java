package dev.lanewise.report.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.report.Parsed;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

public class SvgProperties {
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

  @Example
  void numbersAreRoundedToTenths() {
    assertEquals("0", number(0));
    assertEquals("0", number(-0.04));
    assertEquals("-0.1", number(-0.06));
    assertEquals("-12", number(-12.01));
    assertEquals("3.5", number(3.46));
    assertEquals("100", number(99.96));
    assertEquals("1234567.8", Parsed.in("de-DE", () -> number(1234567.8)));
  }

  private static String number(double value) {
    return new Svg().number(value).toString();
  }
}
