package dev.lanewise.kernel.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.Matrix;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Losses with numeric targets: rows are independent, and nothing else is changed. */
class OutputLossesProperties {
  private static final float UNTOUCHED = 12345.5f;
  private static final float LEVEL = 0.8f;

  private interface Kernel {
    void run(int from, int to, float[] x, float[] t, float[] gradient, float[] losses);
  }

  private static Kernel kernel(int which, int columns, float divisor) {
    float[] scratch = new float[RowMath.scratch(columns)];
    return (from, to, x, t, g, l) -> {
      OutputBatch batch = new OutputBatch(l.length, columns, x, g, false);
      System.arraycopy(t, 0, batch.targets, 0, t.length);
      System.arraycopy(l, 0, batch.losses, 0, l.length);
      if (which == 0) {
        OutputLosses.sigmoidCrossEntropy(batch, from, to, divisor, scratch);
      } else if (which == 1) {
        OutputLosses.squaredError(batch, from, to, divisor, scratch);
      } else if (which == 2) {
        OutputLosses.huber(batch, from, to, divisor, scratch);
      } else {
        OutputLosses.pinball(batch, from, to, LEVEL, divisor, scratch);
      }
      System.arraycopy(batch.losses, 0, l, 0, l.length);
    };
  }

  @Property(tries = 500)
  void rowsAreIndependent(
      @ForAll @IntRange(max = 3) int which,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 70) int columns,
      @ForAll Matrix.Values values,
      @ForAll long seed) {
    Random random = new Random(seed);
    float[] x = new float[rows * columns];
    float[] t = new float[rows * columns];
    for (int i = 0; i < x.length; i++) {
      x[i] = values.draw(random) * 3;
      t[i] = which == 0 ? random.nextInt(2) : (float) random.nextGaussian();
    }
    Kernel kernel = kernel(which, columns, rows * columns);
    float[] gradient = x.clone(); // in place
    float[] losses = new float[rows];
    kernel.run(0, rows, gradient, t, gradient, losses);
    for (int r = 0; r < rows; r++) {
      float[] one = new float[x.length];
      float[] loss = new float[rows];
      Arrays.fill(one, UNTOUCHED);
      Arrays.fill(loss, UNTOUCHED);
      kernel.run(r, r + 1, x, t, one, loss);
      boolean isNaN = false;
      for (int i = 0; i < x.length; i++) {
        boolean inRow = i / columns == r;
        float expected = inRow ? gradient[i] : UNTOUCHED;
        assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(one[i]));
        isNaN |= inRow && Float.isNaN(x[i]);
        // Gradients are bounded for infinite outputs too.
        assertTrue(which == 1 || Float.isNaN(x[i]) || Math.abs(gradient[i]) <= 1);
      }
      for (int i = 0; i < rows; i++) {
        float expected = i == r ? losses[r] : UNTOUCHED;
        assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(loss[i]));
      }
      assertTrue(!isNaN || Float.isNaN(losses[r]), "a NaN must show in the loss");
      assertTrue(!(losses[r] < 0), "loss " + losses[r]);
    }
  }

  /** Losses, and gradients as their derivatives, are those of the formulas in double. */
  @Property(tries = 500)
  void valuesAreThoseOfTheFormulas(@ForAll @IntRange(max = 3) int which, @ForAll long seed) {
    Random random = new Random(seed);
    float[] x = {(float) (random.nextGaussian() * 10)};
    float[] t = {which == 0 ? random.nextInt(2) : (float) random.nextGaussian()};
    float[] gradient = new float[1];
    float[] losses = new float[1];
    kernel(which, 1, 1).run(0, 1, x, t, gradient, losses);
    double d = (double) x[0] - t[0];
    double s = 1 / (1 + StrictMath.exp(-x[0]));
    double sign = t[0] == 1 ? -x[0] : x[0];
    double loss = Math.max(sign, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(sign)));
    double slope = s - t[0];
    if (which == 3) {
      slope = d > 0 ? 1 - LEVEL : -LEVEL;
      loss = slope * d;
    } else if (which > 0) {
      boolean linear = which == 2 && Math.abs(d) > 1;
      loss = linear ? Math.abs(d) - 0.5 : which == 2 ? d * d / 2 : d * d;
      slope = linear ? Math.signum(d) : which == 2 ? d : 2 * d;
    }
    assertEquals(loss, losses[0], 3e-7 * loss);
    assertEquals(slope, gradient[0], 3e-7 * Math.max(1, Math.abs(slope)));
  }
}
