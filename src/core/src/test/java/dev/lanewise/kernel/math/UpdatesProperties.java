package dev.lanewise.kernel.math;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernel.Matrix.Values;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Every update equals its formula, parameter by parameter and bit for bit, and leaves what stands
 * around its range: interpreted in the first tries, then as C1 and C2 compile it.
 */
class UpdatesProperties {
  private static final int LONGEST = 600;

  /** Gradient, weights and two arrays of state with one offset, as the parameters of a network. */
  private static float[][] arrays(int size, Random random, Values values) {
    float[][] arrays = new float[4][size];
    for (float[] array : arrays) {
      for (int i = 0; i < size; i++) {
        array[i] = values.draw(random);
      }
    }
    for (int i = 0; i < size; i++) {
      // Means of squares: a negative one, which only damage can make, now and then.
      arrays[3][i] = random.nextInt(9) == 0 ? arrays[3][i] : Math.abs(arrays[3][i]);
      // Units that have died: no gradient, and state so small that it is rounded.
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

  /** What one parameter becomes: g, w and the state in, the state and w replaced. */
  private interface Formula {
    void step(float[] gwst);
  }

  /** What is remembered: without subnormal numbers. {@link UpdatesTest} looks at the formula. */
  private static float rounded(float state) {
    return (state + 0x1.8p-103f) - 0x1.8p-103f;
  }

  private static void assertUpdate(
      int length, Values values, long seed, Formula formula, Update update) {
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
        int at = i;
        int array = a;
        assertEquals(
            Float.floatToIntBits(expected[a][i]),
            Float.floatToIntBits(before[a][i]),
            () -> "array " + array + " at " + (at - offset));
      }
    }
  }

  @Property(tries = 500)
  void sgdIsOneFusedStep(
      @ForAll @IntRange(max = LONGEST) int length, @ForAll Values values, @ForAll long seed) {
    float eta = new Random(seed).nextFloat();
    assertUpdate(
        length,
        values,
        seed,
        x -> x[1] = Math.fma(-eta, x[0], x[1]),
        (offset, n, x) -> Updates.sgd(offset, n, eta, x[0], x[1]));
    // Decoupled decay: weights that descend along themselves.
    assertUpdate(
        length,
        values,
        seed,
        x -> x[1] = Math.fma(-eta, x[1], x[1]),
        (offset, n, x) -> Updates.sgd(offset, n, eta, x[1], x[1]));
  }

  @Property(tries = 300)
  void momentumFollowsTheContract(
      @ForAll @IntRange(max = LONGEST) int length, @ForAll Values values, @ForAll long seed) {
    float eta = new Random(seed).nextFloat();
    float mu = 0.9f;
    assertUpdate(
        length,
        values,
        seed,
        x -> {
          x[2] = rounded(Math.fma(mu, x[2], x[0]));
          x[1] = Math.fma(-eta, x[2], x[1]);
        },
        (offset, n, x) -> Updates.momentum(offset, n, eta, mu, x[0], x[1], x[2]));
    assertUpdate(
        length,
        values,
        seed,
        x -> {
          x[2] = rounded(Math.fma(mu, x[2], x[0]));
          x[1] = Math.fma(-eta, Math.fma(mu, x[2], x[0]), x[1]);
        },
        (offset, n, x) -> Updates.nesterov(offset, n, eta, mu, x[0], x[1], x[2]));
  }

  @Property(tries = 300)
  void rmsPropFollowsTheContract(
      @ForAll @IntRange(max = LONGEST) int length, @ForAll Values values, @ForAll long seed) {
    float eta = new Random(seed).nextFloat();
    assertUpdate(
        length,
        values,
        seed,
        x -> {
          x[3] = rounded(Math.fma(0.01f * x[0], x[0], 0.99f * x[3]));
          x[1] = Math.fma(-eta, x[0] / ((float) Math.sqrt(x[3]) + 1e-8f), x[1]);
        },
        (offset, n, x) ->
            Updates.rmsProp(
                offset, n, eta, new Updates.Averages(0, 1, 0.99f, 0.01f, 1e-8f), x[0], x[1], x[3]));
  }

  @Property(tries = 500)
  void adamFollowsTheContract(
      @ForAll @IntRange(max = LONGEST) int length, @ForAll Values values, @ForAll long seed) {
    Random random = new Random(seed);
    float step = random.nextFloat();
    float correction = 1 / (float) Math.sqrt(random.nextFloat());
    assertUpdate(
        length,
        values,
        seed,
        x -> {
          x[2] = rounded(Math.fma(0.1f, x[0], 0.9f * x[2]));
          x[3] = rounded(Math.fma(0.001f * x[0], x[0], 0.999f * x[3]));
          float d = Math.fma(correction, (float) Math.sqrt(x[3]), 1e-8f);
          x[1] = Math.fma(-step, x[2] / d, x[1]);
        },
        (offset, n, x) ->
            Updates.adam(
                offset,
                n,
                new Updates.Averages(0.9f, 0.1f, 0.999f, 0.001f, 1e-8f),
                step,
                correction,
                x[0],
                x[1],
                new float[][] {x[2], x[3]}));
  }
}
