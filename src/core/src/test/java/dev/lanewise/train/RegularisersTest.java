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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Weight decay and clipping give, after 50 steps, the weights of PyTorch's in double
 * (make_regularisers.py).
 */
class RegularisersTest {
  private static final int STEPS = 50;

  private static final Map<String, TrainerBuilder> CASES =
      new TreeMap<>(
          Map.of(
              "sgd_l2",
              trainer(Optimizer.sgd(), 0.1).weightDecay(WeightDecay.l2(0.2)),
              "momentum_l2",
              trainer(Optimizer.momentum(0.9), 0.01).weightDecay(WeightDecay.l2(0.2)),
              "nesterov_l2",
              trainer(Optimizer.nesterov(0.9), 0.01).weightDecay(WeightDecay.l2(0.2)),
              "rmsprop_l2",
              trainer(Optimizer.rmsProp(0.99, 1e-8), 0.001).weightDecay(WeightDecay.l2(0.2)),
              "adam_l2",
              trainer(Optimizer.adam(0.9, 0.999, 1e-3), 0.01).weightDecay(WeightDecay.l2(0.05)),
              "adamw",
              trainer(Optimizer.adam(0.9, 0.999, 1e-8), 0.01)
                  .weightDecay(WeightDecay.decoupled(0.3)),
              "sgd_clip",
              trainer(Optimizer.sgd(), 0.1).clipNorm(0.2),
              "adam_clip",
              trainer(Optimizer.adam(0.9, 0.999, 1e-3), 0.01).clipNorm(0.2),
              "momentum_l2_clip",
              trainer(Optimizer.momentum(0.9), 0.03)
                  .weightDecay(WeightDecay.l2(0.1))
                  .clipNorm(0.15)));

  private static TrainerBuilder trainer(Optimizer optimizer, double eta) {
    return Trainer.builder()
        .batchSize(15)
        .sampling(Sampling.SEQUENTIAL)
        .optimizer(optimizer)
        .learningRate(eta)
        .listener(
            new TrainingListener() {
              private int steps;

              @Override
              public boolean onStep(StepResult result) {
                return ++steps % STEPS != 0;
              }

              @Override
              public boolean onEpoch(EpochResult result) {
                return true;
              }
            });
  }

  static Iterable<String> names() {
    return CASES.keySet();
  }

  @ParameterizedTest
  @MethodSource("names")
  void weightsAreThoseOfPyTorch(String name) throws IOException {
    Mlp initial = Mlp.load(Resources.file("reference_init.npz"));
    Dataset data = ArrayData.load(Resources.file("reference_data.npz"));
    Mlp model = CASES.get(name).build().fit(initial, data).model();
    List<Layer> layers = initial.layers();
    for (int l = 0; l < layers.size(); l++) {
      assertClose(name + "_W" + (l + 1), model.weights(l));
      assertClose(name + "_b" + (l + 1), model.biases(l));
    }
  }

  private static void assertClose(String array, float[] actual) throws IOException {
    double worst = 0;
    double largest = 0;
    try (Npz npz = Npz.open(Resources.file("reference_regularisers.npz"))) {
      NdArray expected = npz.read(array);
      for (int i = 0; i < actual.length; i++) {
        worst = Math.max(worst, Math.abs(actual[i] - expected.doubleAt(i)));
        largest = Math.max(largest, Math.abs(expected.doubleAt(i)));
      }
    }
    assertTrue(worst <= 1e-5 * largest, array + ": differs by " + worst / largest);
  }

  /** Of a norm about as small as the 1e-6 that are added to it, in two blocks of squares. */
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

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void wrongValuesAreRefused(double wrong) {
    refusal(() -> WeightDecay.l2(wrong));
    refusal(() -> WeightDecay.decoupled(wrong));
    refusal(() -> Trainer.builder().clipNorm(wrong));
  }

  @Test
  void noDecayMustBeNamed() {
    assertThrows(NullPointerException.class, () -> Trainer.builder().weightDecay(null));
  }
}
