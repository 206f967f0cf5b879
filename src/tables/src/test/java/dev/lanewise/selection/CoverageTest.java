package dev.lanewise.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.metrics.Evaluation;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Draws many test sets, and counts how often comparisons find a difference. The property
 * -Dlanewise.coverage=N asks for N sets instead of the few of a usual build, whose bounds are wider
 * by four standard errors.
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
}
