package dev.lanewise.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.rows.internal.Cell;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** The text of a number identifies its double, and no shorter text does. */
class CellProperties {
  private static void assertShortest(double number) {
    String text = Cell.text(number);
    assertEquals(number + 0.0, Cell.parse(text, List.of()).number(), text); // -0 is 0
    BigDecimal decimal = new BigDecimal(text);
    int digits = decimal.stripTrailingZeros().precision();
    if (digits > 1 && (number != Math.rint(number) || Math.abs(number) > 1L << 53)) {
      // With one digit fewer, only the nearest decimals on either side could be this double.
      int scale = decimal.stripTrailingZeros().scale() - 1;
      BigInteger below = decimal.scaleByPowerOfTen(scale).toBigInteger();
      for (int i = 0; i < 2; i++) {
        BigInteger next = below.add(BigInteger.valueOf(decimal.signum() * i));
        BigDecimal shorter = new BigDecimal(next, scale);
        assertTrue(shorter.doubleValue() != number, text + " is also " + shorter);
      }
    }
  }

  @Example
  void powersOfTwo() {
    for (int exponent = Double.MIN_EXPONENT - 52; exponent <= Double.MAX_EXPONENT; exponent++) {
      assertShortest(Math.scalb(1.0, exponent));
      assertShortest(-Math.scalb(1.0, exponent));
    }
  }

  @Property(tries = 300)
  void anyNumber(@ForAll long bits) {
    double number = Double.longBitsToDouble(bits);
    if (Double.isFinite(number)) {
      assertShortest(number);
    }
  }

  @Property(tries = 300)
  void usualNumbers(@ForAll @DoubleRange(min = -1000, max = 1000) double number) {
    assertShortest(number);
    assertShortest((float) number);
  }

  @Example
  void whatIsThere() {
    Cell number = new Cell(2.5, null);
    Cell word = new Cell(Double.NaN, "w");
    assertEquals(List.of(false, false, true), missing(number, word, Cell.MISSING));
    assertEquals("2.5", number.text());
    assertEquals("w", word.text());
    assertEquals(null, Cell.MISSING.text());
    assertEquals("inf", Cell.text(Double.POSITIVE_INFINITY));
    assertEquals("-inf", Cell.text(Double.NEGATIVE_INFINITY));
    assertEquals("9007199254740992", Cell.text(0x1p53));
    assertEquals(word, Cell.of("w", List.of("NA")));
    assertEquals(Cell.MISSING, Cell.of("NA", List.of("NA")));
  }

  private static List<Boolean> missing(Cell... cells) {
    return Stream.of(cells).map(Cell::isMissing).toList();
  }

  /** The digits of a text are kept if the number alone would lose some, such as leading zeros. */
  @Example
  void digits() {
    assertEquals("007", Cell.digits("007"));
    assertEquals("-00", Cell.digits("-00.0"));
    assertEquals("9007199254740992", Cell.digits("+9007199254740992."));
    assertEquals("18446744073709551616", Cell.digits("18446744073709551616"));
    for (String plain : List.of("0", "7", "-0", "0.5", "00.5", "9007199254740991", "1e17", "w")) {
      assertEquals(null, Cell.digits(plain), plain);
    }
    assertEquals(new Cell(7, "007"), Cell.parse(" 007", List.of()));
    assertEquals("7", Cell.parse("007", List.of()).text());
    assertEquals(new Cell(1L << 60, "" + (1L << 60)), Cell.of(1L << 60, List.of()));
    assertEquals(new Cell(0x1p60, null), Cell.of(0x1p60, List.of()));
  }
}
