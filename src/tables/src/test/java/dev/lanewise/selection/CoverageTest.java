package dev.lanewise.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.metrics.Evaluation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Draws many test sets of known truth, and counts how often the intervals contain it, and how often
 * comparisons find a difference. The property -Dlanewise.coverage=N asks for N sets instead of the
 * few of a usual build, whose bounds are wider by four standard errors.
 */
class CoverageTest {
  private static final int SETS = Integer.getInteger("lanewise.coverage", 200);
  private static final boolean IS_LONG = SETS >= 2000;
  private static final int[] ROWS = IS_LONG ? new int[] {200, 630, 2000} : new int[] {200};

  /** Asserts that a share of sets is within bounds, but for chance if there are few sets. */
  private static void assertShare(String what, double count, int sets, double low, double high) {
    double share = count / sets;
    double slack = IS_LONG ? 0 : 4 * Math.sqrt(0.05 * 0.95 / sets);
    if (IS_LONG) {
      System.Logger log = System.getLogger("coverage");
      log.log(System.Logger.Level.INFO, "{0}: {1}", what, Double.toString(share));
    }
    assertTrue(share >= low - slack && share <= high + slack, () -> what + ": " + share);
  }

  private static void assertCovers(String what, Map<String, Double> truth, List<Evaluation> sets) {
    Map<String, Integer> counts = new TreeMap<>();
    Map<String, Integer> shown = new TreeMap<>();
    for (Evaluation each : sets) {
      Map<String, Interval> intervals = new HashMap<>(Intervals.of(each));
      if (each.kind().task().hasClasses()) {
        intervals.putAll(Intervals.ofClass(each, 1));
      }
      truth.forEach(
          (figure, value) -> {
            Interval found = intervals.get(figure);
            if (found == null) { // a few rows have most of the squared error
              return;
            }
            shown.merge(figure, 1, Integer::sum);
            boolean covers = found.low() <= value && value <= found.high();
            counts.merge(figure, covers ? 1 : 0, Integer::sum);
          });
    }
    counts.forEach(
        (name, count) -> {
          assertTrue(shown.get(name) > 0.9 * sets.size(), () -> what + ": " + shown);
          assertShare(what + ", " + name, count, shown.get(name), 0.93, 0.97);
        });
  }

  @Test
  void intervalsOfClassesContainTheTruth() {
    for (int rows : ROWS) {
      for (double distance : new double[] {0.5, 1.2, 2}) {
        Samples samples = new Samples(rows);
        List<Evaluation> sets = new ArrayList<>();
        for (int i = 0; i < SETS; i++) {
          sets.add(samples.classes(rows, 0.5, 0, distance)[0]);
        }
        String what = rows + " rows at distance " + distance;
        double accuracy = normal(distance / 2); // of each class, by Bayes' rule
        Map<String, Double> truth = new HashMap<>();
        List.of("accuracy", "recall", "precision", "f1").forEach(name -> truth.put(name, accuracy));
        truth.put("matthews", 2 * accuracy - 1);
        truth.put("roc_auc", normal(distance / Math.sqrt(2)));
        assertCovers(what, truth, sets);
      }
    }
  }

  @Test
  void intervalsOfNumbersContainTheTruth() {
    for (int rows : ROWS) {
      Samples samples = new Samples(rows);
      List<Evaluation> sets = new ArrayList<>();
      double deviation = 0.7; // another one scales 1 - R2 and the errors, and their intervals alike
      for (int i = 0; i < SETS; i++) {
        sets.add(samples.numbers(rows, 0, deviation)[0]);
      }
      double mae = deviation * Math.sqrt(2 / Math.PI);
      double r2 = 1 - deviation * deviation;
      assertCovers(rows + " rows", Map.of("r2", r2, "rmse", deviation, "mae", mae), sets);
    }
  }

  /** A draw of two models on the same rows, of which the second is better by so much. */
  private interface Pairs {
    Evaluation[] draw(Samples samples, int rows, double better);
  }

  @Test
  void equalModelsAreSeldomFoundDifferent() {
    Pairs classes = (samples, rows, better) -> samples.classes(rows, 0.3, 0.6, 1.2, 1.2 + better);
    Pairs numbers = (samples, rows, better) -> samples.numbers(rows, 0.6, 0.8, 0.8 - better);
    for (int rows : ROWS) {
      assertPower("accuracy", rows, classes);
      assertPower("loss", rows, classes);
      assertPower("roc_auc", rows, classes);
      assertPower("r2", rows, numbers);
    }
  }

  /** Asserts for equal models, and for models that are three standard errors apart. */
  private static void assertPower(String figure, int rows, Pairs pairs) {
    int sets = IS_LONG ? SETS : 100;
    String what = " pairs on " + rows + " rows differ, " + figure;
    assertShare("equal" + what, found(figure, rows, sets, 0, pairs)[0], sets, 0, 0.07);
    double better = 0.05;
    for (int i = 0; i < 3; i++) { // the gain by which the mean difference is three deviations
      better *= 3 / found(figure, rows, sets, better, pairs)[1];
    }
    double[] found = found(figure, rows, sets, better, pairs);
    assertEquals(3, found[1], IS_LONG ? 0.15 : 0.6, what);
    assertShare("unequal" + what, found[0], sets, 0.8, 1);
  }

  /** Returns how many pairs differ, and the mean difference in its standard deviations. */
  private static double[] found(String figure, int rows, int sets, double better, Pairs pairs) {
    Samples samples = new Samples(rows + figure.hashCode());
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (int i = 0; i < sets; i++) {
      Evaluation[] pair = pairs.draw(samples, rows, better);
      PairedComparison comparison = PairedComparison.of(pair[0], pair[1], figure);
      count += comparison.p() < BestModel.LEVEL ? 1 : 0;
      sum += comparison.difference();
      squares += comparison.difference() * comparison.difference();
    }
    double mean = sum / sets;
    double deviation = Math.sqrt(squares / sets - mean * mean);
    return new double[] {count, Math.abs(mean) / deviation};
  }

  /** Of many equal models the best is no winner. */
  @Test
  void theBestOfEqualModelsIsSeldomBetter() {
    int sets = IS_LONG ? SETS : 100;
    for (int rows : ROWS) {
      Samples samples = new Samples(rows);
      int count = 0;
      for (int i = 0; i < sets; i++) {
        List<Evaluation> five = List.of(samples.classes(rows, 0.5, 0.6, 1, 1, 1, 1, 1));
        BestModel best = BestModel.of(five, "accuracy");
        boolean isAny = false;
        for (int m = 0; m < 5; m++) {
          isAny |= best.isBetterThan(m);
        }
        count += isAny ? 1 : 0;
      }
      assertShare("best of 5 on " + rows + " rows", count, sets, 0, 0.07);
    }
  }

  private static double normal(double x) {
    return 1 - StudentT.twoSided(x, 1e9) / 2;
  }
}
