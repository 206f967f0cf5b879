package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Of n + 1 rows, each is left out once. The truth of at least k of them is in the set or interval
 * by the others, and without equal scores that of exactly k.
 */
class CoverageProperties {
  private static double level(Random random) {
    return Math.round(1 + random.nextInt(98)) / 100.0;
  }

  private static int place(int rows, double level) {
    return new BigDecimal(Double.toString(level))
        .multiply(new BigDecimal(rows + 1))
        .setScale(0, RoundingMode.CEILING)
        .intValueExact();
  }

  private static double[] without(double[] scores, int row) {
    double[] others = new double[scores.length - 1];
    System.arraycopy(scores, 0, others, 0, row);
    System.arraycopy(scores, row + 1, others, row, others.length - row);
    return others;
  }

  /** Probabilities that are often equal, or 0, and may not add up to 1. */
  private static double[] probabilities(Random random, int classes, boolean ties) {
    double[] p = new double[classes];
    for (int c = 0; c < classes; c++) {
      p[c] = ties ? random.nextInt(3) * 0.1f : random.nextFloat();
    }
    return p;
  }

  @Property(tries = 300)
  void setsContainAtLeastAsManyClasses(
      @ForAll @IntRange(min = 2, max = 30) int rows,
      @ForAll @IntRange(min = 1, max = 6) int classes,
      @ForAll boolean ties,
      @ForAll boolean byClass,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[][] p = new double[rows][];
    int[] labels = new int[rows];
    double[] scores = new double[rows];
    for (int row = 0; row < rows; row++) {
      p[row] = probabilities(random, classes, ties);
      labels[row] = byClass ? 0 : random.nextInt(classes); // all rows of one class
      scores[row] = Coverage.scores(p[row])[labels[row]];
    }
    double level = level(random);
    int covered = 0;
    int byScore = 0;
    for (int row = 0; row < rows; row++) {
      double[] others = without(scores, row);
      double[][] groups = new double[classes][0];
      groups[0] = others;
      Coverage coverage = byClass ? Coverage.byClass(groups) : Coverage.ofClasses(others);
      Coverage.Level at = coverage.at(level);
      boolean[] set = at.set(p[row]);
      double[] own = Coverage.scores(p[row]);
      int top = 0;
      for (int c = 0; c < classes; c++) {
        top = p[row][c] > p[row][top] ? c : top;
        assertTrue(set[c] || own[c] > at.limit(c), "all classes up to the limit");
      }
      for (int c = 0; c < classes; c++) {
        assertTrue(!set[c] || own[c] <= at.limit(c) || c == top, "no others but the first");
      }
      assertTrue(set[top]);
      covered += set[labels[row]] ? 1 : 0;
      byScore += own[labels[row]] <= at.limit(labels[row]) ? 1 : 0;
    }
    int k = Math.min(rows, place(rows - 1, level));
    assertTrue(byScore >= k, byScore + " of " + rows + ", expected " + k);
    assertTrue(covered >= byScore);
    if (Arrays.stream(scores).distinct().count() == rows) {
      assertEquals(k, byScore);
    }
  }

  /** Numbers of very different sizes, whose differences are rounded, still lie inside. */
  @Property(tries = 300)
  void intervalsContainAsManyNumbers(
      @ForAll @IntRange(min = 2, max = 30) int rows,
      @ForAll @IntRange(min = -3, max = 12) int size,
      @ForAll boolean ties,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] truth = new double[rows];
    double[] predicted = new double[rows];
    double[] scores = new double[rows];
    for (int row = 0; row < rows; row++) {
      predicted[row] = (float) (random.nextGaussian() * StrictMath.pow(10, size));
      truth[row] = random.nextGaussian() + random.nextInt(2) * 1e9;
      if (ties && row > 0) { // the score of the other row may be the limit
        int other = random.nextInt(row);
        predicted[row] = predicted[other];
        truth[row] = truth[other];
      }
      scores[row] = Math.abs(truth[row] - predicted[row]);
    }
    double level = level(random);
    int covered = 0;
    int byScore = 0;
    for (int row = 0; row < rows; row++) {
      Coverage.Level at = Coverage.ofNumbers(without(scores, row)).at(level);
      double low = at.low(0, predicted[row]);
      double high = at.high(0, predicted[row]);
      boolean inside = low <= truth[row] && truth[row] <= high;
      assertTrue(inside || scores[row] > at.limit(0), truth[row] + " " + low + " " + high);
      covered += inside ? 1 : 0;
      byScore += scores[row] <= at.limit(0) ? 1 : 0;
    }
    int k = Math.min(rows, place(rows - 1, level));
    assertTrue(covered >= k && covered >= byScore, covered + " of " + rows + ", expected " + k);
    if (Arrays.stream(scores).distinct().count() == rows) {
      assertEquals(k, byScore);
    }
  }
}
