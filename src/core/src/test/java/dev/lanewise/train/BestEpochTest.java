package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.metrics.RegressionMetrics;
import dev.lanewise.metrics.RocAuc;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The best epoch by measures that need the results of all validation rows. */
class BestEpochTest {
  private static final int EPOCHS = 12;

  @TempDir Path directory;

  private static Dataset data(boolean hasNumbers) {
    Random random = new Random(4);
    List<Split> splits = new ArrayList<>();
    for (int s = 0; s < 2; s++) {
      float[][] rows = new float[60][3];
      int[] labels = new int[rows.length];
      float[] numbers = new float[rows.length];
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < 3; j++) {
          rows[i][j] = (float) random.nextGaussian();
        }
        double sum = rows[i][0] + rows[i][1] + 1.5 * random.nextGaussian();
        labels[i] = sum > 1.8 ? 2 : sum > 0 ? 1 : 0;
        numbers[i] = (float) sum;
      }
      splits.add(hasNumbers ? Split.of(rows, numbers) : Split.of(rows, labels));
    }
    return Dataset.of(splits.get(0), splits.get(1));
  }

  private static Mlp initial(Dataset data) {
    Mlp network = Mlp.initial(Architecture.relu(3, List.of(8), data.classes()), Initializer.HE, 2);
    return data.hasClasses() ? network : network.withLoss(Loss.MSE);
  }

  private static TrainerBuilder builder(BestEpoch best) {
    double rate = best.name().endsWith("MAE") ? 0.03 : 0.3;
    return Trainer.builder().epochs(EPOCHS).batchSize(7).learningRate(rate).best(best);
  }

  private static double value(BestEpoch best, Evaluation rows) {
    String name = best.name().replace("LAST_", "");
    ToDoubleFunction<Evaluation> measure =
        switch (name) {
          case "AUC" -> e -> RocAuc.of(e).macro();
          case "BALANCED" -> e -> Metrics.of(e).macro().recall();
          case "F1" -> e -> Metrics.of(e).macro().f1();
          default -> e -> -RegressionMetrics.of(e).mae();
        };
    return measure.applyAsDouble(rows);
  }

  /** The kept weights have the largest value of all epochs, and a resumed run keeps the same. */
  @ParameterizedTest
  @EnumSource(
      value = BestEpoch.class,
      names = {"AUC", "LAST_AUC", "BALANCED", "LAST_BALANCED", "F1", "LAST_F1", "MAE", "LAST_MAE"})
  void keepsTheLargest(BestEpoch best) throws IOException {
    Dataset data = data(best.name().endsWith("MAE"));
    Split valid = data.validation().orElseThrow();
    List<Double> values = new ArrayList<>();
    List<Checkpoint> checkpoints = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public boolean onEpoch(EpochResult result, EpochView view) {
            values.add(value(best, Evaluator.evaluate(view.network(), valid, 1)));
            return true;
          }

          @Override
          public boolean onEpoch(EpochResult result) {
            return true;
          }

          @Override
          public void onCheckpoint(Checkpoint checkpoint) {
            checkpoints.add(checkpoint.copy());
          }
        };
    Trainer trainer = builder(best).checkpointEvery(1e-9).listener(listener).build();
    TrainingRun run = trainer.fit(initial(data), data);
    double largest = values.stream().mapToDouble(v -> v).max().orElseThrow();
    int expected = best.takesLast() ? values.lastIndexOf(largest) : values.indexOf(largest);
    assertEquals(expected, run.bestEpoch());
    assertEquals(largest, value(best, Evaluator.evaluate(run.model(), valid, 1)));
    assertTrue(values.stream().distinct().count() > 1);
    for (int c : new int[] {0, 5, 10}) {
      Path file = directory.resolve("checkpoint.npz");
      checkpoints.get(c).save(file);
      TrainingRun resumed = builder(best).build().resume(Checkpoint.load(file), data);
      assertEquals(run.bestEpoch(), resumed.bestEpoch());
      assertEquals(run.model().sha256(), resumed.model().sha256());
    }
  }

  @Test
  void aPatienceFollowsTheMeasure() {
    Dataset data = data(false);
    TrainingRun run =
        builder(BestEpoch.AUC).epochs(200).patience(3).build().fit(initial(data), data);
    assertEquals(run.bestEpoch() + 4, run.history().epochs());
  }

  @Test
  void measuresOfOtherTargetsAreRefused() {
    Dataset classes = data(false);
    Dataset numbers = data(true);
    assertTrue(
        refusal(() -> builder(BestEpoch.MAE).build().fit(initial(classes), classes))
            .contains("best epoch by MAE, expected a measure that loss softmax has"));
    assertTrue(
        refusal(() -> builder(BestEpoch.AUC).build().fit(initial(numbers), numbers))
            .contains("best epoch by AUC, expected a measure that loss mse has"));
  }
}
