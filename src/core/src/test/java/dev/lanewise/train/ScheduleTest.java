package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
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
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each schedule gives the same rates as PyTorch's over 50 epochs (make_schedules.py). */
class ScheduleTest {
  private static final int EPOCHS = 50;

  static final Map<String, Schedule> SCHEDULES =
      new TreeMap<>(
          Map.of(
              "constant", Schedule.constant(),
              "step", Schedule.step(7, 0.6),
              "exponential", Schedule.exponential(0.93),
              "inverse", Schedule.inverse(0.1),
              "cosine", Schedule.cosine(30, 0.01),
              "plateau", Schedule.plateau(2, 0.3, 0.005),
              "warm_constant", Schedule.constant().withWarmup(10),
              "warm_step", Schedule.step(7, 0.6).withWarmup(5),
              "warm_cosine", Schedule.cosine(42, 0).withWarmup(8)));

  static Iterable<String> names() {
    return SCHEDULES.keySet();
  }

  static double eta(String name) {
    return name.equals("plateau") ? 2 : 0.2;
  }

  private static double[] reference(String array) throws IOException {
    try (Npz npz = Npz.open(Resources.file("reference_schedules.npz"))) {
      return npz.read(array).toDoubles();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void ratesAreThoseOfPyTorch(String name) throws IOException {
    double[] losses = reference(name + "_losses");
    Schedule.Rates schedule = SCHEDULES.get(name).begin(eta(name));
    double[] rates = new double[EPOCHS];
    for (int t = 0; t < EPOCHS; t++) {
      rates[t] = schedule.rate(t);
      schedule.observe(t, losses[t]);
    }
    assertArrayEquals(reference(name + "_rates"), rates, 1e-12);
  }

  /** The rate follows the formula of RealMLP and changes with each step of an epoch. */
  @Test
  void cosineLogGoesOnWithEachStep() {
    List<Double> rates = new ArrayList<>();
    Schedule schedule = Schedule.cosineLog(8);
    Digits.fit(
        Trainer.builder()
            .epochs(9)
            .batchSize(400)
            .learningRate(0.3)
            .schedule(schedule)
            .onEpoch(result -> rates.add(result.learningRate())));
    for (int t = 0; t < 9; t++) {
      double waves = Math.log(1 + 15 * (t + 0.5) / 8) / Math.log(2);
      assertEquals(0.15 * (1 - Math.cos(2 * Math.PI * waves)), rates.get(t), 1e-12);
    }
    Schedule.Rates of = schedule.begin(1);
    assertEquals(0, of.rate(0));
    assertEquals(1, of.rate(8 * (StrictMath.pow(2, 0.5) - 1) / 15), 1e-12);
    assertEquals(0, of.rate(8 / 15.0), 1e-12);
    assertTrue(of.changesWithSteps());
    assertTrue(schedule.withWarmup(3).begin(1).changesWithSteps());
    assertEquals(of.rate(2.25), schedule.withWarmup(3).begin(1).rate(5.25));
    assertEquals(0.5, schedule.withWarmup(3).begin(1).rate(1.99));
    assertFalse(Schedule.cosine(3, 0).begin(1).changesWithSteps());
  }

  /** Neither a NaN nor a barely smaller loss is an improvement. */
  @Test
  void whatAPlateauTakesForImprovement() {
    Schedule.Rates schedule = Schedule.plateau(1, 0.5, 0.3).begin(1);
    double[] losses = {2, Double.NaN, 1.9999, 1.9, 1.9, 1.9, Double.NaN, Double.NaN, 0, 0, 0};
    // Patience is one epoch, so rates fall after the second epoch without improvement.
    List<Double> rates = new ArrayList<>();
    for (int t = 0; t < losses.length; t++) {
      rates.add(schedule.rate(t));
      schedule.observe(t, losses[t]);
    }
    assertEquals(List.of(1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3), rates);
  }

  /** Losses during the warm-up do not count, and the first epoch after it does. */
  @Test
  void aPlateauBeginsBehindTheWarmUp() {
    Schedule.Rates schedule = Schedule.plateau(0, 0.5, 0).withWarmup(2).begin(8);
    for (int t = 0; t < 2; t++) {
      schedule.observe(t, 1);
    }
    schedule.observe(2, 5);
    assertEquals(8, schedule.rate(3), "the first loss after the warm-up counts as the best so far");
    schedule.observe(3, 5);
    assertEquals(4, schedule.rate(4));
  }

  /** The threshold is relative to the best loss, and tiny changes of the rate are not made. */
  @Test
  void whatAPlateauTakesForSmall() {
    for (double size : new double[] {1e-6, 1, 1e6}) {
      Schedule.Rates schedule = Schedule.plateau(0, 0.5, 0).begin(8);
      schedule.observe(0, size);
      schedule.observe(1, 0.99989 * size);
      assertEquals(8, schedule.rate(2), "an improvement");
      schedule.observe(2, 0.99980 * size);
      assertEquals(4, schedule.rate(3), "too small an improvement");
    }
    Schedule.Rates schedule = Schedule.plateau(0, 0.5, 0).begin(3e-8);
    double[] rates = new double[4];
    for (int t = 0; t < rates.length; t++) {
      rates[t] = schedule.rate(t);
      schedule.observe(t, 1);
    }
    assertArrayEquals(new double[] {3e-8, 3e-8, 1.5e-8, 1.5e-8}, rates);
  }

  @Test
  void aPlateauSurvivesAResumption() throws IOException {
    TrainerBuilder builder =
        Trainer.builder()
            .epochs(30)
            .batchSize(-1)
            .learningRate(2)
            .checkpointEvery(1e-9)
            .schedule(Schedule.plateau(2, 0.3, 0.005));
    List<Checkpoint> all = new ArrayList<>();
    Mlp initial = Mlp.load(Resources.file("reference_init.npz"));
    Dataset data = ArrayData.load(Resources.file("reference_data.npz"));
    String expected = builder.build().fit(initial, data).model().sha256();
    builder.listener(new Listening().checkpoints(checkpoint -> all.add(checkpoint.copy())));
    builder.build().fit(initial, data);
    for (int epoch : new int[] {5, 10, 12, 20}) {
      Checkpoint checkpoint = all.get(epoch);
      assertEquals(expected, builder.build().resume(checkpoint, data).model().sha256());
    }
  }

  @Test
  void wrongValuesAreRefused() {
    for (Executable wrong :
        List.<Executable>of(
            () -> Schedule.step(0, 0.5),
            () -> Schedule.step(1, 0),
            () -> Schedule.step(1, 1.1),
            () -> Schedule.exponential(Double.NaN),
            () -> Schedule.inverse(-1),
            () -> Schedule.inverse(Double.POSITIVE_INFINITY),
            () -> Schedule.cosine(0, 0),
            () -> Schedule.cosine(1, -1),
            () -> Schedule.plateau(-1, 0.5, 0),
            () -> Schedule.plateau(1, 1, 0),
            () -> Schedule.plateau(1, 0.5, Double.NaN),
            () -> Schedule.constant().withWarmup(-1))) {
      refusal(wrong);
    }
    Dataset alone = Dataset.of(Digits.DATA.train());
    Trainer plateau = Trainer.builder().schedule(Schedule.plateau(1, 0.5, 0)).build();
    refusal(() -> plateau.fit(Digits.network(0), alone));
  }

  /**
   * Two steps of an epoch have the bits of two trainings at the rates of the middles of the steps.
   */
  @Test
  void theRateOfAStepIsThatOfItsMiddle() {
    float[][] x = {{1, 2}, {-1, 0.5f}, {0.3f, 1}, {2, -1}};
    int[] y = {0, 1, 0, 1};
    Schedule schedule = Schedule.cosineLog(1);
    Mlp start = Mlp.initial(Architecture.relu(2, List.of(3), 2), Initializer.HE, 1);
    Mlp expected = start;
    for (int step = 0; step < 2; step++) {
      int from = 2 * step;
      Rows rows =
          Rows.of(Arrays.copyOfRange(x, from, from + 2), Arrays.copyOfRange(y, from, from + 2));
      expected =
          Trainer.builder()
              .epochs(1)
              .batchSize(2)
              .sampling(Sampling.SEQUENTIAL)
              .learningRate(schedule.begin(0.3).rate((step + 0.5) / 2))
              .build()
              .fit(expected, Dataset.of(rows))
              .model();
    }
    Mlp found =
        Trainer.builder()
            .epochs(1)
            .batchSize(2)
            .sampling(Sampling.SEQUENTIAL)
            .learningRate(0.3)
            .schedule(schedule)
            .build()
            .fit(start, Dataset.of(Rows.of(x, y)))
            .model();
    assertArrayEquals(expected.parameters(), found.parameters());
  }
}
