package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.internal.Stratification;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * A division puts every row, with its label and weight, into one part, and a share of every class
 * into each part.
 */
class DivisionProperties {
  /**
   * Returns the number of rows of each class, and asserts that the rows are unchanged and in order.
   */
  private static int[] check(Rows part, Rows whole, int classes, boolean[] seen) {
    int[] counts = new int[classes];
    int last = -1;
    for (int row = 0; row < part.rows(); row++) {
      int number = DrawnSplit.number(part, row);
      assertFalse(seen[number], "a row is in two parts");
      seen[number] = true;
      assertTrue(number > last, "the order of the rows is kept");
      last = number;
      assertEquals(whole.label(number), part.label(row));
      assertEquals(number + 0.5f, part.weight(row));
      counts[part.label(row)]++;
    }
    return counts;
  }

  @Property(tries = 300)
  void completeDisjointAndInProportion(
      @ForAll @IntRange(min = 1, max = 400) int count,
      @ForAll @IntRange(min = 1, max = 12) int classes,
      @ForAll @IntRange(min = 1, max = 99) int hundredths,
      @ForAll boolean stratified,
      @ForAll boolean bytes,
      @ForAll boolean sliced,
      @ForAll long seed) {
    double fraction = hundredths / 100.0;
    Rows whole = DrawnSplit.of(count, classes, bytes, new Random(seed));
    int first = sliced ? count / 3 : 0; // a slice keeps its place in the arrays
    Rows split = sliced ? whole.slice(first, count - first) : whole;
    int rows = split.rows();
    int taken = rows * hundredths / 100;
    if (taken == 0) {
      return;
    }
    List<Rows> parts = split.divide(fraction, stratified);
    assertEquals(2, parts.size());
    assertEquals(taken, parts.get(1).rows());
    assertEquals(rows - taken, parts.get(0).rows());
    assertEquals(bytes, DataFiles.keepsBytes(parts.get(1)));
    boolean[] seen = new boolean[count];
    Arrays.fill(seen, 0, first, true);
    int[] kept = check(parts.get(0), whole, classes, seen);
    int[] given = check(parts.get(1), whole, classes, seen);
    for (boolean one : seen) {
      assertTrue(one, "a row is in no part");
    }
    for (int c = 0; c < classes && stratified; c++) {
      int all = kept[c] + given[c];
      double share = (double) taken * all / rows;
      assertTrue(given[c] > share - 1 && given[c] < share + 1, given[c] + " of " + share);
    }
    if (!stratified) {
      assertEquals(
          count - taken, DrawnSplit.number(parts.get(1), 0), "the second part has the last rows");
    }
  }

  /** The three parts of a CSV file each get their share of every class. */
  @Property(tries = 200)
  void threeParts(
      @ForAll @IntRange(min = 3, max = 300) int count,
      @ForAll @IntRange(min = 1, max = 9) int classes,
      @ForAll @IntRange(min = 0, max = 40) int percentValid,
      @ForAll @IntRange(min = 0, max = 40) int percentTest,
      @ForAll long seed) {
    Random random = new Random(seed);
    int[] labels = new int[count];
    int[] all = new int[classes];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(classes);
      all[labels[i]]++;
    }
    int valid = count * percentValid / 100;
    int test = count * percentTest / 100;
    int[] order = Stratification.order(labels, valid, test);
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < count; i++) {
      assertEquals(i, sorted[i]);
    }
    int[] ends = {0, count - valid - test, count - test, count};
    for (int part = 0; part < 3; part++) {
      int[] counts = new int[classes];
      for (int i = ends[part]; i < ends[part + 1]; i++) {
        counts[labels[order[i]]]++;
        assertTrue(i == ends[part] || order[i - 1] < order[i], "the order of the rows is kept");
      }
      for (int c = 0; c < classes; c++) {
        double share = (double) (ends[part + 1] - ends[part]) * all[c] / count;
        // Validation is a share of the rows that test leaves; both are off by less than one row.
        assertEquals(share, counts[c], part == 2 ? 1 - 1e-9 : 2 - 1e-9);
      }
    }
  }

  @Property(tries = 100)
  void shuffledRowsAreTheSameRows(
      @ForAll @IntRange(min = 1, max = 300) int count, @ForAll boolean bytes, @ForAll long seed) {
    Rows whole = DrawnSplit.of(count, 5, bytes, new Random(seed));
    Rows shuffled = whole.shuffled(seed);
    boolean[] seen = new boolean[count];
    for (int row = 0; row < count; row++) {
      int number = DrawnSplit.number(shuffled, row);
      assertFalse(seen[number]);
      seen[number] = true;
      assertEquals(whole.label(number), shuffled.label(row));
      assertEquals(number + 0.5f, shuffled.weight(row));
    }
    assertArrayEquals(DataFiles.rows(shuffled), DataFiles.rows(whole.shuffled(seed)));
    if (count > 100) {
      assertFalse(Arrays.equals(DataFiles.rows(whole), DataFiles.rows(shuffled)));
    }
  }

  /** A share means its decimal text: 0.29 of 100 rows are 29, although the double is below 0.29. */
  @Property
  void sharesAreOfDecimals(
      @ForAll @IntRange(max = 999) int thousandths, @ForAll @IntRange(min = 0) int rows) {
    BigDecimal fraction = BigDecimal.valueOf(thousandths, 3);
    int expected = (int) ((long) rows * thousandths / 1000);
    assertEquals(expected, Stratification.share(fraction.doubleValue(), rows));
  }
}
