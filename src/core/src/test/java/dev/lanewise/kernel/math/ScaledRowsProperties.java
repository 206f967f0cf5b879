package dev.lanewise.kernel.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Rows times factors, and the gradients of both, against the definition bit for bit. */
class ScaledRowsProperties {
  private static final float[] SPECIAL = {
    -0f, 0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, 1e-42f
  };

  private static float[] numbers(Random random, int length) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] =
          random.nextInt(20) == 0
              ? SPECIAL[random.nextInt(SPECIAL.length)]
              : (float) random.nextGaussian();
    }
    return x;
  }

  @Property(tries = 300)
  void likeTheDefinition(
      @ForAll @IntRange(min = 1, max = 6) int rows,
      @ForAll @IntRange(min = 1, max = 70) int columns,
      @ForAll @IntRange(min = 0, max = 9) int gap,
      @ForAll long seed) {
    Random random = new Random(seed);
    int factors = rows * columns + gap;
    float[] w = numbers(random, factors + rows);
    float[] g = numbers(random, factors + rows);
    int from = random.nextInt(rows);
    int to = from + 1 + random.nextInt(rows - from);
    float[] scaled = numbers(random, rows * columns);
    float[] expected = scaled.clone();
    float[] gradients = g.clone();
    for (int i = from; i < to; i++) {
      float[] sums = new float[16];
      for (int j = 0; j < columns; j++) {
        int at = i * columns + j;
        sums[j % 16] += w[at] * g[at];
        gradients[at] = w[factors + i] * g[at];
        expected[at] = w[factors + i] * w[at];
      }
      for (int width = 8; width > 0; width /= 2) {
        for (int q = 0; q < width; q++) {
          sums[q] += sums[q + width];
        }
      }
      gradients[factors + i] = sums[0];
    }
    ScaledRows.scale(from, to, columns, w, factors, scaled);
    assertArrayEquals(bits(expected), bits(scaled));
    ScaledRows.gradients(from, to, columns, w, g, factors, new float[ScaledRows.SCRATCH]);
    assertArrayEquals(bits(gradients), bits(g));
  }

  private static int[] bits(float[] x) {
    int[] bits = new int[x.length];
    Arrays.setAll(bits, i -> Float.floatToIntBits(x[i]));
    return bits;
  }
}
