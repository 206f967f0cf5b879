package dev.lanewise.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pass in double and integrated gradients, on networks of every activation and loss. The
 * property -Dlanewise.coverage=N asks for a thousand rows of each activation instead of the 200 of
 * a usual build.
 */
class IntegratedGradientsTest {
  /** Returns a network with random weights and biases, some of them large. */
  static Mlp network(Random random, Loss loss, Activation activation, int inputs, int... hidden) {
    List<Integer> sizes = Arrays.stream(hidden).boxed().toList();
    Architecture layers =
        new Architecture(inputs, sizes, 3, sizes.stream().map(units -> activation).toList());
    Mlp initial = Mlp.initial(layers, Initializer.HE, random.nextLong());
    float[] parameters = initial.parameters();
    float factor = 1 + random.nextInt(3);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = factor * parameters[i] + 0.3f * (float) random.nextGaussian();
    }
    Mlp network = initial.withParameters(parameters).withLoss(loss);
    int scaling = loss.task().scalesTargets() ? random.nextInt(3) : 0;
    double[] low = {-5, 1000, 0};
    double[] range = {0.01, 20, 3};
    return switch (scaling) {
      case 1 -> network.withTargetScaling(Scaling.standardise(low, range));
      case 2 -> network.withTargetScaling(Scaling.minMax(low, new double[] {-4, 1500, 0}));
      default -> network;
    };
  }

  static float[] rows(Random random, int values) {
    float[] rows = new float[values];
    for (int i = 0; i < values; i++) {
      rows[i] = (float) (1.5 * random.nextGaussian());
    }
    return rows;
  }

  private static Loss loss(Random random) {
    return Loss.values()[random.nextInt(Loss.values().length)];
  }

  private static Activation activation(Random random) {
    return Activation.values()[random.nextInt(Activation.values().length)];
  }

  @Property(tries = 300)
  void thePassInDoubleAgreesWithPredictors(@ForAll long seed) {
    Random random = new Random(seed);
    Activation activation = activation(random);
    Model network = Model.of(network(random, loss(random), activation, 5, 7, 4));
    Model model = random.nextBoolean() ? network : ModelKind.BINS.of(network, seed);
    PathNetwork pass = new PathNetwork(model.members().get(0));
    float[] row = rows(random, 5);
    double[] results = new double[3];
    model.predictor(1).predictScaled(row, 1, results, null);
    double[] found = pass.forward(pass.firstPreActivations(pass.inputs(row)));
    for (int k = 0; k < 3; k++) {
      double size = Math.max(pass.unit(k), Math.abs(results[k]));
      // Sums that cancel lose digits in float.
      assertEquals(results[k], found[k], 1e-4 * size, activation + " " + network.loss());
    }
  }

  @Property(tries = 300)
  void gradientsAreThoseOfDifferences(@ForAll long seed) {
    Random random = new Random(seed);
    Activation activation = activation(random);
    PathNetwork pass = new PathNetwork(network(random, loss(random), activation, 3, 6, 5));
    double[] sums = new double[3];
    Arrays.setAll(sums, k -> 2 * random.nextGaussian());
    float[] gradient = new float[1 + sums.length];
    int output = random.nextInt(3);
    double[] weights = new double[3];
    weights[output] = 1;
    pass.results(sums);
    pass.gradient(weights, 0.5, gradient, 1);
    for (int i = 0; i < sums.length; i++) {
      double h = 1e-6;
      double[] moved = sums.clone();
      moved[i] += h;
      double up = pass.results(moved)[output];
      moved[i] -= 2 * h;
      double difference = (up - pass.results(moved)[output]) / (2 * h);
      double size = Math.max(pass.unit(output), Math.abs(gradient[1 + i]));
      assertEquals(difference / 2, gradient[1 + i], 1e-5 * size, activation.label());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Activation#values")
  void derivativesAreThoseOfDifferences(Activation activation) {
    double h = 1e-5;
    for (double x = -30.0123; x < 30; x += 0.0471) {
      double difference = (activation.of(x + h) - activation.of(x - h)) / (2 * h);
      assertEquals(difference, activation.derivative(x, activation.of(x)), 1e-8, "at " + x);
    }
  }

  /** The rule that the sum of the contributions is the difference of the outputs. */
  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Activation#values")
  void contributionsAddUpForEveryActivation(Activation activation) {
    int networks = Integer.getInteger("lanewise.coverage", 0) > 0 ? 40 : 8;
    for (int n = 0; n < networks; n++) {
      Random random = new Random(1000L * Activation.labels().indexOf(activation.label()) + n);
      Mlp network = network(random, loss(random), activation, 6, 8, 6);
      Model model = ModelKind.any(random).of(network, n);
      float[] background = rows(random, 6 * (1 + random.nextInt(6)));
      Explainer explainer =
          Explainer.of(model).withBackground(background).withOutput(random.nextInt(3));
      float[] rows = rows(random, 6 * 25);
      double[] results = new double[25 * 3];
      model.predictor(25).predictScaled(rows, 25, results, null);
      List<Explanation> found = explainer.explain(rows);
      for (int i = 0; i < 25; i++) {
        Explanation why = found.get(i);
        double unit = new PathNetwork(network).unit(why.output());
        double difference = why.prediction() - why.base();
        double way = why.contributions().stream().mapToDouble(Math::abs).sum();
        double least = Math.max(0.05 * unit, 0.1 * way);
        double allowed = 1e-3 * Math.max(Math.abs(difference), least);
        String text = why + " after " + why.effort() + " steps, " + network;
        assertEquals(difference, why.sum(), allowed, text);
        assertTrue(why.isComplete(), text);
        double predicted = results[3 * i + why.output()];
        // predictors calibrate a float, which near 1 has few digits of the odds
        boolean isRough = model.calibration().isPresent() && network.loss().task().hasLabels();
        double rounding = (isRough ? 1e-3 : 3e-5) * Math.max(unit, Math.abs(predicted));
        assertEquals(predicted, why.prediction(), rounding);
      }
    }
  }

  @Test
  void aLinearNetworkHasItsWeightsTimesTheChanges() {
    Model network =
        Model.of(
            Mlp.of(new Architecture(3, List.of(), 1, List.of()), new float[] {2, -0.5f, 0, 10})
                .withLoss(Loss.MSE)
                .withTargetScaling(Scaling.standardise(new double[] {100}, new double[] {4})));
    float[] background = {0, 0, 0, 1, 3, 5, 2, 4, 6}; // medians 1, 3, 5
    Explanation why =
        Explainer.of(network).withBackground(background).explain(new float[] {2, 1, 7}).get(0);
    assertEquals(100 + 4 * (2 - 1.5 + 10), why.base(), 1e-9);
    assertEquals(100 + 4 * (4 - 0.5 + 10), why.prediction(), 1e-9);
    assertEquals(8, why.contributions().get(0), 1e-9);
    assertEquals(4, why.contributions().get(1), 1e-9);
    assertEquals(0, why.contributions().get(2));
    assertEquals(0, why.remainder(), 1e-9);
    assertArrayEquals(new int[] {0, 1, 2}, why.order());
    assertEquals(32, why.effort());
  }

  @Test
  void networksCountByTheirWeights() {
    Architecture layers = new Architecture(1, List.of(), 1, List.of());
    Mlp one = Mlp.of(layers, new float[] {2, 1}).withLoss(Loss.MSE);
    Mlp other = Mlp.of(layers, new float[] {-6, 5}).withLoss(Loss.MSE);
    for (int weight : new int[] {3, 7}) {
      Explanation why =
          Explainer.of(Model.of(List.of(one, other), weight, 1))
              .withBackground(new float[] {0})
              .explain(new float[] {4})
              .get(0);
      assertEquals((weight + 5) / (weight + 1.0), why.base(), 1e-9);
      assertEquals((weight * 9 - 19) / (weight + 1.0), why.prediction(), 1e-9);
      assertEquals((weight * 8 - 24) / (weight + 1.0), why.contributions().get(0), 1e-9);
    }
  }

  /** The scaling of robust targets is the only one that is no straight line. */
  @Test
  void robustTargetsHaveTheirGradients() {
    Model network =
        Model.of(
            Mlp.of(new Architecture(1, List.of(), 2, List.of()), new float[] {1, 1, 0.5f, 0.5f})
                .withLoss(Loss.MSE)
                .withTargetScaling(
                    Scaling.robust(new double[] {7, 7}, new double[] {2, Double.NaN})));
    Explainer explainer = Explainer.of(network).withBackground(new float[] {-2});
    for (int output = 0; output < 2; output++) {
      Explanation why = explainer.withOutput(output).explain(new float[] {2.3f}).get(0);
      double[] results = new double[2];
      network.predictor(1).predict(new float[] {2.3f}, 1, results, null);
      assertEquals(results[output], why.prediction(), 1e-5);
      double difference = why.prediction() - why.base();
      assertEquals(difference, why.sum(), 1e-3 * difference);
      assertTrue(why.isComplete());
    }
  }

  /** The rule fails for a change of the output that is too sudden to be found in double. */
  @Test
  void aRemainderIsReported() {
    float steep = 1e30f;
    Model network =
        Model.of(
            Mlp.of(
                    new Architecture(1, List.of(1), 1, List.of(Activation.SIGMOID)),
                    new float[] {steep, -0.3f * steep, 1, 0})
                .withLoss(Loss.MSE));
    Explanation why =
        Explainer.of(network).withBackground(new float[] {0}).explain(new float[] {1}).get(0);
    assertEquals(1, why.prediction() - why.base(), 1e-6);
    assertFalse(why.isComplete());
    assertTrue(why.effort() < 100);
    assertEquals(1 - why.contributions().get(0), why.remainder(), 1e-6);
  }
}
