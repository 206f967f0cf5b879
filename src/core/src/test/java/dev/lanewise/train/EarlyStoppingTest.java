package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.nn.Loss;
import dev.lanewise.train.TrainingRun.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyStoppingTest {
  private static final double NAN = Double.NaN;

  private static EpochResult result(int epoch, double validLoss) {
    return new EpochResult(epoch, 99, 1, 1, 1, 1, validLoss, 1, 0, 1, 1);
  }

  /** Returns the epoch after which a run stops, and the epoch whose weights it keeps. */
  private static List<Integer> stop(int patience, double... losses) {
    float[] weights = new float[1];
    TrainingState state = new TrainingState(weights, weights, new float[0][]);
    TrainingOptions options = new TrainingOptions();
    options.patience = patience;
    EarlyStopping stopping = new EarlyStopping(options, Loss.SOFTMAX, state);
    for (double loss : losses) {
      assertFalse(stopping.isTime());
      state.parameters[0] = state.epoch;
      EpochResult result = result(state.epoch, loss);
      state.endEpoch(result);
      stopping.observe(result, NAN);
      // An object that is made from the results later comes to the same conclusion.
      assertEquals(stopping.isTime(), new EarlyStopping(options, Loss.SOFTMAX, state).isTime());
      if (stopping.isTime()) {
        break;
      }
    }
    int best = state.best == null ? -1 : (int) state.best[0];
    assertEquals(patience == 0 ? -1 : new History(state.results).bestEpoch(), best);
    return List.of(stopping.isTime() ? state.epoch - 1 : 99, best);
  }

  @Test
  void historiesSayTheirBestAndLastEpoch() {
    History history = new History(List.of(result(0, 2), result(1, 1), result(2, 3)));
    assertEquals("History[3 epochs, best 1, last " + result(2, 3) + "]", history.toString());
    assertEquals("History[0 epochs, best -1, last none]", new History(List.of()).toString());
    assertEquals(
        "Trainer[7 epochs, batches of 100, learning rate 0.01, adam 0.9 0.999 1.0E-8]",
        Trainer.builder().epochs(7).optimizer(Optimizer.adam()).build().toString());
  }

  @Test
  void epochsWithoutABetterLossAreCounted() {
    assertEquals(List.of(2, 1), stop(1, 3, 2, 2.5, 1));
    assertEquals(List.of(99, 3), stop(2, 3, 2, 2.5, 1));
    assertEquals(List.of(3, 1), stop(2, 3, 2, 2.5, 2.4, 1));
    assertEquals(List.of(99, 2), stop(3, 3, 2, 1));
    assertEquals(List.of(99, -1), stop(0, 1, 2, 3, 4, 5));
  }

  @Test
  void theFirstOfEqualsWinsAndNanNeverDoes() {
    assertEquals(List.of(2, 0), stop(2, 1, 1, 1, 0));
    assertEquals(List.of(2, -1), stop(3, NAN, NAN, NAN, 1));
    assertEquals(List.of(3, 1), stop(2, NAN, 5, NAN, NAN, 1));
    assertEquals(List.of(99, 3), stop(3, NAN, 5, NAN, 4));
    assertEquals(List.of(1, -1), stop(2, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY));
  }

  private static int best(BestEpoch best, Loss loss, double[] losses, double... accuracies) {
    float[] weights = new float[1];
    TrainingState state = new TrainingState(weights, weights, new float[0][]);
    TrainingOptions options = new TrainingOptions();
    options.best = best;
    EarlyStopping stopping = new EarlyStopping(options, loss, state);
    for (int e = 0; e < losses.length; e++) {
      state.parameters[0] = e;
      EpochResult result = new EpochResult(e, 9, 1, 1, 1, 1, losses[e], accuracies[e], 0, 1, 1);
      state.endEpoch(result);
      stopping.observe(result, NAN);
      assertFalse(stopping.isTime());
    }
    int again = new EarlyStopping(options, loss, state).bestEpoch();
    assertEquals(stopping.bestEpoch(), again);
    assertEquals(again, state.best == null ? -1 : (int) state.best[0]);
    return again;
  }

  @Test
  void whatIsBest() {
    double[] losses = {3, 1, 2, 1, NAN, 1};
    double[] accuracies = {0.5, 0.7, 0.9, NAN, 0.9, 0.8};
    assertEquals(-1, best(BestEpoch.NONE, Loss.SOFTMAX, losses, accuracies));
    assertEquals(1, best(BestEpoch.LOSS, Loss.SOFTMAX, losses, accuracies));
    assertEquals(5, best(BestEpoch.LAST_LOSS, Loss.SOFTMAX, losses, accuracies));
    assertEquals(2, best(BestEpoch.ERROR, Loss.SOFTMAX, losses, accuracies));
    assertEquals(4, best(BestEpoch.LAST_ERROR, Loss.HUBER, losses, accuracies));
    // R2 is undefined if all targets are equal, but the squared error is not.
    double[] none = {NAN, NAN, NAN, NAN, NAN, NAN};
    assertEquals(5, best(BestEpoch.LAST_ERROR, Loss.MSE, losses, none));
    assertEquals(-1, best(BestEpoch.LAST_ERROR, Loss.SOFTMAX, losses, none));
  }

  /** The last of equal epochs is kept, but it is not an improvement that resets patience. */
  @Test
  void patienceWaitsForWhatIsBetter() {
    float[] weights = new float[1];
    TrainingState state = new TrainingState(weights, weights, new float[0][]);
    TrainingOptions options = new TrainingOptions();
    options.best = BestEpoch.LAST_LOSS;
    options.patience = 2;
    EarlyStopping stopping = new EarlyStopping(options, Loss.SOFTMAX, state);
    for (int e = 0; e < 3; e++) {
      EpochResult result = result(e, 1);
      state.endEpoch(result);
      stopping.observe(result, NAN);
      assertEquals(e == 2, stopping.isTime());
    }
    assertEquals(2, stopping.bestEpoch());
  }

  /** Returns a trainer with a rate at which the validation loss on digits soon goes up and down. */
  private static TrainerBuilder trainer() {
    return Trainer.builder().epochs(200).batchSize(20).learningRate(0.5).patience(4);
  }

  @Test
  void bestWeightsAreRestored() {
    TrainingRun run = trainer().build().fit(Digits.network(0), Digits.DATA);
    assertEquals(Outcome.STOPPED_EARLY, run.outcome());
    int best = run.history().bestEpoch();
    assertEquals(best + 5, run.history().epochs());
    double[] losses = run.history().validLoss();
    assertEquals(
        losses[best], Score.of(run.model(), Digits.DATA.validation().orElseThrow(), 1).loss());
    TrainerBuilder short1 = Trainer.builder().batchSize(20).learningRate(0.5).epochs(best + 1);
    assertEquals(
        short1.build().fit(Digits.network(0), Digits.DATA).model().sha256(), run.model().sha256());
    // The best weights are also restored if all epochs were run.
    TrainingRun all = trainer().epochs(best + 3).build().fit(Digits.network(0), Digits.DATA);
    assertEquals(Outcome.COMPLETED, all.outcome());
    assertEquals(run.model().sha256(), all.model().sha256());
  }

  @Test
  void resumedBeforeAndBehindTheBest(@TempDir Path directory) throws IOException {
    TrainingRun whole = trainer().build().fit(Digits.network(0), Digits.DATA);
    List<Checkpoint> checkpoints = new ArrayList<>();
    TrainerBuilder watched =
        trainer()
            .checkpointEvery(1e-9)
            .listener(
                new Listening().checkpoints(checkpoint -> checkpoints.add(checkpoint.copy())));
    watched.build().fit(Digits.network(0), Digits.DATA);
    assertEquals(whole.history().epochs(), checkpoints.size());
    int best = whole.history().bestEpoch();
    for (int epoch : new int[] {0, best - 1, best, best + 1, checkpoints.size() - 1}) {
      Path file = directory.resolve("checkpoint.npz");
      checkpoints.get(epoch).save(file);
      Checkpoint loaded = Checkpoint.load(file);
      for (Checkpoint from : List.of(loaded.copy(), loaded)) { // copies include the best weights
        TrainingRun run = trainer().build().resume(from, Digits.DATA);
        assertEquals(Outcome.STOPPED_EARLY, run.outcome());
        assertEquals(whole.model().sha256(), run.model().sha256());
        assertArrayEquals(whole.history().validLoss(), run.history().validLoss());
      }
    }
    assertNotEquals(
        whole.model().sha256(), checkpoints.get(checkpoints.size() - 1).model().sha256());
  }

  @Test
  void itNeedsValidationRows() {
    Dataset alone = Dataset.of(Digits.DATA.train());
    String message = refusal(() -> trainer().build().fit(Digits.network(0), alone));
    assertTrue(
        message.startsWith("patience without validation rows, expected validation rows"), message);
    refusal(() -> trainer().patience(-1));
  }
}
