package dev.lanewise.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers at the limits of each way of parsing, and texts that are not numbers. */
class DecimalsTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static double parse(String text, char mark) {
    byte[] inside = bytes("7" + text + "7"); // the surrounding digits are ignored
    double parsed = Decimals.parse(inside, 1, inside.length - 1, mark);
    assertEquals(parsed, Decimals.parse(bytes(text), 0, text.length(), mark));
    return parsed;
  }

  /**
   * The texts include 2^53, whole numbers that no double holds, numbers just above the middle of
   * two doubles, exponents that do not fit into 32 bits, and subnormal numbers.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0", "-0", "+5", "-.5",
        "5.", "00.50", "0e999", "-0.000e-99",
        "1e+5", "1E-5", "9007199254740992e1", "9007199254740993e1",
        "9007199254740993e-1", "9007199254740995e22", "123e22", "123e23",
        "123e-22", "123e-23", "899999999999999999.9", "900000000000000000",
        "9000000000000000009", "9223372036854775807", "9223372036854775808",
            "92233720368547758079999",
        "1000000000000000000000000000000.0000", "9007199254740992000000000000000000000001",
            "9007199254740993000000000000000000000000", "9007199254740993000000000000000000000001",
        "0.000000000000000000000000000000000000000000000123456789012345678901", "1e308", "1e309",
            "1e1000",
        "-1e1000", "1e-1000", "1e99999999", "1e2147483648",
        "1e2999999999", "1e4294967297", "1e-4294967297", "1e99999999999999999999",
        "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "1.2345678901234e-308",
        "2.2250738585072011e-308", "1.7976931348623157e308", "1.7976931348623158e308",
            "1.7976931348623159e308"
      })
  void theNearestDouble(String text) {
    long expected = Double.doubleToRawLongBits(Double.parseDouble(text));
    assertEquals(expected, Double.doubleToRawLongBits(parse(text, '.')), text);
    assertEquals(expected, Double.doubleToRawLongBits(parse(text.replace('.', ','), ',')), text);
  }

  /** The fast method finds nearly all numbers; otherwise a table would take many times as long. */
  @Test
  void powersOfFiveDecide() {
    Random random = new Random(1);
    int found = 0;
    for (int i = 0; i < 10_000; i++) {
      long digits = (random.nextLong() >>> 1 + random.nextInt(60)) + 1;
      int q = random.nextInt(560) - 290;
      double nearest = PowersOfFive.nearest(digits, q);
      if (!Double.isNaN(nearest)) {
        assertEquals(Double.parseDouble(digits + "e" + q), nearest, digits + "e" + q);
        found++;
      }
    }
    assertTrue(found > 9_900, found + " found");
  }

  /** An exponent may compensate for any number of digits. */
  @Test
  void manyDigits() {
    String zeros = "0".repeat(400);
    assertEquals(1.5, parse("15" + zeros + "e-401", '.'));
    assertEquals(1.5, parse("0." + zeros + "15e401", '.'));
    assertEquals(1, parse("0." + "9".repeat(400), '.'));
    assertEquals(1, parse("0," + "9".repeat(400), ','));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-", "+", ".", "-.", "+.", "e5", ".e5", "1e", "1e+", "1e-", "1e5.", "1e 5", "1.2.3",
        "1,2", "--1", "+-1", "1-", "1%5", "1x", "1e5e5", " 1", "1 ", "nan", "inf", "0x1", "\u00b2"
      })
  void noNumber(String text) {
    assertTrue(Double.isNaN(parse(text, '.')), text);
  }

  /** A text that cannot be a short number is left at its first byte, whatever bytes it contains. */
  @Test
  void bytesBesidesDigits() {
    for (int first = 0; first < 256; first++) {
      byte[] text = Arrays.copyOf(bytes("?5,"), 30);
      text[0] = (byte) first;
      double[] out = new double[2];
      int end = Decimals.pass(text, 0, '.', out, new long[2], 1);
      boolean isDigit = first >= '0' && first <= '9';
      if (isDigit || first == '-' || first == '.') {
        assertEquals(2, end);
        assertEquals(isDigit ? 10 * (first - '0') + 5 : first == '-' ? -5 : 0.5, out[1]);
      } else {
        assertEquals(0, end, "byte " + first);
        assertTrue(Double.isNaN(out[1]));
      }
      assertEquals(0, out[0]);
      // The same byte after a digit continues the number, ends it, or is its decimal mark.
      byte[] behind = Arrays.copyOf(new byte[] {'3', (byte) first, '5', ','}, 30);
      end = Decimals.pass(behind, 0, '.', out, new long[2], 1);
      assertEquals(isDigit || first == '.' ? 3 : 1, end, "byte " + first);
      assertEquals(isDigit ? 305 + 10 * (first - '0') : first == '.' ? 3.5 : 3, out[1]);
    }
  }

  /** No byte beyond the reach is read. */
  @Test
  void theReach() {
    for (String text : new String[] {"-12345678", "-1234567.8", "-.12345678", "-1", "5"}) {
      byte[] all = Arrays.copyOf(bytes("xx" + text + ","), 2 + Decimals.REACH);
      double[] out = new double[1];
      assertEquals(2 + text.length(), Decimals.pass(all, 2, '.', out, new long[1], 0));
      assertEquals(Double.parseDouble(text), out[0]);
    }
    byte[] none = Arrays.copyOf(bytes("xx,1"), 2 + Decimals.REACH);
    assertEquals(2, Decimals.pass(none, 2, '.', new double[1], new long[1], 0));
  }

  @Test
  void wordsForNumbers() {
    for (String word :
        new String[] {"nan", "NaN", "-NAN", "+inf", "Inf", "infinity", "-Infinity"}) {
      byte[] inside = bytes("n" + word + "n");
      assertTrue(Decimals.isSpecial(inside, 1, inside.length - 1), word);
      assertTrue(Decimals.isSpecial(bytes(word), 0, word.length()), word);
    }
    for (String word :
        new String[] {"", "-", "na", "nano", "infinit", "infinityy", "+-inf", "1", "in", "n n"}) {
      byte[] inside = bytes("n" + word + "n");
      assertFalse(Decimals.isSpecial(inside, 1, inside.length - 1), word);
      assertFalse(Decimals.isSpecial(bytes(word), 0, word.length()), word);
    }
  }
}
