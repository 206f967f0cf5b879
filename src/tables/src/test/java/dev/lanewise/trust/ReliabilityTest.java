package dev.lanewise.trust;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluations;
import dev.lanewise.metrics.Golden;
import dev.lanewise.nn.Loss;
import dev.lanewise.trust.Reliability.Bin;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReliabilityTest {
  private static final double ROUNDING = 1e-14;

  static List<String> cases() throws IOException, URISyntaxException {
    return Golden.names("curves.npz", "/probabilities");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsScikitLearns(String name) throws IOException, URISyntaxException {
    try (Npz npz = Golden.golden("curves.npz")) {
      Evaluation evaluation = Evaluations.golden(npz, name);
      int compared = 0;
      for (int bins : new int[] {1, 3, 10, 16}) {
        Reliability reliability = Reliability.of(evaluation, bins);
        assertEquals(bins, reliability.bins().size());
        double error = npz.read(name + "/" + bins + "/error").doubleAt(0);
        assertEquals(error, reliability.error(), ROUNDING);
        if (npz.contains(name + "/" + bins + "/calibration")) {
          NdArray expected = npz.read(name + "/" + bins + "/calibration");
          int count = expected.dimension(1);
          int at = 0;
          for (Bin bin : reliability.bins()) {
            if (bin.rows() > 0) {
              assertEquals(expected.doubleAt(at), bin.right(), ROUNDING);
              assertEquals(expected.doubleAt(count + at), bin.confidence(), ROUNDING);
              at++;
            }
          }
          assertEquals(count, at);
          compared++;
        }
      }
      assertEquals(name.startsWith("weighted") ? 0 : 4, compared);
    }
  }

  /** There are two bins: 1/2 belongs to the lower one, and a row without a confidence to none. */
  @Test
  void aSmallCaseByHand() {
    float[][] p = {{0.5f, 0.25f}, {0.25f, 0.75f}, {1, 0}, {Float.NaN, Float.NaN}, {0, 0}};
    Evaluation evaluation = Evaluations.of(new int[] {0, 0, 0, 0, 1}, p, 1, 2, 6, 9, 0);
    Reliability reliability = Reliability.of(evaluation, 2);
    assertEquals(
        List.of(new Bin(0, 0.5, 2, 1, 0.5, 1), new Bin(0.5, 1, 2, 8, 7.5 / 8, 0.75)),
        reliability.bins());
    assertEquals((0.5 + 1.5) / 9, reliability.error(), ROUNDING);
    assertTrue(Double.isNaN(Reliability.of(evaluation, 3).bins().get(0).right()), "weightless");
  }

  /** The largest probabilities are right as often as they say, but one class is too likely. */
  @Test
  void aWrongShareOfClassesShowsByClass() {
    float[][] p = new float[10][];
    Arrays.setAll(p, i -> new float[] {0.5f, 0.25f, 0.25f});
    Evaluation evaluation = Evaluations.of(new int[] {0, 0, 0, 0, 0, 1, 1, 1, 1, 1}, p);
    Reliability reliability = Reliability.of(evaluation, 10);
    assertEquals(0, reliability.error(), ROUNDING);
    assertEquals((0 + 0.25 + 0.25) / 3, reliability.classwise(), ROUNDING);
    float[][] weighted = {{0.25f, 0.75f}, {0.25f, 0.75f}, {Float.NaN, Float.NaN}};
    Evaluation two = Evaluations.of(new int[] {0, 1, 1}, weighted, 1, 3, 5);
    assertEquals(0, Reliability.of(two, 4).classwise(), ROUNDING);
    float[][] t = {{0, 1}, {1, 1}};
    float[][] labels = {{0.25f, 0.75f}, {0.25f, 1}};
    Reliability ofOutputs = Reliability.of(Evaluations.of(Loss.SIGMOID, t, labels, 3, 1), 2);
    assertEquals((0 + 0.75 / 4) / 2, ofOutputs.classwise(), ROUNDING);
  }

  @Test
  void outputsCountByThemselves() {
    float[][] p = {{0.25f, 0.75f}, {0.25f, 1}};
    float[][] t = {{0, 1}, {1, 0.25f}};
    Evaluation evaluation = Evaluations.of(Loss.SIGMOID, t, p, 3, 1);
    Reliability reliability = Reliability.of(evaluation, 2);
    assertEquals(
        List.of(new Bin(0, 0.5, 2, 4, 0.25, 0.25), new Bin(0.5, 1, 2, 4, 3.25 / 4, 0.75)),
        reliability.bins());
    assertEquals(0.25 / 8, reliability.error());
    float[][] rounded = {{0, Math.nextUp(1f)}};
    Evaluation half = Evaluations.of(Loss.SIGMOID, new float[][] {{0.5f, 1}}, rounded);
    assertEquals(0, Reliability.of(half, 2).bins().get(0).right(), "1/2 is not above 1/2");
    assertEquals(1, Reliability.of(half, 2).bins().get(1).rows(), "a little above 1");
  }

  @Test
  void emptyBinsAndNoProbabilitiesAreNoNumbers() {
    Evaluation one = Evaluations.of(new int[] {0}, new float[][] {{1, 0}});
    assertEquals(
        new Bin(0, 0.25, 0, 0, Double.NaN, Double.NaN), Reliability.of(one, 4).bins().get(0));
    assertEquals(0, Reliability.of(one, 4).error());
    Evaluation none = Evaluations.of(new int[] {0}, new float[][] {{Float.NaN, Float.NaN}});
    assertEquals(Double.NaN, Reliability.of(none, 4).error());
  }

  @Test
  void wrongCallsSayWhatIsExpected() {
    Evaluation numbers = Evaluations.of(Loss.MSE, new float[2][1], new float[2][1]);
    Evaluation classes = Evaluations.of(new int[] {0}, new float[][] {{1, 0}});
    assertThrows(IllegalArgumentException.class, () -> Reliability.of(numbers, 10));
    rejects(
        () -> Reliability.of(classes, 0), "a reliability diagram of 0 bins, expected at least 1");
  }
}
