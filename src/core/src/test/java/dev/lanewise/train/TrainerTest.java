package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.train.TrainingRun.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  @Test
  void lastMiniBatchIsShortAndEveryRowTakesPart() {
    List<StepResult> steps = new ArrayList<>();
    TrainingListener listener =
        new Listening()
            .steps(
                result -> {
                  steps.add(result);
                  return true;
                });
    Digits.fit(Trainer.builder().epochs(2).batchSize(100).listener(listener));
    assertEquals(26, steps.size());
    assertEquals(13, steps.get(0).steps());
    assertEquals(1, steps.get(13).epoch());
    assertEquals(0, steps.get(13).step());
    // Of 1257 rows, the last batch has 57, so its accuracy is a multiple of 1/57.
    double rows = steps.get(12).score() * 57;
    assertEquals(Math.rint(rows), rows, 1e-9);
  }

  @Test
  void meansAreOverAllRows() {
    List<StepResult> steps = new ArrayList<>();
    List<EpochResult> epochs = new ArrayList<>();
    TrainingListener listener =
        new Listening().steps(result -> steps.add(result)).epochs(result -> epochs.add(result));
    Digits.fit(Trainer.builder().epochs(1).batchSize(500).listener(listener));
    double loss =
        (500 * steps.get(0).loss() + 500 * steps.get(1).loss() + 257 * steps.get(2).loss()) / 1257;
    assertEquals(loss, epochs.get(0).trainLossMean(), 1e-12);
    assertEquals(steps.get(2).loss(), epochs.get(0).trainLoss());
    assertEquals(1257, epochs.get(0).rows());
  }

  @Test
  void listenersStopARun() {
    TrainingListener third = new Listening().epochs(result -> result.epoch() < 2);
    TrainingRun run = Digits.fit(Trainer.builder().epochs(50).listener(third));
    assertEquals(Outcome.STOPPED, run.outcome());
    assertEquals(3, run.history().epochs());
    TrainingRun three = Digits.fit(Trainer.builder().epochs(3));
    assertEquals(three.model().sha256(), run.model().sha256());

    TrainingListener inTheMidst =
        new Listening().steps(result -> !(result.epoch() == 1 && result.step() == 4));
    TrainingRun cut = Digits.fit(Trainer.builder().epochs(50).listener(inTheMidst));
    assertEquals(Outcome.STOPPED, cut.outcome());
    assertEquals(1, cut.history().epochs());
  }

  @Test
  void aLambdaListensToEpochs() {
    List<Integer> told = new ArrayList<>();
    TrainingRun run =
        Digits.fit(
            Trainer.builder()
                .epochs(50)
                .onEpoch(result -> told.add(result.epoch()))
                .listener(result -> result.epoch() < 2));
    assertEquals(Outcome.STOPPED, run.outcome());
    assertEquals(List.of(0, 1, 2), told);
  }

  /** An interrupt stops the run after the current step, with a checkpoint, on one thread or two. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void anInterruptStopsARun(int threads) {
    Checkpoint[] last = new Checkpoint[1];
    TrainingListener interrupting =
        new Listening()
            .steps(
                result -> {
                  if (result.epoch() == 1 && result.step() == 4) {
                    Thread.currentThread().interrupt();
                  }
                  return true;
                })
            .checkpoints(checkpoint -> last[0] = checkpoint.copy());
    TrainerBuilder options =
        Trainer.builder().epochs(3).threads(threads).checkpointEvery(1e9).batchSize(200);
    TrainingRun whole = options.build().fit(Digits.network(0), Digits.DATA);
    TrainingRun cut = options.listener(interrupting).build().fit(Digits.network(0), Digits.DATA);
    assertTrue(Thread.interrupted(), "the thread stays interrupted");
    assertEquals(Outcome.STOPPED, cut.outcome());
    assertEquals(1, cut.history().epochs());
    assertEquals(1, last[0].epoch());
    assertEquals(5, last[0].step());
    assertEquals(cut.model().sha256(), last[0].model().sha256());
    assertEquals(
        whole.model().sha256(),
        Trainer.builder()
            .epochs(3)
            .batchSize(200)
            .build()
            .resume(last[0], Digits.DATA)
            .model()
            .sha256());
    assertFalse(Thread.interrupted());
  }

  /** The same holds for an interrupt that comes while the validation rows are evaluated. */
  @Test
  void anInterruptAtTheEndOfAnEpochStopsARun() {
    TrainingRun run =
        Digits.fit(
            Trainer.builder().epochs(50).onEpoch(result -> Thread.currentThread().interrupt()));
    assertTrue(Thread.interrupted());
    assertEquals(Outcome.STOPPED, run.outcome());
    assertEquals(1, run.history().epochs());
  }

  @Test
  void divergenceIsReported() {
    TrainingRun run = Digits.fit(Trainer.builder().epochs(50).learningRate(1e30));
    assertEquals(Outcome.DIVERGED, run.outcome());
  }

  /** The loss of the step is finite, because it is that of the weights before the step. */
  @Test
  void overflowInTheLastStepIsReported() {
    TrainingRun run = lastStepDiverges().build().fit(Digits.network(0), Digits.DATA);
    assertTrue(Double.isFinite(run.history().trainLoss()[0]));
    assertEquals(Outcome.DIVERGED, run.outcome());
  }

  /** Returns a trainer of a single step, in which only the weight decay overflows. */
  static TrainerBuilder lastStepDiverges() {
    return Trainer.builder()
        .epochs(1)
        .batchSize(-1)
        .learningRate(1e38)
        .weightDecay(WeightDecay.l2(1e6));
  }

  /** The last weights show what went wrong; those of a better epoch would hide it. */
  @Test
  void whatHasDivergedHasNoBestWeights() {
    TrainingOptions options = new TrainingOptions();
    options.epochs = 2;
    options.learningRate = 1e30;
    options.best = BestEpoch.LOSS;
    float[] parameters = Digits.network(0).parameters();
    TrainingState state = options.begin(Digits.network(0), parameters);
    state.endEpoch(new EpochResult(0, 2, 1, 1, 1, 1, 1, 1, 1, 1257, 1));
    state.best = parameters.clone();
    state.steps = 13; // the steps of one epoch
    Mlp network = MlpState.of(Digits.network(0)).on(parameters);
    TrainingRun run = new TrainingLoop(options, network, Digits.DATA, state).run();
    assertEquals(Outcome.DIVERGED, run.outcome());
    assertEquals(-1, run.bestEpoch());
    assertFalse(Arrays.equals(state.best, run.model().parameters()));
  }

  /** If steps change nothing, the loss depends only on the mini-batch and the masks. */
  @Test
  void masksOfDropoutDifferFromStepToStepAndEpochToEpoch() {
    for (double dropout : new double[] {0, 0.5}) {
      List<Double> losses = new ArrayList<>();
      Trainer.builder()
          .epochs(3)
          .batchSize(100)
          .sampling(Sampling.SEQUENTIAL)
          .dropShortBatch(true)
          .learningRate(1e-30)
          .dropout(dropout)
          .listener(new Listening().steps(result -> losses.add(result.loss())))
          .build()
          .fit(Digits.network(0), repeated());
      // Every mini-batch has the same rows, so only a mask can change its loss.
      assertEquals(dropout == 0 ? 1 : 9, new HashSet<>(losses).size(), losses.toString());
    }
  }

  /** Returns a hundred rows, three times. */
  private static Dataset repeated() {
    float[][] rows = new float[300][64];
    int[] labels = new int[300];
    for (int i = 0; i < 300; i++) {
      Digits.DATA.train().copyRows(null, i % 100, 1, rows[i], 0);
      labels[i] = Digits.DATA.train().label(i % 100);
    }
    return Dataset.of(Rows.of(rows, labels));
  }

  /**
   * The loss of the last step is that of the weights before it, and even the weights after it may
   * be finite.
   */
  @Test
  void divergenceInTheLastStepIsReported() {
    for (int batch : new int[] {-1, 100}) {
      for (int threads = 1; threads <= 2; threads++) {
        List<StepResult> steps = new ArrayList<>();
        int last = batch == -1 ? 0 : Digits.DATA.train().rows() / 100;
        TrainingRun run =
            Digits.fit(
                Trainer.builder()
                    .epochs(1)
                    .batchSize(batch)
                    .threads(threads)
                    .learningRate(batch == -1 ? 1e30 : 1e-3)
                    .schedule(Schedule.constant())
                    .listener(
                        new Listening()
                            .steps(
                                result -> {
                                  steps.add(result);
                                  return true;
                                })
                            .checkpoints(
                                checkpoint -> {
                                  throw new AssertionError(
                                      "a checkpoint of weights that give no losses");
                                }))
                    .checkpointEvery(batch == -1 ? 1e-9 : 0));
        assertEquals(last + 1, steps.size());
        assertTrue(Double.isFinite(steps.get(last).loss()));
        assertEquals(batch == -1 ? Outcome.DIVERGED : Outcome.COMPLETED, run.outcome());
        assertEquals(-1, run.bestEpoch());
      }
    }
  }

  @Test
  void modelCarriesWhatTheDataSays() {
    TrainingRun run = Digits.fit(Trainer.builder().epochs(0));
    assertEquals(Digits.network(0).sha256(), run.model().sha256());
    assertEquals(Digits.DATA.scaling(), run.model().scaling().orElseThrow());
    assertArrayEquals(Digits.DATA.inputShape(), run.model().inputShape());
  }

  @Test
  void historyIsSavedAndLoaded(@TempDir Path directory) throws Exception {
    History history = Digits.fit(Trainer.builder().epochs(4)).history();
    Path file = directory.resolve("nn_stats.npz");
    history.save(file);
    History loaded = History.load(file);
    assertArrayEquals(new double[] {0, 1, 2, 3}, loaded.numbers());
    String unknown = "(seconds|rows)=[^,]+"; // the file does not contain these
    assertEquals(
        history.results().toString().replaceAll(unknown, ""),
        loaded.results().toString().replaceAll(unknown, ""));
    try (Npz npz = Npz.open(file)) { // other programs expect these names
      for (Map.Entry<String, double[]> each :
          Map.of(
                  "train_ce", history.trainLoss(),
                  "train_acc", history.trainScore(),
                  "train_ce_mean", history.trainLossMean(),
                  "train_acc_mean", history.trainScoreMean(),
                  "valid_ce", history.validLoss(),
                  "valid_acc", history.validScore())
              .entrySet()) {
        double[] pairs = npz.read(each.getKey()).toDoubles();
        for (int epoch = 0; epoch < 4; epoch++) {
          assertEquals(epoch, pairs[2 * epoch]);
          assertEquals(each.getValue()[epoch], pairs[2 * epoch + 1], each.getKey());
        }
      }
    }
    assertFalse(Arrays.equals(loaded.trainLoss(), loaded.trainLossMean()));
  }

  @Test
  void wrongOptionsAndDataAreRefused() {
    for (Consumer<TrainerBuilder> wrong :
        List.<Consumer<TrainerBuilder>>of(
            b -> b.epochs(-1), b -> b.batchSize(0), b -> b.batchSize(-2), b -> b.threads(0))) {
      refusal(() -> wrong.accept(Trainer.builder()));
    }
    for (double rate : new double[] {0, Double.NaN, -1, 1e300, 1e-300}) {
      refusal(() -> Trainer.builder().learningRate(rate));
    }
    Mlp narrow = Mlp.initial(Architecture.relu(63, List.of(5), 10), Initializer.COURSE, 0);
    assertEquals(
        "rows of 64 features: network 63-5-10 takes 63",
        refusal(() -> Trainer.builder().build().fit(narrow, Digits.DATA)));
    Mlp few = Mlp.initial(Architecture.relu(64, List.of(5), 9), Initializer.COURSE, 0);
    assertContains(refusal(() -> Trainer.builder().build().fit(few, Digits.DATA)), "has label 9");
  }
}
