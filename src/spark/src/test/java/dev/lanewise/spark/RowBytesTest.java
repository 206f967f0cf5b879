package dev.lanewise.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RowBytesTest {
  /** Values in the canonical order. */
  private static final List<Object> ASCENDING =
      Arrays.asList(
          null,
          Double.NEGATIVE_INFINITY,
          -Double.MAX_VALUE,
          new BigDecimal("-9007199254740994").subtract(BigDecimal.ONE),
          -9007199254740994.0,
          new BigDecimal("-9007199254740993"),
          -2.0,
          -1.5,
          -Double.MIN_VALUE,
          -0.0,
          0.0,
          Double.MIN_VALUE,
          1.0,
          1.0000000000000002,
          (double) (1L << 53),
          new BigDecimal("9007199254740993"),
          (double) (1L << 53) + 4,
          1e38, // less than the number of 38 nines, whose nearest double it is
          new BigDecimal("99999999999999999999999999999999999997"),
          new BigDecimal("99999999999999999999999999999999999998"),
          1e300,
          Double.POSITIVE_INFINITY,
          "",
          "\0",
          "\0\0",
          "\0a",
          "\u0001",
          "a",
          "a\0",
          "a\0b",
          "aa",
          "b",
          "\u00e4",
          "\uffff",
          "\ud83d\ude00");

  @Test
  void valuesHaveTheOrderOfTheirBytes() {
    for (int i = 0; i < ASCENDING.size(); i++) {
      for (int j = 0; j < ASCENDING.size(); j++) {
        // The next value must not matter, whatever its first bytes are.
        for (Object behind : Arrays.asList(null, -1.0, "\uffff")) {
          byte[] first = bytes(ASCENDING.get(i), behind);
          byte[] second = bytes(ASCENDING.get(j), i == j ? behind : null);
          int order = Integer.signum(Arrays.compareUnsigned(first, second));
          assertEquals(Integer.signum(i - j), order, i + " and " + j);
        }
      }
    }
  }

  @Test
  void wholeNumbersKeepAllDigits() {
    long[] ascending = {Long.MIN_VALUE, -1, 0, 1, (1L << 53) + 1, (1L << 53) + 2, Long.MAX_VALUE};
    for (int i = 1; i < ascending.length; i++) {
      RowBytes less = new RowBytes();
      less.putWhole(ascending[i - 1]);
      RowBytes more = new RowBytes();
      more.putWhole(ascending[i]);
      assertTrue(Arrays.compareUnsigned(less.toBytes(), more.toBytes()) < 0);
    }
  }

  @Test
  void valuesComeBack() {
    RowBytes out = new RowBytes();
    double[] numbers = {0, -0.0, -7, 1e-310, Double.MAX_VALUE};
    out.putNumbers(numbers);
    ASCENDING.forEach(out::putValue);
    out.put(200);
    RowBytes in = new RowBytes(out.toBytes());
    assertArrayEquals(numbers, in.getNumbers());
    for (Object value : ASCENDING) {
      assertEquals(value, in.getValue());
    }
    assertEquals(200, in.get());
  }

  private static byte[] bytes(Object... values) {
    RowBytes out = new RowBytes();
    for (Object value : values) {
      out.putValue(value);
    }
    return out.toBytes();
  }
}
