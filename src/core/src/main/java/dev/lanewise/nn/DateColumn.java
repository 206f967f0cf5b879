package dev.lanewise.nn;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column of dates with or without a time (ISO 8601): the days since 1970-01-01 as a number, and
 * the month and day of the week as categories.
 *
 * @param days the numeric column of the days, in UTC if a time offset is written
 * @param months the column of months as written, {@code 01} to {@code 12}
 * @param weekdays the column of days of the week as written, {@code 1} (Monday) to {@code 7}
 */
public record DateColumn(NumberColumn days, CategoryColumn months, CategoryColumn weekdays)
    implements Column {
  private static final Pattern ISO =
      Pattern.compile(
          "([0-9]{4})-([0-9]{2})-([0-9]{2})"
              + "(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
              + "(Z|[-+][0-9]{2}(?::?[0-9]{2})?)?)?");

  /** Fraction of a day by which rounding can move a date before its midnight. */
  private static final double SLACK = 0.02;

  private static final double DAY_NANOS = 86_400e9;
  private static final int MONTH_PLACE = 5;
  private static final int DAY_PLACE = 8;

  @Override
  public String name() {
    return days.name();
  }

  @Override
  public int position() {
    return days.position();
  }

  @Override
  public String kind() {
    return "date";
  }

  @Override
  public int inputs() {
    return days.inputs() + months.inputs() + weekdays.inputs();
  }

  @Override
  public List<String> inputNames() {
    List<String> names = new ArrayList<>(days.inputNames());
    names.addAll(months.inputNames());
    names.addAll(weekdays.inputNames());
    return names;
  }

  @Override
  public boolean isScaled(int input) {
    return input == 0;
  }

  @Override
  public void encode(double number, String word, double[] out, int at) {
    boolean missing = word == null && Double.isNaN(number);
    double day = word == null || !Double.isNaN(number) ? Double.NaN : days(word);
    if (!missing && Double.isNaN(day)) {
      throw new IllegalArgumentException(
          "column %s is %s, expected a date such as 2024-05-31 or 2024-05-31T12:30:00, as in training"
              .formatted(name(), new Cell(number, word)));
    }
    days.encode(day, null, out, at);
    int next = at + days.inputs();
    months.encode(missing ? null : month(word), out, next);
    weekdays.encode(missing ? null : weekday(word), out, next + months.inputs());
  }

  @Override
  public String text(double[] inputs, int at) {
    String text = days.text(inputs, at);
    return text.equals(NumberColumn.GAP)
        ? text
        : LocalDate.ofEpochDay((long) Math.floor(inputs[at] + SLACK)).toString();
  }

  /**
   * {@return the days from 1970-01-01 to a date, with the time of day as a fraction, in UTC if a
   * time offset is written; NaN if the text is not a date}
   *
   * @param text the date
   */
  public static double days(String text) {
    Matcher iso = ISO.matcher(text);
    if (!iso.matches()) {
      return Double.NaN;
    }
    try {
      LocalDate date =
          LocalDate.of(
              Integer.parseInt(iso.group(1)),
              Integer.parseInt(iso.group(2)),
              Integer.parseInt(iso.group(3)));
      if (iso.group(4) == null) {
        return date.toEpochDay();
      }
      String nanos = iso.group(7) == null ? "0" : (iso.group(7) + "00000000").substring(0, 9);
      LocalDateTime time =
          date.atTime(
              LocalTime.of(
                  Integer.parseInt(iso.group(4)),
                  Integer.parseInt(iso.group(5)),
                  iso.group(6) == null ? 0 : Integer.parseInt(iso.group(6)),
                  Integer.parseInt(nanos)));
      if (iso.group(8) != null) {
        time = time.minusSeconds(ZoneOffset.of(iso.group(8)).getTotalSeconds());
      }
      return time.toLocalDate().toEpochDay() + time.toLocalTime().toNanoOfDay() / DAY_NANOS;
    } catch (DateTimeException e) {
      return Double.NaN;
    }
  }

  /**
   * {@return days, month and day of the week as a text that is equal for all spellings of a date
   * with the same inputs; any other text unchanged}
   *
   * @param text a date, or any other text
   */
  public static String canonical(String text) {
    double days = days(text);
    return Double.isNaN(days)
        ? text
        : Long.toHexString(Double.doubleToLongBits(days)) + ' ' + month(text) + weekday(text);
  }

  /**
   * {@return the month of a date as written, {@code 01} to {@code 12}}
   *
   * @param text a date
   */
  public static String month(String text) {
    return text.substring(MONTH_PLACE, MONTH_PLACE + 2);
  }

  /**
   * {@return the day of the week of a date as written, {@code 1} (Monday) to {@code 7}}
   *
   * @param text a date
   */
  public static String weekday(String text) {
    LocalDate date = LocalDate.parse(text.substring(0, DAY_PLACE + 2));
    return Integer.toString(date.getDayOfWeek().getValue());
  }
}
