package dev.lanewise.source;

import static dev.lanewise.source.MarkedNumber.POWERS;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** Parses numbers in tables: an optional sign, digits, a decimal mark, an exponent. */
final class Decimals {
  /** A double can represent every integer up to this one. */
  private static final long EXACT = 1L << 53;

  /** More digits of an exponent do not change the value, but could overflow. */
  private static final int LARGE_EXPONENT = 100_000_000;

  /** Below this, one more digit fits into a long. */
  private static final long ROOM = 900_000_000_000_000_000L;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The number of bytes from the beginning of a number that {@link #pass} may read. */
  static final int REACH = 17;

  private static final Set<String> SPECIAL = Set.of("nan", "inf", "infinity");
  private static final long ZEROS = 0x3030303030303030L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Decimals() {}

  /**
   * Reads a number of at most eight digits, as most numbers have, in a few steps without a loop or
   * a branch that depends on the number. Source of the conversion: Langdale and Lemire, "Parsing
   * Gigabytes of JSON per Second", 2019.
   *
   * @param bytes contains at least {@link #REACH} bytes from the beginning of the number
   * @param mark the decimal mark
   * @param out receives the number, or NaN if there is no such number
   * @param marks receives the number as {@link MarkedNumber}, or NONE or OTHER of that class
   * @param place the index in both
   * @return the index after the number, or {@code from} if there is no such number
   */
  static int pass(byte[] bytes, int from, int mark, double[] out, long[] marks, int place) {
    int minus = equal(bytes[from], '-');
    int first = from + minus;
    long low = (long) LONGS.get(bytes, first) ^ ZEROS;
    long high = (long) LONGS.get(bytes, first + 8) ^ ZEROS;
    int others = others(low) | others(high) << 8;
    int whole = Integer.numberOfTrailingZeros(others);
    int point = equal(bytes[first + (whole & 15)], mark);
    int length = Integer.numberOfTrailingZeros(others & others - point);
    int digits = length - point;
    if ((digits - 1 & ~7 | whole & point << 3) != 0) {
      out[place] = Double.NaN;
      return from;
    }
    // Digits after the point move to its place; bytes after the number are shifted out.
    long before = (1L << 8 * whole) - 1 | point - 1L;
    long text = (low & before | (low >>> 8 | high << 56) & ~before) << 64 - 8 * digits;
    text = text * 10 + (text >>> 8); // two digits in every second byte
    text = // four digits in every second pair of bytes, then all eight
        (text & 0xff000000ffL) * (100 + (1_000_000L << 32))
                + (text >>> 16 & 0xff000000ffL) * (1 + (10_000L << 32))
            >>> 32;
    marks[place] =
        point == 0
            ? MarkedNumber.NONE
            : MarkedNumber.of(text, whole, digits - whole, bytes[first], minus, mark);
    double value = (double) text / POWERS[digits - whole & 15];
    long sign = (long) minus << 63;
    out[place] = Double.longBitsToDouble(Double.doubleToRawLongBits(value) | sign);
    return first + length;
  }

  /** Returns 1 if the values are equal, else 0. */
  private static int equal(byte one, int other) {
    return (one & 0xff ^ other) - 1 >>> 31;
  }

  /**
   * Returns a bit for each of eight bytes from which {@code '0'} was subtracted: 1 if the byte is
   * not a digit.
   */
  private static int others(long bytes) {
    long none = ((bytes & ~HIGH_BITS) + 0x7676767676767676L | bytes) & HIGH_BITS;
    return (int) ((none >>> 7) * 0x0102040810204080L >>> 56);
  }

  /**
   * Parses a decimal number.
   *
   * @param bytes contains the text in [from, to)
   * @param mark the decimal mark
   * @return the nearest double, infinite if the number is too large; NaN if the text is not a
   *     number
   */
  static double parse(byte[] bytes, int from, int to, char mark) {
    int i = from;
    boolean isNegative = i < to && bytes[i] == '-';
    if (isNegative || i < to && bytes[i] == '+') {
      i++;
    }
    int first = i;
    long digits = 0;
    long scale = 0; // the exponent of ten for digits
    boolean isExact = true; // only zeros are missing in digits
    int point = -1;
    for (; i < to; i++) {
      int c = bytes[i];
      if (c >= '0' && c <= '9') {
        if (digits < ROOM) {
          digits = digits * 10 + c - '0';
        } else {
          scale++;
          isExact &= c == '0';
        }
      } else if (c == mark && point < 0) {
        point = i;
      } else {
        break;
      }
    }
    if (i - first == (point < 0 ? 0 : 1)) {
      return Double.NaN; // no digits
    }
    scale -= point < 0 ? 0 : i - point - 1;
    if (i < to) {
      if ((bytes[i] | 0x20) != 'e') {
        return Double.NaN;
      }
      int exponent = exponent(bytes, i + 1, to);
      if (exponent == Integer.MIN_VALUE) {
        return Double.NaN;
      }
      scale += exponent;
    }
    double value = digits == 0 ? 0 : nearest(digits, scale);
    // Missing digits matter only if this number and the next larger one round to different doubles.
    if (Double.isNaN(value) || !isExact && nearest(digits + 1, scale) != value) {
      String text = new String(bytes, first, to - first, StandardCharsets.ISO_8859_1);
      value = Double.parseDouble(mark == '.' ? text : text.replace(mark, '.'));
    }
    return isNegative ? -value : value;
  }

  /**
   * Returns the double nearest to {@code digits * 10^scale}, digits above 0; NaN if this needs a
   * slower method.
   */
  private static double nearest(long digits, long scale) {
    if (digits <= EXACT && Math.abs(scale) < POWERS.length) {
      // Both are exact, so the division or product rounds once, correctly.
      return scale < 0 ? digits / POWERS[(int) -scale] : digits * POWERS[(int) scale];
    }
    return Math.abs(scale) <= PowersOfFive.LARGEST
        ? PowersOfFive.nearest(digits, (int) scale)
        : Double.NaN;
  }

  /** Parses the exponent after the e; returns {@code Integer.MIN_VALUE} if it is not an integer. */
  private static int exponent(byte[] bytes, int from, int to) {
    int i = from;
    boolean isNegative = i < to && bytes[i] == '-';
    if (isNegative || i < to && bytes[i] == '+') {
      i++;
    }
    if (i == to) {
      return Integer.MIN_VALUE;
    }
    int exponent = 0;
    for (; i < to; i++) {
      int c = bytes[i];
      if (c < '0' || c > '9') {
        return Integer.MIN_VALUE;
      }
      if (exponent < LARGE_EXPONENT) {
        exponent = exponent * 10 + c - '0';
      }
    }
    return isNegative ? -exponent : exponent;
  }

  /** Tests whether a text is a usual form of not-a-number or infinity. */
  static boolean isSpecial(byte[] bytes, int from, int to) {
    int first = from < to && (bytes[from] == '-' || bytes[from] == '+') ? from + 1 : from;
    int length = to - first;
    return (length == 3 || length == 8)
        && SPECIAL.contains(
            new String(bytes, first, length, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
  }
}
