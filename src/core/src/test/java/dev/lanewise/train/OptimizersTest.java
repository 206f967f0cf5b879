package dev.lanewise.train;

import static dev.lanewise.train.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each optimizer gives, after 50 steps, the weights of PyTorch's in double (make_optimizers.py).
 */
class OptimizersTest {
  private static final int STEPS = 50;

  /** By the names of the script, with PyTorch's defaults. */
  private static final Map<String, UnaryOperator<TrainerBuilder>> OPTIMIZERS =
      new TreeMap<>(
          Map.of(
              "sgd", b -> b.optimizer(Optimizer.sgd()),
              "momentum", b -> b.optimizer(Optimizer.momentum(0.9)),
              "nesterov", b -> b.optimizer(Optimizer.nesterov(0.9)),
              "rmsprop", b -> b.optimizer(Optimizer.rmsProp(0.99, 1e-8)),
              "adam", b -> b.optimizer(Optimizer.adam()),
              "adam_other", b -> b.optimizer(Optimizer.adam(0.7, 0.95, 1e-3)),
              "adamw",
                  b -> b.optimizer(Optimizer.adam()).weightDecay(WeightDecay.decoupled(0.01))));

  private static Dataset data;
  private static Mlp initial;

  @BeforeAll
  static void load() throws IOException {
    data = ArrayData.load(Resources.file("reference_data.npz"));
    initial = Mlp.load(Resources.file("reference_init.npz"));
  }

  static Iterable<String> names() {
    return OPTIMIZERS.keySet();
  }

  private static float[] train(String name) {
    TrainingListener counting =
        new TrainingListener() {
          private int steps;

          @Override
          public boolean onStep(StepResult result) {
            return ++steps < STEPS;
          }

          @Override
          public boolean onEpoch(EpochResult result) {
            return true;
          }
        };
    return OPTIMIZERS
        .get(name)
        .apply(Trainer.builder())
        .batchSize(15)
        .sampling(Sampling.SEQUENTIAL)
        .learningRate(name.equals("rmsprop") ? 0.001 : 0.01)
        .listener(counting)
        .build()
        .fit(initial, data)
        .model()
        .parameters();
  }

  @ParameterizedTest
  @MethodSource("names")
  void weightsAreThoseOfPyTorch(String name) throws IOException {
    float[] parameters = train(name);
    deviations(name, parameters)
        .forEach(
            (array, worst) ->
                assertTrue(worst <= 1e-5, () -> name + " " + array + ": differs by " + worst));
  }

  /** Every array of every optimizer is far from that of every other one, so the test can tell. */
  @ParameterizedTest
  @MethodSource("names")
  void weightsAreThoseOfNoOther(String name) throws IOException {
    float[] parameters = train(name);
    List<String> alike = new ArrayList<>();
    for (String other : OPTIMIZERS.keySet()) {
      deviations(other, parameters)
          .forEach(
              (array, worst) -> {
                if (!other.equals(name) && worst <= 1e-4) {
                  alike.add(other + " " + array);
                }
              });
    }
    assertEquals(List.of(), alike);
  }

  /** For each array the largest difference over the largest element of the reference. */
  private static Map<String, Double> deviations(String name, float[] parameters)
      throws IOException {
    Map<String, Double> deviations = new TreeMap<>();
    try (Npz npz = Npz.open(Resources.file("reference_optimizers.npz"))) {
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
    for (double decay : new double[] {-1, Double.POSITIVE_INFINITY, Double.NaN}) {
      assertRefused("weight decay " + decay, () -> WeightDecay.decoupled(decay));
    }
    assertThrows(NullPointerException.class, () -> Trainer.builder().optimizer(null));
  }

  private static void assertRefused(String expected, Supplier<?> wrong) {
    String message = refusal(wrong::get);
    assertTrue(message.startsWith(expected + ", expected "), message);
  }
}
