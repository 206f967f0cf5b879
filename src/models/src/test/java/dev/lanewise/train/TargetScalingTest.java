package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.RegressionMetrics;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Training on scaled targets gives the bits of targets scaled by hand, and raw predictions. */
class TargetScalingTest {
  private static final int ROWS = 50;
  private static final Mlp INITIAL =
      Mlp.initial(Architecture.relu(2, List.of(6), 2), Initializer.HE, 3).withLoss(Loss.MSE);

  private static final float[][] X = new float[ROWS][2];
  private static final float[][] T = new float[ROWS][2];

  static {
    for (int i = 0; i < ROWS; i++) {
      X[i][0] = i % 7 - 3;
      X[i][1] = i % 5 - 2;
      T[i][0] = 20000 + 500 * X[i][0] - 300 * X[i][1];
      T[i][1] = 0.001f * X[i][0] * X[i][1];
    }
  }

  private static Dataset data(float[][] targets) {
    Rows split = Rows.of(X, targets);
    return Dataset.of(split, Optional.of(split), Optional.empty());
  }

  private static final Dataset SCALED = data(T).withTargetScaling(ScaleChoice.standard());

  private static Dataset scaledByHand() {
    float[][] targets = new float[ROWS][2];
    for (int i = 0; i < ROWS; i++) {
      for (int k = 0; k < 2; k++) {
        targets[i][k] = SCALED.targetScaling().scale(T[i][k], k);
      }
    }
    return data(targets);
  }

  private static TrainerBuilder trainer() {
    return Trainer.builder().epochs(40).batchSize(8).learningRate(0.1).seed(5);
  }

  @Test
  void learnsWhatScaledTargetsTeach() {
    TrainingRun run = trainer().build().fit(INITIAL, SCALED);
    TrainingRun byHand = trainer().build().fit(INITIAL, scaledByHand());
    assertEquals(byHand.model().sha256(), run.model().sha256());
    assertArrayEquals(byHand.history().validLoss(), run.history().validLoss());
    assertEquals(SCALED.targetScaling(), run.model().targetScaling());
    assertEquals(Scaling.none(), byHand.model().targetScaling());
    assertNotEquals(
        byHand.model().sha256(), trainer().build().fit(INITIAL, data(T)).model().sha256());
  }

  @Test
  void predictionsAndErrorsAreRaw() {
    Mlp model = trainer().build().fit(INITIAL, SCALED).model();
    Mlp plain = model.withTargetScaling(Scaling.none());
    double[] raw = new double[2];
    float[] scaled = new float[2];
    Evaluation evaluation = Evaluator.evaluate(model, SCALED.train(), 1);
    assertEquals(evaluation.score(), Evaluator.score(model, data(T).train(), 1));
    double squares = 0;
    double magnitudes = 0;
    for (int i = 0; i < ROWS; i++) {
      model.predictor(1).predict(X[i], 1, raw, null);
      plain.predictor(1).predict(X[i], scaled);
      for (int k = 0; k < 2; k++) {
        double value = model.targetScaling().undo(scaled[k], k);
        assertEquals(value, raw[k]);
        double d = value - T[i][k];
        squares += d * d;
        magnitudes += Math.abs(d);
        assertEquals(value, evaluation.value(i, k));
        assertEquals(T[i][k], evaluation.target(i)[k], "the target as it was given");
      }
    }
    assertEquals(squares / (2 * ROWS), RegressionMetrics.of(evaluation).mse(), 1e-9 * squares);
    assertEquals(
        magnitudes / (2 * ROWS), RegressionMetrics.of(evaluation).mae(), 1e-9 * magnitudes);
    assertTrue(evaluation.accuracy() > 0.9, "R2 " + evaluation.accuracy());
    assertEquals(
        Evaluator.evaluate(plain, scaledByHand().train(), 1).loss(),
        evaluation.loss(),
        "the loss is that of scaled targets, as in training");
    // Targets that were not scaled are scaled as the model says.
    assertEquals(evaluation.loss(), Evaluator.evaluate(model, data(T).train(), 2).loss());
  }

  @Test
  void manyRowsAtOnce() {
    Mlp model = trainer().build().fit(INITIAL, SCALED).model();
    float[] features = new float[2 * ROWS];
    for (int i = 0; i < ROWS; i++) {
      System.arraycopy(X[i], 0, features, 2 * i, 2);
    }
    double[] all = new double[2 * ROWS];
    model.predictor(7).predict(features, ROWS, all, null);
    double[] one = new double[2];
    for (int i = 0; i < ROWS; i++) {
      model.predictor(1).predict(X[i], 1, one, null);
      assertEquals(one[0], all[2 * i]);
      assertEquals(one[1], all[2 * i + 1]);
    }
  }

  @Test
  void streamsTakeRawTargets() {
    Mlp start = INITIAL.withTargetScaling(SCALED.targetScaling());
    Mlp expected =
        trainer()
            .epochs(1)
            .batchSize(-1)
            .sampling(Sampling.SEQUENTIAL)
            .build()
            .fit(start, SCALED)
            .model();
    try (TrainingStream stream = trainer().build().stream(start)) {
      stream.step(X, T);
      assertEquals(expected.sha256(), stream.model().sha256());
      assertEquals(SCALED.targetScaling(), stream.model().targetScaling());
    }
  }

  @Test
  void checkpointsKeepIt() {
    List<Checkpoint> checkpoints = new ArrayList<>();
    TrainingListener keep =
        new Listening().checkpoints(checkpoint -> checkpoints.add(checkpoint.copy()));
    trainer().epochs(2).checkpointEvery(1e-9).listener(keep).build().fit(INITIAL, SCALED);
    assertEquals(SCALED.targetScaling(), checkpoints.get(0).model().targetScaling());
    Trainer longer = trainer().epochs(3).build();
    assertEquals(
        longer.fit(INITIAL, SCALED).model().sha256(),
        longer.resume(checkpoints.get(0).copy(), SCALED).model().sha256());
    assertEquals(
        longer.fit(INITIAL, SCALED).model().sha256(),
        longer.resume(checkpoints.get(0).copy(), data(T)).model().sha256(),
        "raw targets are scaled like those of the checkpoint");
    Dataset other = data(T).withTargetScaling(ScaleChoice.fixed(Scaling.divide(2)));
    assertContains(refusal(() -> longer.resume(checkpoints.get(0), other)), "data=");
  }

  @Test
  void otherLosses() {
    Mlp model = INITIAL.withTargetScaling(SCALED.targetScaling());
    assertEquals(SCALED.targetScaling(), model.withLoss(Loss.HUBER).targetScaling());
    assertEquals(Scaling.none(), model.withLoss(Loss.SIGMOID).targetScaling());
  }

  @Test
  void weightedErrorsAreRaw() {
    float[] weights = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      weights[i] = i % 4 / 2f;
    }
    Rows rows = SCALED.train().withRowWeights(weights);
    Dataset data = Dataset.of(rows, Optional.of(rows), Optional.empty());
    TrainingRun run = trainer().build().fit(INITIAL, data);
    Mlp model = run.model();
    assertNotEquals(trainer().build().fit(INITIAL, SCALED).model().sha256(), model.sha256());
    Evaluation evaluation = Evaluator.evaluate(model, rows, 2);
    RegressionMetrics metrics = RegressionMetrics.of(evaluation);
    Mlp plain = model.withTargetScaling(Scaling.none());
    Rows byHand = scaledByHand().train().withRowWeights(weights);
    Evaluation scaled = Evaluator.evaluate(plain, byHand, 1);
    RegressionMetrics scaledMetrics = RegressionMetrics.of(scaled);
    assertEquals(scaled.loss(), evaluation.loss());
    assertEquals(scaled.loss(), run.history().validLoss()[39], "weighted, of scaled targets");
    double[] deviations = SCALED.targetScaling().second();
    for (int k = 0; k < 2; k++) {
      double squares = 0;
      double sum = 0;
      for (int i = 0; i < ROWS; i++) {
        squares += weights[i] * Math.pow(evaluation.value(i, k) - T[i][k], 2);
        sum += weights[i];
      }
      double mse = metrics.mse(k);
      assertEquals(squares / sum, mse, 1e-12 * mse);
      double variance = deviations[k] * deviations[k];
      assertEquals(scaledMetrics.mse(k) * variance, mse, 1e-3 * mse, "in units of the data");
      double mae = metrics.mae(k);
      assertEquals(scaledMetrics.mae(k) * deviations[k], mae, 1e-3 * mae);
      assertEquals(scaledMetrics.r2(k), metrics.r2(k), 1e-4, "R2 has no unit");
    }
    assertEquals(metrics.r2(), evaluation.accuracy(), 1e-4);
  }
}
