package dev.lanewise.rows.internal;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.Schema;
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
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * A value of a table: a number, a string, or a missing value. The spelling alone determines whether
 * a value is a number or a string: 1, 1.0 and 01 are one number, and True, TRUE and true are the
 * string {@code true} (likewise for false). Integers that a double cannot represent uniquely, and
 * integers with leading zeros, keep their digits, too, for columns that compare digits.
 *
 * @param number the number; NaN for a string or a missing value
 * @param string the string; for numbers null, or the digits that {@link #digits(String)} returns
 */
public record Cell(double number, String string) {
  /** A missing value. */
  public static final Cell MISSING = new Cell(Double.NaN, null);

  /** The default strings for a missing value; an empty text always is one. */
  public static final List<String> MISSING_STRINGS =
      List.of(
          "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?", "-", // of earlier versions
          "#N/A", "n.a.", "k.A.", "na", "--");

  /** The default strings of earlier versions, whose records of runs do not list them. */
  public static final List<String> EARLIER_MISSING_STRINGS = MISSING_STRINGS.subList(0, 9);

  // Notation sets this when it is loaded, so before there is any notation.
  private static BiFunction<Notation, String, Cell> reader;

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");

  /** Above this, not every integer is a double. */
  private static final double WHOLE = 1L << 53;

  /** Integers with fewer digits are below {@code WHOLE}. */
  private static final int LARGE_DIGITS = 16;

  /** Number of digits that identify every double. */
  private static final int DIGITS = 17;

  private static final RoundingMode[] ROUNDINGS = {RoundingMode.HALF_EVEN, RoundingMode.UP};

  private static final String TRUE = "true";
  private static final String FALSE = "false";

  /**
   * Converts an object of a program to a cell. A {@link Number} becomes its double, and a text is
   * read as in a file. Null and an empty {@link Optional} are missing values. Booleans, enum
   * constants, dates and times (ISO 8601; a {@link Date} in UTC, zones as offsets) become strings.
   * Any other object is read as the text that its {@code toString} returns.
   *
   * @param value the object, or null
   * @param missing the strings for a missing value, as in {@link Schema#missing}; a number among
   *     them covers all equal numbers
   * @return the cell
   */
  public static Cell of(Object value, List<String> missing) {
    return of(value, missing, '.', null);
  }

  /**
   * Converts an object of a program to a cell of a table.
   *
   * @param schema the schema of the table
   * @param column the name of its column
   * @param value any object that {@link #of(Object, List)} accepts; texts are read in the notation
   *     of the column, or else with the decimal mark of the training file
   * @return the cell
   * @throws IllegalArgumentException if the column has a notation and the text is in another
   */
  public static Cell of(Schema schema, String column, Object value) {
    try {
      Notation notation = schema.notations().get(column);
      return of(value, schema.missing(), schema.decimal(), notation);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("column " + column + " is " + e.getMessage(), e);
    }
  }

  /**
   * {@return the value of a text: a number, or as a string an ISO 8601 date such as {@code
   * 2024-05-31T14:05}, to which a time of day alone belongs as a time of 1970-01-01; null if the
   * text is in another notation}
   *
   * <p>The number is the double nearest to what the text says. In brackets it is negative. Zero
   * needs no unit, and the number 1 may have the singular of a unit. Groups of digits at commas may
   * be those of India, as in {@code 12,34,567}. A year of two digits is one of the 100 years from
   * {@link Notation#firstYear} on. The time {@code 24:00} is the beginning of the next day, and
   * alone it is {@code 00:00}.
   *
   * @param notation the notation
   * @param text a text without blanks around it that does not stand for a missing value
   */
  public static Cell read(Notation notation, String text) {
    return reader.apply(notation, text);
  }

  /** Gives access to what a notation reads; for {@link Notation} alone. */
  public static void install(BiFunction<Notation, String, Cell> read) {
    reader = read;
  }

  /**
   * Converts an object to a cell. A text is read in the notation, or with the decimal mark if the
   * notation is null.
   *
   * @throws IllegalArgumentException if a text is in another notation
   */
  public static Cell of(Object value, List<String> missing, char decimal, Notation notation) {
    if (value == null) {
      return MISSING;
    } else if (value instanceof Optional<?> optional) {
      return of(optional.orElse(null), missing, decimal, notation);
    } else if (value instanceof Number number) {
      double found = number.doubleValue();
      boolean mayBeDate = notation != null && !notation.isNumber() && !Double.isNaN(found);
      Cell date = mayBeDate ? read(notation, text(found)) : null; // 20240531 is read as a date
      Cell cell = isAmong(found, missing) ? MISSING : new Cell(found, digits(number, found));
      return date == null ? cell : date;
    } else if (value instanceof CharSequence text) {
      return parse(text.toString(), missing, decimal, notation);
    } else if (value instanceof ZonedDateTime time) { // the name of the zone is dropped
      return of(time.toOffsetDateTime(), missing, decimal, notation);
    } else if (value.getClass() == Date.class) { // its toString depends on time zone and locale
      return of(((Date) value).toInstant(), missing, decimal, notation);
    } else if (value instanceof Enum<?> constant) {
      return new Cell(Double.NaN, constant.name());
    } else if (value instanceof Boolean || value instanceof TemporalAccessor) {
      return new Cell(Double.NaN, dated(value.toString(), notation));
    } else if (value instanceof Date && notation != null) { // of java.sql, in ISO 8601
      return new Cell(Double.NaN, dated(value.toString(), notation));
    }
    return parse(value.toString(), missing, decimal, notation);
  }

  /**
   * Returns the string of a date or time, to which a time of day belongs as in {@link
   * Notation#read}.
   *
   * @throws IllegalArgumentException if the notation is one of times of day, and this is a date
   */
  private static String dated(String iso, Notation notation) {
    int colon = notation == null ? 0 : notation.example().indexOf(':');
    if (colon != 1 && colon != 2) { // no notation of times of day
      return iso;
    } else if (iso.indexOf(':') != 2) {
      throw new IllegalArgumentException(
          iso + ", expected a time of day such as " + notation.example());
    }
    return "1970-01-01T" + iso;
  }

  /**
   * {@return the components of a record by name, in their order}
   *
   * @param row the record; a class that is not public in a named module must be open to this module
   * @throws IllegalArgumentException if a component cannot be read
   */
  public static Map<String, Object> components(Record row) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (RecordComponent component : row.getClass().getRecordComponents()) {
      try {
        component.getAccessor().trySetAccessible();
        values.put(component.getName(), component.getAccessor().invoke(row));
      } catch (IllegalAccessException e) {
        Class<?> type = row.getClass();
        String reader = Cell.class.getModule().getName(); // null on the class path
        throw new IllegalArgumentException(
            "record %s: component %s cannot be read, expected \"opens %s%s;\" in %s"
                .formatted(
                    type.getName(),
                    component.getName(),
                    type.getPackageName(),
                    reader == null ? "" : " to " + reader,
                    type.getModule()),
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
   * Converts a text to a cell.
   *
   * @param text the text; spaces and tabs around it are ignored, as in a file
   * @param missing the strings for a missing value; a number among them covers all its spellings
   * @return a number if the text is a decimal number within the range of doubles, else a string
   */
  public static Cell parse(String text, List<String> missing) {
    return parse(text, missing, '.', null);
  }

  private static Cell parse(String text, List<String> missing, char decimal, Notation notation) {
    String bare = bare(text);
    if (bare.isEmpty() || missing.contains(bare)) {
      return MISSING;
    }
    if (notation != null) {
      Cell cell = read(notation, bare);
      if (cell == null) {
        throw new ArgumentException(
            "\"%s\", expected %s such as %s, as in training",
            bare, notation.isNumber() ? "a number" : "a date or time", notation);
      }
      return isAmong(cell.number, missing) ? MISSING : cell;
    }
    // With another decimal mark, a point is not part of a number.
    double number = number(decimal == '.' ? bare : bare.replace('.', ' ').replace(decimal, '.'));
    if (Double.isNaN(number)) {
      return new Cell(Double.NaN, string(bare));
    }
    return isAmong(number, missing) ? MISSING : new Cell(number, digits(bare));
  }

  /**
   * Returns the digits that an integer must keep: those of integers of 2^53 or more, which a double
   * may not represent, and those with leading zeros, such as 007, which can be another category
   * than 7.
   *
   * @param text a number as in a file
   * @return the digits, after a minus if the number is negative; null if the double says all
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

  /** Returns all digits of an integer of 2^53 or more, else {@link #text(double)}. */
  public static String allDigits(double number) {
    return Math.abs(number) >= WHOLE && !Double.isInfinite(number)
        ? new BigDecimal(number).toPlainString()
        : text(number);
  }

  /**
   * Tells if several integers can have the same double as this number.
   *
   * @param number any
   * @return true if its absolute value is at least 2^53
   */
  public static boolean isLarge(double number) {
    return Math.abs(number) >= WHOLE;
  }

  /**
   * {@return whether a text in the first line stands for a missing value} The younger ones among
   * the default strings may name a column there, as {@code na} does for sodium.
   *
   * @param text the text
   * @param missing the strings for a missing value
   */
  public static boolean isMissingInFirstLine(String text, List<String> missing) {
    boolean mayBeName = MISSING_STRINGS.contains(text) && !EARLIER_MISSING_STRINGS.contains(text);
    return missing.contains(text) && !(mayBeName && missing.containsAll(MISSING_STRINGS));
  }

  /** Removes spaces and tabs at the ends, which are the only blanks that are ignored in files. */
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

  /** Returns the finite number that a text spells, or NaN. */
  private static double number(String text) {
    char last = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
    if (last != '.' && (last < '0' || last > '9') || !NUMBER.matcher(text).matches()) {
      return Double.NaN; // decides most strings without the pattern
    }
    double number = Double.parseDouble(text);
    return Double.isInfinite(number) ? Double.NaN : number;
  }

  private static boolean isAmong(double number, List<String> missing) {
    for (String string : missing) {
      if (missingNumber(string) == number) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the number that a missing-value string spells, with a point or a comma; NaN if none.
   */
  private static double missingNumber(String string) {
    return number(string.replace(',', '.'));
  }

  /**
   * {@return the string for a text that is neither a number nor a missing value: {@code true} or
   * {@code false} for these strings in any letter case, else the text itself}
   *
   * @param text the text without blanks around it
   */
  public static String string(String text) {
    if (text.equalsIgnoreCase(TRUE)) {
      return TRUE;
    }
    return text.equalsIgnoreCase(FALSE) ? FALSE : text;
  }

  /**
   * {@return the numbers among the strings for a missing value}
   *
   * @param missing the strings for a missing value; numbers among them may have a decimal comma
   */
  public static double[] missingNumbers(List<String> missing) {
    return missing.stream()
        .mapToDouble(Cell::missingNumber)
        .filter(number -> !Double.isNaN(number))
        .toArray();
  }

  /** {@return true if this is a missing value} */
  public boolean isMissing() {
    return string == null && Double.isNaN(number);
  }

  /**
   * {@return the value as the name of a category: the string, or {@link #text} of the number; null
   * for a missing value}
   */
  public String text() {
    return Double.isNaN(number) ? string : text(number);
  }

  /**
   * Formats a number as the name of a category: integers without a point, other numbers with the
   * fewest digits that identify the double. Unlike {@link Double#toString(double)}, the result is
   * the same in every version of Java.
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
    // Doubles just below a power of two are closer to it than those above, so the nearest decimal
    // can denote another double while the next larger decimal denotes this one.
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
