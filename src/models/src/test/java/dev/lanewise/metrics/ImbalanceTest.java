package dev.lanewise.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Loss;
import dev.lanewise.train.Figure;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImbalanceTest {
  /** Makes rows of each class, whose probabilities are drawn. */
  private static Evaluation evaluation(long seed, int... counts) {
    Random random = new Random(seed);
    int[] labels = new int[Arrays.stream(counts).sum()];
    float[][] probabilities = new float[labels.length][counts.length];
    int row = 0;
    for (int c = 0; c < counts.length; c++) {
      for (int i = 0; i < counts[c]; i++) {
        labels[row] = c;
        for (int k = 0; k < counts.length; k++) {
          probabilities[row][k] = random.nextInt(9) / 8f + (k == c ? 0.5f : 0);
        }
        row++;
      }
    }
    return Evaluations.of(labels, probabilities);
  }

  @Test
  void figuresAreThoseOfTheMetrics() {
    Evaluation evaluation = evaluation(1, 30, 170);
    Imbalance found = Imbalance.of(evaluation).orElseThrow();
    assertEquals(1, found.majority());
    assertEquals(0, found.rarest());
    RocAuc auc = RocAuc.of(evaluation);
    double[] expected = {
      0.85, Metrics.of(evaluation).balancedAccuracy(), auc.area(0), auc.averagePrecision(0)
    };
    assertArrayEquals(expected, found.figures().stream().mapToDouble(Figure::value).toArray());
    assertEquals(found.figures().subList(0, 2), evaluation.figures().subList(3, 5));
    assertEquals(found.ranking(), evaluation.figures().subList(0, 2));
    List<String> names = evaluation.figures().stream().map(Figure::name).toList();
    assertEquals(
        List.of(
            "roc_auc",
            "average_precision",
            "accuracy",
            "majority_share",
            "balanced_accuracy",
            "matthews"),
        names);
  }

  @Test
  void ofManyClassesThereIsNoArea() {
    Imbalance found = Imbalance.of(evaluation(2, 10, 100, 0, 40)).orElseThrow();
    assertEquals(1, found.majority());
    assertEquals(0, found.rarest(), "not the class without rows");
    assertEquals(2, found.figures().size());
  }

  @ParameterizedTest
  @CsvSource({
    "100, 100, false",
    "200, 100, false",
    "240, 100, false", // may be twice as many by chance
    "260, 100, true",
    "12, 1, true",
    "9, 1, false",
    "7, 0, false",
  })
  void onlyClearlyUnequalClassesCount(int first, int second, boolean isUnequal) {
    assertEquals(isUnequal, Imbalance.of(evaluation(3, first, second)).isPresent());
    assertEquals(isUnequal ? 6 : 2, evaluation(3, first, second).figures().size());
  }

  /** Of ten equal classes some seem rare in few rows. That is no reason for a line. */
  @Test
  void chanceAloneHardlyMakesClassesUnequal() {
    int alarms = 0;
    for (int seed = 0; seed < 300; seed++) {
      int[] counts = new int[10];
      new Random(seed).ints(180, 0, 10).forEach(c -> counts[c]++);
      alarms += Imbalance.of(evaluation(seed, counts)).isPresent() ? 1 : 0;
    }
    assertTrue(alarms <= 3, alarms + " alarms");
  }

  @Test
  void weightsOfRowsCount() {
    int[] labels = {0, 0, 0, 0, 1, 1, 1, 1};
    float[][] probabilities = new float[8][2];
    Evaluation even = Evaluations.of(labels, probabilities);
    assertTrue(Imbalance.of(even).isEmpty());
    float[] weights = {30, 30, 30, 30, 1, 1, 1, 1};
    Imbalance found = Imbalance.of(Evaluations.of(labels, probabilities, weights)).orElseThrow();
    assertEquals(30 / 31.0, found.figures().get(0).value(), 1e-15);
    assertEquals(1, found.rarest());
  }

  @Test
  void numbersAndLabelsHaveNoClasses() {
    for (Loss loss : List.of(Loss.MSE, Loss.SIGMOID)) {
      Evaluation evaluation = Evaluations.of(loss, new float[50][1], new float[50][1]);
      assertTrue(Imbalance.of(evaluation).isEmpty());
    }
  }
}
