package dev.lanewise.table.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows are divided by a rule: no row is in two parts, groups are whole, and an order is kept. */
class RowDividerProperties {
  private static final Optional<String> NAME = Optional.of("name");
  private static final Optional<String> NONE = Optional.empty();

  private static RowDivider divider(DivisionRule rule, int rows, int[] classes, double... keys) {
    return new RowDivider(rule, OptionalLong.of(11), rows, classes, keys);
  }

  private static double[] keys(int[] groups) {
    return Arrays.stream(groups).asDoubleStream().toArray();
  }

  private static int[] sizes(String text) {
    return Arrays.stream(text.strip().split(" ")).mapToInt(Integer::parseInt).toArray();
  }

  /** Returns numbers as often as their sizes say, in a random order. */
  private static int[] numbers(int[] sizes, Random random) {
    int[] numbers =
        IntStream.range(0, sizes.length)
            .flatMap(i -> IntStream.generate(() -> i).limit(sizes[i]))
            .toArray();
    for (int i = numbers.length; i > 1; i--) {
      int j = random.nextInt(i);
      int last = numbers[i - 1];
      numbers[i - 1] = numbers[j];
      numbers[j] = last;
    }
    return numbers;
  }

  /** The sizes of folds are those that scikit-learn 1.4 printed. */
  @ParameterizedTest
  @CsvSource({
    "KFold, 10, 2, '', 5 5", "KFold, 10, 3, '', 4 3 3",
    "KFold, 23, 5, '', 5 5 5 4 4", "KFold, 101, 10, '', 11 10 10 10 10 10 10 10 10 10",
    "KFold, 7, 7, '', 1 1 1 1 1 1 1", "StratifiedKFold, 30, 5, 15 15, 6 6 6 6 6",
    "StratifiedKFold, 47, 5, 38 9, 10 10 9 9 9", "StratifiedKFold, 100, 3, 20 30 50, 34 33 33",
    "StratifiedKFold, 64, 4, 58 6, 16 16 16 16", "GroupKFold, 20, 3, 5 4 3 3 2 2 1, 6 7 7",
    "GroupKFold, 15, 2, 10 1 1 1 1 1, 5 10", "GroupKFold, 20, 5, 4 4 4 4 4, 4 4 4 4 4",
    "GroupKFold, 40, 4, 9 7 7 6 5 2 2 1 1, 9 10 10 11", "TimeSeriesSplit, 10, 2, '', 4 7",
    "TimeSeriesSplit, 12, 3, '', 3 6 9", "TimeSeriesSplit, 23, 5, '', 8 11 14 17 20",
    "TimeSeriesSplit, 101, 10, '', 11 20 29 38 47 56 65 74 83 92"
  })
  void sizesOfScikitLearn(String kind, int rows, int folds, String given, String expected) {
    int[] found = new int[folds];
    boolean isInOrder = kind.equals("TimeSeriesSplit");
    boolean hasGroups = kind.equals("GroupKFold");
    int[] numbers = given.isEmpty() ? new int[0] : numbers(sizes(given), new Random(5));
    double[] keys = isInOrder ? new Random(5).doubles(rows).toArray() : keys(numbers);
    for (int f = 0; f < folds; f++) {
      DivisionRule rule =
          new DivisionRule(f, folds, 0, hasGroups ? NAME : NONE, isInOrder ? NAME : NONE, 0);
      int[][] parts = divider(rule, rows, numbers, keys).divide(0, 0);
      found[f] = parts[isInOrder ? 0 : 2].length;
    }
    if (hasGroups) {
      Arrays.sort(found);
    }
    assertArrayEquals(sizes(expected), found);
  }

  /** All folds of a repeat have each row once, and each class in equal shares. */
  @Property(tries = 60)
  void eachRowOnce(
      @ForAll @IntRange(min = 2, max = 8) int folds,
      @ForAll @IntRange(max = 2) int repeat,
      @ForAll @IntRange(min = 1, max = 4) int classes,
      @ForAll Random random) {
    int[] labels = random.ints(folds * 8 + random.nextInt(40), 0, classes).toArray();
    int[] counts = new int[labels.length];
    int[][] ofClass = new int[classes][folds];
    for (int f = 0; f < folds; f++) {
      int[][] parts =
          divider(new DivisionRule(f, folds, repeat, NONE, NONE, 0), labels.length, labels)
              .divide(0, 0.25);
      assertDisjoint(parts, labels.length);
      for (int row : parts[2]) {
        counts[row]++;
        ofClass[labels[row]][f]++;
      }
    }
    assertTrue(Arrays.stream(counts).allMatch(count -> count == 1));
    for (int[] each : ofClass) {
      int most = Arrays.stream(each).max().getAsInt();
      assertTrue(most - Arrays.stream(each).min().getAsInt() <= 1);
    }
  }

  private static void assertDisjoint(int[][] parts, int rows) {
    Set<Integer> all = new HashSet<>();
    for (int[] part : parts) {
      for (int row : part) {
        assertTrue(all.add(row) && row >= 0 && row < rows);
      }
    }
    assertEquals(rows, all.size());
  }

  @Property(tries = 60)
  void groupsStayTogether(
      @ForAll @IntRange(max = 6) int folds,
      @ForAll @IntRange(max = 2) int repeat,
      @ForAll boolean keepsRows,
      @ForAll Random random) {
    double kept = keepsRows ? 0.25 : 0;
    int[] groups = random.ints(100 + random.nextInt(100), 0, 30).toArray();
    boolean isFolded = folds > 1;
    DivisionRule rule =
        new DivisionRule(isFolded ? 1 : 0, isFolded ? folds : 0, repeat, NAME, NONE, kept);
    int[][] parts = divider(rule, groups.length, new int[0], keys(groups)).divide(0.2, 0.2);
    assertDisjoint(parts, groups.length);
    Set<Integer> seen = new HashSet<>();
    for (int[] part : parts) {
      Set<Integer> own =
          new HashSet<>(Arrays.stream(part).map(row -> groups[row]).boxed().toList());
      assertTrue(own.stream().allMatch(seen::add));
    }
    if (!isFolded) { // about the shares; a group has about five rows
      assertEquals(0.2, (double) parts[2].length / groups.length, 0.08);
      assertEquals(0.8 * kept, (double) parts[3].length / groups.length, 0.08);
      assertEquals(0.16 * (1 - kept), (double) parts[1].length / groups.length, 0.08);
    }
  }

  @Property(tries = 60)
  void laterRowsAreForTheTest(
      @ForAll @IntRange(max = 6) int folds,
      @ForAll boolean hasTies,
      @ForAll boolean keepsRows,
      @ForAll Random random) {
    double kept = keepsRows ? 0.25 : 0;
    // With fewer rows, all rows of a part may be equal, and then the division is refused.
    double[] keys = random.ints(1200, 0, hasTies ? 200 : 1 << 30).mapToDouble(key -> key).toArray();
    boolean isFolded = folds > 1;
    for (int f = 0; f < Math.max(1, isFolded ? folds : 0); f++) {
      DivisionRule rule = new DivisionRule(f, isFolded ? folds : 0, 0, NONE, NAME, kept);
      int[][] parts = divider(rule, keys.length, new int[0], keys).divide(0.2, 0.2);
      double last = Double.NEGATIVE_INFINITY;
      for (int p : keepsRows ? new int[] {0, 1, 3, 2} : new int[] {0, 1, 2}) {
        int[] part = parts[p];
        double before = last;
        assertTrue(Arrays.stream(part).allMatch(row -> keys[row] > before));
        last = Arrays.stream(part).mapToDouble(row -> keys[row]).max().getAsDouble();
      }
    }
  }

  /** A rule is stored as text in a model. */
  @ParameterizedTest
  @CsvSource({
    "''", "'groups of a, b'",
    "order of 2 of 3", "0.2 for calibration",
    "1.0E-4 for calibration", "'0.1 for calibration, groups of 0.2 for calibration'",
    "'fold 1 of 3, repeat 1, 0.25 for calibration, order of day'", "'fold 2 of 5, repeat 1'",
    "'fold 5 of 5, repeat 3, groups of fold 1 of 2'", "'fold 1 of 2, repeat 1, order of day'"
  })
  void readAgain(String text) {
    assertEquals(text, DivisionRule.of(text).toString());
  }

  @ParameterizedTest
  @CsvSource({"fold 3 of 2 repeat 1", "'fold 0 of 2, repeat 1'", "'fold 1 of 1, repeat 1'", "x"})
  void refused(String text) {
    assertThrows(IllegalArgumentException.class, () -> DivisionRule.of(text));
  }
}
