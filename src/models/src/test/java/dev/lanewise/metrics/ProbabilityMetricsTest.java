package dev.lanewise.metrics;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Rows;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares {@link ProbabilityMetrics} and {@link RocAuc} with scikit-learn. */
class ProbabilityMetricsTest {
  private static final double EQUAL = 1e-9;

  static List<String> cases() throws IOException, URISyntaxException {
    return Golden.names("probabilities.npz", "/labels");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalScikitLearns(String name) throws IOException, URISyntaxException {
    try (Npz npz = Golden.golden("probabilities.npz")) {
      int[] labels = Golden.ints(npz.read(name + "/labels"));
      float[][] probabilities = Golden.rows(npz.read(name + "/probabilities"));
      float[] weights = Golden.weights(npz, name);

      RocAuc auc = RocAuc.of(labels, probabilities, weights);
      int classes = probabilities[0].length;
      assertEquals(classes, auc.classes());
      for (int c = 0; c < classes; c++) {
        double expected = npz.read(name + "/areas").doubleAt(c);
        assertEquals(expected, auc.area(c), EQUAL);
        double precision = npz.read(name + "/precisions").doubleAt(c);
        assertEquals(precision, auc.averagePrecision(c), 1e-14);
      }
      assertEquals(npz.read(name + "/averages").doubleAt(0), auc.macro(), EQUAL);
      assertEquals(npz.read(name + "/averages").doubleAt(1), auc.weighted(), EQUAL);

      ProbabilityMetrics metrics = ProbabilityMetrics.of(labels, probabilities, weights);
      assertEquals(npz.read(name + "/log_loss").doubleAt(0), metrics.logLoss(), EQUAL);
      for (int k = 1; k <= classes; k++) {
        double expected = npz.read(name + "/top").doubleAt(k - 1);
        assertEquals(expected, metrics.topAccuracy(k), EQUAL, "top-" + k);
      }
    }
  }

  @Test
  void goldenCasesHaveTiesAbsentClassesAndWeights() throws Exception {
    assertTrue(cases().size() >= 15);
    try (Npz npz = Golden.golden("probabilities.npz")) {
      int halves = 0;
      for (float[] row : Golden.rows(npz.read("weighted_binary/probabilities"))) {
        halves += row[0] == row[1] ? 1 : 0;
      }
      assertTrue(halves > 0);
      assertTrue(Double.isNaN(npz.read("absent/areas").doubleAt(1)));
      assertTrue(Double.isNaN(npz.read("weightless_class/areas").doubleAt(2)));
      int zeros = 0;
      for (float weight : Golden.weights(npz, "weighted_ties")) {
        zeros += weight == 0 ? 1 : 0;
      }
      assertTrue(zeros > 20);
    }
  }

  /** The logits of an identity network are its inputs, so its evaluation has the same metrics. */
  @Test
  void evaluationsHaveTheSame() throws IOException, URISyntaxException {
    try (Npz npz = Golden.golden("probabilities.npz")) {
      int[] labels = Golden.ints(npz.read("weighted_floats/labels"));
      float[][] logits = Golden.rows(npz.read("weighted_floats/probabilities"));
      for (float[] row : logits) {
        for (int c = 0; c < row.length; c++) {
          row[c] = (float) Math.log(row[c]);
        }
      }
      float[] weights = Golden.weights(npz, "weighted_floats");
      Rows split = Rows.of(logits, labels).withRowWeights(weights);
      Evaluation evaluation = Evaluator.evaluate(identity(4), split, 2);
      assertTrue(evaluation.hasWeights());
      assertEquals(weights[3], evaluation.weight(3));
      double expected = npz.read("weighted_floats/log_loss").doubleAt(0);
      assertEquals(expected, evaluation.loss(), 1e-6);
      assertEquals(expected, ProbabilityMetrics.of(evaluation).logLoss(), 1e-6);
      expected = npz.read("weighted_floats/top").doubleAt(0);
      assertEquals(expected, evaluation.accuracy(), EQUAL);
      assertEquals(expected, ProbabilityMetrics.of(evaluation).topAccuracy(1), EQUAL);
      expected = npz.read("weighted_floats/averages").doubleAt(0);
      assertEquals(expected, RocAuc.of(evaluation).macro(), EQUAL);
    }
  }

  static Mlp identity(int columns) {
    float[] parameters = new float[columns * columns + columns];
    for (int c = 0; c < columns; c++) {
      parameters[c * columns + c] = 1;
    }
    return Mlp.of(Architecture.relu(columns, List.of(), columns), parameters);
  }

  @Test
  void severalLabelsARowHaveAnAreaEach() {
    float[][] logits = {{1, -2}, {0, 3}, {-1, 0}, {2, 1}};
    float[][] targets = {{1, 0}, {0, 1}, {1, 0}, {1, 0}};
    Rows split = Rows.of(logits, targets).withRowWeights(new float[] {1, 1, 2, 0});
    Evaluation evaluation = Evaluator.evaluate(identity(2).withLoss(Loss.SIGMOID), split, 1);
    RocAuc auc = RocAuc.of(evaluation);
    assertEquals(1 / 3.0, auc.area(0), EQUAL);
    assertEquals(1, auc.area(1));
    assertEquals((3 / 3.0 + 1) / 4, auc.weighted(), EQUAL);
    assertEquals((1 + 1 + 2 * 0) / 4.0, evaluation.subsetAccuracy());
    assertEquals((2 + 2 + 2 * 1) / 8.0, evaluation.accuracy());
    split = split.withRowWeights(new float[] {3, 1, 2, 0.5f}); // their sum is not 4
    Evaluation other = Evaluator.evaluate(identity(2).withLoss(Loss.SIGMOID), split, 1);
    assertEquals((3 + 1) / 6.5, other.subsetAccuracy(), EQUAL);
    assertThrows(IllegalArgumentException.class, () -> ProbabilityMetrics.of(evaluation));
  }

  @Test
  void labelSetsAreMeasured() {
    float[][] x = {{1, -1}, {2, 3}, {-2, -0.5f}};
    float[][] t = {{1, 0}, {1, 0}, {0, 0}};
    Evaluation e = Evaluator.evaluate(identity(2).withLoss(Loss.SIGMOID), Rows.of(x, t), 1);
    assertEquals(5 / 6.0, e.accuracy());
    assertEquals(2 / 3.0, e.subsetAccuracy());
    assertEquals(1 / (1 + Math.exp(-1)), e.probabilities(0)[0], 1e-7);
    assertEquals(1f, e.target(1)[0]);
  }

  @Test
  void scoresThatAreNoNumbers() {
    float[][] scores = {{Float.NaN, 0}, {1, -0f}, {0, Float.NEGATIVE_INFINITY}};
    int[] labels = {0, 1, 0};
    RocAuc auc = RocAuc.of(labels, scores);
    assertTrue(Double.isNaN(auc.area(0)));
    assertEquals(0.75, auc.area(1)); // -0 and 0 are a tie
    assertEquals(0.75, auc.macro());
    assertEquals(0.75, auc.weighted());
    assertEquals(1 / 3.0, ProbabilityMetrics.of(labels, scores).topAccuracy(1));
    assertTrue(Double.isNaN(ProbabilityMetrics.of(labels, scores).logLoss()));
    assertTrue(Double.isNaN(RocAuc.of(new int[2], new float[2][1]).macro()));
  }

  @Test
  void otherArraysAreRefused() {
    Class<IllegalArgumentException> bad = IllegalArgumentException.class;
    float[][] two = {{0, 1}, {1, 0}};
    int[] labels = {0, 1};
    ProbabilityMetrics metrics = ProbabilityMetrics.of(labels, two);
    for (int k : new int[] {-1, 0, 3}) {
      rejects(bad, () -> metrics.topAccuracy(k), "expected a number from 1 to 2");
    }
    assertThrows(bad, () -> RocAuc.of(new int[3], two));
    assertThrows(bad, () -> RocAuc.of(new int[0], new float[0][2]));
    assertThrows(bad, () -> RocAuc.of(new int[] {0, 2}, two));
    assertThrows(bad, () -> RocAuc.of(new int[] {-1, 0}, two));
    assertThrows(bad, () -> RocAuc.of(labels, new float[][] {{1, 2}, {1}}));
    assertThrows(bad, () -> RocAuc.of(labels, two, new float[] {1, 2, 3}));
  }
}
