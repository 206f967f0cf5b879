package dev.lanewise.kernel.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Checks the rounding of state in updates for every float of the binades where its effect changes,
 * for one in 8 of the other small floats, and for one in 64 of those that it leaves alone.
 */
class UpdatesTest {
  private static final int CHUNK = 1 << 11;

  private static final double ROUNDER = 0x1.8p-103;

  /** Rounds x: a velocity of -0 becomes the gradient x, and is then rounded. */
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
   * Returns R(x) of {@link Updates}. Double arithmetic is exact here, because all bits are between
   * 2^-78 and 2^-127, so the cast to float is the only rounding of each sum.
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
  void floatsAreRoundedAsPromised() {
    IntStream.range(0, 1 << 8).parallel().forEach(UpdatesTest::assertFloatsFrom);
  }

  /** Tests the 2^24 floats whose bits begin with these eight. */
  private static void assertFloatsFrom(int firstBits) {
    float[] x = new float[CHUNK]; // they have one sign, and their sizes ascend
    float[] weights = new float[CHUNK];
    float[] velocities = new float[CHUNK];
    float[] expected = new float[CHUNK];
    int exponents = firstBits & 0x7f; // two binades, from 2^(2 exponents - 127)
    boolean isEdge = Set.of(0, 11, 12, 24, 25).contains(exponents); // subnormal, 2^-104, 2^-78
    int chunks = isEdge ? 1 : exponents < 27 ? 8 : 64;
    for (int chunk = 0; chunk < 1 << 24; chunk += chunks * CHUNK) {
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

  /**
   * Returns whether a rounded number is neither subnormal nor -0, and differs from the original by
   * no more than is documented.
   */
  private static boolean isFit(float x, float rounded) {
    int bits = Float.floatToRawIntBits(rounded);
    int moved = Math.abs(bits - Float.floatToRawIntBits(x));
    return (bits == 0 || Math.abs(rounded) >= Float.MIN_NORMAL)
        && (Math.abs(x) < 0x1p-104f || moved <= (Math.abs(x) < 0x1p-103f ? 2 : 1));
  }

  @Test
  void onlyOneNumberNearTheThresholdChanges() {
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
