package dev.lanewise.kernel;

import dev.lanewise.kernel.math.Nonlinearity;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Scalar and vector activations give the bits of the definition, and change only their range. */
class ActivationProperties {
  private static final List<KernelSet> TWINS = Twins.all();

  /** Ranges span up to several blocks; wide numbers reach the limits where formulas change. */
  @Property(tries = 2000)
  void forward(
      @ForAll @IntRange(min = 0, max = 700) int length,
      @ForAll Matrix.Values values,
      @ForAll boolean wide,
      @ForAll boolean inPlace,
      @ForAll long seed) {
    Random random = new Random(seed);
    Nonlinearity function = function(random);
    Matrix sums = draw(length, random, values, wide);
    Matrix before = draw(length, random, values, wide);
    int offset = random.nextInt(9);
    Matrix expected = inPlace ? sums.copy() : before.copy();
    for (int i = offset; i < offset + length; i++) {
      expected.cells[i] = function.activate(sums.cells[i]);
    }
    for (KernelSet kernels : TWINS) {
      Matrix input = sums.copy();
      Matrix actual = inPlace ? input : before.copy();
      kernels.activation(function, offset, length, input.cells, actual.cells, scratch());
      String name = function + " of " + kernels.getClass().getSimpleName();
      expected.assertSameBits(actual, name);
      if (!inPlace) {
        sums.assertSameBits(input, name);
      }
    }
  }

  @Property(tries = 2000)
  void backward(
      @ForAll @IntRange(min = 0, max = 700) int length,
      @ForAll Matrix.Values values,
      @ForAll boolean wide,
      @ForAll long seed) {
    Random random = new Random(seed);
    Nonlinearity function = function(random);
    Matrix kept = draw(length, random, values, wide);
    Matrix before = draw(length, random, values, false);
    int offset = random.nextInt(9);
    Matrix expected = before.copy();
    for (int i = offset; i < offset + length; i++) {
      expected.cells[i] = function.backward(kept.cells[i], before.cells[i]);
    }
    for (KernelSet kernels : TWINS) {
      Matrix input = kept.copy();
      Matrix actual = before.copy();
      kernels.activationBackward(function, offset, length, input.cells, actual.cells, scratch());
      String name = function + " backward of " + kernels.getClass().getSimpleName();
      expected.assertSameBits(actual, name);
      kept.assertSameBits(input, name);
    }
  }

  private static Matrix draw(int length, Random random, Matrix.Values values, boolean wide) {
    Matrix drawn = new Matrix(1, length + 18, new Random(7), values);
    Matrix plain = drawn.copy();
    for (int i = 0; i < plain.cells.length; i++) {
      plain.cells[i] = values.draw(random) * (wide ? 30 : 1);
    }
    return plain;
  }

  /** Returns a function with any parameter; most formulas have none. */
  private static Nonlinearity function(Random random) {
    List<Nonlinearity> all = Nonlinearity.passes();
    Nonlinearity usual = all.get(random.nextInt(all.size()));
    return new Nonlinearity(usual.formula(), 4 * random.nextFloat() - 2);
  }

  private static float[] scratch() {
    float[] scratch = new float[KernelSet.ACTIVATION_SCRATCH];
    Arrays.fill(scratch, Float.NaN);
    return scratch;
  }
}
