package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.nn.Loss;
import dev.lanewise.train.Digits;
import dev.lanewise.train.Score;
import org.junit.jupiter.api.Test;

class ChosenRowsTest {
  /**
   * Returns an evaluation of two classes with these largest probabilities; NaN gives a row of NaN.
   */
  private static Evaluation evaluation(float... confidences) {
    int[] predicted = new int[confidences.length];
    float[] probabilities = new float[2 * confidences.length];
    for (int row = 0; row < confidences.length; row++) {
      predicted[row] = Float.isNaN(confidences[row]) ? -1 : row % 2;
      probabilities[2 * row + row % 2] = confidences[row];
      probabilities[2 * row + 1 - row % 2] = 1 - confidences[row];
    }
    Rows rows = Rows.of(new float[confidences.length][1], new int[confidences.length]);
    return Evaluation.of(Loss.SOFTMAX, new Score(0, 0), rows, predicted, probabilities);
  }

  @Test
  void smallestLargestProbabilityFirst() {
    Evaluation evaluation = evaluation(0.9f, 0.51f, 1f, 0.7f, 0.6f);
    assertArrayEquals(new int[] {1, 4, 3}, ChosenRows.leastCertain(evaluation, 3));
  }

  @Test
  void firstRowWinsATie() {
    Evaluation evaluation = evaluation(0.6f, 0.5f, 0.6f, 0.5f, 0.6f, 0.6f);
    assertArrayEquals(new int[] {1, 3, 0, 2}, ChosenRows.leastCertain(evaluation, 4));
  }

  @Test
  void nanIsLeastCertain() {
    Evaluation evaluation = evaluation(0.6f, Float.NaN, 0.5f, Float.NaN);
    assertArrayEquals(new int[] {1, 3, 2, 0}, ChosenRows.leastCertain(evaluation, 4));
  }

  @Test
  void fewerRowsThanAskedForAreAllOfThem() {
    assertArrayEquals(new int[] {1, 0}, ChosenRows.leastCertain(evaluation(0.8f, 0.7f), 5));
    assertArrayEquals(new int[0], ChosenRows.leastCertain(evaluation(0.8f, 0.7f), 0));
    assertThrows(
        IllegalArgumentException.class, () -> ChosenRows.leastCertain(evaluation(0.8f, 0.7f), -1));
  }

  @Test
  void noOtherRowOfTheDigitsIsLessCertain() {
    Evaluation evaluation =
        Evaluator.evaluate(Digits.network(3), Digits.DATA.test().orElseThrow(), 1);
    int[] chosen = ChosenRows.leastCertain(evaluation, 5);
    assertEquals(5, chosen.length);
    boolean[] isChosen = new boolean[evaluation.rows()];
    float limit = 0;
    for (int row : chosen) {
      isChosen[row] = true;
      assertTrue(evaluation.confidence(row) >= limit);
      limit = evaluation.confidence(row);
    }
    for (int row = 0; row < evaluation.rows(); row++) {
      assertTrue(isChosen[row] || evaluation.confidence(row) >= limit);
    }
  }
}
