package dev.lanewise.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

/** Bits of numbers with marks say all that their texts say. */
class MarkedNumberProperties {
  private static final List<Notation> ALL =
      List.of("1234.5", "1,234.5", "1234,5", "1.234,5", "1'234.5", "1234,5 kg").stream()
          .map(Notation::of)
          .toList();

  private static long bits(String text, char decimal) {
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.US_ASCII);
    return MarkedNumber.of(bytes, 0, text.length(), decimal);
  }

  private static String readings(String text) {
    StringBuilder all = new StringBuilder();
    for (Notation notation : ALL) {
      Cell cell = Cell.read(notation, text);
      long bits = bits(text, '.');
      boolean isWhole = cell != null && cell.number() == MarkedNumber.whole(bits);
      boolean isDecimal = cell != null && cell.number() == MarkedNumber.decimal(bits);
      assertTrue(cell == null || isWhole || isDecimal, text);
      all.append(cell == null ? "none " : isWhole ? "whole " : "decimal ");
    }
    return all.toString();
  }

  @Property(tries = 2000)
  void textsComeBack(
      @ForAll @StringLength(max = 9) @Chars({'.', ',', '0'}) @CharRange(from = '0', to = '9')
          String digits,
      @ForAll @Chars({'-', '+', ' '}) char sign) {
    String text = (sign + digits).strip();
    long bits = bits(text, '.');
    if (MarkedNumber.is(bits)) {
      assertEquals(text, MarkedNumber.text(bits));
      assertEquals(text.matches("[-+]?\\d+\\.\\d*"), MarkedNumber.isNumber(bits), text);
      assertEquals(text.matches("[-+]?[1-9]\\d{0,2}[.,]\\d{3}"), MarkedNumber.isOpen(bits), text);
    }
  }

  /** Each notation reads texts of a kind alike. */
  @Example
  void kindsAreReadAlike() {
    Map<Integer, String> known = new HashMap<>();
    for (String whole : List.of("0", "7", "42", "999", "1234", "1.234", "1,234", "12,345,678")) {
      for (String mark : List.of(".", ",")) {
        for (String end : List.of("", "0", "5", "25", "000", "678", "1250")) {
          String text = whole + mark + end;
          long bits = bits(text, '.');
          if (MarkedNumber.is(bits)) {
            assertEquals(text, MarkedNumber.text(bits));
            String before = known.putIfAbsent(MarkedNumber.kind(bits), readings(text));
            assertEquals(before == null ? readings(text) : before, readings(text), text);
          }
        }
      }
    }
    assertTrue(known.size() > 50, known.size() + " kinds");
  }

  @Example
  void othersAreNone() {
    for (String text : List.of("", "-", "12", "+5", "1e5", "abc", "12 kg")) {
      assertEquals(MarkedNumber.NONE, bits(text, '.'), text);
    }
    for (String text :
        List.of(".", ".5", "01.5", "1.5e3", "1.234.5", "12345.678,9", "1.234,567,8", "0.123.456")) {
      assertEquals(MarkedNumber.OTHER, bits(text, '.'), text);
    }
    assertEquals(0.001, MarkedNumber.decimal(bits("0,001", ',')));
  }
}
