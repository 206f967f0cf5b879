package dev.lanewise.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NumericChars;
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

  @Property
  void textsComeBack(
      @ForAll @IntRange(max = 2) int sign,
      @ForAll @IntRange(max = 99_999) int whole,
      @ForAll @IntRange(max = 3) int marks,
      @ForAll @StringLength(max = 6) @NumericChars String end) {
    String number = String.format(Locale.ROOT, marks % 2 == 0 ? "%,d." : "%d.", whole);
    String point = "-+ ".charAt(sign) + number + end;
    String text = marks > 1 ? point.replace('.', ';').replace(',', '.').replace(';', ',') : point;
    long bits = bits(text.strip(), '.');
    assertEquals(text.strip(), MarkedNumber.text(bits));
    assertEquals(marks < 2 && !point.contains(","), MarkedNumber.isNumber(bits), text);
    assertEquals(text.matches(".?[1-9]\\d{0,2}[.,]\\d{3}"), MarkedNumber.isOpen(bits), text);
    assertEquals(Double.parseDouble(point.replace(",", "")), MarkedNumber.decimal(bits));
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
