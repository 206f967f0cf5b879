package dev.lanewise.rows;

import dev.lanewise.rows.internal.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final String BLANK = "[ \u00a0\u2009\u202f]";
  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
  private static final Pattern MONTH =
      Pattern.compile(
          "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?|september"
              + "|oct(ober)?|nov(ember)?|dec(ember)?",
          Pattern.CASE_INSENSITIVE);

  /** The first year of two digits that belongs to the 20th century. */
  private static final String PIVOT = "69";

  private static final int NOON = 12;

  /** All notations, those without AM and PM first. */
  static final List<Notation> ALL = all();

  private final Pattern pattern;
  private final boolean isTime;
  private final boolean isHalfDay; // whether times have AM or PM

  private DateNotation(String date, boolean isHalfDay) {
    super(date.isEmpty() ? isHalfDay ? "2:05 PM" : "14:05" : date + (isHalfDay ? " 2:05 PM" : ""));
    this.isHalfDay = isHalfDay;
    isTime = date.isEmpty();
    String time =
        "(?<hour>\\d{1,2})(?<rest>:[\\d:.,]+)"
            + BLANK
            + (isHalfDay ? "?(?<half>[aApP])\\.?[mM]\\.?" + BLANK : "")
            + "?(?<offset>.*)";
    pattern =
        Pattern.compile(isTime ? time : pattern(date) + "(?:(?:T|,?" + BLANK + ")" + time + ")?");
  }

  private static List<Notation> all() {
    List<Notation> all = new ArrayList<>();
    for (boolean isHalfDay : new boolean[] {false, true}) {
      for (String example : EXAMPLES) {
        all.add(new DateNotation(example, isHalfDay));
      }
      all.add(new DateNotation("", isHalfDay));
    }
    return List.copyOf(all);
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
    String string = isTime ? "1970-01-01" : date(found);
    String hour = found.group("hour");
    if (isHalfDay && hour != null) {
      int number = Integer.parseInt(hour);
      if (number < 1 || number > NOON) {
        return null;
      }
      boolean isAfternoon = found.group("half").equalsIgnoreCase("p");
      hour = Integer.toString(number % NOON + (isAfternoon ? NOON : 0));
    }
    if (hour != null) {
      string += "T" + twoDigits(hour) + found.group("rest") + found.group("offset");
    }
    // The reader of ISO 8601 decides whether there is such a day and such a time.
    return Double.isNaN(IsoDate.days(string)) ? null : new Cell(Double.NaN, string);
  }

  private static String date(Matcher found) {
    String year = found.group("year");
    String century = year.length() > 2 ? "" : year.compareTo(PIVOT) < 0 ? "20" : "19";
    String month = found.group("month");
    if (MONTH.matcher(month).matches()) {
      String name = month.substring(0, 3).toLowerCase(Locale.ROOT);
      month = Integer.toString(MONTHS.indexOf(name) / 3 + 1);
    }
    return century + year + "-" + twoDigits(month) + "-" + twoDigits(found.group("day"));
  }

  private static String twoDigits(String number) {
    return number.length() == 1 ? "0" + number : number;
  }
}
