package dev.lanewise.source;

import java.math.BigInteger;

/**
 * The first 128 bits of powers of five, by which a decimal number of up to 19 digits becomes the
 * nearest double in nearly all cases. Source: Lemire, "Number parsing at a gigabyte per second",
 * Software: Practice and Experience, 2021, algorithm 1. They are computed when a file first needs
 * them.
 */
final class PowersOfFive {
  /** The powers go from minus this to this. */
  static final int LARGEST = 342;

  /** From this power on a reciprocal is rounded up, so that exact quotients are found. */
  private static final int LEAST_ROUNDED_UP = -27;

  private static final int BITS = 128;
  private static final int FRACTION = 52; // bits of a double
  private static final int BIAS = 1023;
  private static final int LOST = Long.SIZE - FRACTION - 3; // bits below the one for rounding

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
   * The double nearest to digits times a power of ten.
   *
   * @param digits above 0
   * @param q the exponent of ten, from -LARGEST to LARGEST
   * @return the double; NaN where 128 bits do not decide, and of what is not normal or infinite
   */
  static double nearest(long digits, int q) {
    int zeros = Long.numberOfLeadingZeros(digits);
    long w = digits << zeros;
    long high = multiplyHigh(w, HIGH[q + LARGEST]);
    long low = w * HIGH[q + LARGEST];
    if ((high & (1L << LOST) - 1)
        == (1L << LOST) - 1) { // more bits may carry into those that count
      long more = multiplyHigh(w, LOW[q + LARGEST]);
      low += more;
      high += Long.compareUnsigned(low, more) < 0 ? 1 : 0;
    }
    int top = (int) (high >>> 63);
    long bits = high >>> top + LOST; // one more than a double has
    // 217706 / 2^16 is a little more than the logarithm of 10 to the base 2.
    int exponent = (217706 * q >> 16) + 63 + top - zeros + BIAS;
    boolean isHalfway =
        Long.compareUnsigned(low, 1) <= 0 && (bits & 3) == 1 && bits << top + LOST == high;
    if (low == -1 || isHalfway || exponent <= 0 || exponent >= 2 * BIAS) {
      return Double.NaN;
    }
    // Rounding up may carry into the exponent, which then is as it should be.
    return Double.longBitsToDouble(((long) exponent << FRACTION) + ((bits + 1 >>> 1) - (1L << 52)));
  }

  private static long multiplyHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a); // of unsigned numbers
  }
}
