package dev.lanewise.report;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.RegressionMetrics;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Score;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainingRun;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Targets with a small spread on a large offset are learned and judged like those without offset.
 */
class OffsetTargetsTest {
  private static final int ROWS = 200;
  private static final Mlp INITIAL =
      Mlp.initial(Architecture.relu(2, List.of(8), 1), Initializer.HE, 3).withLoss(Loss.MSE);

  private static double[][] x() {
    Random random = new Random(1);
    double[][] x = new double[ROWS][2];
    for (double[] row : x) {
      row[0] = random.nextGaussian();
      row[1] = random.nextGaussian();
    }
    return x;
  }

  /** Returns a signal with deviation 1 around 0, or noise, multiplied by the spread and shifted. */
  private static double[] targets(double offset, double spread, boolean isNoise) {
    Random random = new Random(2);
    double[][] x = x();
    double[] t = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      double signal = 0.8 * x[i][0] - 0.5 * x[i][1] + 0.2 * random.nextGaussian();
      t[i] = offset + spread * (isNoise ? random.nextGaussian() : signal);
    }
    return t;
  }

  private static Dataset data(double[] targets) {
    Rows all = Rows.of(x(), targets);
    List<Rows> parts = all.divide(0.3, false);
    return Dataset.of(parts.get(0), parts.get(1));
  }

  private static Dataset scaled(double[] targets) {
    return data(targets).withTargetScaling(ScaleChoice.standard());
  }

  private static Mlp fit(Dataset data) {
    Trainer trainer =
        Trainer.builder().epochs(30).batchSize(20).learningRate(0.05).listener(r -> true).build();
    return trainer.fit(INITIAL, data).model();
  }

  @ParameterizedTest
  @CsvSource({
    "1e3, 1e-6",
    "2e7, 0.3",
    "5412345, 0.3",
    "-7e9, 1e-2",
    "1e12, 1",
    "1e15, 100",
    "1e15, 1e6"
  })
  void areLearned(double offset, double spread) {
    Rows plainRows = scaled(targets(0, 1, false)).validation().orElseThrow();
    double expected = Evaluator.score(fit(scaled(targets(0, 1, false))), plainRows, 1).accuracy();
    assertTrue(expected > 0.85, "R2 " + expected);
    double[] targets = targets(offset, spread, false);
    Dataset data = scaled(targets);
    Model model = Model.of(fit(data));
    Rows rows = data.validation().orElseThrow();
    Evaluation evaluation = Evaluator.evaluate(model, rows, 1);
    // At 1e15, the targets are multiples of 1/8, and the spread of 100 covers 800 of them.
    assertEquals(expected, evaluation.accuracy(), 0.01);
    double squares = 0;
    for (int i = 0; i < rows.rows(); i++) {
      double raw = targets[ROWS - rows.rows() + i];
      assertEquals(raw, evaluation.target(i)[0]);
      squares += Math.pow(evaluation.value(i, 0) - raw, 2);
    }
    double rmse = Math.sqrt(squares / rows.rows());
    Score score = evaluation.score();
    assertEquals(rmse, score.figure("rmse"), 1e-12 * rmse);
    assertEquals(score, Evaluator.score(model, rows, 2));
    assertEquals(rmse, RegressionMetrics.of(evaluation).rmse(), 1e-12 * rmse);
    PermutationImportance importance =
        PermutationImportance.of(model, rows, new int[][] {{0}}, 2, 1000, 0, 1, false);
    assertEquals(score.accuracy(), importance.baseline(), 1e-12);
    assertTrue(importance.mean(0) > 0.3);
  }

  /** As floats, the targets would all be equal, and the noise would seem to be explained fully. */
  @ParameterizedTest
  @CsvSource({"2e7, 0.3", "5412345, 0.3", "1e15, 1"})
  void noiseIsNotExplained(double offset, double spread) {
    Dataset data = scaled(targets(offset, spread, true));
    double r2 = Evaluator.score(fit(data), data.validation().orElseThrow(), 1).accuracy();
    assertTrue(r2 < 0.1, "R2 " + r2);
  }

  @Test
  void epochsAreJudgedByTheSameNumbers() {
    Dataset data = scaled(targets(2e7, 0.3, false));
    TrainingRun run = Trainer.builder().epochs(3).build().fit(INITIAL, data);
    double last = run.history().validScore()[2];
    assertEquals(Evaluator.score(run.model(), data.validation().orElseThrow(), 1).accuracy(), last);
  }

  private static void refused(Dataset data, String... parts) {
    Trainer trainer = Trainer.builder().epochs(1).build();
    rejects(() -> trainer.fit(INITIAL, data), parts);
  }

  @Test
  void whatNoNumberResolvesIsRefused() {
    refused(scaled(targets(1e15, 0.1, false)), "a double has steps of 0.125", "subtract");
    refused(scaled(targets(0, 1e-300, false)), "at least 1.0E-140", "multiply");
    refused(
        data(targets(2e7, 0.3, false)),
        "floats have steps of 2.0",
        "expected the scaling standard");
    refused(data(targets(0, 1e-300, false)), "multiply");
    fit(data(targets(1e3, 1, false))); // its floats have steps of 6e-5
  }

  /** A user may evaluate a few rows whose targets are nearly alike. */
  @Test
  void rowsThatAreOnlyJudgedMayBeAlike() {
    Mlp model = fit(scaled(targets(0, 1, false)));
    double[] alike = new double[ROWS];
    Arrays.fill(alike, 0.5);
    alike[3] = Math.nextUp(0.5);
    Rows rows = Dataset.of(Rows.of(x(), alike), Optional.empty(), Optional.empty()).train();
    assertTrue(Evaluator.score(model, rows, 1).accuracy() < -1e20);
  }

  /** As floats, such weights would be 0 or lose digits. */
  @Test
  void classWeightsThatNoFloatHoldsAreRefused() {
    Dataset data = Dataset.of(Rows.of(new double[][] {{1}, {2}}, new int[] {0, 1}));
    Mlp network = Mlp.initial(Architecture.relu(1, List.of(), 2), Initializer.HE, 3);
    for (double weight : new double[] {1e-300, 1e-40}) {
      Trainer trainer = Trainer.builder().epochs(1).classWeights(1, weight).build();
      rejects(() -> trainer.fit(network, data), "class weight " + weight);
    }
    Trainer.builder().epochs(1).classWeights(1, 0).build().fit(network, data);
  }
}
