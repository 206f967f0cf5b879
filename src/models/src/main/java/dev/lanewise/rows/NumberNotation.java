package dev.lanewise.rows;

import dev.lanewise.rows.internal.Cell;
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

  /** Number of digits in a group. */
  private static final int GROUP = 3;

  /** Stands for no thousands separator. */
  private static final char NONE = 0;

  private final char decimal;
  private final char group;
  private final String prefix; // without a blank; empty if there is none
  private final String suffix; // likewise

  private NumberNotation(String example, char decimal, char group, String prefix, String suffix) {
    super(example);
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
    } else if (!suffix.isEmpty()) {
      if (!text.endsWith(suffix)) {
        return null;
      }
      to -= suffix.length();
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
   * @return false if the text is no such number
   */
  private boolean scan(String text, int from, int to, StringBuilder number) {
    int at = digits(text, from, to, number);
    int first = at - from;
    boolean hasGroups = false;
    while (at < to && group != NONE && plain(text.charAt(at)) == group) {
      int end = digits(text, at + 1, to, number);
      if (end - at - 1 != GROUP || first < 1 || first > GROUP || text.charAt(from) == '0') {
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
    boolean hasUnit = !prefix.isEmpty() || !suffix.isEmpty();
    if (at < to && (text.charAt(at) | ' ') == 'e' && !hasGroups && !hasUnit) {
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
