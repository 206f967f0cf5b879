package dev.lanewise.nn;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Initial weights are drawn as the papers describe. */
class InitializerTest {
  private static final Architecture LAYERS = Architecture.relu(300, List.of(200, 100), 50);

  private static Mlp initial(Initializer initializer, long seed) {
    return Mlp.initial(LAYERS, initializer, seed);
  }

  /** Asserts that many numbers have a mean close to 0 and a deviation close to the paper's. */
  private static void assertDrawn(double deviation, boolean isUniform, float[] numbers) {
    double sum = 0;
    double squares = 0;
    double most = 0;
    for (float number : numbers) {
      sum += number;
      squares += (double) number * number;
      most = Math.max(most, Math.abs(number));
    }
    double tolerance = 4 * deviation / Math.sqrt(numbers.length);
    assertEquals(0, sum / numbers.length, tolerance);
    assertEquals(deviation, Math.sqrt(squares / numbers.length), tolerance);
    assertEquals(isUniform, most <= deviation * Math.sqrt(3), "largest " + most);
  }

  @ParameterizedTest
  @EnumSource
  void deviations(Initializer initializer) {
    Mlp model = initial(initializer, 1);
    for (int l = 0; l < 3; l++) {
      int inputs = LAYERS.layers().get(l).inputs();
      int outputs = LAYERS.layers().get(l).outputs();
      boolean isLast = l == 2;
      double expected =
          switch (initializer) {
            case COURSE -> isLast ? 0.01 : 0.1;
            case HE -> Math.sqrt(2.0 / inputs);
            case GLOROT -> Math.sqrt(2.0 / (inputs + outputs));
            case REALMLP -> isLast ? 0 : Math.sqrt(1.0 / inputs);
          };
      boolean isUniform = initializer == Initializer.GLOROT || expected == 0;
      assertDrawn(expected, isUniform, model.weights(l));
      boolean hasBiases = initializer == Initializer.REALMLP && !isLast;
      assertDrawn(hasBiases ? 1 : 0, !hasBiases, model.biases(l));
      if (expected > 0) {
        assertFalse(Arrays.equals(model.weights(l), initial(initializer, 2).weights(l)));
      }
    }
    float[] weights = model.weights(1);
    double last = weights[weights.length - 1] * Math.sqrt(LAYERS.layers().get(1).inputs());
    float[] biases = model.biases(1);
    boolean isOther = biases[1] == 0 || Math.abs(biases[1] - last) > 1e-5;
    assertTrue(isOther, "biases do not repeat the random numbers of the weights");
  }

  @Test
  void names() {
    for (Initializer initializer : Initializer.values()) {
      assertEquals(initializer, Initializer.of(initializer.label()));
    }
    assertEquals("glorot", Initializer.GLOROT.label());
    rejects(() -> Initializer.of("HE"), "initialiser HE, expected course, he, glorot or realmlp");
  }
}
