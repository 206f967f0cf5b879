package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * After 50 steps with any optimizer, weight decay, clipping or schedule, weights are close to those
 * of PyTorch in double (make_optimizers.py, make_regularisers.py, make_schedules.py).
 */
class OptimizersTest {
  private static final int STEPS = 50;
  private static final Dataset DATA = ArrayData.load(Resources.file("reference_data.npz"));

  private static Mlp initial;

  @BeforeAll
  static void load() throws IOException {
    initial = Mlp.load(Resources.file("reference_init.npz"));
  }

  private static TrainerBuilder trainer(Optimizer optimizer, double eta) {
    int[] steps = new int[1];
    return Trainer.builder()
        .batchSize(15)
        .optimizer(optimizer)
        .learningRate(eta)
        .listener(new Listening().steps(result -> ++steps[0] < STEPS));
  }

  /** Returns the optimizers by the names in the script, with PyTorch's defaults. */
  private static Map<String, TrainerBuilder> optimizers() {
    return Map.of(
        "sgd", trainer(Optimizer.sgd(), 0.01),
        "momentum", trainer(Optimizer.momentum(0.9), 0.01),
        "nesterov", trainer(Optimizer.nesterov(0.9), 0.01),
        "rmsprop", trainer(Optimizer.rmsProp(0.99, 1e-8), 0.001),
        "adam", trainer(Optimizer.adam(), 0.01),
        "adam_other", trainer(Optimizer.adam(0.7, 0.95, 1e-3), 0.01),
        "adamw", trainer(Optimizer.adam(), 0.01).weightDecay(WeightDecay.decoupled(0.01)));
  }

  private static Map<String, TrainerBuilder> regularisers() {
    WeightDecay l2 = WeightDecay.l2(0.2);
    Optimizer adam = Optimizer.adam(0.9, 0.999, 1e-3);
    Optimizer momentum = Optimizer.momentum(0.9);
    return Map.of(
        "sgd_l2", trainer(Optimizer.sgd(), 0.1).weightDecay(l2),
        "momentum_l2", trainer(momentum, 0.01).weightDecay(l2),
        "nesterov_l2", trainer(Optimizer.nesterov(0.9), 0.01).weightDecay(l2),
        "rmsprop_l2", trainer(Optimizer.rmsProp(0.99, 1e-8), 0.001).weightDecay(l2),
        "adam_l2", trainer(adam, 0.01).weightDecay(WeightDecay.l2(0.05)),
        "adamw", trainer(Optimizer.adam(), 0.01).weightDecay(WeightDecay.decoupled(0.3)),
        "sgd_clip", trainer(Optimizer.sgd(), 0.1).clipNorm(0.2),
        "adam_clip", trainer(adam, 0.01).clipNorm(0.2),
        "momentum_l2_clip",
            trainer(momentum, 0.03).weightDecay(WeightDecay.l2(0.1)).clipNorm(0.15));
  }

  private static Map<String, TrainerBuilder> schedules() {
    Map<String, TrainerBuilder> all = new TreeMap<>();
    ScheduleTest.SCHEDULES.forEach(
        (name, schedule) ->
            all.put(
                name,
                trainer(Optimizer.sgd(), ScheduleTest.eta(name)).batchSize(-1).schedule(schedule)));
    return all;
  }

  static Stream<Arguments> cases() {
    return Map.of(
            "optimizers", optimizers(), "regularisers", regularisers(), "schedules", schedules())
        .entrySet()
        .stream()
        .flatMap(
            file ->
                file.getValue().entrySet().stream()
                    .map(each -> Arguments.of(file.getKey(), each.getKey(), each.getValue())));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void weightsAreThoseOfPyTorch(String file, String name, TrainerBuilder builder)
      throws IOException {
    Mlp model = builder.sampling(Sampling.SEQUENTIAL).build().fit(initial, DATA).model();
    deviations(file, name, model.parameters())
        .forEach((array, worst) -> assertTrue(worst <= 1e-5, array + ": differs by " + worst));
    // Arrays of different optimizers are far apart, so the test can distinguish them.
    for (String other : file.equals("optimizers") ? optimizers().keySet() : Set.<String>of()) {
      if (!other.equals(name)) {
        deviations(file, other, model.parameters())
            .forEach((array, worst) -> assertTrue(worst > 1e-4, other + " " + array));
      }
    }
  }

  /**
   * Returns the largest difference in each array, divided by the largest element of the reference.
   */
  private static Map<String, Double> deviations(String file, String name, float[] parameters)
      throws IOException {
    Map<String, Double> deviations = new TreeMap<>();
    try (Npz npz = Npz.open(Resources.file("reference_" + file + ".npz"))) {
      List<Layer> layers = initial.layers();
      for (int l = 0; l < layers.size(); l++) {
        String w = "W" + (l + 1);
        String b = "b" + (l + 1);
        deviations.put(
            w, deviation(npz.read(name + "_" + w), parameters, layers.get(l).weightsOffset()));
        deviations.put(
            b, deviation(npz.read(name + "_" + b), parameters, layers.get(l).biasesOffset()));
      }
    }
    return deviations;
  }

  private static double deviation(NdArray reference, float[] parameters, int offset) {
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < reference.length(); i++) {
      worst = Math.max(worst, Math.abs(parameters[offset + i] - reference.doubleAt(i)));
      largest = Math.max(largest, Math.abs(reference.doubleAt(i)));
    }
    return worst / largest;
  }

  @Test
  void aTrainerBeginsEachRunAnew() {
    Trainer trainer =
        Trainer.builder().epochs(2).optimizer(Optimizer.adam(0.9, 0.999, 1e-8)).build();
    String first = trainer.fit(Digits.network(0), Digits.DATA).model().sha256();
    assertEquals(first, trainer.fit(Digits.network(0), Digits.DATA).model().sha256());
  }

  /**
   * The norm is about as small as the 1e-6 that is added to it, and spans two blocks of squares.
   */
  @Test
  void smallNormsAreClippedAsPyTorchDoes() {
    float[] gradient = new float[5000];
    gradient[7] = 3e-6f;
    gradient[4999] = -4e-6f;
    for (int members = 1; members <= 3; members++) {
      Clipping clipping = new Clipping(2e-6, gradient);
      for (int member = 0; member < members; member++) {
        clipping.measure(member, members);
      }
      assertEquals(2 / 6.0, clipping.factor(), 1e-6);
    }
    Clipping wide = new Clipping(6.1e-6, gradient);
    wide.measure(0, 1);
    assertEquals(1, wide.factor());
  }

  @Test
  void wrongValuesAreRefused() {
    for (double kept : new double[] {-0.1, 1, 1 - 1e-9, 2, Double.NaN}) {
      assertRefused("momentum " + kept, () -> Optimizer.momentum(kept));
      assertRefused("momentum " + kept, () -> Optimizer.nesterov(kept));
      assertRefused("beta " + kept, () -> Optimizer.rmsProp(kept, 1e-8));
      assertRefused("beta1 " + kept, () -> Optimizer.adam(kept, 0.999, 1e-8));
      assertRefused("beta2 " + kept, () -> Optimizer.adam(0.9, kept, 1e-8));
    }
    for (double epsilon : new double[] {0, -1, 1e-60, 1e60, Double.NaN}) {
      assertRefused("epsilon " + epsilon, () -> Optimizer.rmsProp(0.99, epsilon));
      assertRefused("epsilon " + epsilon, () -> Optimizer.adam(0.9, 0.999, epsilon));
    }
    for (double wrong : new double[] {-1, Double.POSITIVE_INFINITY, Double.NaN}) {
      assertRefused("weight decay " + wrong, () -> WeightDecay.decoupled(wrong));
      assertRefused("weight decay " + wrong, () -> WeightDecay.l2(wrong));
      assertRefused("clip norm " + wrong, () -> Trainer.builder().clipNorm(wrong));
    }
    assertThrows(NullPointerException.class, () -> Trainer.builder().optimizer(null));
    assertThrows(NullPointerException.class, () -> Trainer.builder().weightDecay(null));
  }

  private static void assertRefused(String expected, Supplier<?> wrong) {
    String message = refusal(wrong::get);
    assertTrue(message.startsWith(expected + ", expected "), message);
  }
}
