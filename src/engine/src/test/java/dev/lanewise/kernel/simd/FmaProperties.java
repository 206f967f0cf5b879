package dev.lanewise.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernel.Matrix.Values;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The emulated multiply-add gives the results of the instruction. */
class FmaProperties {
  @Property(tries = 2000)
  void emulationIsExact(@ForAll Values values, @ForAll long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      assertSame(values.draw(random), values.draw(random), values.draw(random));
      float a = Float.intBitsToFloat(random.nextInt());
      float b = Float.intBitsToFloat(random.nextInt());
      assertSame(a, b, Float.intBitsToFloat(random.nextInt()));
      // Tests sums that nearly cancel, and ties that a second rounding would get wrong.
      float product = a * b;
      assertSame(a, b, -product);
      assertSame(a, b, -Math.nextUp(product));
      assertSame(a, b, product * 0x1p-24f);
      assertSame(1f + i * 0x1p-23f, 1f + 0x1p-12f, product);
    }
  }

  private static void assertSame(float a, float b, float c) {
    assertEquals(
        Float.floatToIntBits(Math.fma(a, b, c)),
        Float.floatToIntBits(Fma.emulated(a, b, c)),
        () -> a + " * " + b + " + " + c);
  }
}
