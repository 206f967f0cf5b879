package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Numerical derivatives are compared with derivatives that were worked out by hand. */
class CentralDifferencesTest {
  // W1 = [[1, -2], [3, 4]], b1 = [0.5, -1], W2 = [[2], [-3]], b2 = [0.25]
  private static final float[] PARAMETERS = {1, -2, 3, 4, 0.5f, -1, 2, -3, 0.25f};

  @Test
  void referenceNetworkIsTheTextbooks() {
    Mlp relu = Mlp.of(Architecture.relu(2, List.of(2), 1), PARAMETERS);
    // The sums are 1 - 3 + 0.5 and -2 - 4 - 1, so both units are off.
    List<Double> margins = new ArrayList<>();
    double[] off = new ReferenceNetwork(relu).outputs(new float[] {1, -1}, margins::add);
    assertArrayEquals(new double[] {0.25}, off);
    assertEquals(List.of(-1.5 / 4.5, -7.0 / 7), margins);
    // The sums are 1 + 3 + 0.5 and -2 + 4 - 1, so both units are on.
    double[] on = new ReferenceNetwork(relu).outputs(new float[] {1, 1}, margin -> {});
    assertArrayEquals(new double[] {2 * 4.5 - 3 * 1 + 0.25}, on);
    assertEquals(1.0 / 7, new ReferenceNetwork(relu).clearance(new float[] {1, 1}));

    Architecture identity = new Architecture(2, List.of(2), 1, List.of(Activation.IDENTITY));
    ReferenceNetwork linear = new ReferenceNetwork(Mlp.of(identity, PARAMETERS));
    assertArrayEquals(
        new double[] {2 * -1.5 - 3 * -7 + 0.25},
        linear.outputs(new float[] {1, -1}, margin -> margins.clear()));
    assertEquals(2, margins.size(), "a linear layer has no kink");
  }

  @Test
  void halfSquares() {
    Mlp model = Mlp.of(Architecture.relu(2, List.of(2), 1), PARAMETERS);
    float[][] rows = {{1, 1}, {1, -1}};
    CentralDifferences d =
        new CentralDifferences(
            new ReferenceNetwork(model), null, rows, new int[rows.length], new float[0]);
    double y = 6.25; // the first row has both units on; the second gives 0.25, with both off
    assertDerivative(y * 4.5, d.derivative(6)); // W2[0][0]
    assertDerivative(y + 0.25, d.derivative(8)); // b2
    assertDerivative(y * -3, d.derivative(1)); // W1[0][1]
    assertDerivative(y * 2, d.derivative(4)); // b1[0]
    assertDerivative(y * 4.5, d.derivative(6)); // the parameters were restored
  }

  @Test
  void softmaxCrossEntropyOfRowsIsTheirMean() {
    Mlp model = Mlp.of(Architecture.relu(1, List.of(), 2), new float[] {1, 2, 0, 0});
    float[][] rows = {{1}, {3}};
    CentralDifferences d =
        new CentralDifferences(
            new ReferenceNetwork(model), Loss.SOFTMAX, rows, new int[] {0, 1}, new float[0]);
    double p1 = 1 / (1 + StrictMath.exp(-1)); // the probability of class 1 for logits 1 and 2
    double p3 = 1 / (1 + StrictMath.exp(-3)); // the same for logits 3 and 6
    assertDerivative((p1 + 3 * (p3 - 1)) / 2, d.derivative(1)); // W1[0][1]
    assertDerivative((p1 + (p3 - 1)) / 2, d.derivative(3)); // b1[1]
    assertDerivative(-(p1 + (p3 - 1)) / 2, d.derivative(2)); // b1[0]
  }

  @Test
  void leastLikelyClassHasTheSmallestMeanProbability() {
    Mlp model = Mlp.of(Architecture.relu(1, List.of(), 3), new float[] {1, 0, -1, 0, 0, 0});
    ReferenceNetwork network = new ReferenceNetwork(model);
    assertEquals(2, network.leastLikely(new float[][] {{1}, {2}}));
    assertEquals(0, network.leastLikely(new float[][] {{-1}, {-2}}));
    // The probabilities are 0.71, 0.26, 0.04 and then the reverse, so the middle mean is smallest.
    assertEquals(1, network.leastLikely(new float[][] {{1}, {-1}}));
    assertEquals(0, network.leastLikely(new float[][] {{0}}), "the first wins a tie");
  }

  @Test
  void aKinkInTheWayMakesTheStepSmallerAndThenNothing() {
    Architecture architecture = Architecture.relu(1, List.of(1), 1);
    float[][] rows = {{1}};
    float[] near = {0x1p-21f, 0, 3, 1}; // the sum is 2^-21, which is less than 2^-20
    CentralDifferences d =
        new CentralDifferences(
            new ReferenceNetwork(Mlp.of(architecture, near)), null, rows, new int[1], new float[0]);
    assertDerivative(3 * (1 + 3 * 0x1p-21), d.derivative(1));

    float[] nearer = {0x1p-24f, 0, 3, 1};
    d =
        new CentralDifferences(
            new ReferenceNetwork(Mlp.of(architecture, nearer)),
            null,
            rows,
            new int[1],
            new float[0]);
    assertEquals(OptionalDouble.empty(), d.derivative(1));
    assertDerivative(1 + 3 * 0x1p-24, d.derivative(3)); // b2 does not change the sum
  }

  private static void assertDerivative(double expected, OptionalDouble actual) {
    assertEquals(expected, actual.getAsDouble(), 1e-8 * Math.abs(expected));
  }
}
