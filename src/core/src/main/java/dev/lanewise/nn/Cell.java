package dev.lanewise.nn;

import dev.lanewise.format.Message;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAccessor;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A value of a table: a number, a word, or nothing. Numbers are told from words by how they are
 * spelled, whatever wrote them, so that 1, 1.0 and 01 are one value; so are True, TRUE and true,
 * which are the word {@code true}, and likewise false. Whole numbers that a double does not tell
 * from others, and those with leading zeros, have their digits besides, for columns where these
 * count.
 *
 * @param number the number; NaN if it is none
 * @param word the word; null of a number, unless it is as {@link #digits(String)} has it
 */
public record Cell(double number, String word) {
  /** No value. */
  public static final Cell MISSING = new Cell(Double.NaN, null);

  /** What stands for no value unless a user names other words; an empty text always does. */
  public static final List<String> MISSING_WORDS =
      List.of("NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?", "-");

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");

  /** Above this not every whole number is a double. */
  private static final double WHOLE = 1L << 53;

  /** Whole numbers of fewer digits are below that. */
  private static final int LARGE_DIGITS = 16;

  /** Every double is written with so many digits. */
  private static final int DIGITS = 17;

  private static final RoundingMode[] ROUNDINGS = {RoundingMode.HALF_EVEN, RoundingMode.UP};

  private static final String TRUE = "true";
  private static final String FALSE = "false";

  /**
   * What an object of a program is in a table: a {@link Number} its double, a text what the same
   * text is in a file, null and an empty {@link Optional} no value; true and false, constants of
   * enums, dates and times (ISO 8601; a {@link Date} in UTC, zones as offsets) words; another
   * object what the text that its {@code toString} gives is.
   *
   * @param value the object, or null
   * @param missing the words that stand for no value, as in {@link Schema#missing}; a number among
   *     them stands for all that is equal to it
   * @return the cell
   */
  public static Cell of(Object value, List<String> missing) {
    return of(value, missing, '.');
  }

  /** The same, where texts have another decimal mark. */
  static Cell of(Object value, List<String> missing, char decimal) {
    if (value == null) {
      return MISSING;
    } else if (value instanceof Optional<?> optional) {
      return of(optional.orElse(null), missing, decimal);
    } else if (value instanceof Number number) {
      double found = number.doubleValue();
      return isAmong(found, missing) ? MISSING : new Cell(found, digits(number, found));
    } else if (value instanceof CharSequence text) {
      return parse(text.toString(), missing, decimal);
    } else if (value instanceof ZonedDateTime time) { // without the name of the zone
      return new Cell(Double.NaN, time.toOffsetDateTime().toString());
    } else if (value.getClass() == Date.class) { // its own text is that of a place and a language
      return new Cell(Double.NaN, ((Date) value).toInstant().toString());
    } else if (value instanceof Enum<?> constant) {
      return new Cell(Double.NaN, constant.name());
    } else if (value instanceof Boolean || value instanceof TemporalAccessor) {
      return new Cell(Double.NaN, value.toString());
    }
    return parse(value.toString(), missing, decimal);
  }

  /**
   * The components of a record, as values of a row.
   *
   * @param row the record; its class must be open to this module, if it is in a named one and not
   *     public
   * @return the values by the components' names, in their order
   * @throws IllegalArgumentException if the components cannot be read
   */
  public static Map<String, Object> components(Record row) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (RecordComponent component : row.getClass().getRecordComponents()) {
      try {
        component.getAccessor().trySetAccessible();
        values.put(component.getName(), component.getAccessor().invoke(row));
      } catch (IllegalAccessException e) {
        Class<?> type = row.getClass();
        throw new IllegalArgumentException(
            "record %s: component %s cannot be read, expected \"opens %s to dev.lanewise;\" in %s"
                .formatted(
                    type.getName(), component.getName(), type.getPackageName(), type.getModule()),
            e);
      } catch (InvocationTargetException e) {
        throw new IllegalArgumentException(
            "record %s: component %s cannot be read (%s), expected a value"
                .formatted(row.getClass().getName(), component.getName(), e.getCause()),
            e);
      }
    }
    return values;
  }

  /**
   * What a text is.
   *
   * @param text the text; spaces and tabs around it do not count, as in a file
   * @param missing the words that stand for no value; a number among them stands for all ways to
   *     write it
   * @return a number if it is a decimal number that a double can hold, else a word
   */
  public static Cell parse(String text, List<String> missing) {
    return parse(text, missing, '.');
  }

  private static Cell parse(String text, List<String> missing, char decimal) {
    String bare = bare(text);
    if (bare.isEmpty() || missing.contains(bare)) {
      return MISSING;
    }
    // Where the mark is another, a point is no part of a number.
    double number = number(decimal == '.' ? bare : bare.replace('.', ' ').replace(decimal, '.'));
    if (Double.isNaN(number)) {
      return new Cell(Double.NaN, word(bare));
    }
    return isAmong(number, missing) ? MISSING : new Cell(number, digits(bare));
  }

  /**
   * The digits of a whole number that have to be kept: those of one of 2^53 or more, which not
   * every double has, and of one with leading zeros, such as 007, which may be another category
   * than 7.
   *
   * @param text a number as a file has it
   * @return the digits, perhaps behind a minus; null if the number tells all that the text does
   */
  public static String digits(String text) {
    int from = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    int to = from;
    while (to < text.length() && text.charAt(to) >= '0' && text.charAt(to) <= '9') {
      to++;
    }
    boolean hasZeros = to - from > 1 && text.charAt(from) == '0';
    boolean isLarge = to - from >= LARGE_DIGITS && Math.abs(Double.parseDouble(text)) >= WHOLE;
    boolean isWhole = text.substring(to).matches("(\\.0*)?");
    return isWhole && (hasZeros || isLarge)
        ? (text.startsWith("-") ? "-" : "") + text.substring(from, to)
        : null;
  }

  private static String digits(Number number, double found) {
    boolean isExact =
        number instanceof Long || number instanceof BigInteger || number instanceof BigDecimal;
    return isExact && Math.abs(found) >= WHOLE
        ? digits(number instanceof BigDecimal d ? d.toPlainString() : number.toString())
        : null;
  }

  /** All digits of a number, if it is a whole one of 2^53 or more; else {@link #text(double)}. */
  static String allDigits(double number) {
    return Math.abs(number) >= WHOLE && !Double.isInfinite(number)
        ? new BigDecimal(number).toPlainString()
        : text(number);
  }

  /**
   * Whether a number may be one of several whole numbers that are the same double.
   *
   * @param number any
   * @return true from 2^53 on, and below its negative
   */
  public static boolean isLarge(double number) {
    return Math.abs(number) >= WHOLE;
  }

  /** A text without the spaces and tabs at its ends: of other blanks files know nothing. */
  private static String bare(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** The finite number that a text is; NaN if it is none. */
  private static double number(String text) {
    char last = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
    if (last != '.' && (last < '0' || last > '9') || !NUMBER.matcher(text).matches()) {
      return Double.NaN; // mostly without the pattern
    }
    double number = Double.parseDouble(text);
    return Double.isInfinite(number) ? Double.NaN : number;
  }

  private static boolean isAmong(double number, List<String> missing) {
    for (String word : missing) {
      if (missingNumber(word) == number) {
        return true;
      }
    }
    return false;
  }

  /** The number that a word for no value is, with either decimal mark; NaN if it is none. */
  private static double missingNumber(String word) {
    return number(word.replace(',', '.'));
  }

  /**
   * The word that a text stands for, if it is no number and not without a value.
   *
   * @param text the text without blanks around it
   * @return the text itself; {@code true} or {@code false} for these words in any letter case
   */
  public static String word(String text) {
    if (text.equalsIgnoreCase(TRUE)) {
      return TRUE;
    }
    return text.equalsIgnoreCase(FALSE) ? FALSE : text;
  }

  /**
   * The numbers among the words that stand for no value.
   *
   * @param missing the words, with decimal points or commas
   * @return the numbers
   */
  public static double[] missingNumbers(List<String> missing) {
    return missing.stream()
        .mapToDouble(Cell::missingNumber)
        .filter(number -> !Double.isNaN(number))
        .toArray();
  }

  /**
   * Whether there is no value.
   *
   * @return true if it is neither a number nor a word
   */
  public boolean isMissing() {
    return word == null && Double.isNaN(number);
  }

  /**
   * The value as the name of a category.
   *
   * @return the word, or {@link #text} of the number; null if there is no value
   */
  public String text() {
    return Double.isNaN(number) ? word : text(number);
  }

  /**
   * A number as the name of a category: whole numbers without a point, others with as few digits as
   * tell them from all other doubles. The same on every version of Java, as {@link
   * Double#toString(double)} is not.
   *
   * @param number any but NaN
   * @return its text
   */
  public static String text(double number) {
    if (number == Math.rint(number) && Math.abs(number) <= WHOLE) {
      return Long.toString((long) number);
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    }
    BigDecimal exact = new BigDecimal(number);
    // The doubles below a power of two are closer to it than those above: there the nearest decimal
    // may be another double's while the next one up is not.
    for (int digits = 1; ; digits++) {
      for (RoundingMode mode : ROUNDINGS) {
        BigDecimal rounded = exact.round(new MathContext(digits, mode));
        if (rounded.doubleValue() == number || digits == DIGITS) {
          return rounded.stripTrailingZeros().toString();
        }
      }
    }
  }

  @Override
  public String toString() {
    return isMissing() ? "empty" : Message.of("\"%s\"", text()).toString();
  }
}
