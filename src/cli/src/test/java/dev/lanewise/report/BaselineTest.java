package dev.lanewise.report;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluations;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.nn.Loss;
import dev.lanewise.train.Digits;
import dev.lanewise.train.Score;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BaselineTest {
  @Test
  void theMajorityClassOfTheTrainingRows() {
    Evaluation evaluation =
        Evaluations.of(new int[] {2, 1, 1, 0}, new float[4][3], 1, 0.5f, 0.5f, 2);
    Rows train = Rows.of(new float[6][1], new int[] {0, 1, 1, 1, 2, 2});
    Baseline baseline = Baseline.of(evaluation, train);
    assertEquals(List.of(1.0), baseline.answers());
    assertEquals(0.25, baseline.accuracy());
    assertEquals(Double.NaN, baseline.rmse());
    Rows weighted = train.withRowWeights(new float[] {4, 1, 1, 1, 2, 2});
    assertEquals(
        new Baseline(List.of(0.0), 0.5, Double.NaN), Baseline.of(evaluation, weighted), "a tie");
  }

  @Test
  void theMeansOfTheTrainingRows() {
    float[][] targets = {{1, 0}, {3, 4}};
    Evaluation evaluation = Evaluations.of(Loss.HUBER, targets, new float[2][2], 3, 1);
    float[][] trained = {{1, 8}, {4, 2}, {100, 100}};
    Rows train = Rows.of(new float[3][1], trained).withRowWeights(new float[] {2, 1, 0});
    Baseline baseline = Baseline.of(evaluation, train);
    assertEquals(List.of(2.0, 6.0), baseline.answers());
    // The errors are (1, 6) and (-1, 2), and the weighted means of the targets are 1.5 and 1.
    double first = 1 - (3 * 1 + 1) / (3 * 0.25 + 2.25);
    double second = 1 - (3 * 36 + 4) / (3 * 1.0 + 9);
    assertEquals((first + second) / 2, baseline.accuracy(), 1e-15);
    assertEquals(Math.sqrt((3 * 37 + 5) / 8.0), baseline.rmse(), 1e-15);
  }

  @Test
  void theMajorityOfEachOutput() {
    float[][] targets = {{1, 0}, {0, 1}, {0, 1}};
    Evaluation evaluation = Evaluations.of(Loss.SIGMOID, targets, new float[3][2], 1, 1, 2);
    float[][] trained = {{1, 1}, {0, 0.75f}, {1, 0}, {0.5f, 0}};
    Rows train = Rows.of(new float[4][1], trained);
    assertEquals(
        new Baseline(List.of(0.0, 0.0), 0.5, Double.NaN),
        Baseline.of(evaluation, train),
        "half of the rows are not more than half");
    Rows weighted = train.withRowWeights(new float[] {2, 2, 1, 1});
    assertEquals(
        new Baseline(List.of(0.0, 1.0), 0.75, Double.NaN),
        Baseline.of(evaluation, train.withRowWeights(new float[] {1, 2, 1, 1})));
    assertEquals(List.of(0.0, 1.0), Baseline.of(evaluation, weighted).answers());
  }

  @Test
  void aDigitIsAboutOneInTen() {
    Rows train = Digits.DATA.train();
    Evaluation evaluation = Evaluator.evaluate(Digits.network(1), train, 1);
    Baseline baseline = Baseline.of(evaluation, train);
    Metrics metrics = Metrics.of(evaluation);
    double most = metrics.scores().stream().mapToDouble(Metrics.Scores::weight).max().orElse(0);
    assertEquals(most / train.rows(), baseline.accuracy());
  }

  @Test
  void trainingRowsAreOfTheSameKind() {
    Evaluation classes = Evaluations.of(new int[] {0}, new float[][] {{1, 0}});
    Evaluation numbers = Evaluations.of(Loss.MSE, new float[1][2], new float[1][2]);
    Rows two = Rows.of(new float[3][1], new int[] {0, 2, 1});
    rejects(
        () -> Baseline.of(classes, two), "label 2 in training row 1, expected one of 2 classes");
    rejects(() -> Baseline.of(numbers, two), "a baseline of Rows[3 rows");
    Rows one = Rows.of(new float[1][1], new float[1]);
    assertThrows(IllegalArgumentException.class, () -> Baseline.of(numbers, one));
  }

  /** The mean explains nothing of the rows that it was computed from, even with a large offset. */
  @Property(tries = 100)
  void aMeanTellsNothingOfItsOwnRows(
      @ForAll @Size(min = 2, max = 50) short[] numbers, @ForAll boolean far) {
    double[] targets = new double[numbers.length];
    boolean differ = false;
    for (int row = 0; row < numbers.length; row++) {
      targets[row] = numbers[row] + (far ? 2e9 : 0);
      differ |= numbers[row] != numbers[0];
    }
    Rows rows = Rows.of(new double[numbers.length][1], targets);
    Evaluation evaluation =
        Evaluation.of(Loss.MSE, new Score(0, 0), rows, null, new float[numbers.length]);
    assertEquals(differ ? 0 : 1, Baseline.of(evaluation, rows).accuracy(), 1e-5);
  }
}
