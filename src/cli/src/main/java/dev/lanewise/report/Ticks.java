package dev.lanewise.report;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The marks of an axis: {@code first, first + 1, ..., last} times a step, which is 1, 2 or 5 times
 * a power of ten. Marks are counted in whole numbers, so that 0.3 is written 0.3.
 */
final class Ticks {
  private static final int[] MANTISSAS = {1, 2, 5};
  // tolerance in steps, for marks near an end: 0.3 / 0.1 < 3
  private static final double SLACK = 1e-6;
  private static final double NARROWEST = 1e-9;
  public static final double SMALLEST =
      1e-280; // smaller differences are zero, so no step is subnormal
  private static final int PLAIN_LENGTH = 7; // longest label without exponent: 0.00001, 1000000
  public static final MathContext FOUR_DIGITS = new MathContext(4);

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
   * Returns the finest marks that enclose low and high, in at most {@code intervals} steps of at
   * least {@code smallestStep}. The range must not be {@linkplain #isNarrow narrow}.
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

  /** Returns whether a range is so small that the labels of its marks would be equal. */
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

  /** Returns a label per mark, all plain or, if these are long, all with exponents. */
  String[] labels() {
    String[] plain = labels(BigDecimal::toPlainString);
    String[] scientific = labels(Ticks::scientific);
    return longest(plain) <= Math.max(PLAIN_LENGTH, longest(scientific)) ? plain : scientific;
  }

  private String[] labels(Function<BigDecimal, String> format) {
    return IntStream.range(0, count).mapToObj(i -> format.apply(exact(i))).toArray(String[]::new);
  }

  private static int longest(String[] labels) {
    return Arrays.stream(labels).mapToInt(String::length).max().orElse(0);
  }

  /** Returns a number such as 2e9, -1.5e-7 or 0. */
  private static String scientific(BigDecimal value) {
    return value.stripTrailingZeros().toString().replace("E+", "e").replace('E', 'e');
  }

  /** Returns a number rounded to seven digits. */
  public static String brief(double value) {
    return brief(value, MathContext.DECIMAL32);
  }

  /** Returns a number rounded to some digits. */
  public static String brief(double value, MathContext digits) {
    BigDecimal rounded = new BigDecimal(value).round(digits).stripTrailingZeros();
    String plain = rounded.toPlainString();
    return plain.length() <= 10 ? plain : scientific(rounded);
  }
}
