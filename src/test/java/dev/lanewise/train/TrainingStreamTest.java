package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingStreamTest {
  private static final int ROWS = 90;
  private static final int FEATURES = 6;
  private static final Mlp INITIAL =
      Mlp.initial(Architecture.relu(FEATURES, List.of(7, 5), 3), Initializer.HE, 1);

  private static float[][] x() {
    Random random = new Random(3);
    float[][] x = new float[ROWS][FEATURES];
    for (float[] row : x) {
      for (int i = 0; i < FEATURES; i++) {
        row[i] = random.nextInt(256);
      }
    }
    return x;
  }

  private static int[] t() {
    return new Random(4).ints(ROWS, 0, 3).toArray();
  }

  private static TrainerBuilder trainer() {
    return Trainer.builder()
        .batchSize(20)
        .shuffle(false)
        .epochs(1)
        .optimizer(Optimizer.adam(0.9, 0.999, 1e-8))
        .learningRate(0.01)
        .dropout(0.3)
        .clipNorm(0.5)
        .weightDecay(WeightDecay.l2(0.01));
  }

  /** The batches of an epoch one by one, the last of them short. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void stepsGiveTheBitsOfAnEpoch(int threads) {
    Scaling scaling = Scaling.divide(255);
    Split all = Split.of(x(), t(), scaling);
    Dataset data = Dataset.of(all, Optional.empty(), Optional.empty());
    TrainingRun expected = trainer().build().fit(INITIAL, data);
    Trainer trainer = trainer().threads(threads).build();
    try (TrainingStream stream = trainer.stream(INITIAL.withScaling(scaling))) {
      StepResult last = null;
      for (int first = 0; first < ROWS; first += 20) {
        int to = Math.min(ROWS, first + 20);
        last = stream.step(Arrays.copyOfRange(x(), first, to), Arrays.copyOfRange(t(), first, to));
        assertEquals(first / 20, last.step());
      }
      assertEquals(expected.model().sha256(), stream.model().sha256());
      assertEquals(expected.history().trainLoss()[0], last.loss());
      assertEquals(expected.history().trainAccuracy()[0], last.accuracy());
      assertEquals(scaling, stream.model().scaling().orElseThrow());
    }
  }

  /** A larger batch takes larger buffers, but what the optimizer remembers stays. */
  @Test
  void batchesMayGrow() {
    Split small = Split.of(Arrays.copyOf(x(), 3), Arrays.copyOf(t(), 3));
    Split large = Split.of(x(), t());
    String[] sha256 = new String[2];
    for (int i = 0; i < 2; i++) {
      try (TrainingStream stream = trainer().learningRate(1e-3).build().stream(INITIAL)) {
        for (Split batch : List.of(small, large, small, large)) {
          stream.step(batch);
        }
        sha256[i] = stream.model().sha256();
      }
    }
    assertEquals(sha256[0], sha256[1]);
  }

  /** Rows without weights weigh 1, whatever those before them weighed. */
  @Test
  void weightsAreOfTheirBatchAlone() {
    float[] ones = new float[ROWS];
    Arrays.fill(ones, 1);
    float[] weights = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      weights[i] = i % 4;
    }
    Split plain = Split.of(x(), t());
    String[] sha256 = new String[3];
    for (int i = 0; i < 3; i++) {
      try (TrainingStream stream = trainer().learningRate(1e-3).build().stream(INITIAL)) {
        stream.step(i == 2 ? plain : plain.withRowWeights(weights));
        stream.step(i == 0 ? plain.withRowWeights(ones) : plain);
        sha256[i] = stream.model().sha256();
      }
    }
    assertEquals(sha256[0], sha256[1]);
    assertNotEquals(sha256[0], sha256[2]);
    Split weightless = plain.withRowWeights(new float[ROWS]);
    try (TrainingStream stream = trainer().build().stream(INITIAL)) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> stream.step(weightless));
      assertEquals("rows 0 to 89 have weight 0: must be above 0 in at least one", e.getMessage());
    }
  }

  @Test
  void itLearns() {
    float[][] x = {{1, 0, 0, 0, 0, 0}, {0, 1, 0, 0, 0, 0}, {0, 0, 1, 0, 0, 0}};
    int[] t = {2, 0, 1};
    try (TrainingStream stream = Trainer.builder().learningRate(0.2).build().stream(INITIAL)) {
      double first = stream.step(x, t).loss();
      for (int i = 0; i < 200; i++) {
        stream.step(x, t);
      }
      assertTrue(stream.step(x, t).loss() < first / 10);
    }
  }

  @Test
  void wrongRowsAndOptionsAreRefused() {
    try (TrainingStream stream = trainer().build().stream(INITIAL)) {
      assertThrows(IllegalArgumentException.class, () -> stream.step(new float[2][5], new int[2]));
      assertThrows(
          IllegalArgumentException.class, () -> stream.step(new float[1][FEATURES], new int[] {3}));
      assertThrows(
          IllegalArgumentException.class, () -> stream.step(new float[0][FEATURES], new int[0]));
    }
    Trainer patient = trainer().patience(3).build();
    assertThrows(IllegalArgumentException.class, () -> patient.stream(INITIAL));
    Trainer scheduled = trainer().schedule(Schedule.constant().withWarmup(1)).build();
    assertThrows(IllegalArgumentException.class, () -> scheduled.stream(INITIAL));
  }
}
