package dev.lanewise.kernel.math;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientNormTest {
  /** Adds the squares in the order of the Javadoc; NaN around the range must not be read. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 7, 8, 9, 15, 16, 100, 4096})
  void squaresAreSummedInTheirOrder(int length) {
    Random random = new Random(length);
    float[] x = new float[length + 9];
    java.util.Arrays.fill(x, Float.NaN);
    for (int i = 0; i < length; i++) {
      x[4 + i] = (float) (random.nextGaussian() * Math.scalb(1.0, random.nextInt(200) - 100));
    }
    double[] sums = new double[8];
    for (int j = 0; j < length; j++) {
      sums[j % 8] += (double) x[4 + j] * x[4 + j];
    }
    for (int distance = 4; distance > 0; distance /= 2) {
      for (int i = 0; i < distance; i++) {
        sums[i] += sums[i + distance];
      }
    }
    assertEquals(sums[0], GradientNorm.squares(x, 4, length));
    float[] scaled = x.clone();
    GradientNorm.scale(0.3f, scaled, 4, length);
    for (int i = 0; i < x.length; i++) {
      assertEquals(i >= 4 && i < 4 + length ? x[i] * 0.3f : x[i], scaled[i]);
    }
  }
}
