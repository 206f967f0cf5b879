package dev.lanewise.metrics;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.train.Digits;
import dev.lanewise.train.Score;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that several networks are measured by their averages. */
class AverageEvaluatorTest {
  private static final int ROWS = 700; // several batches on several threads
  private static final int OUTPUTS = 3;

  private static double[][] rows() {
    Random random = new Random(2);
    double[][] rows = new double[ROWS][4];
    for (double[] row : rows) {
      for (int j = 0; j < row.length; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return rows;
  }

  private static Dataset data(Loss loss) {
    Random random = new Random(3);
    int[] labels = random.ints(ROWS, 0, OUTPUTS).toArray();
    double[][] targets = new double[ROWS][OUTPUTS];
    float[] weights = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      for (int k = 0; k < OUTPUTS; k++) {
        targets[i][k] = loss == Loss.SIGMOID ? random.nextInt(2) : 3 + 5 * random.nextGaussian();
      }
      weights[i] = i % 3;
    }
    Rows split = loss.task().hasClasses() ? Rows.of(rows(), labels) : Rows.of(rows(), targets);
    Dataset data = Dataset.of(split.withRowWeights(weights)).withScaling(ScaleChoice.standard());
    return loss.task().scalesTargets() ? data.withTargetScaling(ScaleChoice.standard()) : data;
  }

  private static Mlp network(Dataset data, Loss loss, int seed) {
    Mlp network =
        Mlp.initial(Architecture.relu(4, List.of(6), OUTPUTS), Initializer.HE, seed)
            .withLoss(loss)
            .withScaling(data.scaling());
    return loss.task().scalesTargets() ? network.withTargetScaling(data.targetScaling()) : network;
  }

  /** The average of a network and itself is the network, up to the rounding of the loss. */
  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void twinsAreMeasuredLikeOne(Loss loss) {
    Dataset data = data(loss);
    Mlp one = network(data, loss, 1);
    Model twins = Model.of(List.of(one, one));
    Evaluation expected = Evaluator.evaluate(one, data.train(), 1);
    Evaluation found = Evaluator.evaluate(twins, data.train(), 2);
    assertEquals(expected.loss(), found.loss(), 1e-6 * expected.loss());
    assertEquals(expected.accuracy(), found.accuracy(), 1e-6);
    Score score = Evaluator.score(twins, data.train(), 1);
    assertEquals(found.score(), score);
    for (int i = 0; i < ROWS; i++) {
      assertArrayEquals(expected.values(i), found.values(i), 1e-12);
      if (loss.task().hasClasses()) {
        assertEquals(expected.predicted(i), found.predicted(i));
      }
    }
    if (loss.task().hasClasses()) {
      assertEquals(
          ProbabilityMetrics.of(expected).topAccuracy(2),
          ProbabilityMetrics.of(found).topAccuracy(2));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void resultsAreThoseOfAPredictor(Loss loss) {
    Dataset data = data(loss);
    Model model = Model.of(List.of(network(data, loss, 1), network(data, loss, 2)));
    Evaluation found = Evaluator.evaluate(model, data.train(), 2);
    Predictions expected = model.predictor(10).predict(rows());
    for (int i = 0; i < ROWS; i++) {
      for (int k = 0; k < OUTPUTS; k++) {
        double value = expected.value(i, k);
        assertEquals(loss.task().hasNumbers() ? value : (float) value, found.value(i, k));
      }
    }
  }

  /** A score of so many outputs takes the rows in two parts. */
  @Test
  void manyResultsAreNotKept() {
    int classes = (1 << 22) / (ROWS - 100);
    Rows rows = data(Loss.SOFTMAX).train();
    Architecture layers = Architecture.relu(4, List.of(2), classes);
    Mlp one = Mlp.initial(layers, Initializer.HE, 1).withScaling(rows.scaling());
    Model model = Model.of(List.of(one, one));
    assertEquals(Evaluator.evaluate(model, rows, 1).score(), Evaluator.score(model, rows, 2));
  }

  @Test
  void eachNetworkHasItsOwnRows() {
    String message = refusal(() -> Evaluator.validation(List.of(), List.of(Digits.DATA), 1));
    assertEquals("1 data sets, expected one for each of 0 networks", message);
    assertEquals(Optional.empty(), Evaluator.validation(List.of(), List.of(), 1));
  }

  @Test
  void theLossIsThatOfTheAverageProbability() {
    Dataset data = data(Loss.SOFTMAX);
    Model model = Model.of(List.of(network(data, Loss.SOFTMAX, 1), network(data, Loss.SOFTMAX, 2)));
    Predictions predictions = model.predictor(10).predict(rows());
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < ROWS; i++) {
      double weight = data.train().weight(i);
      sum -= weight * Math.log(predictions.value(i, data.train().label(i)));
      weights += weight;
    }
    assertEquals(sum / weights, Evaluator.score(model, data.train(), 2).loss(), 1e-12);
  }
}
