package dev.lanewise.rows;

import dev.lanewise.rows.internal.Cell;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A notation of dates, perhaps followed by a time, or of times of day alone. */
final class DateNotation extends Notation {
  private static final String[] EXAMPLES = {
    "31.05.2024",
    "31/05/2024",
    "31-05-2024",
    "31 05 2024",
    "31.05.24",
    "31/05/24",
    "31-05-24",
    "05/31/2024",
    "05.31.2024",
    "05-31-2024",
    "05 31 2024",
    "05/31/24",
    "05.31.24",
    "05-31-24",
    "2024/05/31",
    "2024.05.31",
    "31 May 2024",
    "31-May-2024",
    "31/May/2024",
    "31.May.2024",
    "31 May 24",
    "31-May-24",
    "31/May/24",
    "31.May.24",
    "May 31, 2024"
  };

  /** The notation of digits alone, whose years are limited so that it reads few other numbers. */
  private static final String COMPACT = "20240531";

  /** Zeros after the point are of programs that keep a column with missing values as doubles. */
  private static final String DIGITS =
      "(?<year>19\\d\\d|20\\d\\d|2100)(?<month>\\d\\d)(?<day>\\d\\d)(?:\\.0+)?";

  /** Ends the name of a notation with the first of the 100 years of two digits. */
  private static final Pattern NAME = Pattern.compile(".* from (\\d{4})");

  private static final String BLANK = "[ \u00a0\u2009\u202f]";
  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
  private static final Pattern MONTH =
      Pattern.compile(
          "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?|september"
              + "|oct(ober)?|nov(ember)?|dec(ember)?",
          Pattern.CASE_INSENSITIVE);

  /** The first year of two digits if nothing else is known, as in POSIX. */
  private static final int FIRST = 1969;

  private static final int CENTURY = 100;

  /** The end of a day, as the hour of the next one. */
  private static final String MIDNIGHT = "24";

  private static final int NOON = 12;

  /** All notations, those without AM and PM first. */
  static final List<Notation> ALL = all();

  private final String date; // date of the example; empty if there are only times
  private final Pattern pattern;
  private final boolean isHalfDay; // whether times have AM or PM
  private final boolean isShort; // whether years have two digits
  private final int firstYear; // first of the years that two digits may mean

  private DateNotation(String date, boolean isHalfDay, int firstYear) {
    super(
        date.isEmpty() ? isHalfDay ? "2:05 PM" : "14:05" : date + (isHalfDay ? " 2:05 PM" : ""),
        firstYear == FIRST ? "" : " from " + firstYear);
    this.date = date;
    this.isHalfDay = isHalfDay;
    this.firstYear = firstYear;
    isShort = !date.isEmpty() && !date.contains("2024");
    String time =
        "(?<hour>\\d{1,2})(?<rest>:[\\d:.,]+)"
            + BLANK
            + (isHalfDay ? "?(?<half>[aApP])\\.?[mM]\\.?" + BLANK : "")
            + "?(?<offset>.*)";
    String whole = pattern(date) + "(?:(?:T|,?" + BLANK + ")" + time + ")?";
    pattern = Pattern.compile(date.isEmpty() ? time : date.equals(COMPACT) ? DIGITS : whole);
  }

  private static List<Notation> all() {
    List<Notation> all = new ArrayList<>();
    for (boolean isHalfDay : new boolean[] {false, true}) {
      for (String example : EXAMPLES) {
        all.add(new DateNotation(example, isHalfDay, FIRST));
      }
      all.add(new DateNotation("", isHalfDay, FIRST));
    }
    all.add(new DateNotation(COMPACT, false, FIRST));
    return List.copyOf(all);
  }

  /** Returns the notation of a name, or null. */
  static Notation parse(String name) {
    Matcher from = NAME.matcher(name);
    int year = from.matches() ? Integer.parseInt(from.group(1)) : FIRST;
    Stream<Notation> all = ALL.stream().map(each -> each.from(year));
    return all.filter(each -> each.name().equals(name)).findFirst().orElse(null);
  }

  @Override
  public OptionalInt firstYear() {
    return isShort ? OptionalInt.of(firstYear) : OptionalInt.empty();
  }

  @Override
  public Notation from(int year) {
    return isShort ? new DateNotation(date, isHalfDay, year) : this;
  }

  /** Returns a pattern of the dates that are written as an example. */
  private static String pattern(String example) {
    boolean isProse = example.contains("May") && example.contains(" ");
    return example
        .replace(".", "\\.")
        .replaceFirst(isProse ? ",? (?=20|24)" : "$^", "(?:,? |,)")
        .replace(" ", BLANK)
        .replace("31", "(?<day>\\d{1,2})")
        .replace("05", "(?<month>\\d{1,2})")
        .replace("May", "(?<month>[A-Za-z]+)" + (isProse ? "\\.?" : "")) // as in Sept. 5
        .replaceFirst("2024", "(?<year>\\\\d{4})")
        .replaceFirst("24", "(?<year>\\\\d{2})");
  }

  @Override
  public boolean isNumber() {
    return false;
  }

  @Override
  Cell read(String text) {
    Matcher found = pattern.matcher(text);
    if (!found.matches()) {
      return null;
    }
    String string = date.isEmpty() ? "1970-01-01" : date(found);
    if (date.equals(COMPACT) || checked(string) == null) {
      return checked(string);
    }
    String hour = found.group("hour");
    if (isHalfDay && hour != null) {
      int number = Integer.parseInt(hour);
      if (number < 1 || number > NOON) {
        return null;
      }
      boolean isAfternoon = found.group("half").equalsIgnoreCase("p");
      hour = Integer.toString(number % NOON + (isAfternoon ? NOON : 0));
    }
    if (MIDNIGHT.equals(hour) && !found.group("rest").matches(".*[1-9].*")) {
      string = date.isEmpty() ? string : LocalDate.parse(string).plusDays(1).toString();
      hour = "00";
    }
    if (hour != null) {
      string += "T" + twoDigits(hour) + found.group("rest") + found.group("offset");
    }
    return checked(string);
  }

  /** Returns a date, or null: the reader of ISO 8601 decides whether there is such a day. */
  private static Cell checked(String string) {
    return Double.isNaN(IsoDate.days(string)) ? null : new Cell(Double.NaN, string);
  }

  private String date(Matcher found) {
    String year = found.group("year");
    if (isShort) {
      year = "" + (firstYear + Math.floorMod(Integer.parseInt(year) - firstYear, CENTURY));
    }
    String month = found.group("month");
    if (MONTH.matcher(month).matches()) {
      String name = month.substring(0, 3).toLowerCase(Locale.ROOT);
      month = Integer.toString(MONTHS.indexOf(name) / 3 + 1);
    }
    return year + "-" + twoDigits(month) + "-" + twoDigits(found.group("day"));
  }

  private static String twoDigits(String number) {
    return number.length() == 1 ? "0" + number : number;
  }
}
