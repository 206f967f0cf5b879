package dev.lanewise.rows;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.rows.internal.Cell;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A column of dates with or without a time (ISO 8601): the days since 1970-01-01 as a number, and
 * the month and day of the week as categories. If training rows have different times of day, the
 * hour is a category, too, and two more inputs are the sine and cosine of the time of day as an
 * angle, so that 23:59 is close to 00:00. All but the days are as written, before a time offset.
 *
 * @param days the numeric column of the days, in UTC if a time offset is written
 * @param months the column of months as written, {@code 01} to {@code 12}
 * @param weekdays the column of days of the week as written, {@code 1} (Monday) to {@code 7}
 * @param hours the column of hours as written, {@code 00} to {@code 23}; empty if the time of day
 *     is only a part of the days
 */
public record DateColumn(
    NumberColumn days,
    CategoryColumn months,
    CategoryColumn weekdays,
    Optional<CategoryColumn> hours)
    implements Column {
  /** Fraction of a day by which rounding can move a date before its midnight. */
  private static final double SLACK = 0.02;

  /**
   * The kind of a column whose values have times of day. It has a name of its own, so that versions
   * without inputs for the hour refuse the model.
   */
  public static final String WITH_HOURS = "date with hours";

  private static final int DAY_MINUTES = 1440;

  /** Part of a minute by which rounding can move a time before its minute. */
  private static final double MINUTE_SLACK = 1e-3;

  /**
   * Moves the range of time offsets for which {@link #text} finds the written day from 12 hours on
   * both sides to those that most people live with, -10:00 to +13:00.
   */
  private static final double EAST = 1.5 / 24;

  private static final int MONTH_PLACE = 5;
  private static final int DAY_PLACE = 8;
  private static final int HOUR_PLACE = 11;

  /**
   * Makes a column without inputs for the hour.
   *
   * @param days the numeric column of the days
   * @param months the column of months
   * @param weekdays the column of days of the week
   */
  public DateColumn(NumberColumn days, CategoryColumn months, CategoryColumn weekdays) {
    this(days, months, weekdays, Optional.empty());
  }

  /** {@return the lists of categories in the order of their inputs} */
  public List<CategoryColumn> lists() {
    return hours.isEmpty() ? List.of(months, weekdays) : List.of(months, weekdays, hours.get());
  }

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
    return hours.isEmpty() ? "date" : WITH_HOURS;
  }

  @Override
  public int inputs() {
    int inputs = days.inputs() + months.inputs() + weekdays.inputs();
    return hours.isEmpty() ? inputs : inputs + hours.get().inputs() + 2;
  }

  @Override
  public List<String> inputNames() {
    List<String> names = new ArrayList<>(days.inputNames());
    lists().forEach(list -> names.addAll(list.inputNames()));
    if (hours.isPresent()) {
      names.add(name() + " time sine");
      names.add(name() + " time cosine");
    }
    return names;
  }

  @Override
  public boolean isScaled(int input) {
    return input == 0;
  }

  @Override
  public void encode(double number, String string, double[] out, int at) {
    boolean missing = string == null && Double.isNaN(number);
    double day = string == null || !Double.isNaN(number) ? Double.NaN : days(string);
    if (!missing && Double.isNaN(day)) {
      throw new ArgumentException(
          "column %s is %s, expected a date such as 2024-05-31 or 2024-05-31T12:30:00, as in training",
          name(), new Cell(number, string));
    }
    days.encode(day, null, out, at);
    int next = at + days.inputs();
    months.encode(missing ? null : month(string), out, next);
    next += months.inputs();
    weekdays.encode(missing ? null : weekday(string), out, next);
    if (hours.isPresent()) {
      next += weekdays.inputs();
      hours.get().encode(missing ? null : hour(string), out, next);
      next += hours.get().inputs();
      double angle = missing ? 0 : 2 * Math.PI * timeOfDay(string);
      out[next] = missing ? 0 : StrictMath.sin(angle); // the same on every machine
      out[next + 1] =
          missing ? 0 : StrictMath.cos(angle); // a missing value is the centre of the circle
    }
  }

  @Override
  public String text(double[] inputs, int at) {
    String text = days.text(inputs, at);
    if (text.equals(NumberColumn.MISSING)) {
      return text;
    } else if (hours.isEmpty()) {
      return LocalDate.ofEpochDay((long) Math.floor(inputs[at] + SLACK)).toString();
    }
    int sine = at + inputs() - 2;
    double turns = StrictMath.atan2(inputs[sine], inputs[sine + 1]) / (2 * Math.PI);
    long minutes = (long) Math.floor(turns * DAY_MINUTES + MINUTE_SLACK);
    LocalTime time = LocalTime.ofSecondOfDay(60 * Math.floorMod(minutes, (long) DAY_MINUTES));
    double midnight = inputs[at] - time.toNanoOfDay() / IsoDate.DAY_NANOS; // and the time offset
    return isTimeOfDay()
        ? time.toString()
        : LocalDate.ofEpochDay(Math.round(midnight + EAST)).atTime(time).toString();
  }

  /**
   * {@return true if all dates of the training rows are 1970-01-01, which stands for no date, so
   * that the column only has times of day}
   */
  public boolean isTimeOfDay() {
    return hours.isPresent() && months.categories().isEmpty() && !months.other();
  }

  /**
   * {@return the days from 1970-01-01 to a date, with the time of day as a fraction, in UTC if a
   * time offset is written; NaN if the text is not a date}
   *
   * @param text the date
   */
  public static double days(String text) {
    return IsoDate.days(text);
  }

  /**
   * Returns a text that is equal for all spellings of a date with the same inputs.
   *
   * @param text a date, or any other text
   * @return days, month and day of the week, and the time of day if it has inputs; any other text
   *     unchanged
   */
  public String canonical(String text) {
    double days = days(text);
    if (Double.isNaN(days)) {
      return text;
    }
    String same = bits(days) + ' ' + month(text) + weekday(text);
    return hours.isEmpty() ? same : same + ' ' + bits(timeOfDay(text));
  }

  private static String bits(double number) {
    return Long.toHexString(Double.doubleToLongBits(number));
  }

  /**
   * {@return the time of day of a date as written, as a fraction of a day; 0 without a time}
   *
   * @param text a date
   */
  public static double timeOfDay(String text) {
    return IsoDate.timeOfDay(text);
  }

  /**
   * {@return the hour of a date as written, {@code 00} to {@code 23}; {@code 00} without a time}
   *
   * @param text a date
   */
  public static String hour(String text) {
    return text.length() > HOUR_PLACE ? text.substring(HOUR_PLACE, HOUR_PLACE + 2) : "00";
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
