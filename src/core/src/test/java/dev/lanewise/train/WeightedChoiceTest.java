package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The best epoch is chosen by the weights of classes, which count in all validation figures. */
class WeightedChoiceTest {
  private static final Rows TRAIN = rows(1, 240, 12);
  private static final Rows VALID = rows(2, 90, 10);
  private static final Dataset DATA = Dataset.of(TRAIN, VALID);

  @TempDir Path directory;

  /** Makes rows of two classes that overlap; one in so many is of class 1. */
  private static Rows rows(long seed, int count, int one) {
    Random random = new Random(seed);
    float[][] x = new float[count][3];
    int[] labels = new int[count];
    for (int row = 0; row < count; row++) {
      labels[row] = row % one == 0 ? 1 : 0;
      for (int i = 0; i < 3; i++) {
        x[row][i] = (float) random.nextGaussian() + labels[row];
      }
    }
    return Rows.of(x, labels);
  }

  private static Mlp network() {
    return Mlp.initial(Architecture.relu(3, List.of(9), 2), Initializer.HE, 4);
  }

  private static TrainerBuilder trainer(BestEpoch best) {
    return Trainer.builder()
        .epochs(12)
        .batchSize(20)
        .learningRate(0.02)
        .optimizer(Optimizer.adam())
        .best(best);
  }

  /** Compares the results of each epoch, and the choice, with sums over the validation rows. */
  private static void assertChoice(
      Dataset data, UnaryOperator<TrainerBuilder> weigh, double... ofClass) {
    for (BestEpoch best : List.of(BestEpoch.LOSS, BestEpoch.ERROR)) {
      Rows valid = data.validation().orElseThrow();
      List<double[]> expected = new ArrayList<>();
      TrainerBuilder builder = weigh.apply(trainer(best));
      builder.listener(
          new TrainingListener() {
            @Override
            public boolean onEpoch(EpochResult result) {
              return true;
            }

            @Override
            public boolean onEpoch(EpochResult result, EpochView view) {
              RowResults all = RowResults.of(view.network(), valid, 1);
              double loss = 0;
              double right = 0;
              double sum = 0;
              for (int row = 0; row < valid.rows(); row++) {
                double weight = ofClass[valid.label(row)] * valid.weight(row);
                sum += weight;
                loss -= weight * Math.log(all.results()[2 * row + valid.label(row)]);
                right += all.predicted()[row] == valid.label(row) ? weight : 0;
              }
              expected.add(new double[] {loss / sum, -right / sum});
              assertEquals(loss / sum, result.validLoss(), 1e-6);
              assertEquals(right / sum, result.validScore(), 1e-6);
              return true;
            }
          });
      TrainingRun run = builder.build().fit(network(), data);
      int column = best == BestEpoch.LOSS ? 0 : 1;
      double least = expected.stream().mapToDouble(e -> e[column]).min().orElseThrow();
      assertEquals(least, expected.get(run.bestEpoch())[column], 1e-6);
      int plain = trainer(best).build().fit(network(), data).bestEpoch();
      assertNotEquals(plain, run.bestEpoch(), "the weights matter here");
    }
  }

  @Test
  void givenWeightsCount() {
    assertChoice(DATA, b -> b.classWeights(0.1, 2.5), 0.1, 2.5);
  }

  @Test
  void balancedWeightsAreThoseOfTheTrainingRows() {
    assertChoice(DATA, TrainerBuilder::balancedClassWeights, 240 / (2 * 220.0), 240 / (2 * 20.0));
  }

  @Test
  void balancedBatchesCountClassesAlike() {
    assertChoice(DATA, b -> b.sampling(Sampling.BALANCED), 240 / (2 * 220.0), 240 / (2 * 20.0));
  }

  @Test
  void bothAreMultiplied() {
    double share = 220 / 20.0;
    assertChoice(DATA, b -> b.sampling(Sampling.BALANCED).classWeights(1, 3), 1 / share, 3);
  }

  @Test
  void weightsOfRowsStillCount() {
    float[] weights = new float[VALID.rows()];
    for (int row = 0; row < weights.length; row++) {
      weights[row] = 0.5f + row % 3;
    }
    Dataset data = Dataset.of(TRAIN, VALID.withRowWeights(weights));
    assertChoice(data, b -> b.classWeights(0.25, 4), 0.25, 4);
  }

  /** With weights that make classes equal, the score is the balanced accuracy. */
  @Test
  void theScoreMayBeTheBalancedAccuracy() {
    Dataset data = Dataset.of(TRAIN, TRAIN);
    TrainingRun run = trainer(BestEpoch.ERROR).balancedClassWeights().build().fit(network(), data);
    double score = run.history().results().get(run.bestEpoch()).validScore();
    RowResults all = RowResults.of(run.model(), TRAIN, 1);
    double[] right = new double[2];
    double[] rows = new double[2];
    for (int row = 0; row < TRAIN.rows(); row++) {
      right[TRAIN.label(row)] += all.predicted()[row] == TRAIN.label(row) ? 1 : 0;
      rows[TRAIN.label(row)]++;
    }
    assertEquals((right[0] / rows[0] + right[1] / rows[1]) / 2, score, 1e-6);
  }

  @Test
  void withoutAChoiceAllRowsCountAlike() {
    TrainingRun run = trainer(BestEpoch.NONE).classWeights(1, 9).build().fit(network(), DATA);
    Score all = Score.of(run.model(), VALID, 1);
    assertEquals(all.loss(), run.history().validLoss()[11]);
    assertEquals(all.accuracy(), run.history().validScore()[11]);
  }

  @Test
  void patienceGoesByTheWeights() {
    TrainerBuilder patient = trainer(BestEpoch.ERROR).epochs(60).patience(3);
    TrainingRun run = patient.sampling(Sampling.BALANCED).build().fit(network(), DATA);
    List<EpochResult> results = run.history().results();
    assertEquals(TrainingRun.Outcome.STOPPED_EARLY, run.outcome());
    assertEquals(results.size() - 4, run.bestEpoch());
    double best = results.get(run.bestEpoch()).validScore();
    assertTrue(results.stream().allMatch(result -> result.validScore() <= best));
  }

  @Test
  void aResumedRunMakesTheSameChoice() throws IOException {
    Path file = directory.resolve("checkpoint.npz");
    for (Sampling sampling : List.of(Sampling.SHUFFLED, Sampling.BALANCED)) {
      TrainerBuilder whole = trainer(BestEpoch.LAST_ERROR).classWeights(1, 3).sampling(sampling);
      TrainingRun expected = whole.build().fit(network(), DATA);
      for (int epoch = 1; epoch < 12; epoch += 3) {
        int last = epoch;
        List<Checkpoint> taken = new ArrayList<>();
        TrainerBuilder cut = trainer(BestEpoch.LAST_ERROR).classWeights(1, 3).sampling(sampling);
        cut.checkpointEvery(1e6)
            .listener(
                new TrainingListener() {
                  @Override
                  public boolean onEpoch(EpochResult result) {
                    return result.epoch() < last;
                  }

                  @Override
                  public void onCheckpoint(Checkpoint checkpoint) {
                    taken.add(checkpoint.copy());
                  }
                });
        cut.build().fit(network(), DATA);
        taken.get(0).save(file);
        TrainingRun run = whole.build().resume(Checkpoint.load(file), DATA);
        assertEquals(expected.bestEpoch(), run.bestEpoch());
        assertEquals(expected.model().sha256(), run.model().sha256());
        EpochResult kept = run.history().results().get(run.bestEpoch());
        EpochResult same = expected.history().results().get(run.bestEpoch());
        assertEquals(same.validScore(), kept.validScore());
        assertEquals(same.validLoss(), kept.validLoss());
      }
    }
  }

  @Test
  void weightsThatTellNothingAreRefused() {
    Dataset data = Dataset.of(TRAIN, Rows.of(new float[5][3], new int[5]));
    assertEquals(
        "class weights of 0 for all classes in the validation rows, expected a weight above 0, or nothing tells the best epoch",
        refusal(() -> trainer(BestEpoch.LOSS).classWeights(0, 1).build().fit(network(), data)));
    trainer(BestEpoch.NONE).epochs(1).classWeights(0, 1).build().fit(network(), data);
  }
}
