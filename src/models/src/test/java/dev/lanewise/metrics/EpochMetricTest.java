package dev.lanewise.metrics;

import static dev.lanewise.Refusals.refusal;
import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.BestEpoch;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.EpochView;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.TrainingListener;
import dev.lanewise.train.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The best epoch by measures that need the results of all validation rows. */
class EpochMetricTest {
  private static final int EPOCHS = 12;

  @TempDir Path directory;

  private static Dataset data(boolean hasNumbers) {
    Random random = new Random(4);
    List<Rows> splits = new ArrayList<>();
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
      splits.add(hasNumbers ? Rows.of(rows, numbers) : Rows.of(rows, labels));
    }
    return Dataset.of(splits.get(0), splits.get(1));
  }

  private static Mlp initial(Dataset data) {
    Mlp network = Mlp.initial(Architecture.relu(3, List.of(8), data.classes()), Initializer.HE, 2);
    return data.hasClasses() ? network : network.withLoss(Loss.MSE);
  }

  private static TrainerBuilder builder(BestEpoch best) {
    double rate = best.toString().endsWith("MAE") ? 0.03 : 0.3;
    return Trainer.builder().epochs(EPOCHS).batchSize(7).learningRate(rate).best(best);
  }

  private static double value(EpochMetric metric, Evaluation rows) {
    return switch (metric) {
      case AUC -> RocAuc.of(rows).macro();
      case BALANCED -> Metrics.of(rows).macro().recall();
      case F1 -> Metrics.of(rows).macro().f1();
      case MAE -> -RegressionMetrics.of(rows).mae();
    };
  }

  static List<Arguments> all() {
    return Stream.of(EpochMetric.values())
        .flatMap(metric -> Stream.of(Arguments.of(metric, false), Arguments.of(metric, true)))
        .toList();
  }

  /** The kept weights have the largest value of all epochs, and a resumed run keeps the same. */
  @ParameterizedTest
  @MethodSource("all")
  void keepsTheLargest(EpochMetric metric, boolean takesLast) throws IOException {
    BestEpoch first = BestEpoch.by(metric);
    BestEpoch best = takesLast ? first.last() : first;
    Dataset data = data(metric == EpochMetric.MAE);
    Rows valid = data.validation().orElseThrow();
    List<Double> values = new ArrayList<>();
    List<Checkpoint> checkpoints = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public boolean onEpoch(EpochResult result, EpochView view) {
            values.add(value(metric, Evaluator.evaluate(view.network(), valid, 1)));
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
    int expected = takesLast ? values.lastIndexOf(largest) : values.indexOf(largest);
    assertEquals(expected, run.bestEpoch());
    assertEquals(largest, value(metric, Evaluator.evaluate(run.model(), valid, 1)));
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
        builder(EpochMetric.best("auc")).epochs(200).patience(3).build().fit(initial(data), data);
    assertEquals(run.bestEpoch() + 4, run.history().epochs());
  }

  @Test
  void measuresOfOtherTargetsAreRefused() {
    Dataset classes = data(false);
    Dataset numbers = data(true);
    assertContains(
        refusal(() -> builder(EpochMetric.best("mae")).build().fit(initial(classes), classes)),
        "best epoch by MAE, expected a measure that loss softmax has");
    assertContains(
        refusal(() -> builder(EpochMetric.best("auc")).build().fit(initial(numbers), numbers)),
        "best epoch by AUC, expected a measure that loss mse has");
  }

  /** The names are those of recipes and of the command line; checkpoints keep them as before. */
  @ParameterizedTest
  @CsvSource({
    "none, NONE", "loss, LOSS", "last-loss, LAST_LOSS", "error, ERROR",
    "last-error, LAST_ERROR", "auc, AUC", "last-auc, LAST_AUC", "balanced, BALANCED",
    "last-balanced, LAST_BALANCED", "f1, F1", "last-f1, LAST_F1", "mae, MAE",
    "last-mae, LAST_MAE", "LAST_MAE, LAST_MAE"
  })
  void criteriaHaveNames(String name, String setting) {
    assertEquals(setting, EpochMetric.best(name).toString());
  }

  @Test
  void otherNamesAreRefused() {
    for (String name : List.of("last-none", "recall", "last-last-auc", "")) {
      assertEquals(
          "best " + name + ", expected none, loss, error, auc, balanced, f1 or mae",
          refusal(() -> EpochMetric.best(name)));
    }
  }
}
