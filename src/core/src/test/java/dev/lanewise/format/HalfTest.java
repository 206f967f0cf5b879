package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HalfTest {

  /** Straight from the definition in IEEE 754. */
  static double reference(short bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    double magnitude =
        exponent == 31
            ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
            : exponent == 0
                ? Math.scalb(fraction, -24)
                : Math.scalb(1024 + fraction, exponent - 25);
    return bits < 0 ? -magnitude : magnitude;
  }

  @Test
  void everyHalf() {
    short[] all = new short[1 << 16];
    for (int i = 0; i < all.length; i++) {
      all[i] = (short) i;
    }
    NdArray halves = new NdArray(ElementType.FLOAT16, new int[] {all.length}, all, 1);
    for (int i = 0; i < all.length; i++) {
      assertEquals(reference(all[i]), halves.doubleAt(i), "0x" + Integer.toHexString(i));
    }
  }
}
