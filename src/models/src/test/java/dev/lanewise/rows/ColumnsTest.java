package dev.lanewise.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Compares the inputs into which columns of a table are encoded, number by number. */
class ColumnsTest {
  private static final double NONE = Double.NaN;

  /** Returns the inputs for a value, and asserts that the numbers around them do not change. */
  private static double[] inputs(Column column, double number, String word) {
    double[] out = new double[column.inputs() + 2];
    Arrays.fill(out, 9);
    column.encode(number, word, out, 1);
    assertEquals(9, out[0]);
    assertEquals(9, out[out.length - 1]);
    assertEquals(column.inputs(), column.inputNames().size());
    return Arrays.copyOfRange(out, 1, out.length - 1);
  }

  private static void assertInputs(Column column, double number, String word, double... expected) {
    assertArrayEquals(expected, inputs(column, number, word));
  }

  @Test
  void numbers() {
    NumberColumn gaps = new NumberColumn("x", 3, 7.5, true);
    assertInputs(gaps, -2, null, -2, 0);
    assertInputs(gaps, NONE, null, 7.5, 1);
    assertEquals(List.of("x", "x missing"), gaps.inputNames());
    assertTrue(gaps.isScaled(0));
    assertFalse(gaps.isScaled(1));
    NumberColumn none = new NumberColumn("x", 3, 7.5, false);
    assertInputs(none, NONE, null, 7.5);
    assertThrows(IllegalArgumentException.class, () -> inputs(none, NONE, "w"));
    assertThrows(IllegalArgumentException.class, () -> inputs(none, 1 / 0.0, null));
  }

  @Test
  void categories() {
    CategoryColumn all = new CategoryColumn("c", 2, List.of("a", "1.5", "true"), true, true);
    assertInputs(all, NONE, "a", 1, 0, 0, 0, 0);
    assertInputs(all, 1.5, null, 0, 1, 0, 0, 0);
    assertInputs(all, NONE, "TRUE", 0, 0, 1, 0, 0);
    assertInputs(all, NONE, "A", 0, 0, 0, 1, 0);
    assertInputs(all, NONE, "false", 0, 0, 0, 1, 0);
    assertInputs(all, NONE, null, 0, 0, 0, 0, 1);
    assertEquals(List.of("c=a", "c=1.5", "c=true", "c other", "c missing"), all.inputNames());
    assertEquals(2, all.position());
    assertTrue(all.hasMissing() && all.other() && !all.isScaled(0));
    CategoryColumn plain = new CategoryColumn("c", 2, List.of("a", "b", "d"), false, false);
    assertInputs(plain, NONE, "d", 0, 0, 1);
    assertInputs(plain, NONE, "x", 0, 0, 0);
    assertInputs(plain, NONE, null, 0, 0, 0);
    assertFalse(plain.hasMissing() || plain.other());
    CategoryColumn gaps = new CategoryColumn("c", 2, List.of("a", "b"), false, true);
    assertInputs(gaps, NONE, null, 0, 0, 1);
    assertInputs(gaps, NONE, "x", 0, 0, 0);
    CategoryColumn other = new CategoryColumn("c", 2, List.of("a", "b"), true, false);
    assertInputs(other, NONE, null, 0, 0, 1);
  }

  @Test
  void twoCategoriesAreOneInputAndOneIsNone() {
    CategoryColumn two = new CategoryColumn("c", 0, List.of("a", "b"), false, false);
    assertInputs(two, NONE, "a", -1);
    assertInputs(two, NONE, "b", 1);
    assertInputs(two, NONE, "x", 0);
    assertInputs(two, NONE, null, 0);
    assertEquals(List.of("c=b"), two.inputNames());
    CategoryColumn one = new CategoryColumn("c", 0, List.of("a"), false, false);
    assertInputs(one, NONE, "a");
    assertInputs(one, NONE, null);
    assertEquals(List.of(), one.inputNames());
    assertInputs(new CategoryColumn("c", 0, List.of("a"), false, true), NONE, "a", 1, 0);
  }

  @Test
  void categoriesAreValues() {
    CategoryColumn column = new CategoryColumn("c", 2, List.of("a", "b"), true, true);
    assertEquals(new CategoryColumn("c", 2, List.of("a", "b"), true, true), column);
    assertEquals(
        new CategoryColumn("c", 2, List.of("a", "b"), true, true).hashCode(), column.hashCode());
    for (CategoryColumn other :
        List.of(
            new CategoryColumn("d", 2, List.of("a", "b"), true, true),
            new CategoryColumn("c", 3, List.of("a", "b"), true, true),
            new CategoryColumn("c", 2, List.of("b", "a"), true, true),
            new CategoryColumn("c", 2, List.of("a", "b"), false, true),
            new CategoryColumn("c", 2, List.of("a", "b"), true, false))) {
      assertNotEquals(other, column);
    }
    assertEquals("CategoryColumn[c, 2 categories]", column.toString());
  }

  @Test
  void dates() {
    DateColumn day =
        new DateColumn(
            new NumberColumn("d", 4, 19000, true),
            new CategoryColumn("d month", 4, List.of("05", "06", "07"), false, true),
            new CategoryColumn("d weekday", 4, List.of("1", "5"), true, false));
    assertInputs(day, NONE, "2024-05-31", 19874, 0, 1, 0, 0, 0, 0, 1, 0); // a Friday
    assertInputs(day, NONE, "2024-07-01T12:00:00", 19905.5, 0, 0, 0, 1, 0, 1, 0, 0);
    assertInputs(day, NONE, "2024-08-06", 19941, 0, 0, 0, 0, 0, 0, 0, 1);
    assertInputs(day, NONE, null, 19000, 1, 0, 0, 0, 1, 0, 0, 1);
    assertEquals(
        List.of(
            "d",
            "d missing",
            "d month=05",
            "d month=06",
            "d month=07",
            "d month missing",
            "d weekday=1",
            "d weekday=5",
            "d weekday other"),
        day.inputNames());
    assertEquals(4, day.position());
    assertTrue(day.isScaled(0));
    assertFalse(day.isScaled(1));
    assertThrows(IllegalArgumentException.class, () -> inputs(day, 3, null));
    assertEquals("no date", day.canonical("no date"));
    assertEquals(day.canonical("2024-05-31"), day.canonical("2024-05-31T00:00"));
    assertNotEquals(day.canonical("2024-05-31"), day.canonical("2024-06-30"));
  }

  @Test
  void hoursOfDates() {
    DateColumn time =
        new DateColumn(
            new NumberColumn("t", 0, 19000, true),
            new CategoryColumn("t month", 0, List.of("05"), false, true),
            new CategoryColumn("t weekday", 0, List.of("5"), false, true),
            Optional.of(new CategoryColumn("t hour", 0, List.of("00", "06"), true, true)));
    assertEquals(
        List.of(
            "t",
            "t missing",
            "t month=05",
            "t month missing",
            "t weekday=5",
            "t weekday missing",
            "t hour=00",
            "t hour=06",
            "t hour other",
            "t hour missing",
            "t time sine",
            "t time cosine"),
        time.inputNames());
    double six = 6.123233995736766E-17; // cosine of the double nearest to a quarter of the circle
    assertInputs(time, NONE, "2024-05-31", 19874, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 1);
    assertInputs(time, NONE, "2024-05-31 06:00", 19874.25, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, six);
    assertInputs( // the hour is as written, the days are not
        time, NONE, "2024-05-31T06:00+06:00", 19874, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, six);
    double[] evening = inputs(time, NONE, "2024-05-31T21:00:00.000");
    assertArrayEquals(new double[] {-Math.sqrt(0.5), Math.sqrt(0.5)}, slice(evening), 1e-15);
    assertEquals(1, evening[8], "other");
    assertInputs(time, NONE, null, 19000, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0);
    assertEquals("date with hours", time.kind());
    for (int i = 1; i < time.inputs(); i++) {
      assertFalse(time.isScaled(i));
    }
  }

  private static double[] slice(double[] inputs) {
    return Arrays.copyOfRange(inputs, inputs.length - 2, inputs.length);
  }

  /** A list without categories stands for no date, and makes no inputs even with gaps. */
  @Test
  void timesOfDay() {
    DateColumn time =
        new DateColumn(
            new NumberColumn("t", 0, 0.5, true),
            new CategoryColumn("t month", 0, List.of(), false, true),
            new CategoryColumn("t weekday", 0, List.of(), false, true),
            Optional.of(new CategoryColumn("t hour", 0, List.of("12", "18"), false, true)));
    assertTrue(time.isTimeOfDay());
    assertEquals(
        List.of(
            "t",
            "t missing",
            "t hour=12",
            "t hour=18",
            "t hour missing",
            "t time sine",
            "t time cosine"),
        time.inputNames());
    double[] inputs = inputs(time, NONE, "1970-01-01T18:07:59");
    assertEquals("18:07", time.text(inputs, 0));
    assertEquals("missing", time.text(inputs(time, NONE, null), 0));
  }

  @Test
  void inputsBelongToColumns() {
    List<Column> columns =
        List.of(
            new NumberColumn("x", 0, 1.5, true),
            new CategoryColumn("constant", 2, List.of("a"), false, false),
            new CategoryColumn("c", 3, List.of("a", "b", "c"), false, false),
            new NumberColumn("y", 1, 0, false));
    Map<String, Integer> places = Map.of("x", 0, "y", 1, "constant", 2, "c", 3);
    Schema schema =
        new Schema(
            columns,
            List.of(),
            Optional.empty(),
            List.of(),
            places,
            true,
            List.of(),
            '.',
            Map.of());
    Map<String, int[]> inputs = schema.inputsOfColumns();
    assertEquals(List.of("x", "c", "y"), List.copyOf(inputs.keySet()));
    assertArrayEquals(new int[] {0, 1}, inputs.get("x"));
    assertArrayEquals(new int[] {2, 3, 4}, inputs.get("c"));
    assertArrayEquals(new int[] {5}, inputs.get("y"));
  }
}
