package dev.lanewise.kernel.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How updates round what an optimizer remembers, for each of the 2^32 floats. */
class UpdatesTest {
  private static final int CHUNK = 1 << 11;

  private static final double ROUNDER = 0x1.8p-103;

  /** Velocities that were -0 take the gradient as it is, and are then rounded. */
  private static void round(float[] x, float[] weights, float[] velocities) {
    Arrays.fill(velocities, -0f);
    Updates.momentum(0, x.length, 0f, 0f, x, weights, velocities);
  }

  private static float[] rounded(float... x) {
    float[] velocities = new float[x.length];
    round(x, new float[x.length], velocities);
    return velocities;
  }

  /**
   * What Javadoc of {@link Updates} promises. Double arithmetic is exact here: what is added up has
   * bits from 2^-78 down to 2^-127 only, and the cast to float is the one rounding of each sum.
   */
  private static float expected(float x) {
    double size = Math.abs((double) x);
    if (size > 0x1p-78) {
      return x;
    }
    if (size < 0x1p-104) {
      return (float) (Math.rint(x * 0x1p126) * 0x1p-126 + 0.0); // + 0.0 makes -0 +0
    }
    float sum = (float) (x + ROUNDER);
    return (float) (sum - ROUNDER);
  }

  @Test
  void everyFloatIsRoundedAsPromised() {
    IntStream.range(0, 1 << 8).parallel().forEach(UpdatesTest::assertFloatsFrom);
  }

  /** Of all floats the 2^24 whose bits begin with these eight. */
  private static void assertFloatsFrom(int firstBits) {
    float[] x = new float[CHUNK]; // of one sign, ascending in size
    float[] weights = new float[CHUNK];
    float[] velocities = new float[CHUNK];
    float[] expected = new float[CHUNK];
    for (int chunk = 0; chunk < 1 << 24; chunk += CHUNK) {
      for (int i = 0; i < CHUNK; i++) {
        x[i] = Float.intBitsToFloat((firstBits << 24) + chunk + i);
      }
      round(x, weights, velocities);
      boolean low = Math.abs(x[0]) <= 0x1p-78f;
      for (int i = 0; low && i < CHUNK; i++) {
        expected[i] = expected(x[i]);
        if (!isFit(x[i], velocities[i])) {
          fail(Float.toHexString(x[i]) + " became " + Float.toHexString(velocities[i]));
        }
      }
      int wrong = Arrays.mismatch(low ? expected : x, velocities);
      assertEquals(-1, wrong, () -> Float.toHexString(x[wrong]) + " became " + velocities[wrong]);
    }
  }

  /** No subnormal number, no -0, and moved by no more than Javadoc of {@link Updates} says. */
  private static boolean isFit(float x, float rounded) {
    int bits = Float.floatToRawIntBits(rounded);
    int moved = Math.abs(bits - Float.floatToRawIntBits(x));
    return (bits == 0 || Math.abs(rounded) >= Float.MIN_NORMAL)
        && (Math.abs(x) < 0x1p-104f || moved <= (Math.abs(x) < 0x1p-103f ? 2 : 1));
  }

  @Test
  void onlyOneNumberOfTheThresholdMoves() {
    float threshold = 0x1p-78f;
    float above = Math.nextUp(threshold);
    float below = Math.nextDown(threshold);
    float[] actual = rounded(threshold, -threshold, above, -above, below, -below);
    float[] expected = {below, -threshold, above, -above, below, -below};
    assertEquals(Arrays.toString(expected), Arrays.toString(actual));
  }

  @Test
  void smallNumbersBecomeMultiplesOfTheLeastNormalOne() {
    float least = Float.MIN_NORMAL;
    float[] actual =
        rounded(-0f, least / 2, -least / 2, 1.25f * least, -1.5f * least, 2.5f * least);
    float[] expected = {0f, 0f, 0f, least, -2 * least, 2 * least};
    assertEquals(Arrays.toString(expected), Arrays.toString(actual));
  }
}
