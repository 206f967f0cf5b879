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
    for (int bits = 0; bits < 1 << 16; bits++) {
      assertEquals(reference((short) bits), Half.toFloat((short) bits), "0x" + bits);
    }
  }
}
