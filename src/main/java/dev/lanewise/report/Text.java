package dev.lanewise.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as the text of a page. */
final class Text {
  /** Where there is no number. */
  static final String NONE = "-";

  private static final int MOST_DIGITS = 17; // that tell doubles apart
  private static final int DIGITS = 5; // as the command line prints them

  private Text() {}

  /** A number with five digits behind the point, rounded from its exact value as Python does. */
  static String fixed(double value) {
    return fixed(value, DIGITS);
  }

  static String fixed(double value, int digits) {
    return Double.isFinite(value)
        ? new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString()
        : NONE;
  }

  /**
   * A share as a percentage with one digit behind the point, or as many as it takes for nearly all
   * not to look like all, and nearly nothing not like nothing.
   */
  static String percent(double share) {
    if (!Double.isFinite(share)) {
      return NONE;
    }
    String text = fixed(100 * share, 1);
    int digits = 2;
    while (digits <= DIGITS && share > 0 && share < 1 && Double.parseDouble(text) % 100 == 0) {
      text = fixed(100 * share, digits++);
    }
    return text + "%";
  }

  /**
   * A name within a sentence. If it may be written from right to left it stands between the signs
   * of Unicode that isolate it, or else it would take what stands beside it along.
   */
  static String isolated(String name) {
    return name.codePoints().anyMatch(Text::isRightToLeft)
        ? "\u2068" + name.replaceAll("[\u2066-\u2069]", "") + "\u2069"
        : name;
  }

  /**
   * As java.text.Bidi has it, whose tables take long to load. A character that Unicode has not
   * assigned may be one of a script from right to left.
   */
  private static boolean isRightToLeft(int c) {
    return switch (Character.getDirectionality(c)) {
      case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC,
          Character.DIRECTIONALITY_ARABIC_NUMBER,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
          Character.DIRECTIONALITY_UNDEFINED ->
          true;
      default -> false;
    };
  }

  /** A number to four digits, however large or small. */
  static String brief(double value) {
    return Double.isFinite(value) ? Ticks.shorter(value) : NONE;
  }

  /** A number beside which differences of a unit count: to four digits of these. */
  static String brief(double value, double unit) {
    double more = Math.floor(StrictMath.log10(Math.abs(value) / unit));
    if (!Double.isFinite(value) || !(more > 0 && more < Double.POSITIVE_INFINITY)) {
      return brief(value);
    }
    MathContext digits = new MathContext((int) Math.min(MOST_DIGITS, 4 + more));
    return new BigDecimal(value).round(digits).stripTrailingZeros().toPlainString();
  }

  /** A whole number in groups of three digits. */
  static String count(long count) {
    StringBuilder text = new StringBuilder(Long.toString(count));
    for (int i = text.length() - 3; i > (count < 0 ? 1 : 0); i -= 3) {
      text.insert(i, ',');
    }
    return text.toString();
  }

  /** A number and what it counts. */
  static String count(long count, String one) {
    return count(count) + " " + one + (count == 1 ? "" : "s");
  }

  /** A time in the unit that suits it. */
  static String seconds(double seconds) {
    if (seconds < 1) {
      return fixed(1000 * seconds, seconds < 0.01 ? 1 : 0) + " ms";
    } else if (seconds < 120) {
      return fixed(seconds, seconds < 10 ? 1 : 0) + " s";
    }
    long minutes = Math.round(seconds / 60);
    return minutes < 120 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
  }
}
