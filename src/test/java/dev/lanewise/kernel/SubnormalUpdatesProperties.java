package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.Matrix.Values;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever rests and whatever does not, every bit is that of {@link Updates}. */
class SubnormalUpdatesProperties {
  private static final int LONGEST = 300;
  private static final int STEPS = 3;

  private static final float[] KEPT = {0.9f, 0.999f, 0.5f, 0.1f, 1e-3f, 0f, Math.nextDown(1f)};

  private interface Update {
    void run(int offset, int length, float[][] gwmv);
  }

  /** Gradients that are mostly 0, weights that are mostly large, and means that mostly rest. */
  private static float[][] arrays(int size, Random random) {
    float[][] gwmv = new float[4][size];
    for (int i = 0; i < size; i++) {
      gwmv[0][i] = random.nextInt(4) == 0 ? Values.SPECIAL.draw(random) : zero(random);
      gwmv[1][i] =
          random.nextInt(4) == 0 ? tiny(random) : Values.SPECIAL.draw(random) * random.nextFloat();
      gwmv[2][i] = random.nextInt(4) == 0 ? Values.SPECIAL.draw(random) : subnormal(random);
      float square = random.nextInt(2) == 0 ? Values.SPECIAL.draw(random) : subnormal(random);
      gwmv[3][i] = random.nextInt(9) == 0 ? square : Math.abs(square);
    }
    return gwmv;
  }

  private static float zero(Random random) {
    return random.nextBoolean() ? 0f : -0f;
  }

  /** Of either sign: some of the least, and zeros among them. */
  private static float subnormal(Random random) {
    int number = random.nextInt(random.nextBoolean() ? 8 : 0x00800000);
    return Float.intBitsToFloat(number | random.nextInt(2) << 31);
  }

  /** Numbers on both sides of the least weight that is left as it is. */
  private static float tiny(Random random) {
    return Math.scalb((float) random.nextGaussian(), -150 + random.nextInt(100));
  }

  private static void assertSame(int length, long seed, Update formula, Update update) {
    Random random = new Random(seed);
    int offset = random.nextInt(20);
    float[][] expected = arrays(offset + length + random.nextInt(20), random);
    float[][] actual = new float[4][];
    Arrays.setAll(actual, a -> expected[a].clone());
    for (int step = 0; step < STEPS; step++) {
      formula.run(offset, length, expected);
      update.run(offset, length, actual);
    }
    for (int a = 0; a < 4; a++) {
      for (int i = 0; i < expected[a].length; i++) {
        int at = i;
        int array = a;
        assertEquals(
            Float.floatToIntBits(expected[a][i]),
            Float.floatToIntBits(actual[a][i]),
            () -> "array " + array + " at " + (at - offset));
      }
    }
  }

  /** Learning rates that are usual, and such that even subnormal steps are large. */
  private static float rate(Random random) {
    return random.nextInt(4) == 0 ? Math.scalb(1f, random.nextInt(127)) : random.nextFloat();
  }

  @Property(tries = 400)
  void adam(@ForAll @IntRange(max = LONGEST) int length, @ForAll long seed) {
    Random random = new Random(seed);
    float beta1 = KEPT[random.nextInt(KEPT.length)];
    float beta2 = KEPT[random.nextInt(KEPT.length)];
    float step = rate(random);
    float correction = 1 + random.nextFloat();
    float epsilon = random.nextInt(4) == 0 ? Math.scalb(1f, -random.nextInt(149)) : 1e-8f;
    assertSame(
        length,
        seed,
        (offset, n, x) ->
            Updates.adam(
                offset,
                n,
                beta1,
                1 - beta1,
                beta2,
                1 - beta2,
                step,
                correction,
                epsilon,
                x[0],
                x[1],
                x[2],
                x[3]),
        (offset, n, x) ->
            SubnormalUpdates.adam(
                offset,
                n,
                beta1,
                1 - beta1,
                beta2,
                1 - beta2,
                step,
                correction,
                epsilon,
                x[0],
                x[1],
                x[2],
                x[3]));
  }

  @Property(tries = 400)
  void momentum(
      @ForAll boolean nesterov, @ForAll @IntRange(max = LONGEST) int length, @ForAll long seed) {
    Random random = new Random(seed);
    float mu = KEPT[random.nextInt(KEPT.length)];
    float eta = rate(random);
    assertSame(
        length,
        seed,
        (offset, n, x) -> {
          if (nesterov) {
            Updates.nesterov(offset, n, eta, mu, x[0], x[1], x[2]);
          } else {
            Updates.momentum(offset, n, eta, mu, x[0], x[1], x[2]);
          }
        },
        (offset, n, x) ->
            SubnormalUpdates.momentum(nesterov, offset, n, eta, mu, x[0], x[1], x[2]));
  }

  @Property(tries = 400)
  void rmsProp(@ForAll @IntRange(max = LONGEST) int length, @ForAll long seed) {
    Random random = new Random(seed);
    float beta = KEPT[random.nextInt(KEPT.length)];
    float eta = rate(random);
    assertSame(
        length,
        seed,
        (offset, n, x) -> Updates.rmsProp(offset, n, eta, beta, 1 - beta, 1e-8f, x[0], x[1], x[3]),
        (offset, n, x) ->
            SubnormalUpdates.rmsProp(offset, n, eta, beta, 1 - beta, 1e-8f, x[0], x[1], x[3]));
  }

  @Example
  void subnormalNumbersAreFound() {
    float[] x = {
      Float.MIN_VALUE, 0, -0f, Float.MIN_NORMAL, 1, Float.NaN, -Float.MAX_VALUE, -1e-40f
    };
    assertFalse(SubnormalUpdates.contains(x, 1, 6));
    assertTrue(SubnormalUpdates.contains(x, 0, 1));
    assertTrue(SubnormalUpdates.contains(x, 1, 7));
    assertFalse(SubnormalUpdates.contains(x, 0, 0));
  }
}
