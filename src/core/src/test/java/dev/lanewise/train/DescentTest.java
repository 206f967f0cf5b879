package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.internal.Descent;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescentTest {
  private static final int PARAMETERS = 3000;
  private static final int STEPS = 1200;

  private static Optimizer optimizer(String name) {
    return switch (name) {
      case "adam" -> Optimizer.adam(0.9, 0.9, 1e-8);
      case "rmsprop" -> Optimizer.rmsProp(0.9, 1e-8);
      case "nesterov" -> Optimizer.nesterov(0.9);
      default -> Optimizer.momentum(0.9);
    };
  }

  /** The means of units that have died after some steps shrink, but never to subnormal numbers. */
  @ParameterizedTest
  @ValueSource(strings = {"adam", "momentum", "nesterov", "rmsprop"})
  void stateOfDeadUnitsShrinksAndStaysNormal(String name) {
    for (float[] array : run(optimizer(name), WeightDecay.l2(0), false, STEPS).optimizer) {
      float least = Float.MAX_VALUE;
      for (float x : array) {
        assertTrue(x == 0 || Math.abs(x) >= Float.MIN_NORMAL, () -> "subnormal: " + x);
        least = Math.min(least, Math.abs(x));
      }
      assertTrue(least < 0x1p-120f, "none has shrunk below " + least);
    }
  }

  /** A checkpoint of an earlier version may hold subnormal numbers, which the next step rounds. */
  @ParameterizedTest
  @ValueSource(strings = {"adam", "momentum", "nesterov", "rmsprop"})
  void subnormalStateOfACheckpointIsRoundedByTheNextStep(String name) {
    TrainingState state = state(new float[] {1, -0f}, optimizer(name));
    for (float[] array : state.optimizer) {
      Arrays.fill(array, Float.MIN_NORMAL / 4);
    }
    Descent descent = state.descent(null, optimizer(name), WeightDecay.l2(0), new float[2], 1);
    descent.begin(0.01, ++state.steps);
    descent.applyToWeights(0, 0, 1, false);
    descent.apply(0, 1, 1);
    for (float[] array : state.optimizer) {
      assertArrayEquals(new float[2], array);
    }
    assertEquals(1, state.parameters[0]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "momentum", "nesterov", "rmsprop"})
  void weightsThatAreClaimedForAThreadHaveTheSameBits(String name) {
    for (WeightDecay decay : new WeightDecay[] {WeightDecay.l2(0.1), WeightDecay.decoupled(0.1)}) {
      TrainingState alone = run(optimizer(name), decay, false, 9);
      TrainingState shared = run(optimizer(name), decay, true, 9);
      assertArrayEquals(bits(alone.parameters), bits(shared.parameters));
      assertFalse(Arrays.equals(alone.parameters, run(optimizer(name), decay, true, 8).parameters));
    }
  }

  private static TrainingState run(
      Optimizer optimizer, WeightDecay decay, boolean shared, int steps) {
    Random random = new Random(3);
    float[] weights = new float[PARAMETERS];
    for (int i = 0; i < PARAMETERS; i++) {
      weights[i] = i % 100 == 0 ? -0f : random.nextFloat() - 0.5f;
    }
    float[] gradient = new float[PARAMETERS];
    TrainingState state = state(weights, optimizer);
    Descent descent = state.descent(null, optimizer, decay, gradient, 1);
    for (int step = 0; step < steps; step++) {
      for (int i = 0; i < PARAMETERS; i++) {
        boolean dead = i % 5 == 0 || (i > 1500 && i < 2500);
        gradient[i] = step > 5 && dead ? 0 : random.nextFloat() - 0.5f;
      }
      descent.begin(0.01, ++state.steps);
      descent.applyToWeights(0, 0, 2900, shared);
      descent.apply(0, 2900, 100);
    }
    return state;
  }

  private static TrainingState state(float[] weights, Optimizer optimizer) {
    return new TrainingState(weights, weights, new float[optimizer.rule.arrays()][weights.length]);
  }

  /** Each group has its own rate, which is multiplied in double and rounded once. */
  @ParameterizedTest
  @ValueSource(strings = {"adam", "momentum", "nesterov", "rmsprop"})
  void groupsHaveRatesOfTheirOwn(String name) {
    TrainingState three = state(new float[] {1, 1, 1}, optimizer(name));
    float[] gradient = {0.3f, 0.3f, 0.3f};
    Descent descent =
        three.descent(null, optimizer(name), WeightDecay.decoupled(0.1), gradient, 1, 0.1, 0);
    descent.begin(0.7, ++three.steps);
    for (int group = 0; group < 3; group++) {
      descent.applyToWeights(group, group, 1, false);
    }
    TrainingState one = state(new float[] {1, 1}, optimizer(name));
    for (int i = 0; i < 2; i++) {
      Descent alone =
          one.descent(
              null, optimizer(name), WeightDecay.decoupled(0.1), new float[] {0.3f, 0.3f}, 1);
      alone.begin(i == 0 ? 0.7 : 0.1 * 0.7, 1);
      alone.applyToWeights(0, i, 1, false);
      assertEquals(one.parameters[i], three.parameters[i]);
    }
    assertEquals(1, three.parameters[2]);
  }

  private static int[] bits(float[] x) {
    int[] bits = new int[x.length];
    Arrays.setAll(bits, i -> Float.floatToIntBits(x[i]));
    return bits;
  }
}
