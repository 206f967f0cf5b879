package dev.lanewise.format;

/** IEEE 754 binary16. {@code Float.float16ToFloat} came with JDK 20. */
final class Half {
  private Half() {}

  /** Exact: every binary16 is a float. */
  static float toFloat(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) { // zeros and subnormals: multiples of 2^-24
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }
}
