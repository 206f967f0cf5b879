package dev.lanewise.metrics;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Rows;
import dev.lanewise.nn.Loss;
import dev.lanewise.train.Score;
import dev.lanewise.train.internal.Tally;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Wrong calls fail at once, with an exception that says what to do. */
class MisuseTest {
  private static final Score SCORE = new Score(0, 0);
  private static final Rows CLASSES = Rows.of(new float[3][1], new int[] {0, 1, 1});
  private static final Rows NUMBERS = Rows.of(new float[3][1], new float[3][2]);
  private static final Evaluation OF_CLASSES =
      Evaluation.of(Loss.SOFTMAX, SCORE, CLASSES, new int[3], new float[6]);
  private static final Evaluation OF_NUMBERS =
      Evaluation.of(Loss.MSE, SCORE, NUMBERS, null, new float[6]);

  private static void refused(Class<? extends Exception> type, String text, Executable... calls) {
    for (Executable call : calls) {
      Exception e = assertThrows(type, call);
      assertTrue(String.valueOf(e.getMessage()).contains(text), e.toString());
    }
  }

  @Test
  void classesAreNotAskedOfNumbers() {
    refused(
        IllegalStateException.class,
        "loss mse: targets are numbers, expected the methods target or value, or RegressionMetrics",
        () -> OF_NUMBERS.label(0),
        () -> OF_NUMBERS.predicted(0),
        () -> OF_NUMBERS.confidence(0),
        OF_NUMBERS::subsetAccuracy,
        () -> Metrics.of(OF_NUMBERS));
    refused(
        IllegalStateException.class,
        "loss softmax: targets are classes, expected the methods label or predicted, or Metrics",
        () -> OF_CLASSES.target(0),
        OF_CLASSES::subsetAccuracy);
  }

  @Test
  void rowsAndOutputsAreThoseThatThereAre() {
    refused(
        IndexOutOfBoundsException.class,
        "Index 3 out of bounds for length 3",
        () -> OF_CLASSES.label(3),
        () -> OF_CLASSES.predicted(3),
        () -> OF_CLASSES.confidence(3),
        () -> OF_CLASSES.probabilities(3),
        () -> OF_NUMBERS.target(3));
    refused(
        IndexOutOfBoundsException.class,
        "Index -1 out of bounds",
        () -> OF_CLASSES.probabilities(-1),
        () -> RocAuc.of(OF_CLASSES).area(-1),
        () -> RegressionMetrics.of(OF_NUMBERS).mse(-1));
  }

  @Test
  void resultsAreOfTheRows() {
    refused(
        IllegalArgumentException.class,
        "label 1 and prediction 0 in row 1, expected numbers of 1 classes",
        () -> Evaluation.of(Loss.SOFTMAX, SCORE, CLASSES, new int[3], new float[3]));
    refused(
        IllegalArgumentException.class,
        "label 1 and prediction 9 in row 2, expected numbers of 2 classes",
        () -> Evaluation.of(Loss.SOFTMAX, SCORE, CLASSES, new int[] {0, 1, 9}, new float[6]));
    refused(
        IllegalArgumentException.class,
        " of 3 rows with ",
        () -> Evaluation.of(Loss.MSE, SCORE, NUMBERS, null, new float[9]),
        () -> Evaluation.of(Loss.MSE, SCORE, CLASSES, null, new float[3]));
  }

  @Test
  void rowsAreArraysOfLessThanTwoToThe31Numbers() {
    refused(
        IllegalArgumentException.class,
        "row 1 of no columns, expected at least 1",
        () -> RocAuc.of(new int[2], new float[][] {{1}, null}));
    float[][] rows = new float[1 << 11][];
    Arrays.fill(rows, new float[1 << 20]);
    refused(
        IllegalArgumentException.class,
        "2048 rows of 1048576 columns, expected less than 2^31 numbers",
        () -> RocAuc.of(new int[rows.length], rows));
  }

  @Test
  void talliesOfOneKindAreAdded() {
    refused(IllegalArgumentException.class, "expected at least 1", () -> new Tally(Loss.MSE, 0));
    refused(
        IllegalArgumentException.class,
        "a tally of loss mse and 1 outputs, expected mse and 2",
        () -> new Tally(Loss.MSE, 2).add(new Tally(Loss.MSE, 1)));
    refused(
        IllegalArgumentException.class,
        "a tally of loss mse",
        () -> new Tally(Loss.SIGMOID, 2).add(new Tally(Loss.MSE, 2)));
  }
}
