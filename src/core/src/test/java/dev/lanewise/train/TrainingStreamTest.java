package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
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
        .sampling(Sampling.SEQUENTIAL)
        .epochs(1)
        .optimizer(Optimizer.adam(0.9, 0.999, 1e-8))
        .learningRate(0.01)
        .dropout(0.3)
        .clipNorm(0.5)
        .weightDecay(WeightDecay.l2(0.01));
  }

  /** Takes the batches of an epoch one by one; the last one is shorter. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void stepsGiveTheBitsOfAnEpoch(int threads) {
    Scaling scaling = Scaling.divide(255);
    Rows all = Rows.of(x(), t()).withScaling(scaling);
    Dataset data = Dataset.of(all);
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
      assertEquals(expected.history().trainScore()[0], last.score());
      assertEquals(scaling, stream.model().scaling().orElseThrow());
    }
  }

  /** A larger batch needs larger buffers, but the state of the optimizer is kept. */
  @Test
  void batchesMayGrow() {
    Rows small = Rows.of(Arrays.copyOf(x(), 3), Arrays.copyOf(t(), 3));
    Rows large = Rows.of(x(), t());
    String[] sha256 = new String[2];
    for (int i = 0; i < 2; i++) {
      try (TrainingStream stream = trainer().learningRate(1e-3).build().stream(INITIAL)) {
        for (Rows batch : List.of(small, large, small, large)) {
          stream.step(batch);
        }
        sha256[i] = stream.model().sha256();
      }
    }
    assertEquals(sha256[0], sha256[1]);
  }

  /** Rows without weights weigh 1, whatever the weights of the previous batch were. */
  @Test
  void weightsAreOfTheirBatchAlone() {
    float[] ones = new float[ROWS];
    Arrays.fill(ones, 1);
    float[] weights = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      weights[i] = i % 4;
    }
    Rows plain = Rows.of(x(), t());
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
    Rows weightless = plain.withRowWeights(new float[ROWS]);
    try (TrainingStream stream = trainer().build().stream(INITIAL)) {
      assertEquals(
          "rows 0 to 89 have weight 0, expected at least one weight above 0",
          refusal(() -> stream.step(weightless)));
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
      refusal(() -> stream.step(new float[2][5], new int[2]));
      refusal(() -> stream.step(new float[1][FEATURES], new int[] {3}));
      refusal(() -> stream.step(new float[0][FEATURES], new int[0]));
    }
    Trainer patient = trainer().patience(3).build();
    refusal(() -> patient.stream(INITIAL));
    Trainer scheduled = trainer().schedule(Schedule.constant().withWarmup(1)).build();
    refusal(() -> scheduled.stream(INITIAL));
  }

  /** Otherwise two threads would give wrong results or wait for each other forever. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void twoThreadsAtOnceAreRefused(int count) throws InterruptedException, ExecutionException {
    Rows all = Rows.of(x(), t());
    AtomicBoolean met = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (TrainingStream shared = trainer().threads(count).build().stream(INITIAL)) {
      List<Future<?>> both = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        both.add(threads.submit(() -> stepUntilRefused(shared, all, met)));
      }
      for (Future<?> one : both) {
        one.get();
      }
      assertTrue(met.get(), "two threads never met, and the second was never refused");
      shared.step(all);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void stepUntilRefused(TrainingStream shared, Rows all, AtomicBoolean met) {
    for (int i = 0; i < 20_000 && !met.get(); i++) {
      try {
        shared.step(all);
      } catch (IllegalStateException e) {
        assertTrue(e.getMessage().contains("another thread is using it"), e.getMessage());
        met.set(true);
      }
    }
  }

  @Test
  void stepsEndWithClose() {
    Rows all = Rows.of(x(), t());
    TrainingStream stream = trainer().build().stream(INITIAL);
    stream.step(all);
    Mlp model = stream.model();
    stream.close();
    stream.close();
    Exception e = assertThrows(IllegalStateException.class, () -> stream.step(all));
    assertTrue(
        e.getMessage().startsWith("training stream: closed, expected no further steps"),
        e.toString());
    assertEquals(model, stream.model());
  }

  /** In a stream, these options would silently do nothing. */
  @Test
  void optionsOfEpochsAreRefused() {
    for (TrainerBuilder builder :
        List.of(trainer().sampling(Sampling.BALANCED), trainer().listener(result -> true))) {
      Exception e =
          assertThrows(IllegalArgumentException.class, () -> builder.build().stream(INITIAL));
      assertTrue(
          e.getMessage().matches("a stream with (balanced sampling|listeners), expected .*"));
    }
  }

  @Test
  void classWeightsOfZeroTrainNothing() {
    rejects(() -> trainer().classWeights(0, 0, 0), "above 0 in at least one class");
    Trainer trainer = trainer().classWeights(0, 1, 1).listener(epoch -> true).build();
    Dataset zero = Dataset.of(Rows.of(x(), new int[ROWS]).withScaling(Scaling.divide(255)));
    rejects(() -> trainer.fit(INITIAL, zero), "0 for all classes in the training rows");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1025, Integer.MAX_VALUE})
  void threadsAreSome(int threads) {
    Rows all = Rows.of(x(), t());
    for (Executable call :
        List.<Executable>of(
            () -> trainer().threads(threads),
            () -> Score.of(INITIAL, all, threads),
            () -> RowResults.of(INITIAL, all, threads))) {
      assertEquals(
          "threads " + threads + ", expected a whole number from 1 to 1024", refusal(call));
    }
  }

  /** 130 features are not a whole number of tiles. */
  @Test
  void theBitsAreThoseOfOneThread() {
    Random random = new Random(4);
    float[][] rows = new float[200][130];
    int[] labels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      labels[i] = random.nextInt(3);
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] = (float) random.nextGaussian();
      }
    }
    Mlp initial = Mlp.initial(Architecture.relu(130, List.of(100), 3), Initializer.HE, 1);
    String[] digests = new String[4];
    for (int threads = 1; threads < digests.length; threads++) {
      Trainer trainer = Trainer.builder().threads(threads).build();
      try (TrainingStream stream = trainer.stream(initial)) {
        stream.step(rows, labels);
        stream.step(rows, labels);
        digests[threads] = stream.model().sha256();
      }
    }
    assertNotEquals(initial.sha256(), digests[1]);
    assertEquals(digests[1], digests[2]);
    assertEquals(digests[1], digests[3]);
  }
}
