package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Split;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Metrics.Scores;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MetricsTest {
  /** The averages are sums in another order than numpy's. */
  private static final double ROUNDING = 1e-14;

  static List<String> cases() throws IOException, URISyntaxException {
    try (Npz npz = golden()) {
      return npz.names().stream()
          .filter(name -> name.endsWith("/labels"))
          .map(name -> name.substring(0, name.indexOf('/')))
          .toList();
    }
  }

  private static Npz golden() throws IOException, URISyntaxException {
    return Npz.open(Path.of(MetricsTest.class.getResource("metrics.npz").toURI()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalScikitLearns(String name) throws IOException, URISyntaxException {
    try (Npz npz = golden()) {
      int[] labels = ints(npz.read(name + "/labels"));
      NdArray expected = npz.read(name + "/scores");
      int classes = expected.dimension(0);
      Metrics metrics =
          npz.contains(name + "/logits")
              ? Metrics.of(evaluation(npz.read(name + "/logits"), labels))
              : Metrics.of(labels, ints(npz.read(name + "/predicted")), classes);

      assertEquals(labels.length, metrics.rows());
      assertEquals(classes, metrics.classes());
      assertEquals(npz.read(name + "/accuracy").doubleAt(0), metrics.accuracy());
      NdArray confusion = npz.read(name + "/confusion");
      for (int t = 0; t < classes; t++) {
        for (int p = 0; p < classes; p++) {
          assertEquals(confusion.longAt(t * classes + p), metrics.confusion()[t][p]);
        }
        assertScores(expected, 4 * t, metrics.scores().get(t), 0);
      }
      assertScores(npz.read(name + "/macro"), 0, metrics.macro(), ROUNDING);
      assertScores(npz.read(name + "/weighted"), 0, metrics.weighted(), ROUNDING);
    }
  }

  private static void assertScores(NdArray expected, int at, Scores scores, double tolerance) {
    double[] actual = {scores.precision(), scores.recall(), scores.f1(), scores.support()};
    double[] wanted = new double[4];
    for (int i = 0; i < 4; i++) {
      wanted[i] = expected.doubleAt(at + i);
    }
    assertArrayEquals(wanted, actual, tolerance);
  }

  /** What a network evaluates to that hands its inputs on as logits. */
  private static Evaluation evaluation(NdArray logits, int[] labels) {
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
    return Evaluator.evaluate(network, Split.of(rows, labels), 1);
  }

  private static int[] ints(NdArray array) {
    int[] values = new int[array.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.toIntExact(array.longAt(i));
    }
    return values;
  }

  @Test
  void goldenCasesHaveTiesAbsentClassesAndMissingPredictions() throws Exception {
    assertTrue(cases().size() >= 10);
    try (Npz npz = golden()) {
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
      assertTrue(contains(ints(npz.read("unpredicted/predicted")), -1));
    }
  }

  private static boolean contains(int[] values, int value) {
    for (int v : values) {
      if (v == value) {
        return true;
      }
    }
    return false;
  }

  @Test
  void givenArraysAreCopied() {
    int[] labels = {0, 1};
    int[] predicted = {0, 1};
    Metrics metrics = Metrics.of(labels, predicted, 2);
    labels[0] = 1;
    predicted[1] = 0;
    assertArrayEquals(new int[][] {{1, 0}, {0, 1}}, metrics.confusion());
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "2, 0", "0, -2", "0, 2"})
  void classesOutOfRangeAreRefused(int label, int predicted) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Metrics.of(new int[] {0, label}, new int[] {0, predicted}, 2));
    assertTrue(e.getMessage().contains("row 1"), e.getMessage());
  }

  @Test
  void otherNumbersOfRowsAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Metrics.of(new int[] {0}, new int[] {0, 0}, 1));
    assertThrows(IllegalArgumentException.class, () -> Metrics.of(new int[0], new int[0], 1));
  }
}
