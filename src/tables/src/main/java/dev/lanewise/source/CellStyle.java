package dev.lanewise.source;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/** How a workbook shows the number in a cell. Source: ECMA-376, part 1, 18.8.30. */
enum CellStyle {
  NUMBER,
  PERCENT,
  DATE,
  TIME,
  DATE_AND_TIME;

  private static final LocalDate FIRST = LocalDate.of(1899, 12, 30); // day 0 since March 1900
  private static final int BEFORE_1904 = 1462; // days from that day to 1904-01-01
  // before this day, Excel counts a day that did not exist
  static final int MARCH_1900 = 61;
  private static final int LAST = 2958465; // 9999-12-31
  private static final int SECONDS = 24 * 60 * 60;

  /** Returns the style of a number format, whose code is empty if the format is built in. */
  static CellStyle of(String id, String code) {
    if (code.isEmpty()) {
      return switch (id) {
        case "9", "10" -> PERCENT;
        case "14", "15", "16", "17" -> DATE;
        case "18", "19", "20", "21", "45", "47" -> TIME;
        case "22" -> DATE_AND_TIME;
        default -> NUMBER;
      };
    }
    String bare = code.replaceAll("\"[^\"]*\"|\\\\.|_.|\\*.|\\[[^\\]]*\\]", "").split(";")[0];
    boolean isDate = bare.matches("(?i).*[yd].*");
    boolean isTime = bare.matches("(?i).*[hs].*");
    if (bare.matches("(?i).*general.*") || code.matches("(?i).*\\[[hms]+\\].*")) {
      return NUMBER; // durations are shown as days
    }
    if (isDate || isTime) {
      return isDate && isTime ? DATE_AND_TIME : isDate ? DATE : TIME;
    }
    return bare.contains("%") ? PERCENT : NUMBER;
  }

  /** Returns a number as text with all its digits; null if it is a date that Excel cannot show. */
  String text(double number, boolean is1904) {
    if (this == NUMBER) {
      return plain(BigDecimal.valueOf(number));
    } else if (this == PERCENT) {
      return plain(BigDecimal.valueOf(number).movePointRight(2)) + "%";
    }
    long seconds = Math.round(number * SECONDS);
    LocalTime time = LocalTime.ofSecondOfDay(Math.floorMod(seconds, (long) SECONDS));
    if (this == TIME && number >= 0 && number < 1) {
      return time.toString().length() == 5 ? time + ":00" : time.toString();
    }
    long day = Math.floorDiv(seconds, (long) SECONDS);
    day += is1904 ? BEFORE_1904 : 0;
    if (day < (is1904 ? BEFORE_1904 : MARCH_1900) || day > LAST) {
      return null;
    }
    LocalDateTime all = FIRST.plusDays(day).atTime(time);
    return this == DATE && seconds % SECONDS == 0
        ? all.toLocalDate().toString()
        : all.toLocalDate() + "T" + (time.getSecond() == 0 ? time + ":00" : time.toString());
  }

  private static String plain(BigDecimal number) {
    BigDecimal least = number.stripTrailingZeros();
    boolean isShort = least.precision() - least.scale() <= 20 && least.scale() <= 20;
    return isShort ? least.toPlainString() : least.toString();
  }
}
