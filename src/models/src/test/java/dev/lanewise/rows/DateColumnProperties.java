package dev.lanewise.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Each spelling of a date with a time makes the same inputs, which follow from the date. */
class DateColumnProperties {
  private static final int MILLIS = 86_400_000; // of a day

  private static CategoryColumn numbers(String name, int from, int to, String format) {
    List<String> all = IntStream.rangeClosed(from, to).mapToObj(format::formatted).toList();
    return new CategoryColumn(name, 0, all, false, false);
  }

  private static final DateColumn COLUMN =
      new DateColumn(
          new NumberColumn("t", 0, 0, false),
          numbers("t month", 1, 12, "%02d"),
          numbers("t weekday", 1, 7, "%d"),
          Optional.of(numbers("t hour", 0, 23, "%02d")));

  private static double[] inputs(String text) {
    double[] inputs = new double[COLUMN.inputs()];
    COLUMN.encode(Double.NaN, text, inputs, 0);
    return inputs;
  }

  @Property(tries = 300)
  void inputsFollowFromTheDate(
      @ForAll @LongRange(min = -50_000L * MILLIS, max = 50_000L * MILLIS) long millis,
      @ForAll @IntRange(min = -40, max = 52) int quarters) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(millis, 1000L), Math.floorMod(millis, 1000) * 1_000_000, ZoneOffset.UTC);
    ZoneOffset offset = ZoneOffset.ofTotalSeconds(quarters * 900);
    double ofDay = Math.floorMod(millis, (long) MILLIS) / (double) MILLIS;
    double[] expected = new double[COLUMN.inputs()];
    expected[time.getMonthValue()] = 1;
    expected[12 + time.getDayOfWeek().getValue()] = 1;
    expected[20 + time.getHour()] = 1;
    expected[44] = StrictMath.sin(2 * Math.PI * ofDay);
    expected[45] = StrictMath.cos(2 * Math.PI * ofDay);
    double[] written = inputs(time.toString());
    expected[0] = written[0];
    assertArrayEquals(expected, written, 1e-14);
    assertEquals(millis / (double) MILLIS, written[0], 1e-10);

    String digits = time.toLocalDate() + " " + time.toLocalTime().toString().replace('.', ',');
    assertArrayEquals(written, inputs(digits));
    assertArrayEquals(written, inputs(time + "Z"));
    assertEquals(COLUMN.canonical(time.toString()), COLUMN.canonical(digits));

    double[] elsewhere = inputs(time.atOffset(offset).toString());
    assertEquals(written[0] - quarters / 96.0, elsewhere[0], 1e-10);
    elsewhere[0] = written[0];
    assertArrayEquals(written, elsewhere, "all but the days are as written");
    assertEquals(
        quarters == 0,
        COLUMN
            .canonical(time.toString())
            .equals(COLUMN.canonical(time.atOffset(offset).toString())));
    String instant = time.atOffset(ZoneOffset.UTC).withOffsetSameInstant(offset).toString();
    assertEquals(
        quarters == 0, COLUMN.canonical(time.toString()).equals(COLUMN.canonical(instant)));
  }

  /** Inputs that were rounded to float show the written date and minute. */
  @Property(tries = 300)
  void textsAreDatesAsWritten(
      @ForAll @IntRange(min = 0, max = 30_000 * 1440) int minutes,
      @ForAll @IntRange(min = -40, max = 52) int quarters) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(60L * minutes, 0, ZoneOffset.UTC);
    double[] inputs = inputs(time.atOffset(ZoneOffset.ofTotalSeconds(quarters * 900)).toString());
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) inputs[i];
    }
    assertEquals(time.toString(), COLUMN.text(inputs, 0));
  }
}
