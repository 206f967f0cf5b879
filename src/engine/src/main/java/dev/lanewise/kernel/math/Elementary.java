package dev.lanewise.kernel.math;

import dev.lanewise.kernel.simd.Fma;

/**
 * exp and log in float, as our own polynomials with a fixed order of operations, so that scalar and
 * vector kernels agree to the last bit on every platform.
 *
 * <p>Both reduce the argument as Cody and Waite do ("Software Manual for the Elementary Functions",
 * 1980), with ln 2 split into a short and a long part. The coefficients are minimax fits on the
 * reduced interval, rounded to float. {@code ElementaryTest} compares them with {@link StrictMath}
 * over the whole range and holds the stated errors.
 */
public final class Elementary {
  static final float LOG2_E = 0x1.715476p0f;

  /** ln 2 = LN2_HIGH + LN2_LOW; the high part has 15 bits, so its product with n is exact. */
  static final float LN2_HIGH = 0x1.62e4p-1f;

  static final float LN2_LOW = 0x1.7f7d1cp-20f;

  /**
   * 1.5 * 2^23. Adding it rounds a float to an integer, ties to even, and leaves that integer in
   * the low bits: this is faster than a conversion, and on JDK 17 vector conversions from float to
   * int allocate objects.
   */
  static final float ROUND = 12582912f;

  static final int ROUND_BITS = 0x4B400000;

  /** Below EXP_LOWEST, exp rounds to zero; above EXP_HIGHEST, it overflows. */
  static final float EXP_LOWEST = -104f;

  static final float EXP_HIGHEST = 89f;

  // exp(r) = 1 + r + r^2 (E0 + E1 r + ...) on |r| <= ln(2)/2, relative error 3.1e-9.
  static final float E0 = 0x1.fffffcp-2f;
  static final float E1 = 0x1.555492p-3f;
  static final float E2 = 0x1.5558f2p-5f;
  static final float E3 = 0x1.1239e2p-7f;
  static final float E4 = 0x1.6a2434p-10f;

  // log(1 + f) = f - f^2/2 + f^3 (L0 + L1 f + ...) on sqrt(1/2) <= 1 + f < sqrt(2), 7.5e-10.
  static final float L0 = 0x1.555548p-2f;
  static final float L1 = -0x1.000006p-2f;
  static final float L2 = 0x1.99a4bcp-3f;
  static final float L3 = -0x1.555c5ap-3f;
  static final float L4 = 0x1.2336e2p-3f;
  static final float L5 = -0x1.fc1f6ap-4f;
  static final float L6 = 0x1.e6f604p-4f;
  static final float L7 = -0x1.de4fa2p-4f;
  static final float L8 = 0x1.14631ap-4f;

  private static final int SQRT_HALF_BITS = 0x3F3504F3;

  /** The least number whose logarithm is reduced by ln 2, about sqrt(2). */
  static final float SQRT_TWO = Float.intBitsToFloat(SQRT_HALF_BITS + (1 << 23));

  private static final float TWO_23 = 0x1p23f;

  private Elementary() {}

  /**
   * {@return e to the power x} The error is at most 1 ulp for normal results, and one smallest
   * subnormal for subnormal ones. The result is 0 below {@value #EXP_LOWEST}, infinity where float
   * overflows, and NaN for NaN.
   */
  public static float exp(float x) {
    float y = x < EXP_LOWEST ? EXP_LOWEST : x;
    y = y > EXP_HIGHEST ? EXP_HIGHEST : y;
    float t = Fma.fma(y, LOG2_E, ROUND);
    float n = t - ROUND;
    float r = Fma.fma(n, -LN2_HIGH, y);
    r = Fma.fma(n, -LN2_LOW, r);
    float q = Fma.fma(E4, r, E3);
    q = Fma.fma(q, r, E2);
    q = Fma.fma(q, r, E1);
    q = Fma.fma(q, r, E0);
    float e = Fma.fma(q, r * r, r) + 1f;
    // 2^n as two factors, because n may lie outside the exponents of normal floats.
    int whole = Float.floatToRawIntBits(t) - ROUND_BITS;
    int half = whole >> 1;
    e *= Float.intBitsToFloat((half + 127) << 23);
    return e * Float.intBitsToFloat((whole - half + 127) << 23);
  }

  /**
   * {@return the natural logarithm of x, with an error of at most 1 ulp: minus infinity for 0, NaN
   * below 0 and for NaN}
   */
  public static float log(float x) {
    if (!(x > 0)) {
      return x == 0 ? Float.NEGATIVE_INFINITY : Float.NaN;
    }
    if (x == Float.POSITIVE_INFINITY) {
      return x;
    }
    int subnormal = x < Float.MIN_NORMAL ? 23 : 0;
    int bits = Float.floatToRawIntBits(subnormal == 0 ? x : x * TWO_23);
    int exponent = (bits - SQRT_HALF_BITS) >> 23;
    float f = Float.intBitsToFloat(bits - (exponent << 23)) - 1f;
    float n = exponent - subnormal;
    float s = f * f;
    float p = Fma.fma(L8, f, L7);
    p = Fma.fma(p, f, L6);
    p = Fma.fma(p, f, L5);
    p = Fma.fma(p, f, L4);
    p = Fma.fma(p, f, L3);
    p = Fma.fma(p, f, L2);
    p = Fma.fma(p, f, L1);
    p = Fma.fma(p, f, L0);
    p = Fma.fma(p * f, s, n * LN2_LOW);
    p = Fma.fma(-0.5f, s, p);
    return Fma.fma(n, LN2_HIGH, f + p);
  }

  /**
   * {@return log(1 + exp(x)) for x of at most 0, with an error of at most 2.5 ulp for normal
   * results and of 1 ulp of the smallest subnormal below; NaN for NaN} For other numbers it is x +
   * log(1 + exp(-x)).
   *
   * @param x at most 0
   */
  public static float log1pExp(float x) {
    float e = exp(x);
    float u = 1f + e;
    return log(u) + (e - (u - 1f)) / u; // corrects the rounding error of u to first order
  }
}
