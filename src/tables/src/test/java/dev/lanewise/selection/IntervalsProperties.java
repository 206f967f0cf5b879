package dev.lanewise.selection;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluations;
import dev.lanewise.nn.Loss;
import dev.lanewise.train.Figure;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Intervals and comparisons of any rows, also of few, weighted or all alike. */
class IntervalsProperties {
  /** Draws rows with many ties; weights may be 0 in all rows but one. */
  private static Evaluation draw(
      Random random, Random model, int kind, int rows, boolean weighted) {
    int outputs = kind == 0 ? 2 + random.nextInt(3) : 1 + random.nextInt(3);
    float[][] targets = new float[rows][outputs];
    float[][] results = new float[rows][outputs];
    int[] labels = new int[rows];
    float[] weights = new float[weighted ? rows : 0];
    for (int row = 0; row < rows; row++) {
      labels[row] = random.nextInt(outputs);
      for (int k = 0; k < outputs; k++) {
        targets[row][k] = random.nextInt(2);
        results[row][k] = model.nextInt(5) / 4f;
      }
      if (weighted) {
        weights[row] = row == 0 ? 1 : random.nextInt(4) / 2f;
      }
    }
    return kind == 0
        ? Evaluations.of(labels, results, weights)
        : Evaluations.of(kind == 1 ? Loss.SIGMOID : Loss.MSE, targets, results, weights);
  }

  @Property(tries = 400)
  void aFigureIsWithinItsInterval(
      @ForAll @IntRange(max = 2) int kind,
      @ForAll @IntRange(min = 1, max = 30) int rows,
      @ForAll boolean weighted,
      @ForAll long seed) {
    Random random = new Random(seed);
    Evaluation evaluation = draw(random, random, kind, rows, weighted);
    RowFigures figures = new RowFigures(evaluation);
    Map<String, Interval> intervals = Intervals.of(evaluation);
    for (Figure figure : evaluation.figures()) {
      RowFigure own = figures.figure(figure.name());
      boolean isAccuracy = figure.name().equals("accuracy"); // these evaluations have none
      if (own != null && !isAccuracy && !Double.isNaN(own.value())) {
        assertEquals(figure.value(), own.value(), 1e-12 + 1e-9 * Math.abs(own.value()));
      }
      Interval interval = intervals.get(figure.name());
      if (interval != null) {
        double value = isAccuracy ? own.value() : figure.value();
        String text = figure.name() + " " + value + " in " + interval;
        assertTrue(interval.low() <= value + 1e-9 && value <= interval.high() + 1e-9, text);
      }
    }
    for (int c = 0; kind == 0 && c < evaluation.classes(); c++) {
      for (Interval interval : Intervals.ofClass(evaluation, c).values()) {
        assertTrue(0 <= interval.low() && interval.low() <= interval.high(), interval.toString());
        assertTrue(interval.high() <= 1, interval.toString());
      }
    }
  }

  @Property(tries = 300)
  void aComparisonTurnsAround(
      @ForAll @IntRange(max = 2) int kind,
      @ForAll @IntRange(min = 2, max = 30) int rows,
      @ForAll boolean weighted,
      @ForAll long seed) {
    Evaluation first = draw(new Random(seed), new Random(1), kind, rows, weighted);
    Evaluation second = draw(new Random(seed), new Random(2), kind, rows, weighted);
    String figure = kind == 2 ? "mae" : "accuracy";
    PairedComparison there = PairedComparison.of(first, second, figure);
    PairedComparison back = PairedComparison.of(second, first, figure);
    assertEquals(there.difference(), -back.difference(), 1e-15);
    assertEquals(there.p(), back.p(), 1e-12);
    assertEquals(there.interval().low(), -back.interval().high(), 1e-12);
    assertTrue(0 <= there.p() && there.p() <= 1, there.toString());
    Interval interval = there.interval();
    boolean isOfClasses = kind == 0 && !weighted; // the interval is another method than the test
    if (!isOfClasses && Math.abs(there.p() - BestModel.LEVEL) > 1e-9) {
      boolean excludes = interval.low() > 0 || interval.high() < 0;
      assertEquals(there.p() < BestModel.LEVEL, excludes, there.toString());
    }
    BestModel best = BestModel.of(List.of(first, second, first), figure);
    assertEquals(
        there.p() == 1 ? 1 : Math.min(1, 3 * there.p()), Collections.min(best.adjusted()), 1e-9);
    assertEquals(0, PairedComparison.of(first, first, figure).difference());
    assertEquals(1, PairedComparison.of(first, first, figure).p());
  }

  @Example
  void whatCannotBeComparedIsRefused() {
    Evaluation a = draw(new Random(1), new Random(1), 0, 5, false);
    Evaluation other = draw(new Random(2), new Random(1), 0, 6, false);
    Evaluation one = draw(new Random(2), new Random(1), 0, 1, false);
    rejects(() -> PairedComparison.of(a, other, "accuracy"), "expected the same rows");
    rejects(() -> PairedComparison.of(a, a, "r2"), "expected another figure");
    rejects(() -> PairedComparison.of(one, one, "accuracy"), "of 2 rows or more");
    rejects(() -> BestModel.of(List.of(), "accuracy"), "expected at least 1");
    rejects(() -> Interval.ofShare(1.1, 3), "expected a share from 0 to 1");
    rejects(() -> FoldScores.of(8, 2, 0.5), "expected at least 2");
  }

  /** Groups of one row are rows, and the order of groups' numbers does not matter. */
  @Property(tries = 200)
  void groupsOfOneRowAreRows(
      @ForAll @IntRange(max = 2) int kind,
      @ForAll @IntRange(min = 100, max = 300) int rows,
      @ForAll boolean weighted,
      @ForAll long seed) {
    Random random = new Random(seed);
    Evaluation evaluation = draw(random, random, kind, rows, weighted);
    Map<String, Interval> alone = Intervals.of(evaluation);
    int[] single = IntStream.range(0, rows).map(row -> 7 * row - 5).toArray();
    int[] many = IntStream.range(0, rows).map(row -> row / 4).toArray();
    Map<String, Interval> own = Intervals.of(evaluation, single);
    Map<String, Interval> wide = Intervals.of(evaluation, many);
    wide.forEach(
        (name, interval) -> {
          Interval by = alone.get(name);
          if (by != null && !name.matches("loss|mae|mse|rmse")) { // these have another skewness
            assertTrue(interval.low() <= by.low() + 1e-9, name + " " + interval + " " + by);
            assertTrue(interval.high() >= by.high() - 1e-9, name + " " + interval + " " + by);
          }
        });
    own.forEach(
        (name, interval) -> {
          assertTrue(interval.method().endsWith(", by groups"), interval.toString());
          if (alone.containsKey(name)) {
            assertTrue(interval.low() <= alone.get(name).low() + 1e-9, name);
          }
        });
  }

  /** Intervals of folds are within the range of the figure, also if all rows are right or wrong. */
  @Example
  void intervalsOfFoldsAreWithinTheRange() {
    FoldScores wrong = FoldScores.of(8, 4, 0, 0, 0).within(RowFigure.Scale.SHARE, 12, 12);
    assertEquals(0, wrong.interval().low());
    assertEquals(Interval.ofShare(0, 12).high(), wrong.interval().high());
    FoldScores good = FoldScores.of(80, 20, 0.9, 1, 1, 0.9).within(RowFigure.Scale.SHARE, 80, 80);
    assertTrue(good.interval().high() < 1 && good.interval().low() > 0.5, good.toString());
    FoldScores equal = FoldScores.of(80, 20, 0.9, 0.9).within(RowFigure.Scale.SHARE, 40, 40);
    assertEquals(Interval.ofShare(0.9, 40).low(), equal.interval().low(), 1e-12);
    FoldScores r = FoldScores.of(80, 20, 0.9, 1).within(RowFigure.Scale.CORRELATION, 40, 9);
    assertTrue(r.interval().high() <= 1 && r.interval().low() >= -1, r.toString());
    FoldScores error = FoldScores.of(80, 20, 0.01, 3).within(RowFigure.Scale.ERROR, 40, 40);
    assertTrue(error.interval().low() > 0 && error.interval().high() > 3, error.toString());
    FoldScores r2 = FoldScores.of(80, 20, -2, 0.9).within(RowFigure.Scale.R2, 40, 40);
    assertTrue(r2.interval().high() < 1, r2.toString());
    FoldScores none = FoldScores.of(80, 20, 0, 0).within(RowFigure.Scale.ERROR, 40, 40);
    assertTrue(Double.isNaN(none.interval().low()), none.toString());
  }

  @Example
  void groupsThatDoNotTellAreRefused() {
    Evaluation a = draw(new Random(1), new Random(1), 0, 50, false);
    int[] few = IntStream.range(0, 50).map(row -> row % 9).toArray();
    rejects(() -> Intervals.of(a, 1, 2, 3), "groups of 3 rows, expected those of 50");
    rejects(
        () -> PairedComparison.of(a, a, "accuracy", few), "9 groups of rows, expected at least 10");
    assertEquals(Map.of(), Intervals.of(a, few));
    assertTrue(Intervals.without(a, few).get("accuracy").startsWith("9 groups of rows"));
    assertEquals(Map.of(), Intervals.ofClass(a, 1, few));
  }

  /** The smallest of n values of p is multiplied by n, the next by n - 1, and none falls. */
  @Example
  void pIsAdjusted() {
    double[] adjusted = PairedComparison.holm(0.03, 0.01, 0.02, 0.6, 0.9);
    assertArrayEquals(new double[] {0.09, 0.05, 0.08, 1, 1}, adjusted, 1e-12);
  }
}
