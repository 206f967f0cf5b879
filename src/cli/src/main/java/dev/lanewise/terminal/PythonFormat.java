package dev.lanewise.terminal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Formats numbers as Python does, in every locale. Java's own {@code %.5f} rounds the shortest
 * decimal form of a double half up; Python rounds the double itself, half to even.
 */
public final class PythonFormat {
  /** Smaller numbers would have fewer than three digits in five decimals. */
  private static final double SMALL = 1e-3;

  private PythonFormat() {}

  /** Python's {@code %.5f}. */
  public static String fixed5(double value) {
    return fixed(value, 5);
  }

  /** Larger doubles have fewer than five digits after the point. */
  private static final double LARGE = 1e15;

  /** Formats with five decimals, or numbers of another size with six digits. */
  public static String measure(double value) {
    double size = Math.abs(value);
    boolean isOther = Double.isFinite(value) && (size >= LARGE || size != 0 && size < SMALL);
    return isOther ? String.format(Locale.ROOT, "%.5e", value) : fixed5(value);
  }

  /** Python's {@code %.nf}. */
  public static String fixed(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return value > 0 ? "inf" : value < 0 ? "-inf" : "nan";
    }
    String digits =
        new BigDecimal(Math.abs(value)).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    boolean negative = Double.doubleToRawLongBits(value) < 0; // -0.0 keeps its sign
    return negative ? "-" + digits : digits;
  }

  /** Python's {@code %nd}. */
  public static String integer(long value, int width) {
    String digits = Long.toString(value);
    return " ".repeat(Math.max(0, width - digits.length())) + digits;
  }
}
