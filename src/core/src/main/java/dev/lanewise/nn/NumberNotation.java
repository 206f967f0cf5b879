package dev.lanewise.nn;

import java.util.Locale;

/** A notation of numbers: a decimal mark, perhaps a group mark, and perhaps a unit. */
final class NumberNotation extends Notation {
  private static final String MARKS = ".,' ";

  /** Stands for no group mark. */
  private static final char NONE = 0;

  private static final int GROUP = 3;
  private static final int LONGEST_UNIT = 8;

  /** Maximum number of letters before a currency symbol, as in US$. */
  private static final int LETTERS = 3;

  /** The codes of ISO 4217, so that a name such as SKU 3 is not an amount of money. */
  private static final String CURRENCIES =
      "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP"
          + " BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD"
          + " FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD"
          + " JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD"
          + " MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP"
          + " PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC"
          + " SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF"
          + " XCD XOF XPF YER ZAR ZMW";

  /** Letters after a number that make it an ordinal or a time of day. */
  private static final String NO_UNITS = " st nd rd th am pm \u00aa \u00ba ";

  private final char decimal;
  private final char group;
  private final String prefix; // without a blank; empty if there is none
  private final String suffix; // likewise
  private final boolean isPerCent;

  private NumberNotation(char decimal, char group, String prefix, String suffix) {
    super(example(decimal, group, prefix, suffix));
    this.decimal = decimal;
    this.group = group;
    this.prefix = prefix;
    this.suffix = suffix;
    isPerCent = suffix.equals("%");
  }

  private static String example(char decimal, char group, String prefix, String suffix) {
    String number = (group == NONE ? "1234" : "1" + group + "234") + decimal + "5";
    if (!suffix.isEmpty()) {
      return number + (suffix.equals("%") ? "" : " ") + suffix;
    }
    boolean isCode = !prefix.isEmpty() && Character.isLetter(prefix.charAt(prefix.length() - 1));
    return prefix + (isCode ? " " : "") + number;
  }

  /** Returns the notation of an example, or null. */
  static NumberNotation parse(String example) {
    int first = example.indexOf('1');
    int last = example.indexOf('5');
    if (first < 0 || last < first + 5) {
      return null;
    }
    char decimal = example.charAt(last - 1);
    char next = example.charAt(first + 1);
    char group = next == '2' ? NONE : next;
    String prefix = example.substring(0, first).strip();
    String suffix = example.substring(last + 1).strip();
    if (decimal != '.' && decimal != ','
        || group == decimal
        || group != NONE && MARKS.indexOf(group) < 0
        || !prefix.isEmpty() && (!suffix.isEmpty() || !isCurrency(prefix))
        || !suffix.isEmpty() && !suffix.equals("%") && !isUnit(suffix)) {
      return null;
    }
    NumberNotation notation = new NumberNotation(decimal, group, prefix, suffix);
    return notation.example().equals(example) ? notation : null;
  }

  /** Returns whether a text is a code of ISO 4217, or a symbol of a currency as in US$. */
  private static boolean isCurrency(String text) {
    int last = text.length() - 1;
    if (Character.getType(text.charAt(last)) != Character.CURRENCY_SYMBOL) {
      return text.length() == GROUP && text.indexOf(' ') < 0 && CURRENCIES.contains(text);
    }
    return last <= LETTERS && text.chars().limit(last).allMatch(Character::isLetter);
  }

  /** Returns whether a text that stands after a number is a unit or a currency. */
  private static boolean isUnit(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (text.length() > LONGEST_UNIT
        || NO_UNITS.contains(" " + lower + " ")
        || DateNotation.month(lower) > 0) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int type = Character.getType(c);
      boolean isLink = "/\u00b7 ".indexOf(c) >= 0 && i + 1 < text.length(); // as in km/h
      boolean isPower = c == '\u00b2' || c == '\u00b3';
      if (!Character.isLetter(c)
          && type != Character.CURRENCY_SYMBOL
          && type != Character.OTHER_SYMBOL
          && (i == 0 || !isLink && !isPower)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean isNumber() {
    return true;
  }

  @Override
  public Cell read(String text) {
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
    double value = Double.parseDouble(number.append(isPerCent ? "e-2" : "").toString());
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
