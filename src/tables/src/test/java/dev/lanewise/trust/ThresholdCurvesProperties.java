package dev.lanewise.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluations;
import dev.lanewise.metrics.RocAuc;
import dev.lanewise.nn.Loss;
import dev.lanewise.trust.internal.ThresholdCurves;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The area, the direction and the thinning of the curves of random rows. */
class ThresholdCurvesProperties {
  private static Evaluation rows(byte[] scores, boolean[] positive, byte[] weights) {
    int rows = scores.length;
    float[][] p = new float[rows][1];
    float[][] t = new float[rows][1];
    float[] w = new float[rows];
    for (int row = 0; row < rows; row++) {
      p[row][0] = (scores[row] & 31) / 32f;
      t[row][0] = positive[row % positive.length] ? 1 : 0;
      w[row] = row == 0 ? 1 : weights[row % weights.length] & 3;
    }
    return Evaluations.of(Loss.SIGMOID, t, p, w);
  }

  private static ThresholdCurves curves(byte[] scores, boolean[] positive, byte[] weights) {
    return ThresholdCurves.of(rows(scores, positive, weights), 0);
  }

  /** Omitted points lie on a line between others, so the trapezoids still have the area. */
  @Property(tries = 300)
  void theCurveHasItsArea(
      @ForAll @Size(min = 2, max = 60) byte[] scores,
      @ForAll @Size(min = 1, max = 60) boolean[] positive,
      @ForAll @Size(min = 1, max = 60) byte[] weights) {
    ThresholdCurves curves = curves(scores, positive, weights);
    double[][] roc = curves.roc();
    double area = roc[0].length == 0 ? Double.NaN : 0;
    for (int i = 1; i < roc[0].length; i++) {
      assertTrue(roc[0][i] >= roc[0][i - 1] && roc[1][i] >= roc[1][i - 1], "ascending");
      assertTrue(roc[2][i] < roc[2][i - 1], "thresholds descend");
      area += (roc[0][i] - roc[0][i - 1]) * (roc[1][i] + roc[1][i - 1]) / 2;
    }
    assertEquals(RocAuc.of(rows(scores, positive, weights)).area(0), area, 1e-12);
    double[][] precisionRecall = curves.precisionRecall();
    assertTrue(precisionRecall[0].length >= roc[0].length);
    for (int i = 1; i < precisionRecall[0].length; i++) {
      assertTrue(precisionRecall[0][i] >= precisionRecall[0][i - 1], "ascending");
      assertTrue(precisionRecall[1][i] >= 0 && precisionRecall[1][i] <= 1);
    }
  }

  @Property(tries = 300)
  void aThinnedCurveKeepsItsShape(
      @ForAll @Size(min = 2, max = 90) byte[] scores,
      @ForAll @Size(min = 1, max = 60) boolean[] positive,
      @ForAll @IntRange(min = 2, max = 40) int most) {
    ThresholdCurves curves = curves(scores, positive, new byte[] {1});
    for (double[][] whole : List.of(curves.roc(), curves.precisionRecall())) {
      double[][] thin = ThresholdCurves.thinned(whole, most);
      int count = whole[0].length;
      int kept = thin[0].length;
      assertTrue(kept <= most && kept >= Math.min(count, 2));
      double length = 0;
      List<Double> behind = new ArrayList<>(); // the distance from each point to the next kept one
      int next = kept - 1;
      double distance = 0;
      for (int i = count - 1; i >= 0; i--) {
        if (i < count - 1) {
          double step =
              Math.abs(whole[0][i + 1] - whole[0][i]) + Math.abs(whole[1][i + 1] - whole[1][i]);
          length += step;
          distance += step;
        }
        if (next >= 0 && whole[2][i] == thin[2][next]) {
          assertEquals(whole[0][i], thin[0][next]);
          assertEquals(whole[1][i], thin[1][next]);
          next--;
          distance = 0;
        }
        behind.add(distance);
      }
      assertEquals(-1, next, "each kept point is on the curve, also the first");
      for (double each : behind) {
        assertTrue(each <= length / (most - 1) * (1 + 1e-12));
      }
    }
  }

  /** Each cut has what counting the rows from its threshold on gives. */
  @Property(tries = 200)
  void cutsAreWhatCountingGives(
      @ForAll @Size(min = 2, max = 60) byte[] scores,
      @ForAll @Size(min = 1, max = 60) boolean[] positive,
      @ForAll @Size(min = 1, max = 60) byte[] weights) {
    double last = Double.POSITIVE_INFINITY;
    List<ThresholdCurves.Cut> cuts = curves(scores, positive, weights).cuts();
    for (ThresholdCurves.Cut cut : cuts) {
      double[][] counts = new double[2][2]; // [of the class][predicted]
      for (int row = 0; row < scores.length; row++) {
        int chosen = (scores[row] & 31) / 32.0 >= cut.threshold() ? 1 : 0;
        double weight = row == 0 ? 1 : weights[row % weights.length] & 3;
        counts[positive[row % positive.length] ? 1 : 0][chosen] += weight;
      }
      double hits = counts[1][1];
      double recall = hits / (hits + counts[1][0]);
      double specificity = counts[0][0] / (counts[0][0] + counts[0][1]);
      double all = hits + counts[1][0] + counts[0][0] + counts[0][1];
      assertTrue(cut.threshold() < last);
      assertEquals(recall, cut.recall(), 1e-12);
      assertEquals(hits / (hits + counts[0][1]), cut.precision(), 1e-12);
      assertEquals(2 * hits / (2 * hits + counts[0][1] + counts[1][0]), cut.f1(), 1e-12);
      assertEquals((recall + specificity) / 2, cut.balancedAccuracy(), 1e-12);
      assertEquals((hits + counts[0][1]) / all, cut.chosen(), 1e-12);
      last = cut.threshold();
    }
    if (!cuts.isEmpty()) {
      double most = cuts.stream().mapToDouble(ThresholdCurves.Cut::f1).max().getAsDouble();
      ThresholdCurves curves = curves(scores, positive, weights);
      assertEquals(most, curves.best(ThresholdCurves.Cut::f1).f1());
    }
  }
}
