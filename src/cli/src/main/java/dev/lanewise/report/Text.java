package dev.lanewise.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers and names as text for a page. */
final class Text {
  /** The text for a missing number. */
  public static final String NONE = "-";

  private static final int MOST_DIGITS = 17; // enough to distinguish all doubles
  private static final int DIGITS = 5; // as the command line prints them

  private static final int REPLACEMENT = 0xFFFD;

  private Text() {}

  /** Returns a number with five decimals, rounded from its exact value, as Python does. */
  public static String fixed(double value) {
    return fixed(value, DIGITS);
  }

  public static String fixed(double value, int digits) {
    return Double.isFinite(value)
        ? new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString()
        : NONE;
  }

  /** Returns a percentage with one decimal, or with more if it would look like 0 or 100. */
  public static String percent(double share) {
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
   * Returns a name for use in a sentence. A name that may be written from right to left is put
   * between Unicode's isolating characters, because it would change the order of its neighbours.
   */
  public static String isolated(String name) {
    return name.codePoints().anyMatch(Text::isRightToLeft)
        ? "\u2068" + name.replaceAll("[\u2066-\u2069]", "") + "\u2069"
        : name;
  }

  /**
   * Returns whether a character is written from right to left, as java.text.Bidi does, whose tables
   * take long to load. An unassigned character may belong to such a script.
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

  /** Returns a number rounded to four digits, however large or small. */
  public static String brief(double value) {
    return Double.isFinite(value) ? Ticks.brief(value, Ticks.FOUR_DIGITS) : NONE;
  }

  /** Returns a number rounded to four digits of its differences, whose usual size is unit. */
  public static String brief(double value, double unit) {
    double more = Math.floor(StrictMath.log10(Math.abs(value) / unit));
    if (!Double.isFinite(value) || !(more > 0 && more < Double.POSITIVE_INFINITY)) {
      return brief(value);
    }
    MathContext digits = new MathContext((int) Math.min(MOST_DIGITS, 4 + more));
    return new BigDecimal(value).round(digits).stripTrailingZeros().toPlainString();
  }

  /** Returns a whole number in groups of three digits. */
  public static String count(long count) {
    StringBuilder text = new StringBuilder(Long.toString(count));
    for (int i = text.length() - 3; i > (count < 0 ? 1 : 0); i -= 3) {
      text.insert(i, ',');
    }
    return text.toString();
  }

  /** Returns a number and the name of the things, with an s for plurals. */
  public static String count(long count, String one) {
    return count(count) + " " + one + (count == 1 ? "" : "s");
  }

  /** Returns a time in milliseconds, seconds, minutes or hours. */
  public static String seconds(double seconds) {
    if (seconds < 1) {
      return fixed(1000 * seconds, seconds < 0.01 ? 1 : 0) + " ms";
    } else if (seconds < 120) {
      return fixed(seconds, seconds < 10 ? 1 : 0) + " s";
    }
    long minutes = Math.round(seconds / 60);
    return minutes < 120 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
  }

  /**
   * Returns text escaped for XML 1.0 and HTML, in elements and in attributes. Characters that XML
   * cannot contain, not even as references, become U+FFFD: most controls, lone surrogates, U+FFFE
   * and U+FFFF.
   */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      boolean plain = c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
      // A parser would turn white space into spaces in attributes, and "]]>" is forbidden.
      if ("<>&\"'\t\n\r".indexOf(c) >= 0) {
        escaped.append("&#").append(c).append(';');
      } else {
        escaped.appendCodePoint(plain ? c : REPLACEMENT);
      }
    }
    return escaped.toString();
  }

  /** Returns text as a string of JSON, in which no markup of a page can begin or end. */
  public static String json(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      boolean isPlain = c >= ' ' && c <= '~' && "\"\\<>&".indexOf(c) < 0;
      json.append(isPlain ? "" + c : "\\u%04x".formatted((int) c));
    }
    return json.append('"').toString();
  }
}
