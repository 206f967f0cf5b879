package dev.lanewise.source;

import java.math.BigInteger;

/**
 * The first 128 bits of powers of five, with which nearly all decimal numbers of up to 19 digits
 * can be converted to the nearest double. Source: Lemire, "Number parsing at a gigabyte per
 * second", Software: Practice and Experience, 2021, algorithm 1. The table is computed at first
 * use.
 */
final class PowersOfFive {
  /** The largest exponent of five; the smallest is its negative. */
  static final int LARGEST = 342;

  /** Reciprocals from this exponent are rounded up, so that exact quotients are found. */
  private static final int LEAST_ROUNDED_UP = -27;

  private static final int BITS = 128;
  private static final int FRACTION = 52; // bits in the fraction of a double
  private static final int BIAS = 1023;
  private static final int LOST = Long.SIZE - FRACTION - 3; // bits below the rounding bit

  private static final long[] HIGH = new long[2 * LARGEST + 1];
  private static final long[] LOW = new long[HIGH.length];

  static {
    BigInteger power = BigInteger.ONE;
    for (int q = 0; q <= LARGEST; q++) {
      BigInteger reciprocal = BigInteger.ONE.shiftLeft(2 * power.bitLength() + BITS).divide(power);
      set(-q, first(reciprocal).add(BigInteger.valueOf(-q >= LEAST_ROUNDED_UP ? 1 : 0)));
      set(q, first(power));
      power = power.multiply(BigInteger.valueOf(5));
    }
  }

  private PowersOfFive() {}

  private static BigInteger first(BigInteger number) {
    return number.shiftRight(number.bitLength() - BITS);
  }

  private static void set(int q, BigInteger bits) {
    HIGH[q + LARGEST] = bits.shiftRight(Long.SIZE).longValue();
    LOW[q + LARGEST] = bits.longValue();
  }

  /**
   * {@return the double nearest to digits times a power of ten; NaN if 128 bits do not suffice, or
   * if the result would be subnormal or infinite}
   *
   * @param digits the digits, above 0
   * @param q the exponent of ten, from -LARGEST to LARGEST
   */
  static double nearest(long digits, int q) {
    int zeros = Long.numberOfLeadingZeros(digits);
    long w = digits << zeros;
    long high = multiplyHigh(w, HIGH[q + LARGEST]);
    long low = w * HIGH[q + LARGEST];
    if ((high & (1L << LOST) - 1) == (1L << LOST) - 1) { // the lower bits may carry
      long more = multiplyHigh(w, LOW[q + LARGEST]);
      low += more;
      high += Long.compareUnsigned(low, more) < 0 ? 1 : 0;
    }
    int top = (int) (high >>> 63);
    long bits = high >>> top + LOST; // one bit more than a double has
    // 217706 / 2^16 is slightly more than the logarithm of 10 to the base 2.
    int exponent = (217706 * q >> 16) + 63 + top - zeros + BIAS;
    boolean isHalfway =
        Long.compareUnsigned(low, 1) <= 0 && (bits & 3) == 1 && bits << top + LOST == high;
    if (low == -1 || isHalfway || exponent <= 0 || exponent >= 2 * BIAS) {
      return Double.NaN;
    }
    // Rounding up may carry into the exponent, which gives the correct result.
    return Double.longBitsToDouble(((long) exponent << FRACTION) + ((bits + 1 >>> 1) - (1L << 52)));
  }

  private static long multiplyHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a); // unsigned
  }
}
