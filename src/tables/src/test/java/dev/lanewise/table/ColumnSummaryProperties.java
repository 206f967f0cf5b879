package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.internal.Quantiles;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.internal.Cell;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A summary of a column agrees with one that is made cell by cell. */
class ColumnSummaryProperties {
  private static final String[] WORDS = {
    "a", "B", "b", "\uff5e", "\ud83d\ude00", "True", "TRUE", "Z\u00fcrich", "?"
  };

  private static Object value(int kind, Random random) {
    return switch (kind) {
      case 0 -> random.nextInt(9) - 4;
      case 1 -> random.nextInt(5) / 2.0 - 1;
      case 2 -> random.nextInt(2) == 0 ? -0.0 : 0.0;
      case 3 -> random.nextGaussian();
      case 4 -> WORDS[random.nextInt(WORDS.length)];
      case 5 -> "2024-05-%02d".formatted(10 + random.nextInt(20));
      case 6 -> "2024-05-30T%02d:30".formatted(10 + random.nextInt(6));
      default -> random.nextBoolean() ? null : "NA";
    };
  }

  @Property(tries = 500)
  void asTheCellsSay(
      @ForAll @IntRange(min = 1, max = 80) int rows,
      @ForAll @IntRange(max = 7) int one,
      @ForAll @IntRange(max = 7) int other,
      @ForAll @IntRange(max = 6) int most,
      @ForAll Random random) {
    int[] kinds = {one, one, other, 7};
    int few = random.nextInt(kinds.length); // at least the first kind is used
    List<Map<String, Object>> maps = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("beside", row);
      map.put("x", value(kinds[random.nextInt(few + 1)], random));
      maps.add(map);
    }
    Table table = Table.of(maps);

    List<Double> numbers = new ArrayList<>();
    List<Double> days = new ArrayList<>();
    Map<String, Integer> words = new TreeMap<>(CodePoints.ORDER);
    Map<Double, Integer> counts = new TreeMap<>();
    int missing = 0;
    int dates = 0;
    for (Map<String, Object> map : maps) {
      Cell cell = Cell.of(map.get("x"), Cell.MISSING_STRINGS);
      if (cell.equals(Cell.MISSING)) {
        missing++;
      } else if (cell.string() == null) {
        numbers.add(cell.number() == 0 ? 0.0 : cell.number());
        counts.merge(numbers.get(numbers.size() - 1), 1, Integer::sum);
      } else {
        words.merge(cell.string(), 1, Integer::sum);
        double day = DateColumn.days(cell.string());
        dates += Double.isNaN(day) ? 0 : 1;
        days.add(day);
      }
    }
    boolean areDates = dates > 0 && dates + missing == rows;
    String kind = numbers.isEmpty() ? "empty" : "numbers";
    if (!words.isEmpty()) {
      kind = numbers.isEmpty() ? areDates ? "dates" : "texts" : "mixed";
    }
    List<Map.Entry<String, Integer>> frequent = new ArrayList<>(words.entrySet());
    counts.forEach((number, count) -> frequent.add(Map.entry(Cell.text(number), count)));
    frequent.sort(Map.Entry.<String, Integer>comparingByValue().reversed());
    List<Double> quantiles = new ArrayList<>();
    List<Double> sorted = areDates ? days : numbers;
    Collections.sort(sorted);
    double[] array = sorted.stream().mapToDouble(number -> number).toArray();
    for (double share = 0; share <= 1 && array.length > 0; share += 0.25) {
      quantiles.add(Quantiles.of(array, array.length, share));
    }

    ColumnSummary found = ColumnSummary.of(table, 1, most);
    assertEquals("x", found.name());
    assertEquals(kind, found.kind());
    assertEquals(missing, found.missing());
    assertEquals(words.size() + counts.size(), found.distinct());
    assertEquals(quantiles, found.quantiles());
    assertEquals(frequent.subList(0, Math.min(most, frequent.size())), found.frequent());
  }
}
