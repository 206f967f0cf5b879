package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.SubnormalUpdates;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescentTest {
  private static final int PARAMETERS = 3000;
  private static final int STEPS = 1200;

  /** Units that have died after some steps, whose means shrink until they are subnormal. */
  @ParameterizedTest
  @ValueSource(strings = {"adam", "momentum", "nesterov", "rmsprop"})
  void subnormalStateHasTheBitsOfTheFormula(String name) {
    Optimizer optimizer =
        switch (name) {
          case "adam" -> Optimizer.adam(0.9, 0.9, 1e-8);
          case "rmsprop" -> Optimizer.rmsProp(0.9, 1e-8);
          case "nesterov" -> Optimizer.nesterov(0.9);
          default -> Optimizer.momentum(0.9);
        };
    TrainingState slow = run(optimizer, true);
    TrainingState plain = run(optimizer, false);
    assertEquals(bits(plain.parameters), bits(slow.parameters));
    for (int a = 0; a < plain.optimizer.length; a++) {
      assertEquals(bits(plain.optimizer[a]), bits(slow.optimizer[a]));
      assertTrue(SubnormalUpdates.contains(slow.optimizer[a], 0, PARAMETERS), "subnormal " + a);
    }
  }

  private static TrainingState run(Optimizer optimizer, boolean subnormalIsSlow) {
    Random random = new Random(3);
    float[] weights = new float[PARAMETERS];
    for (int i = 0; i < PARAMETERS; i++) {
      weights[i] = random.nextFloat() - 0.5f;
    }
    float[] gradient = new float[PARAMETERS];
    TrainingState state = new TrainingState(weights, optimizer);
    WeightDecay none = WeightDecay.l2(0);
    Descent descent = new Descent(optimizer, none, state, gradient, subnormalIsSlow);
    for (int step = 0; step < STEPS; step++) {
      for (int i = 0; i < PARAMETERS; i++) {
        boolean dead = i % 5 == 0 || (i > 1500 && i < 2500);
        gradient[i] = step > 5 && dead ? 0 : random.nextFloat() - 0.5f;
      }
      descent.beginStep(0.01);
      descent.applyToWeights(0, 2000, false);
      descent.applyToWeights(2000, 900, true);
      descent.applyToBiases(2900, 100);
    }
    return state;
  }

  private static String bits(float[] x) {
    int[] bits = new int[x.length];
    Arrays.setAll(bits, i -> Float.floatToIntBits(x[i]));
    return Arrays.toString(bits);
  }
}
