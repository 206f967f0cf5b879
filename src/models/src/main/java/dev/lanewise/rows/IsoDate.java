package dev.lanewise.rows;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates with or without a time, as ISO 8601 writes them. */
final class IsoDate {
  private static final Pattern ISO =
      Pattern.compile(
          "([0-9]{4})-([0-9]{2})-([0-9]{2})"
              + "(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
              + "(Z|[-+][0-9]{2}(?::?[0-9]{2})?)?)?");

  static final double DAY_NANOS = 86_400e9;

  private IsoDate() {}

  /**
   * Returns the days from 1970-01-01 to a date, with the time of day as a fraction, in UTC if a
   * time offset is written; NaN if the text is not a date.
   */
  static double days(String text) {
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
      LocalDateTime time = date.atTime(time(iso));
      if (iso.group(8) != null) {
        time = time.minusSeconds(ZoneOffset.of(iso.group(8)).getTotalSeconds());
      }
      return time.toLocalDate().toEpochDay() + time.toLocalTime().toNanoOfDay() / DAY_NANOS;
    } catch (DateTimeException e) {
      return Double.NaN;
    }
  }

  /** Returns the time of day of a date as written, as a fraction of a day; 0 without a time. */
  static double timeOfDay(String text) {
    Matcher iso = ISO.matcher(text);
    return iso.matches() && iso.group(4) != null ? time(iso).toNanoOfDay() / DAY_NANOS : 0;
  }

  /** Returns the time of day of a date that has one, as written. */
  private static LocalTime time(Matcher iso) {
    String nanos = iso.group(7) == null ? "0" : (iso.group(7) + "00000000").substring(0, 9);
    return LocalTime.of(
        Integer.parseInt(iso.group(4)),
        Integer.parseInt(iso.group(5)),
        iso.group(6) == null ? 0 : Integer.parseInt(iso.group(6)),
        Integer.parseInt(nanos));
  }
}
