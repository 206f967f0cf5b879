package dev.lanewise.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.rows.internal.Cell;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What is written in a notation is read as the same value. */
class NotationProperties {
  private static final String[][] MARKS = { // decimal mark, group mark as stored and as written
    {".", "", ""},
    {",", "", ""},
    {".", ",", ","},
    {",", ".", "."},
    {".", "'", "'"},
    {".", "'", "\u2019"},
    {".", " ", " "},
    {",", " ", "\u00a0"},
    {",", " ", "\u202f"},
    {",", " ", "\u2009"},
  };

  private static final String[][] UNITS = { // before and after an example, and as written
    {"", "", "", ""},
    {"", "%", "", "%"},
    {"", "%", "", "\u00a0%"},
    {"", " kg", "", "kg"},
    {"", " km/h", "", " km/h"},
    {"", " \u20ac", "", "\u202f\u20ac"},
    {"EUR ", "", "EUR ", ""},
    {"$", "", "$", ""},
    {"US$", "", "US$ ", ""},
  };

  private static final String[][] DATES = { // example, and a pattern of the JDK
    {"31.05.2024", "dd.MM.yyyy"},
    {"31.05.2024", "d.M.yyyy"},
    {"31/05/2024", "dd/MM/yyyy"},
    {"31-05-2024", "d-MM-yyyy"},
    {"31 05 2024", "dd MM yyyy"},
    {"31.05.24", "dd.MM.uu"},
    {"31/05/24", "d/M/uu"},
    {"05/31/2024", "M/d/yyyy"},
    {"05-31-2024", "MM-dd-yyyy"},
    {"05/31/24", "M/d/uu"},
    {"2024/05/31", "yyyy/MM/dd"},
    {"2024.05.31", "yyyy.M.d"},
    {"31 May 2024", "d MMMM yyyy"},
    {"31 May 2024", "d MMM, yyyy"},
    {"31-May-2024", "dd-MMM-yyyy"},
    {"31/May/2024", "dd/MMM/yyyy"},
    {"31-May-24", "dd-MMM-uu"},
    {"May 31, 2024", "MMMM d, yyyy"},
    {"May 31, 2024", "MMM d yyyy"},
  };

  private static final String[] TIMES = {"H:mm", "HH:mm:ss", "HH:mm:ss.SSS", "HH:mm:ss.SSSSSSSSS"};
  private static final String[] HALF_TIMES = {"h:mm a", "hh:mm:ssa", "h:mm:ss.SSS a"};
  private static final String[] JOINTS = {" ", "'T'", "', '", "'\u00a0'"};
  private static final String[] OFFSETS = {"", "XXX", " XX"};

  @Property(tries = 1000, edgeCases = EdgeCasesMode.MIXIN)
  void numbersAreReadAsTheSameDoubles(
      @ForAll @LongRange(min = -1_000_000_000_000_000L, max = 1_000_000_000_000_000L) long digits,
      @ForAll @IntRange(max = 6) int decimals,
      @ForAll @IntRange(max = 9) int marks,
      @ForAll @IntRange(max = 8) int units) {
    String plain = BigDecimal.valueOf(digits, decimals).toPlainString();
    String[] mark = MARKS[marks];
    String[] unit = UNITS[units];
    int point = plain.indexOf('.') < 0 ? plain.length() : plain.indexOf('.');
    String whole = plain.substring(0, point).replaceAll("(?<=\\d)(?=(\\d{3})+$)", mark[2]);
    String fraction = plain.substring(point).replace(".", mark[0]);
    String sign = whole.startsWith("-") ? "-" : "";
    String number = whole.substring(sign.length()) + fraction;
    String example = unit[0] + "1" + mark[1] + "234" + mark[0] + "5" + unit[1];
    Notation notation = Notation.of(example);
    assertEquals(example, notation.example());
    double value =
        unit[1].equals("%")
            ? new BigDecimal(plain).movePointLeft(2).doubleValue()
            : Double.parseDouble(plain);
    for (String text : new String[] {sign + unit[2] + number, unit[2] + sign + number}) {
      assertEquals(value, notation.read(text + unit[3]).number() + 0.0, text);
    }
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.MIXIN)
  void datesAreReadAsTheSameInstants(
      @ForAll @LongRange(min = -62_135_596_800L, max = 253_402_300_799L) long second,
      @ForAll @LongRange(max = 999_999_999) long nano,
      @ForAll @IntRange(min = -1080, max = 1080) int offset,
      @ForAll int choice) {
    String[] date = DATES[Math.floorMod(choice, DATES.length)];
    int rest = Math.floorMod(choice / DATES.length, 1 << 20);
    boolean isHalfDay = rest % 2 == 1;
    String[] times = isHalfDay ? HALF_TIMES : TIMES;
    String time = times[rest / 2 % times.length] + OFFSETS[rest / 8 % 3];
    String pattern = date[1] + JOINTS[rest / 32 % 4] + time;
    boolean isShort = !date[0].contains("2024");
    long seconds = isShort ? Math.floorMod(second, 3_155_760_000L) - 31_536_000 : second;
    LocalDateTime local = LocalDateTime.ofEpochSecond(seconds, (int) nano, ZoneOffset.UTC);
    OffsetDateTime at = local.atOffset(ZoneOffset.ofTotalSeconds(60 * offset));
    String text = DateTimeFormatter.ofPattern(pattern, Locale.US).format(at);
    String iso = "yyyy-MM-dd'T'" + TIMES[time.contains("SSSSS") ? 3 : time.contains("SSS") ? 2 : 1];
    iso += time.endsWith("X") ? "XXX" : "";
    iso = iso.replace(time.contains("ss") ? "none" : "mm:ss", "mm");
    String expected = DateTimeFormatter.ofPattern(iso, Locale.US).format(at);
    Cell cell = Notation.of(date[0] + (isHalfDay ? " 2:05 PM" : "")).read(text);
    assertEquals(DateColumn.days(expected), DateColumn.days(cell.string()), text);
    String day = DateTimeFormatter.ofPattern(date[1], Locale.US).format(at);
    cell = Notation.of(date[0]).read(day);
    assertEquals(local.toLocalDate().toString(), cell.string());
    String onlyTime = DateTimeFormatter.ofPattern(time, Locale.US).format(at);
    cell = Notation.of(isHalfDay ? "2:05 PM" : "14:05").read(onlyTime);
    assertEquals(
        DateColumn.days("1970-01-01" + expected.substring(10)), DateColumn.days(cell.string()));
  }
}
