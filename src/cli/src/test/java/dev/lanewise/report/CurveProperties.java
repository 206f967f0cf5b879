package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class CurveProperties {
  private static final double NAN = Double.NaN;

  @Property(tries = 300)
  void keepsTheExtremesOfEveryColumn(
      @ForAll @IntRange(min = 1, max = 5000) int length,
      @ForAll @DoubleRange(min = 0, max = 0.9) double missing,
      @ForAll @IntRange(min = 1, max = 700) int width,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] x = new double[length];
    double[] y = new double[length];
    for (int i = 0; i < length; i++) {
      x[i] = i;
      y[i] = random.nextDouble() < missing ? NAN : random.nextInt(40) - 20;
    }
    Curve curve = new Curve("c", x, y, true);
    List<int[]> runs = curve.runs(v -> v * width / length);

    int[] kept = runs.stream().flatMapToInt(Arrays::stream).toArray();
    assertTrue(kept.length <= 4 * width, kept.length + " indices for " + width + " columns");
    Set<String> extremes = new HashSet<>();
    int before = -1;
    for (int i : kept) {
      assertTrue(i > before, "not ascending");
      assertTrue(Double.isFinite(y[i]));
      extremes.add(column(i, width, length) + " " + y[i]);
      before = i;
    }
    double[] low = new double[width];
    double[] high = new double[width];
    Arrays.fill(low, Double.POSITIVE_INFINITY);
    Arrays.fill(high, Double.NEGATIVE_INFINITY);
    for (int i : curve.points) {
      int c = column(i, width, length);
      low[c] = Math.min(low[c], y[i]);
      high[c] = Math.max(high[c], y[i]);
    }
    for (int c = 0; c < width; c++) {
      if (low[c] <= high[c]) {
        assertTrue(extremes.contains(c + " " + low[c]), "lowest of column " + c);
        assertTrue(extremes.contains(c + " " + high[c]), "highest of column " + c);
      }
    }
  }

  private static int column(int i, int width, int length) {
    return (int) Math.floor((double) i * width / length);
  }

  @Example
  void gapsBreakTheLine() {
    double[] y = {1, 2, NAN, 3, Double.POSITIVE_INFINITY, NAN, 4, 5, 1e301};
    double[] x = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    List<int[]> runs = new Curve("c", x, y, true).runs(v -> 10 * v);
    assertEquals(3, runs.size());
    assertArrayEquals(new int[] {0, 1}, runs.get(0));
    assertArrayEquals(new int[] {3}, runs.get(1));
    assertArrayEquals(new int[] {6, 7}, runs.get(2));
    assertEquals(
        1, new Curve("c", x, y, true).runs(v -> v / 10).size(), "gaps too narrow to be seen");
  }

  @Example
  void fewPointsAreAllKept() {
    double[] x = {1, 2, 3, 4};
    List<int[]> runs = new Curve("c", x, new double[] {3, 3, 3, 3}, true).runs(v -> 50 * v);
    assertEquals(1, runs.size());
    assertArrayEquals(new int[] {0, 1, 2, 3}, runs.get(0));
    assertEquals(
        List.of(), new Curve("c", x, new double[] {NAN, NAN, NAN, NAN}, true).runs(v -> v));
  }
}
