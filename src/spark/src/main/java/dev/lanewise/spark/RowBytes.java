package dev.lanewise.spark;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A row as bytes. Comparing unsigned bytes gives the order of the values: numbers ascend (-0 before
 * 0), texts are ordered by code points, missing values come before numbers, and numbers before
 * texts. Rows that compare as equal have equal values, so the sorted order does not depend on the
 * order of arrival.
 */
final class RowBytes {
  private static final byte NONE = 0;
  private static final byte NUMBER = 1;
  private static final byte TEXT = 2;

  /** From this number on, some whole numbers are not doubles. */
  private static final double WHOLE = 1L << 53;

  /** Follows a zero byte within a text; a zero byte before another byte ends the text. */
  private static final byte ESCAPED = (byte) 0xff;

  private byte[] bytes;
  private int at;

  /** Makes an empty row to write. */
  RowBytes() {
    this(new byte[64]);
  }

  /** Makes a row to read. */
  RowBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Starts a new row. */
  void clear() {
    at = 0;
  }

  /** Returns the written bytes. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, at);
  }

  void put(int b) {
    if (at == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * at);
    }
    bytes[at++] = (byte) b;
  }

  int get() {
    return bytes[at++] & 0xff;
  }

  private void putLong(long value) {
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      put((int) (value >>> shift));
    }
  }

  private long getLong() {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << Byte.SIZE | get();
    }
    return value;
  }

  /** Writes a number without a mark of its type. */
  void putNumber(double number) {
    long bits = Double.doubleToLongBits(number);
    putLong(
        bits ^ (bits >> Long.SIZE - 1 | Long.MIN_VALUE)); // inverts all bits of negative numbers
  }

  double getNumber() {
    long bits = getLong();
    return Double.longBitsToDouble(bits ^ (~bits >> Long.SIZE - 1 | Long.MIN_VALUE));
  }

  /** Writes an array of numbers; shorter arrays come first. */
  void putNumbers(double[] numbers) {
    putLong(numbers.length);
    for (double number : numbers) {
      putNumber(number);
    }
  }

  double[] getNumbers() {
    double[] numbers = new double[(int) getLong()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = getNumber();
    }
    return numbers;
  }

  /** Writes a whole number exactly; it is comparable with other whole numbers only. */
  void putWhole(long number) {
    put(NUMBER);
    putLong(number ^ Long.MIN_VALUE);
  }

  /** Reads a number written by {@link #putWhole}, or null for a missing value. */
  Long getWhole() {
    return get() == NONE ? null : (Long) (getLong() ^ Long.MIN_VALUE);
  }

  /** Writes a Double, a BigDecimal for a whole number that is not a double, a String or null. */
  void putValue(Object value) {
    if (value == null) {
      put(NONE);
    } else if (value instanceof Number number) {
      put(NUMBER);
      putNumber(number.doubleValue());
      if (isLarge(number.doubleValue())) {
        BigDecimal rounded = new BigDecimal(number.doubleValue());
        boolean isExact = number instanceof Double;
        BigInteger rest =
            isExact ? BigInteger.ZERO : ((BigDecimal) number).subtract(rounded).toBigInteger();
        putLong(rest.shiftRight(Long.SIZE).longValue() ^ Long.MIN_VALUE);
        putLong(rest.longValue());
      }
    } else {
      put(TEXT);
      for (byte b : ((String) value).getBytes(StandardCharsets.UTF_8)) {
        put(b);
        if (b == 0) {
          put(ESCAPED);
        }
      }
      put(0);
      put(0);
    }
  }

  /** Returns whether several whole numbers round to this double, so the difference must follow. */
  private static boolean isLarge(double number) {
    return Math.abs(number) >= WHOLE && !Double.isInfinite(number);
  }

  private Object withRest(double number) {
    BigInteger upper = BigInteger.valueOf(getLong() ^ Long.MIN_VALUE).shiftLeft(Long.SIZE);
    long lower = getLong();
    BigInteger rest = upper.add(new BigInteger(Long.toUnsignedString(lower)));
    return rest.signum() == 0 ? (Object) number : new BigDecimal(number).add(new BigDecimal(rest));
  }

  Object getValue() {
    int kind = get();
    if (kind == NONE) {
      return null;
    } else if (kind == NUMBER) {
      double number = getNumber();
      return isLarge(number) ? withRest(number) : (Object) number;
    }
    byte[] text = new byte[bytes.length - at];
    int length = 0;
    for (int b = get(); ; b = get()) {
      if (b == 0 && get() == 0) {
        return new String(text, 0, length, StandardCharsets.UTF_8);
      }
      text[length++] = (byte) b;
    }
  }
}
