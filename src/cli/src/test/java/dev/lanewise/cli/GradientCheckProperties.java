package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.GradientCheckTest.Objective;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Layer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class GradientCheckProperties {
  /**
   * Creates networks with at least 2 outputs: with one class, softmax has no gradient to be wrong.
   */
  @Provide
  Arbitrary<Architecture> architectures() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 12),
            Arbitraries.integers().between(1, 6).list().ofMaxSize(3),
            Arbitraries.integers().between(2, 6),
            Arbitraries.of(Activation.values()).list().ofSize(3))
        .as(
            (inputs, hidden, outputs, activations) ->
                new Architecture(inputs, hidden, outputs, activations.subList(0, hidden.size())));
  }

  @Property(tries = 100)
  void passesForEveryNetwork(
      @ForAll("architectures") Architecture architecture,
      @ForAll long seed,
      @ForAll Objective objective) {
    GradientCheckResult result = objective.check(seed).check(architecture);
    assertTrue(result.passed(), () -> GradientCheckTest.describe(result));
  }

  @Property(tries = 100)
  void findsOnePercentInAnyArray(
      @ForAll("architectures") Architecture architecture,
      @ForAll long seed,
      @ForAll Objective objective,
      @ForAll @IntRange(max = 3) int layerDrawn,
      @ForAll boolean bias) {
    List<Layer> layers = architecture.layers();
    Layer layer = layers.get(layerDrawn % layers.size());
    int from = bias ? layer.biasesOffset() : layer.weightsOffset();
    int to = bias ? layer.biasesOffset() + layer.outputs() : layer.biasesOffset();
    GradientCheck check = objective.check(seed);
    String name = (bias ? "b" : "W") + (layers.indexOf(layer) + 1);
    for (GradientCheckResult.Parameter array : check.check(architecture).parameters()) {
      // An error of one percent does not show in gradients that are tiny compared with other
      // arrays.
      Assume.that(!array.name().equals(name) || array.maxNumerical() > 1000 * array.rounding());
    }
    assertFalse(check.check(architecture, GradientCheckTest.times(from, to, 1.01f)).passed());
  }
}
