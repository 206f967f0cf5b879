package dev.lanewise.report;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * The marks of an axis: {@code first, first + 1, ..., last} times a step of 1, 2 or 5 times a power
 * of ten. Marks are counted in whole numbers, so that 0.3 is written 0.3.
 */
final class Ticks {
  private static final int[] MANTISSAS = {1, 2, 5};

  /** A mark this close to the end of a range, in steps, is taken to lie on it: 0.3 / 0.1 < 3. */
  private static final double SLACK = 1e-6;

  private static final double NARROWEST = 1e-9;

  /** Smaller differences count as zero, so that steps are never subnormal numbers. */
  static final double SMALLEST = 1e-280;

  /** Labels up to this length are never written with an exponent: 0.00001, 1000000. */
  private static final int PLAIN_LENGTH = 7;

  private static final MathContext FOUR_DIGITS = new MathContext(4);

  final int mantissa;
  final int exponent;
  final int count;
  private final long first;

  private Ticks(int mantissa, int exponent, long first, int count) {
    this.mantissa = mantissa;
    this.exponent = exponent;
    this.first = first;
    this.count = count;
  }

  /**
   * The finest marks that reach from low or below to high or above in at most {@code intervals}
   * steps of at least {@code smallestStep}. The range must not be {@linkplain #isNarrow narrow}.
   */
  static Ticks cover(double low, double high, int intervals, double smallestStep) {
    double finest = Math.max((high - low) / intervals, smallestStep);
    int exponent = (int) StrictMath.floor(StrictMath.log10(finest)) - 1;
    for (; ; exponent++) {
      for (int mantissa : MANTISSAS) {
        double step = decimal(mantissa, exponent).doubleValue();
        long first = (long) Math.floor(low / step + SLACK);
        long last = (long) Math.ceil(high / step - SLACK);
        if (step >= smallestStep && last - first <= intervals) {
          return new Ticks(mantissa, exponent, first, (int) (last - first) + 1);
        }
      }
    }
  }

  /** Whether a range is so small beside its ends that the labels of its marks would be equal. */
  static boolean isNarrow(double low, double high) {
    double size = Math.max(Math.abs(low), Math.abs(high));
    return high - low <= Math.max(SMALLEST / 10, NARROWEST * size);
  }

  private static BigDecimal decimal(long count, int exponent) {
    return new BigDecimal(BigInteger.valueOf(count), -exponent);
  }

  private BigDecimal exact(int tick) {
    return decimal((first + tick) * mantissa, exponent);
  }

  double value(int tick) {
    return exact(tick).doubleValue();
  }

  double low() {
    return value(0);
  }

  double high() {
    return value(count - 1);
  }

  /** One label a mark, all plain or, where that is long, all with exponents. */
  String[] labels() {
    String[] plain = new String[count];
    String[] scientific = new String[count];
    int plainLength = 0;
    int scientificLength = 0;
    for (int i = 0; i < count; i++) {
      plain[i] = exact(i).toPlainString();
      scientific[i] = scientific(exact(i));
      plainLength = Math.max(plainLength, plain[i].length());
      scientificLength = Math.max(scientificLength, scientific[i].length());
    }
    return plainLength <= Math.max(PLAIN_LENGTH, scientificLength) ? plain : scientific;
  }

  /** For example 2e9, -1.5e-7, 0. */
  private static String scientific(BigDecimal value) {
    return value.stripTrailingZeros().toString().replace("E+", "e").replace('E', 'e');
  }

  /** A number to seven digits, for text. */
  static String brief(double value) {
    return brief(value, MathContext.DECIMAL32);
  }

  /** A number to four digits. */
  static String shorter(double value) {
    return brief(value, FOUR_DIGITS);
  }

  private static String brief(double value, MathContext digits) {
    BigDecimal rounded = new BigDecimal(value).round(digits).stripTrailingZeros();
    String plain = rounded.toPlainString();
    return plain.length() <= 10 ? plain : scientific(rounded);
  }
}
