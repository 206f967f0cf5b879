package dev.lanewise.format;

import java.nio.charset.StandardCharsets;

/**
 * Numbers as people write them in tables: an optional sign, digits, a decimal mark, an exponent.
 */
final class Decimals {
  /** Up to this a double holds every whole number. */
  private static final long EXACT = 1L << 53;

  /** The powers of ten that a double holds. */
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** An exponent of more digits than this says no more about the value, but could overflow. */
  private static final int LARGE_EXPONENT = 100_000_000;

  private Decimals() {}

  /**
   * The number that a text is.
   *
   * @param bytes the text, in [from, to)
   * @param mark the decimal mark
   * @return the nearest double, which is infinite if the number is too large; NaN if it is none
   */
  static double parse(byte[] bytes, int from, int to, char mark) {
    int i = from;
    boolean isNegative = i < to && bytes[i] == '-';
    if (isNegative || i < to && bytes[i] == '+') {
      i++;
    }
    int first = i;
    long digits = 0;
    boolean isExact = true; // no digit is missing in digits
    int point = -1;
    for (; i < to; i++) {
      int c = bytes[i];
      if (c >= '0' && c <= '9') {
        if (digits < EXACT) { // so ten times as much is no overflow
          digits = digits * 10 + c - '0';
        } else {
          isExact = false;
        }
      } else if (c == mark && point < 0) {
        point = i;
      } else {
        break;
      }
    }
    if (i - first == (point < 0 ? 0 : 1)) {
      return Double.NaN; // no digit
    }
    long scale = point < 0 ? 0 : point + 1 - i; // digits are to be multiplied by 10 to this
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
    double value;
    if (isExact && digits <= EXACT && (digits == 0 || Math.abs(scale) < POWERS.length)) {
      // Both are exact, so the division or product rounds once, correctly.
      value = digits;
      if (digits != 0 && scale != 0) {
        value = scale < 0 ? value / POWERS[(int) -scale] : value * POWERS[(int) scale];
      }
    } else {
      String text = new String(bytes, first, to - first, StandardCharsets.ISO_8859_1);
      value = Double.parseDouble(mark == '.' ? text : text.replace(mark, '.'));
    }
    return isNegative ? -value : value;
  }

  /** What stands behind the e, or {@code Integer.MIN_VALUE} if it is no whole number. */
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

  /** Whether a text is what programs write for a number that is none or infinite. */
  static boolean isSpecial(byte[] bytes, int from, int to) {
    int i = from;
    if (i < to && (bytes[i] == '-' || bytes[i] == '+')) {
      i++;
    }
    return isWord(bytes, i, to, "nan")
        || isWord(bytes, i, to, "inf")
        || isWord(bytes, i, to, "infinity");
  }

  private static boolean isWord(byte[] bytes, int from, int to, String word) {
    boolean isEqual = to - from == word.length();
    for (int i = 0; i < word.length() && isEqual; i++) {
      isEqual = (bytes[from + i] | 0x20) == word.charAt(i);
    }
    return isEqual;
  }
}
