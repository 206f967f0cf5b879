package dev.lanewise.source;

/**
 * A number with marks whose meaning depends on the notation of its column, such as 1.234 or
 * 1.234,50, in the bits of a NaN that arithmetic does not produce. It has the digits and how many
 * of them follow the last mark, which is all that its text says.
 */
public final class MarkedNumber {
  /** Stands for a text without marks. */
  public static final long NONE = 0;

  /** Stands for a text with marks, or other characters, that is not kept in bits. */
  public static final long OTHER = 1;

  /** Number of different results of {@link #kind}. */
  public static final int KINDS = 1 << 14;

  /** Upper 16 bits; then come six flags, the count after the mark, and the digits. */
  private static final long TAG = 0xfffcL << 48;

  private static final long IS_NUMBER = 1L << 47;
  private static final long IS_COMMA = 1L << 46;

  /** Other marks than the last one are equal to it, as in 1.234.567. */
  private static final long HAS_EQUAL = 1L << 45;

  /** Other marks than the last one differ from it, as in 1.234,5. */
  private static final long HAS_OTHER = 1L << 44;

  private static final long IS_NEGATIVE = 1L << 43;
  private static final long HAS_PLUS = 1L << 42;
  private static final int COUNT = 38; // the bit where the count begins
  private static final long DIGITS = (1L << COUNT) - 1;
  private static final int MOST = 15; // digits after the mark
  private static final int GROUP = 3;

  /** The powers of ten that a double represents exactly. */
  static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private MarkedNumber() {}

  /**
   * Returns the bits of a text with one mark, the decimal mark of its file, or {@link #OTHER}.
   *
   * @param digits its digits, at most eight, as a number
   * @param whole how many of them are before the mark
   * @param count how many of them are after the mark
   * @param first the first character after the sign
   * @param minus 1 if the sign is minus, 0 if there is none
   */
  static long of(long digits, int whole, int count, byte first, int minus, int mark) {
    if (whole < 1 || whole > 1 && first == '0') {
      return OTHER;
    }
    long sign = IS_NUMBER | (mark == ',' ? IS_COMMA : 0) | minus * IS_NEGATIVE;
    return TAG | sign | (long) count << COUNT | digits;
  }

  /** Returns the bits of a text, {@link #NONE} or {@link #OTHER}. */
  static long of(byte[] text, int from, int to, char decimal) {
    int at = from;
    long bits = TAG;
    if (at < to && (text[at] == '-' || text[at] == '+')) {
      bits |= text[at++] == '-' ? IS_NEGATIVE : HAS_PLUS;
    }
    int first = at;
    int one = -1; // place of the first mark
    int before = -1; // place of the mark before the last one
    int last = -1; // place of the last mark
    long digits = 0;
    for (; at < to; at++) {
      int c = text[at];
      if (c >= '0' && c <= '9') {
        digits = digits > DIGITS ? digits : 10 * digits + c - '0';
      } else if (c != '.' && c != ',') {
        return last < 0 ? NONE : OTHER;
      } else if (to - at - 1 > MOST // too many digits, in groups or not
          || last >= 0 && at - last != GROUP + 1
          || before >= 0 && text[last] != text[before]) {
        return OTHER;
      } else {
        one = last < 0 ? at : one;
        before = last;
        last = at;
      }
    }
    int whole = one - first; // digits before it
    int count = to - last - 1;
    boolean isEqual = before >= 0 && text[before] == text[last];
    if (last < 0) {
      return NONE;
    } else if (digits > DIGITS
        || count > MOST
        || whole < 1
        || whole > GROUP && before >= 0
        || text[first] == '0' && (whole > 1 || before >= 0)
        || isEqual && count != GROUP) {
      return OTHER;
    }
    bits |= text[last] == ',' ? IS_COMMA : 0;
    bits |= before < 0 ? 0 : isEqual ? HAS_EQUAL : HAS_OTHER;
    bits |= before < 0 && text[last] == decimal ? IS_NUMBER : 0;
    return bits | (long) count << COUNT | digits;
  }

  /** {@return whether the bits of a cell are those of such a number} */
  public static boolean is(long bits) {
    return bits >>> 48 == TAG >>> 48;
  }

  /** {@return whether the file's decimal mark makes it a number in a column without notation} */
  public static boolean isNumber(long bits) {
    return (bits & IS_NUMBER) != 0;
  }

  /** {@return whether its only mark may separate thousands, as in 1.234} */
  public static boolean isOpen(long bits) {
    boolean hasOne = (bits & (HAS_EQUAL | HAS_OTHER)) == 0;
    long digits = bits & DIGITS;
    return hasOne && count(bits) == GROUP && digits >= 1000 && digits < 1_000_000;
  }

  private static int count(long bits) {
    return (int) (bits >>> COUNT) & MOST;
  }

  /** {@return the number if the last mark is the decimal one} */
  public static double decimal(long bits) {
    return whole(bits) / POWERS[count(bits)];
  }

  /** {@return the number if all marks separate thousands} */
  public static double whole(long bits) {
    double digits = bits & DIGITS;
    long sign = (bits & IS_NEGATIVE) << 20; // no branch, as signs are hard to predict
    return Double.longBitsToDouble(Double.doubleToRawLongBits(digits) | sign);
  }

  /** {@return a number that texts have in common if each notation reads all of them or none} */
  public static int kind(long bits) {
    long digits = bits & DIGITS;
    int length = 0;
    while (length < MOST && digits >= POWERS[length]) {
      length++;
    }
    return (int) (bits >>> COUNT & KINDS / 16 - 1) << 4 | length;
  }

  /** {@return the text} */
  public static String text(long bits) {
    int count = count(bits);
    StringBuilder text = new StringBuilder().append(bits & DIGITS);
    while (text.length() <= count) {
      text.insert(0, '0');
    }
    char mark = (bits & IS_COMMA) == 0 ? '.' : ',';
    String groups = (bits & HAS_EQUAL) != 0 ? "" + mark : mark == '.' ? "," : ".";
    String whole = text.substring(0, text.length() - count);
    if ((bits & (HAS_EQUAL | HAS_OTHER)) != 0) {
      whole = whole.replaceAll("\\B(?=(...)+$)", groups);
    }
    String sign = (bits & IS_NEGATIVE) != 0 ? "-" : (bits & HAS_PLUS) != 0 ? "+" : "";
    return sign + whole + mark + text.substring(text.length() - count);
  }
}
