package dev.lanewise.source;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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

  /** Below this there is room for one more digit in a long. */
  private static final long ROOM = 900_000_000_000_000_000L;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** How many bytes behind the beginning of a number {@link #pass} may look at. */
  static final int REACH = 17;

  private static final long ZEROS = 0x3030303030303030L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Decimals() {}

  /**
   * Reads a number of at most eight digits, as most are, in a few steps without a loop or a branch
   * that depends on the number. Source of the conversion: Langdale and Lemire, "Parsing Gigabytes
   * of JSON per Second", 2019.
   *
   * @param bytes at least {@link #REACH} from where the number begins
   * @param mark the decimal mark
   * @param out receives the number in a place, or NaN if there is no such number
   * @return where the number ends, whatever comes there; its beginning if there is none
   */
  static int pass(byte[] bytes, int from, int mark, double[] out, int place) {
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
    // The digits before the point stay, those behind it move up, and what follows is moved out.
    long before = (1L << 8 * whole) - 1 | point - 1L;
    long text = (low & before | (low >>> 8 | high << 56) & ~before) << 64 - 8 * digits;
    text = text * 10 + (text >>> 8); // two digits in every second byte
    text = // four in every second of the parts of two bytes, and then all
        (text & 0xff000000ffL) * (100 + (1_000_000L << 32))
                + (text >>> 16 & 0xff000000ffL) * (1 + (10_000L << 32))
            >>> 32;
    double value = (double) text / POWERS[digits - whole & 15];
    long sign = (long) minus << 63;
    out[place] = Double.longBitsToDouble(Double.doubleToRawLongBits(value) | sign);
    return first + length;
  }

  /** 1 if they are, else 0. */
  private static int equal(byte one, int other) {
    return (one & 0xff ^ other) - 1 >>> 31;
  }

  /** A bit for each of eight bytes that were digits less {@code '0'}: whether it is none. */
  private static int others(long bytes) {
    long none = ((bytes & ~HIGH_BITS) + 0x7676767676767676L | bytes) & HIGH_BITS;
    return (int) ((none >>> 7) * 0x0102040810204080L >>> 56);
  }

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
    long scale = 0; // digits are to be multiplied by 10 to this
    boolean isExact = true; // no digit but zeros is missing in digits
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
      return Double.NaN; // no digit
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
    // Between a number and the next of as many digits there may be a boundary of two doubles.
    if (Double.isNaN(value) || !isExact && nearest(digits + 1, scale) != value) {
      String text = new String(bytes, first, to - first, StandardCharsets.ISO_8859_1);
      value = Double.parseDouble(mark == '.' ? text : text.replace(mark, '.'));
    }
    return isNegative ? -value : value;
  }

  /** The double nearest to digits, not 0, times 10 to a scale; NaN where it takes more to tell. */
  private static double nearest(long digits, long scale) {
    if (digits <= EXACT && Math.abs(scale) < POWERS.length) {
      // Both are exact, so the division or product rounds once, correctly.
      return scale < 0 ? digits / POWERS[(int) -scale] : digits * POWERS[(int) scale];
    }
    return Math.abs(scale) <= PowersOfFive.LARGEST
        ? PowersOfFive.nearest(digits, (int) scale)
        : Double.NaN;
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
