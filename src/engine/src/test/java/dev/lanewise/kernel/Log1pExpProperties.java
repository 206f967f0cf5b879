package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernel.math.Elementary;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.VectorActivation;
import dev.lanewise.kernel.simd.Lanes;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * log(1 + exp(x)) in vectors, which is softplus below 0, has the bits of the scalar function, and
 * changes no other value.
 */
class Log1pExpProperties {
  @Property(tries = 2000)
  void vectorsGiveTheScalarBits(
      @ForAll @IntRange(min = 0, max = 20) int vectors,
      @ForAll Matrix.Values values,
      @ForAll boolean wide,
      @ForAll long seed) {
    if (KernelChoice.current().vector()) { // otherwise there are only scalar kernels
      OfVectors.check(vectors, values, wide, new Random(seed));
    }
  }

  /** This class is only loaded if the vector module is present. */
  private static final class OfVectors {
    static void check(int vectors, Matrix.Values values, boolean wide, Random random) {
      int n = vectors * Lanes.LENGTH;
      float[] x = new float[n + 3];
      for (int i = 0; i < x.length; i++) {
        x[i] = -Math.abs(values.draw(random) * (wide ? 30 : 1));
      }
      float[] y = x.clone();
      float[] scratch = new float[Nonlinearity.SCRATCH];
      VectorActivation.activate(
          new Nonlinearity(Nonlinearity.Formula.SOFTPLUS), 0, n, y, y, scratch);
      for (int i = 0; i < x.length; i++) {
        float expected = i < n ? Elementary.log1pExp(x[i]) : x[i];
        assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(y[i]), "of " + x[i]);
      }
    }
  }
}
