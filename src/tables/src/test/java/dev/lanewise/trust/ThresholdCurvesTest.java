package dev.lanewise.trust;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluations;
import dev.lanewise.metrics.Golden;
import dev.lanewise.metrics.RocAuc;
import dev.lanewise.nn.Loss;
import dev.lanewise.trust.internal.ThresholdCurves;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThresholdCurvesTest {
  private static final double ROUNDING = 1e-14;

  static List<String> cases() throws IOException, URISyntaxException {
    return Golden.names("curves.npz", "/probabilities");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalScikitLearns(String name) throws IOException, URISyntaxException {
    try (Npz npz = Golden.golden("curves.npz")) {
      Evaluation evaluation = Evaluations.golden(npz, name);
      for (int c = 0; c < evaluation.classes(); c++) {
        String own = name + "/" + c;
        ThresholdCurves curves = ThresholdCurves.of(evaluation, c);
        RocAuc auc = RocAuc.of(evaluation, c);
        if (npz.contains(own + "/roc")) {
          assertPoints(npz.read(own + "/roc"), curves.roc());
          assertPoints(npz.read(own + "/precision_recall"), curves.precisionRecall());
          NdArray numbers = npz.read(own + "/numbers");
          assertEquals(numbers.doubleAt(0), auc.area(c), ROUNDING);
          assertEquals(numbers.doubleAt(1), auc.averagePrecision(c), ROUNDING);
        } else {
          assertEquals(Double.NaN, auc.area(c));
          assertEquals(Double.NaN, auc.averagePrecision(c));
          assertArrayEquals(new double[3][0], curves.roc());
          assertArrayEquals(new double[3][0], curves.precisionRecall());
        }
      }
    }
  }

  /** Sums are added in the order of scikit-learn, so even the omitted points are the same. */
  private static void assertPoints(NdArray expected, double[][] points) {
    int count = expected.dimension(1);
    assertEquals(count, points[0].length);
    for (int i = 0; i < expected.length(); i++) {
      assertEquals(expected.doubleAt(i), points[i / count][i % count], "number " + i);
    }
  }

  @Test
  void casesHaveUndefinedClassesAndTies() throws Exception {
    try (Npz npz = Golden.golden("curves.npz")) {
      assertTrue(npz.contains("weighted_absent/0/roc") && !npz.contains("weighted_absent/1/roc"));
      assertTrue(npz.read("ties/0/roc").dimension(1) < 19);
      assertEquals(13, cases().size());
    }
  }

  @Test
  void aScoreThatIsNoNumberHasNoCurve() {
    Evaluation evaluation =
        Evaluations.of(new int[] {0, 1}, new float[][] {{Float.NaN, 0}, {0, 1}});
    assertArrayEquals(new double[3][0], ThresholdCurves.of(evaluation, 0).precisionRecall());
    assertEquals(3, ThresholdCurves.of(evaluation, 1).precisionRecall()[0].length);
  }

  @Test
  void fewPointsAreKeptAndManyThinned() {
    double[][] corner = {{0, 0, 1}, {0, 1, 1}};
    assertSame(corner, ThresholdCurves.thinned(corner, 3));
    assertArrayEquals(
        new double[][] {{0, 1}, {0, 1}},
        ThresholdCurves.thinned(corner, 2),
        "the first and the last");
    // The curve has ten steps of 1 in x, and the last also rises by 10: half of the whole length.
    double[][] step = new double[3][11];
    for (int i = 0; i < 11; i++) {
      step[0][i] = i;
      step[1][i] = i == 10 ? 10 : 0;
      step[2][i] = -i;
    }
    double[][] expected = {{0, 5, 9, 10}, {0, 0, 0, 10}, {0, -5, -9, -10}};
    assertArrayEquals(expected, ThresholdCurves.thinned(step, 5));
    double[][] twice = {{0, 0, 1, 1}, {0, 0, 1, 1}, {1, 2, 3, 4}};
    double[][] ends = {{0, 1}, {0, 1}, {1, 4}};
    assertArrayEquals(ends, ThresholdCurves.thinned(twice, 2), "the outer ones of equal points");
  }

  @Test
  void wrongCallsSayWhatIsExpected() {
    Evaluation evaluation = Evaluations.of(new int[] {0, 1}, new float[][] {{1, 0}, {0, 1}});
    Evaluation numbers = Evaluations.of(Loss.MSE, new float[2][1], new float[2][1]);
    assertThrows(IndexOutOfBoundsException.class, () -> ThresholdCurves.of(evaluation, 2));
    rejects(
        () -> ThresholdCurves.of(numbers, 0),
        "probabilities of loss mse, expected softmax or sigmoid");
    double[][] points = new double[2][9];
    rejects(
        () -> ThresholdCurves.thinned(points, 1),
        "a curve of at most 1 points, expected at least 2");
  }
}
