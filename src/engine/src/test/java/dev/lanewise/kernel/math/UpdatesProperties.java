package dev.lanewise.kernel.math;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernel.Matrix.Values;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Every update equals its formula bit for bit, and changes only its range. The first tries are
 * interpreted, and later ones are compiled by C1 and C2.
 */
class UpdatesProperties {
  private static final int LONGEST = 600;

  /** Draws gradient, weights and two arrays of state. */
  private static float[][] arrays(int size, Random random, Values values) {
    float[][] arrays = new float[4][size];
    for (float[] array : arrays) {
      for (int i = 0; i < size; i++) {
        array[i] = values.draw(random);
      }
    }
    for (int i = 0; i < size; i++) {
      // These are means of squares; a negative one can only come from a damaged file.
      arrays[3][i] = random.nextInt(9) == 0 ? arrays[3][i] : Math.abs(arrays[3][i]);
      // Dead units have no gradient, and state so small that it is rounded.
      if (random.nextInt(4) == 0) {
        arrays[0][i] = 0;
        arrays[2][i] = Math.scalb(arrays[2][i], -70 - random.nextInt(80));
        arrays[3][i] = Math.scalb(arrays[3][i], -70 - random.nextInt(80));
      }
    }
    return arrays;
  }

  private interface Update {
    void run(int offset, int length, float[][] arrays);
  }

  /**
   * Updates the weight and the state of one parameter; gwst are its gradient, its weight and its
   * two states.
   */
  private interface Formula {
    void step(float[] gwst);
  }

  /** Rounds state, so that it is not subnormal; {@link UpdatesTest} tests the formula. */
  private static float rounded(float state) {
    return (state + 0x1.8p-103f) - 0x1.8p-103f;
  }

  private static void check(int length, Values values, long seed, Formula formula, Update update) {
    Random random = new Random(seed);
    int offset = random.nextInt(20);
    float[][] before = arrays(offset + length + random.nextInt(20), random, values);
    float[][] expected = new float[4][];
    Arrays.setAll(expected, a -> before[a].clone());
    for (int i = offset; i < offset + length; i++) {
      float[] gwst = {before[0][i], before[1][i], before[2][i], before[3][i]};
      formula.step(gwst);
      for (int a = 0; a < 4; a++) {
        expected[a][i] = gwst[a];
      }
    }
    update.run(offset, length, before);
    for (int a = 0; a < 4; a++) {
      for (int i = 0; i < before[a].length; i++) {
        String where = "array " + a + " at " + (i - offset);
        int bits = Float.floatToIntBits(before[a][i]);
        assertEquals(Float.floatToIntBits(expected[a][i]), bits, where);
      }
    }
  }

  @Property(tries = 500)
  void updatesFollowTheContract(
      @ForAll @IntRange(max = LONGEST) int length, @ForAll Values values, @ForAll long seed) {
    Random random = new Random(seed);
    float eta = random.nextFloat();
    float mu = 0.9f;
    Formula sgd = x -> x[1] = Math.fma(-eta, x[0], x[1]);
    check(length, values, seed, sgd, (at, n, x) -> Updates.sgd(at, n, eta, x[0], x[1]));
    Formula decay = x -> x[1] = Math.fma(-eta, x[1], x[1]);
    check(length, values, seed, decay, (at, n, x) -> Updates.sgd(at, n, eta, x[1], x[1]));
    Formula momentum =
        x -> {
          x[2] = rounded(Math.fma(mu, x[2], x[0]));
          x[1] = Math.fma(-eta, x[2], x[1]);
        };
    Update run = (at, n, x) -> Updates.momentum(at, n, eta, mu, x[0], x[1], x[2]);
    check(length, values, seed, momentum, run);
    Formula nesterov =
        x -> {
          x[2] = rounded(Math.fma(mu, x[2], x[0]));
          x[1] = Math.fma(-eta, Math.fma(mu, x[2], x[0]), x[1]);
        };
    run = (at, n, x) -> Updates.nesterov(at, n, eta, mu, x[0], x[1], x[2]);
    check(length, values, seed, nesterov, run);
    Formula rmsProp =
        x -> {
          x[3] = rounded(Math.fma(0.01f * x[0], x[0], 0.99f * x[3]));
          x[1] = Math.fma(-eta, x[0] / ((float) Math.sqrt(x[3]) + 1e-8f), x[1]);
        };
    Updates.Averages squares = new Updates.Averages(0, 1, 0.99f, 0.01f, 1e-8f);
    run = (at, n, x) -> Updates.rmsProp(at, n, eta, squares, x[0], x[1], x[3]);
    check(length, values, seed, rmsProp, run);
    float correction = 1 / (float) Math.sqrt(random.nextFloat());
    Formula adam =
        x -> {
          x[2] = rounded(Math.fma(0.1f, x[0], 0.9f * x[2]));
          x[3] = rounded(Math.fma(0.001f * x[0], x[0], 0.999f * x[3]));
          float d = Math.fma(correction, (float) Math.sqrt(x[3]), 1e-8f);
          x[1] = Math.fma(-eta, x[2] / d, x[1]);
        };
    Updates.Averages both = new Updates.Averages(0.9f, 0.1f, 0.999f, 0.001f, 1e-8f);
    run =
        (at, n, x) -> {
          float[][] state = {x[2], x[3]};
          Updates.adam(at, n, both, eta, correction, x[0], x[1], state);
        };
    check(length, values, seed, adam, run);
  }
}
