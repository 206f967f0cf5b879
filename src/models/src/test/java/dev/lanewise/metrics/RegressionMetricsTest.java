package dev.lanewise.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainingRun;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RegressionMetricsTest {
  static List<String> cases() throws IOException, URISyntaxException {
    return Golden.names("regression.npz", "/targets");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalScikitLearns(String name) throws IOException, URISyntaxException {
    try (Npz npz = Golden.golden("regression.npz")) {
      float[][] targets = Golden.rows(npz.read(name + "/targets"));
      float[][] outputs = Golden.rows(npz.read(name + "/outputs"));
      float[] weights = Golden.weights(npz, name);
      NdArray expected = npz.read(name + "/scores");
      check(expected, RegressionMetrics.of(doubles(targets), doubles(outputs), weights));

      Mlp network = ProbabilityMetricsTest.identity(outputs[0].length).withLoss(Loss.MSE);
      Rows split = Rows.of(outputs, targets);
      split = weights.length == 0 ? split : split.withRowWeights(weights);
      Evaluation evaluation = Evaluator.evaluate(network, split, 2);
      check(expected, RegressionMetrics.of(evaluation));
      int means = 3 * outputs[0].length;
      double mse = expected.doubleAt(means);
      assertEquals(mse, evaluation.loss(), 1e-6 * mse); // the loss of each row is a float
      double r2 = expected.doubleAt(means + 2);
      assertEquals(r2, evaluation.accuracy(), 1e-9 * Math.max(1, Math.abs(r2)));
    }
  }

  private static double[][] doubles(float[][] rows) {
    double[][] doubles = new double[rows.length][];
    for (int row = 0; row < rows.length; row++) {
      doubles[row] = new double[rows[row].length];
      for (int k = 0; k < rows[row].length; k++) {
        doubles[row][k] = rows[row][k];
      }
    }
    return doubles;
  }

  private static void check(NdArray expected, RegressionMetrics metrics) {
    int outputs = metrics.outputs();
    assertEquals(expected.dimension(0), outputs + 1);
    for (int k = 0; k <= outputs; k++) {
      boolean mean = k == outputs;
      near(expected.doubleAt(3 * k), mean ? metrics.mse() : metrics.mse(k));
      near(expected.doubleAt(3 * k + 1), mean ? metrics.mae() : metrics.mae(k));
      near(expected.doubleAt(3 * k + 2), mean ? metrics.r2() : metrics.r2(k));
    }
  }

  private static void near(double expected, double actual) {
    assertEquals(expected, actual, 1e-9 * Math.max(1, Math.abs(expected)));
  }

  /** Training weighs validation rows as an evaluation of the same rows does. */
  @Test
  void validationIsWeighted() throws IOException, URISyntaxException {
    try (Npz npz = Golden.golden("regression.npz")) {
      String name = "weighted_several";
      float[][] targets = Golden.rows(npz.read(name + "/targets"));
      float[][] outputs = Golden.rows(npz.read(name + "/outputs"));
      Rows plain = Rows.of(outputs, targets);
      Rows weighted = plain.withRowWeights(Golden.weights(npz, name));
      Mlp network = ProbabilityMetricsTest.identity(3).withLoss(Loss.MSE);
      Dataset data = Dataset.of(plain, Optional.of(weighted), Optional.empty());
      Trainer trainer =
          Trainer.builder()
              .epochs(1)
              .learningRate(1e-9)
              .listener(result -> true) // hears the warning that features are unscaled
              .build();
      TrainingRun run = trainer.fit(network, data);
      Evaluation expected = Evaluator.evaluate(run.model(), weighted, 1);
      assertEquals(expected.loss(), run.history().validLoss()[0], 1e-12);
      assertEquals(expected.accuracy(), run.history().validScore()[0], 1e-12);
      assertEquals(expected.score(), Evaluator.score(run.model(), weighted, 2));
      double other = Evaluator.evaluate(run.model(), plain, 1).loss();
      assertTrue(Math.abs(other - expected.loss()) > 0.01, other + " against " + expected.loss());
    }
  }

  @Test
  void otherArraysAreRefused() {
    Class<IllegalArgumentException> bad = IllegalArgumentException.class;
    float[][] two = {{0, 1}, {1, 0}};
    double[][] pairs = doubles(two);
    assertThrows(bad, () -> RegressionMetrics.of(pairs, new double[1][2]));
    assertThrows(bad, () -> RegressionMetrics.of(pairs, new double[2][1]));
    assertThrows(bad, () -> RegressionMetrics.of(pairs, new double[][] {{1, 2}, null}));
    assertThrows(bad, () -> RegressionMetrics.of(new double[0][1], new double[0][1]));
    assertThrows(bad, () -> RegressionMetrics.of(pairs, pairs, new float[] {1, -1}));
    Evaluation classes =
        Evaluator.evaluate(ProbabilityMetricsTest.identity(2), Rows.of(two, new int[2]), 1);
    assertThrows(bad, () -> RegressionMetrics.of(classes));
    Evaluation numbers =
        Evaluator.evaluate(
            ProbabilityMetricsTest.identity(2).withLoss(Loss.MSE), Rows.of(two, two), 1);
    assertThrows(bad, () -> RocAuc.of(numbers));
  }
}
