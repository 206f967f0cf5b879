package dev.lanewise.rows;

import dev.lanewise.rows.internal.Cell;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A notation of numbers: a decimal mark, perhaps a thousands separator, and perhaps a unit. */
final class NumberNotation extends Notation {
  /**
   * Example with a currency, a thousands separator, a decimal mark, and per cent or a unit as km/h.
   */
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "([A-Z]{3} |\\p{L}{0,3}\\p{Sc}|)1([.,' ]?)234([.,])5(%|| (?=.{1,8}$)"
              + "[\\p{L}\\p{So}\\p{Sc}](?:[/\u00b7 ]?[\\p{L}\\p{So}\\p{Sc}\u00b2\u00b3])*)");

  /** Zero, which is the same in every unit and therefore needs none. */
  private static final Pattern ZERO = Pattern.compile("[-+\u2212]?0+(?:[.,]0+)?");

  /** A sign or a bracket within a number in brackets, which has neither. */
  private static final Pattern SIGNS = Pattern.compile("[-+\u2212()]");

  /** What languages add to a unit of several, as in day and days, Tag and Tage. */
  private static final List<String> PLURALS = List.of("s", "es", "e", "n", "en");

  /**
   * A unit that has a plural: a word, not an abbreviation such as m or mA, where ms and mAs differ.
   */
  private static final Pattern SINGULAR = Pattern.compile("\\p{Ll}{2,}|\\p{Lu}\\p{Ll}{2,}");

  /** Number of digits in a group. */
  private static final int GROUP = 3;

  /** Number of digits in the groups of India before the last one, as in 12,34,567. */
  private static final int LAKH = 2;

  /** Stands for no thousands separator. */
  private static final char NONE = 0;

  private final char decimal;
  private final char group;
  private final String prefix; // without a blank; empty if there is none
  private final String suffix; // likewise

  private NumberNotation(String example, char decimal, char group, String prefix, String suffix) {
    super(example, "");
    this.decimal = decimal;
    this.group = group;
    this.prefix = prefix;
    this.suffix = suffix;
  }

  /** Returns the notation of an example, or null. */
  static NumberNotation parse(String example) {
    Matcher found = EXAMPLE.matcher(example);
    if (!found.matches() || found.group(2).equals(found.group(3))) {
      return null;
    }
    String prefix = found.group(1).strip();
    String suffix = found.group(4).strip();
    if (!prefix.isEmpty() && !suffix.isEmpty()) {
      return null;
    }
    char group = found.group(2).isEmpty() ? NONE : found.group(2).charAt(0);
    return new NumberNotation(example, found.group(3).charAt(0), group, prefix, suffix);
  }

  @Override
  public boolean isNumber() {
    return true;
  }

  @Override
  Cell read(String text) {
    if (text.endsWith(")")) {
      return negative(text);
    } else if (hasUnit() && ZERO.matcher(text).matches()) {
      return new Cell(0, null);
    } else if (!suffix.isEmpty() && !text.endsWith(suffix)) {
      return one(text);
    }
    return read(text, suffix);
  }

  private boolean hasUnit() {
    return !prefix.isEmpty() || !suffix.isEmpty();
  }

  /** Reads a negative number as accountants write it, such as (1,234) or $(1,234). */
  private Cell negative(String text) {
    int open = text.indexOf('(');
    String before = text.substring(0, Math.max(open, 0));
    String bare = before + text.substring(open + 1, text.length() - 1);
    boolean isCurrency = open == 0 || open > 0 && before.replaceFirst("\\h$", "").equals(prefix);
    Cell cell = isCurrency && !SIGNS.matcher(bare).find() ? read(bare) : null;
    return cell == null ? null : new Cell(0 - cell.number(), null);
  }

  /** Reads the number 1 with the singular of the unit, such as 1 day among days. */
  private Cell one(String text) {
    for (String end : PLURALS) {
      String unit = suffix.endsWith(end) ? suffix.substring(0, suffix.length() - end.length()) : "";
      Cell cell = SINGULAR.matcher(unit).matches() && text.endsWith(unit) ? read(text, unit) : null;
      if (cell != null && Math.abs(cell.number()) == 1) {
        return cell;
      }
    }
    return null;
  }

  private Cell read(String text, String unit) {
    int to = text.length();
    int from = isSign(text, 0) ? 1 : 0;
    int sign = from - 1; // place of the sign; negative if there is none
    if (!prefix.isEmpty()) {
      if (!text.startsWith(prefix, from)) {
        return null;
      }
      from += prefix.length();
      from += from < to && plain(text.charAt(from)) == ' ' ? 1 : 0;
      if (sign < 0 && isSign(text, from)) {
        sign = from++;
      }
    } else if (!unit.isEmpty()) {
      to -= unit.length();
      to -= to > from && plain(text.charAt(to - 1)) == ' ' ? 1 : 0;
    }
    StringBuilder number = new StringBuilder(to + 4);
    number.append(sign < 0 || text.charAt(sign) == '+' ? '+' : '-');
    if (!scan(text, from, to, number)) {
      return null;
    }
    double value = Double.parseDouble(number.append(suffix.equals("%") ? "e-2" : "").toString());
    return Double.isInfinite(value) ? null : new Cell(value, null);
  }

  private static boolean isSign(String text, int at) {
    char c = at < text.length() ? text.charAt(at) : ' ';
    return c == '-' || c == '+' || c == '\u2212';
  }

  /**
   * Appends the plain form of a number without its sign and unit.
   *
   * @return false if the text is not such a number
   */
  private boolean scan(String text, int from, int to, StringBuilder number) {
    int at = digits(text, from, to, number);
    int first = at - from;
    boolean hasGroups = false;
    boolean isIndian = false;
    while (at < to && group != NONE && plain(text.charAt(at)) == group) {
      int end = digits(text, at + 1, to, number);
      int size = end - at - 1;
      boolean isLast = end == to || plain(text.charAt(end)) != group;
      isIndian |= !hasGroups && !isLast && size == LAKH && first <= LAKH && group == ',';
      boolean isGroup = size == (isIndian && !isLast ? LAKH : GROUP);
      if (!isGroup || first < 1 || first > GROUP || text.charAt(from) == '0') {
        return false;
      }
      hasGroups = true;
      at = end;
    }
    int whole = at;
    if (at < to && text.charAt(at) == decimal) {
      at = digits(text, at + 1, to, number.append('.'));
      if (at == whole + 1 && (hasGroups || whole == from)) {
        return false; // a mark without digits after it, as in 5., is read as in plain numbers
      }
    }
    if (at == from) {
      return false;
    }
    if (at < to && (text.charAt(at) | ' ') == 'e' && !hasGroups && !hasUnit()) {
      number.append('e');
      at++;
      if (isSign(text, at)) {
        number.append(text.charAt(at++) == '+' ? '+' : '-');
      }
      int exponent = at;
      at = digits(text, at, to, number);
      return at == to && at > exponent;
    }
    return at == to;
  }

  /** Appends digits, and returns the place after them. */
  private static int digits(String text, int from, int to, StringBuilder number) {
    int at = from;
    while (at < to && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      number.append(text.charAt(at++));
    }
    return at;
  }
}
