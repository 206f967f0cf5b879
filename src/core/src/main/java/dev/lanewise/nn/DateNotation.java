package dev.lanewise.nn;

import java.util.Locale;

/** A notation of dates, perhaps followed by a time, or of times of day alone. */
final class DateNotation extends Notation {
  private static final String HALF_DAY = "2:05 PM"; // the time of examples
  private static final String FULL_DAY = "14:05";
  private static final int NOON = 12;

  private static final String[] MONTHS = {
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december"
  };

  /** Length of the short names of months. */
  private static final int SHORT = 3;

  /** The first year of two digits that belongs to the 20th century. */
  private static final int PIVOT = 69;

  private final String order; // of d, m and y; empty for a time of day alone
  private final char separator;
  private final boolean isNamed; // whether the month is a name
  private final boolean isShort; // whether years have two digits
  private final boolean isHalfDay; // whether times have AM or PM

  private DateNotation(String example, String order, char separator) {
    super(example);
    this.order = order;
    this.separator = separator;
    isNamed = example.contains("May");
    isShort = !example.contains("2024");
    isHalfDay = example.endsWith(HALF_DAY);
  }

  /** Returns the notation of an example, or null. */
  static DateNotation parse(String example) {
    if (example.equals(FULL_DAY) || example.equals(HALF_DAY)) {
      return new DateNotation(example, "", ' ');
    }
    String date =
        example.endsWith(" " + HALF_DAY)
            ? example.substring(0, example.length() - HALF_DAY.length() - 1)
            : example;
    String order = date.startsWith("31") ? "dmy" : date.startsWith("2024") ? "ymd" : "mdy";
    for (char separator : (order.equals("ymd") ? "/." : "/.- ").toCharArray()) {
      DateNotation notation = new DateNotation(example, order, separator);
      if (notation.date().equals(date) && !(notation.isNamed && order.equals("ymd"))) {
        return notation;
      }
    }
    return null;
  }

  /** Returns 31 May 2024 in this notation. */
  private String date() {
    StringBuilder date = new StringBuilder();
    for (char field : order.toCharArray()) {
      boolean hasComma = hasBlanks() && order.equals("mdy") && field == 'y';
      date.append(date.isEmpty() ? "" : hasComma ? ", " : separator);
      switch (field) {
        case 'd' -> date.append("31");
        case 'm' -> date.append(isNamed ? "May" : "05");
        default -> date.append(isShort ? "24" : "2024");
      }
    }
    return date.toString();
  }

  /** Returns whether this is a date as in prose, which may have a comma before the year. */
  private boolean hasBlanks() {
    return isNamed && separator == ' ';
  }

  /** Returns the number of a month from its English name in lower case, or 0. */
  static int month(String name) {
    boolean isPart = name.length() == SHORT || name.equals("sept");
    for (int m = 0; m < MONTHS.length; m++) {
      if (name.equals(MONTHS[m]) || isPart && MONTHS[m].startsWith(name)) {
        return m + 1;
      }
    }
    return 0;
  }

  @Override
  public boolean isNumber() {
    return false;
  }

  @Override
  public Cell read(String text) {
    Scan scan = new Scan(text);
    boolean isTime = order.isEmpty();
    String word = isTime ? "1970-01-01" : date(scan);
    if (word == null) {
      return null;
    }
    if (isTime || !scan.isAtEnd()) {
      String time = isTime || isBeforeTime(scan) ? time(scan) : null;
      word += "T" + time;
    }
    // The reader of ISO 8601 decides whether there is such a day and such a time.
    return Double.isNaN(DateColumn.days(word)) ? null : new Cell(Double.NaN, word);
  }

  /** Passes over what may stand between a date and a time. */
  private static boolean isBeforeTime(Scan scan) {
    if (scan.pass('T')) {
      return true;
    }
    scan.pass(',');
    return scan.pass(' ');
  }

  /** Reads a date and returns it as in ISO 8601, or returns null. */
  private String date(Scan scan) {
    int year = 0;
    int month = 0;
    int day = 0;
    for (int i = 0; i < order.length(); i++) {
      char field = order.charAt(i);
      if (i > 0) {
        boolean isPassed = hasBlanks() && field == 'y' && scan.pass(',');
        if (!scan.pass(separator) && !isPassed) {
          return null;
        }
      }
      switch (field) {
        case 'd' -> day = scan.number(1, 2);
        case 'm' -> month = isNamed ? named(scan) : scan.number(1, 2);
        default -> year = isShort ? scan.number(2, 2) : scan.number(4, 4);
      }
    }
    if (isShort && year >= 0) {
      year += year < PIVOT ? 2000 : 1900;
    }
    boolean isDate = year >= 0 && month >= 0 && day >= 0;
    return isDate ? padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) : null;
  }

  private int named(Scan scan) {
    int month = month(scan.letters().toLowerCase(Locale.ROOT));
    if (hasBlanks()) {
      scan.pass('.'); // as in Sept. 5
    }
    return month;
  }

  /** Reads a time to the end of the text; returns it as in ISO 8601, or null or another text. */
  private String time(Scan scan) {
    int hour = scan.number(1, 2);
    int from = scan.at;
    while (scan.pass(':') || scan.pass('.') || scan.pass(',') || scan.number(1, 1) >= 0) {}
    String rest = scan.text.substring(from, scan.at);
    scan.pass(' ');
    if (isHalfDay) {
      boolean isAfternoon = scan.pass('p') || scan.pass('P');
      if (hour < 1 || hour > NOON || !isAfternoon && !scan.pass('a') && !scan.pass('A')) {
        return null;
      }
      scan.pass('.');
      if (!scan.pass('m') && !scan.pass('M')) {
        return null;
      }
      scan.pass('.');
      scan.pass(' ');
      hour = hour % NOON + (isAfternoon ? NOON : 0);
    }
    return padded(hour, 2) + rest + scan.text.substring(scan.at);
  }

  private static String padded(int number, int digits) {
    String text = Integer.toString(number);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }

  /** A text and the place up to which it has been read. */
  private static final class Scan {
    private final String text;
    private int at;

    Scan(String text) {
      this.text = text;
    }

    boolean isAtEnd() {
      return at == text.length();
    }

    /** Passes over a character if it is the next one. */
    boolean pass(char c) {
      boolean isNext = at < text.length() && plain(text.charAt(at)) == c;
      at += isNext ? 1 : 0;
      return isNext;
    }

    /** Reads a number of some digits; returns -1 if there are fewer. */
    int number(int least, int most) {
      int from = at;
      int number = 0;
      while (at < text.length()
          && at - from < most
          && text.charAt(at) >= '0'
          && text.charAt(at) <= '9') {
        number = 10 * number + text.charAt(at++) - '0';
      }
      return at - from < least ? -1 : number;
    }

    String letters() {
      int from = at;
      while (at < text.length() && Character.isLetter(text.charAt(at))) {
        at++;
      }
      return text.substring(from, at);
    }
  }
}
