package dev.lanewise.kernel.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.kernel.Matrix.Values;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Scaled rows, and the gradients of rows and factors, equal the definition bit for bit. */
class ScaledRowsProperties {
  private static float[] numbers(Random random, int length) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = Values.SPECIAL.draw(random);
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
