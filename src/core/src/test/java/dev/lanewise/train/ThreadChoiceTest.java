package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Rows;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.Dropout;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;
import dev.lanewise.parallel.ThreadChoice;
import dev.lanewise.train.internal.Batches;
import dev.lanewise.train.internal.Tally;
import dev.lanewise.train.internal.Validation;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the choice of a number of threads with made-up durations of steps. */
class ThreadChoiceTest {
  /**
   * Takes steps whose durations depend on their numbers of threads, and returns the share of steps
   * with each number.
   */
  private static double[] shares(ThreadChoice choice, int steps, IntUnaryOperator nanoseconds) {
    double[] shares = new double[choice.most() + 1];
    for (int i = 0; i < steps; i++) {
      int threads = choice.next();
      shares[threads] += 1.0 / steps;
      choice.took(10, nanoseconds.applyAsInt(threads));
    }
    return shares;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16, 24})
  void findsTheQuickestNumber(int quickest) {
    ThreadChoice choice = new ThreadChoice(1, 2, 4, 8, 16, 24);
    IntUnaryOperator time = n -> 200_000 * Math.max(n, quickest) / Math.min(n, quickest);
    shares(choice, 5000, time);
    double[] shares = shares(choice, 10_000, time);
    assertTrue(shares[quickest] > 0.9, quickest + " threads had " + shares[quickest]);
    assertEquals(quickest, choice.usual());
    for (int other : new int[] {1, 2, 4, 8, 16, 24}) {
      boolean isFar = other > 2 * quickest || 2 * other < quickest && other != 16;
      assertEquals(isFar, shares[other] == 0, other + " threads");
    }
  }

  /** A network may seem too small for threads only while code is compiled. */
  @Test
  void changesItsMind() {
    ThreadChoice choice = new ThreadChoice(1, 2);
    double[] early = shares(choice, 2000, n -> 100_000 * n);
    double[] late = shares(choice, 20_000, n -> 100_000 / n);
    assertTrue(early[1] > 0.8, "one thread had " + early[1]);
    assertTrue(late[2] > 0.8, "two threads had " + late[2]);
  }

  @Test
  void oneLongStepInAWhileIsNoReason() {
    ThreadChoice choice = new ThreadChoice(1, 2);
    Random random = new Random(1);
    double[] shares =
        shares(choice, 20_000, n -> (random.nextInt(50) == 0 ? 20_000_000 : 100_000) / n);
    assertTrue(shares[2] > 0.9, "two threads had " + shares[2]);
  }

  /** A gain of 2% is less than the noise of a machine. */
  @Test
  void whatIsHardlyQuickerIsNotChosen() {
    double[] shares = shares(new ThreadChoice(1, 2), 20_000, n -> 102_000 - 2000 * n);
    assertTrue(shares[1] > 0.9, "one thread had " + shares[1]);
  }

  /**
   * On two threads most steps are quicker, but in some a thread waits long for the other, so that
   * together they are slower. A short comparison seldom sees such a step.
   */
  @ParameterizedTest
  @CsvSource({"10, 800, 4000", "20, 750, 9000", "3, 700, 2100"})
  void delaysThatComparisonsMissCount(int often, int usual, int delayed) {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      double[] shares =
          shares(
              new ThreadChoice(1, 2),
              20_000,
              n -> 300 * (n == 1 ? 1000 : random.nextInt(often) == 0 ? delayed : usual));
      assertTrue(shares[1] > 0.85, "one thread had " + shares[1]);
    }
  }

  /** Trials of other numbers become rare; they take less than 1% of a training of minutes. */
  @Test
  void looksCostLittle() {
    ThreadChoice choice = new ThreadChoice(1, 2);
    shares(choice, 30_000, n -> 100_000 / n);
    assertTrue(shares(choice, 1_000_000, n -> 100_000 / n)[1] < 0.005);
  }

  /** In a short last mini-batch, a row takes longer than usual, and the step takes less time. */
  @Test
  void shortStepsAreNoReason() {
    ThreadChoice choice = new ThreadChoice(1, 2);
    double[] shares = new double[3];
    for (int i = 0; i < 20_000; i++) {
      int threads = choice.next();
      shares[threads] += 1.0 / 20_000;
      boolean isShort = i % 3 == 2;
      choice.took(isShort ? 1 : 100, (isShort ? 30_000 : 800_000) / threads);
    }
    assertTrue(shares[2] > 0.9, "two threads had " + shares[2]);
  }

  @Test
  void beginsOnOneThread() {
    ThreadChoice choice = new ThreadChoice(1, 2);
    assertEquals(1, shares(choice, 200, n -> 1_000_000)[1], 1e-9);
    assertEquals(1, choice.chosen());
    assertEquals(2, choice.most());
  }

  @Test
  void oneNumberIsNoChoice() {
    assertEquals(1, shares(new ThreadChoice(3), 10_000, n -> 1_000_000)[3], 1e-9);
  }

  /** Tests must run on exactly the number of threads that they ask for. */
  @Test
  void numberIsFixedInTests() {
    ThreadChoice choice = ThreadChoice.upTo(37);
    assertEquals(37, choice.most());
    assertEquals(1, shares(choice, 100, n -> 1_000_000)[37], 1e-9);
  }

  /** Trains and evaluates with another number of threads at every step, whatever the clock says. */
  @ParameterizedTest
  @CsvSource({"0, 0", "0.01, 0", "0, 0.25"})
  void everyChoiceGivesTheSameBits(double clipNorm, double dropout) {
    Mlp initial =
        Mlp.initial(
            new Architecture(600, List.of(16, 70), 3, List.of(Activation.RELU, Activation.TANH)),
            Initializer.HE,
            1);
    String expected = trained(initial, clipNorm, dropout, 1);
    assertEquals(expected, trained(initial, clipNorm, dropout, 4, 1, 3, 2));
    assertEquals(expected, trained(initial, clipNorm, dropout, 1, 2));
  }

  private static String trained(Mlp initial, double clipNorm, double dropout, int... numbers) {
    TrainingOptions options = new TrainingOptions();
    options.clipNorm = clipNorm;
    options.optimizer = Optimizer.adam();
    Dropout masks = dropout > 0 ? new Dropout(dropout, 5) : null;
    ThreadChoice choice = new ThreadChoice(numbers);
    Backpropagation network = options.buffers(initial, 130, false, masks, choice);
    TrainingState state = options.begin(initial, initial.parameters());
    StringBuilder evaluations = new StringBuilder();
    Random random = new Random(numbers.length);
    Rows split = split();
    int[] order = new Random(2).ints(200, 0, 200).toArray();
    try (Team team = new Team(choice.most())) {
      TrainingStep step = new TrainingStep(network, team, choice, state, options);
      Batches batches = new Batches(network, team, choice);
      for (int i = 0; i < 60; i++) {
        if (masks != null) {
          masks.begin(0, i, 1);
        }
        await(choice, numbers[i % numbers.length], random);
        int count = i % 4 == 3 ? 7 : 130;
        step.run(split, order, i, count, new int[] {0, count}, 0.001);
        if (i % 10 == 9) {
          evaluations.append(evaluated(initial, batches, network, state));
        }
      }
    }
    return initial.withParameters(state.parameters).sha256() + evaluations;
  }

  private static String evaluated(
      Mlp initial, Batches batches, Backpropagation network, TrainingState state) {
    Tally tally = new Tally(initial.loss(), 3);
    batches.begin(initial.withParameters(state.parameters), split());
    while (batches.next()) {
      Validation.add(tally, network, 0, batches.count(), null, 0);
    }
    return tally.score().toString();
  }

  /** Reports made-up steps until the choice for the next one is a given number of threads. */
  private static void await(ThreadChoice choice, int threads, Random random) {
    while (choice.next() != threads) {
      choice.took(1, random.nextInt(2_000_000));
    }
  }

  private static Rows split() {
    Random random = new Random(1);
    float[][] rows = new float[400][600];
    int[] labels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      labels[i] = random.nextInt(3);
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] = (float) random.nextGaussian();
      }
    }
    return Rows.of(rows, labels);
  }
}
