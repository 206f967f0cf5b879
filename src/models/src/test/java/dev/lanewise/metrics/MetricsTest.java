package dev.lanewise.metrics;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Rows;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.metrics.Metrics.Scores;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MetricsTest {
  /** The tolerance for averages, because numpy sums them in another order. */
  private static final double ROUNDING = 1e-14;

  static List<String> cases() throws IOException, URISyntaxException {
    return Golden.names("metrics.npz", "/labels");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalScikitLearns(String name) throws IOException, URISyntaxException {
    try (Npz npz = Golden.golden("metrics.npz")) {
      int[] labels = Golden.ints(npz.read(name + "/labels"));
      NdArray expected = npz.read(name + "/scores");
      int classes = expected.dimension(0);
      float[] weights = Golden.weights(npz, name);
      boolean weighted = weights.length > 0;
      Metrics metrics =
          npz.contains(name + "/logits")
              ? Metrics.of(evaluation(npz.read(name + "/logits"), labels, weights))
              : Metrics.of(labels, Golden.ints(npz.read(name + "/predicted")), classes, weights);

      assertEquals(labels.length, metrics.rows());
      assertEquals(classes, metrics.classes());
      // Without weights, only whole numbers are summed.
      double rounding = weighted ? ROUNDING : 0;
      assertEquals(npz.read(name + "/accuracy").doubleAt(0), metrics.accuracy(), rounding);
      assertEquals(npz.read(name + "/balanced").doubleAt(0), metrics.balancedAccuracy(), ROUNDING);
      assertEquals(npz.read(name + "/matthews").doubleAt(0), metrics.matthews(), 1e-14);
      NdArray confusion = npz.read(name + "/confusion");
      for (int t = 0; t < classes; t++) {
        for (int p = 0; p < classes; p++) {
          int at = t * classes + p;
          assertEquals(confusion.longAt(at), metrics.confusion()[t][p]);
          double weight =
              weighted
                  ? npz.read(name + "/weighted_confusion").doubleAt(at)
                  : confusion.doubleAt(at);
          assertEquals(weight, metrics.weightedConfusion()[t][p], 100 * rounding);
        }
        assertScores(expected, 4 * t, metrics.scores().get(t), rounding);
      }
      double[][] sums = new double[classes][classes];
      int[][] counts = new int[classes][classes];
      for (double[] cell : metrics.confusionCells()) {
        assertEquals(0, counts[(int) cell[0]][(int) cell[1]], "each cell comes once");
        assertTrue(cell[2] > 0);
        counts[(int) cell[0]][(int) cell[1]] = (int) cell[2];
        sums[(int) cell[0]][(int) cell[1]] = cell[3];
      }
      assertArrayEquals(metrics.confusion(), counts);
      assertArrayEquals(metrics.weightedConfusion(), sums);
      assertScores(npz.read(name + "/macro"), 0, metrics.macro(), ROUNDING);
      assertScores(npz.read(name + "/weighted"), 0, metrics.weighted(), ROUNDING);
    }
  }

  /** The whole matrix would take 40 GB; the cells that are not 0 come in order. */
  @Test
  void theMatrixOfManyClassesIsSparse() {
    int classes = 100_000;
    int last = classes - 1;
    Metrics metrics =
        Metrics.of(new int[] {last, 0, last, 7}, new int[] {last, last, last, -1}, classes);
    double[][] expected = {{0, last, 1, 1}, {last, last, 2, 2}};
    assertArrayEquals(expected, metrics.confusionCells());
  }

  private static void assertScores(NdArray expected, int at, Scores scores, double tolerance) {
    double[] actual = {scores.precision(), scores.recall(), scores.f1()};
    double[] wanted = new double[3];
    for (int i = 0; i < 3; i++) {
      wanted[i] = expected.doubleAt(at + i);
    }
    assertArrayEquals(wanted, actual, tolerance);
    double weight = expected.doubleAt(at + 3);
    assertEquals(weight, scores.weight(), weight * tolerance);
  }

  /** Evaluates a network whose logits are its inputs. */
  private static Evaluation evaluation(NdArray logits, int[] labels, float[] weights) {
    int classes = logits.dimension(1);
    float[][] rows = new float[labels.length][classes];
    for (int i = 0; i < logits.length(); i++) {
      rows[i / classes][i % classes] = (float) logits.doubleAt(i);
    }
    float[] identity = new float[classes * classes + classes];
    for (int c = 0; c < classes; c++) {
      identity[c * classes + c] = 1;
    }
    Mlp network = Mlp.of(Architecture.relu(classes, List.of(), classes), identity);
    Rows split = Rows.of(rows, labels);
    return Evaluator.evaluate(
        network, weights.length == 0 ? split : split.withRowWeights(weights), 1);
  }

  @Test
  void goldenCasesHaveTiesAbsentClassesAndMissingPredictions() throws Exception {
    assertTrue(cases().size() >= 10);
    try (Npz npz = Golden.golden("metrics.npz")) {
      NdArray logits = npz.read("ties/logits");
      int ties = 0;
      for (int row = 0; row < logits.dimension(0); row++) {
        double largest = Double.NEGATIVE_INFINITY;
        int count = 0;
        for (int c = 0; c < 7; c++) {
          double logit = logits.doubleAt(row * 7 + c);
          count = logit > largest ? 1 : logit == largest ? count + 1 : count;
          largest = Math.max(largest, logit);
        }
        ties += count > 1 ? 1 : 0;
      }
      assertTrue(ties > 50, "rows with a tie: " + ties);
      assertEquals(0, npz.read("absent_from_both/scores").doubleAt(4 * 3 + 3));
      assertTrue(
          Arrays.stream(Golden.ints(npz.read("unpredicted/predicted"))).anyMatch(p -> p == -1));
      // This class has rows, but their weights are all 0.
      assertEquals(0, npz.read("weighted_absent/scores").doubleAt(4 * 2 + 3));
      assertTrue(
          Arrays.stream(Golden.ints(npz.read("weighted_absent/labels"))).anyMatch(l -> l == 2));
    }
  }

  @Test
  void givenArraysAreCopied() {
    int[] labels = {0, 1};
    int[] predicted = {0, 1};
    float[] weights = {2, 3};
    Metrics metrics = Metrics.of(labels, predicted, 2, weights);
    labels[0] = 1;
    predicted[1] = 0;
    weights[0] = 7;
    assertArrayEquals(new int[][] {{1, 0}, {0, 1}}, metrics.confusion());
    assertArrayEquals(new double[][] {{2, 0}, {0, 3}}, metrics.weightedConfusion());
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "2, 0", "0, -2", "0, 2"})
  void classesOutOfRangeAreRefused(int label, int predicted) {
    rejects(() -> Metrics.of(new int[] {0, label}, new int[] {0, predicted}, 2), "row 1");
  }

  @Test
  void otherNumbersOfRowsAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Metrics.of(new int[] {0}, new int[] {0, 0}, 1));
    assertThrows(IllegalArgumentException.class, () -> Metrics.of(new int[0], new int[0], 1));
  }

  @ParameterizedTest
  @CsvSource({"-0.5, weight -0.5 of row 1", "NaN, row 1", "Infinity, row 1", "0, all 2 weights"})
  void otherWeightsAreRefused(float weight, String expected) {
    int[] rows = {0, 0};
    rejects(() -> Metrics.of(rows, rows, 1, new float[] {0, weight}), expected);
    assertThrows(IllegalArgumentException.class, () -> Metrics.of(rows, rows, 1, new float[] {1}));
  }
}
