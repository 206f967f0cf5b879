package dev.lanewise.kernel.simd;

/**
 * One fused multiply-add, {@code a * b + c} rounded once, on machines with and without the
 * instruction.
 *
 * <p>{@link Math#fma(float, float, float)} is exact everywhere, but without the instruction it goes
 * through {@code BigDecimal} and takes microseconds. The same result follows from double
 * arithmetic: the product of two floats is exact in a double, and rounding the sum to odd before
 * the cast to float makes the second rounding harmless (Boldo and Melquiond, "Emulation of a FMA
 * and correctly rounded sums", 2008).
 */
public final class Fma {
  /** Whether the JVM compiles {@code Math.fma} to an instruction. */
  public static final boolean HARDWARE = detect();

  private Fma() {}

  /**
   * {@return {@code a * b + c}, rounded once, with the instruction if there is one}
   *
   * @param a a factor
   * @param b a factor
   * @param c the term that is added to the product
   */
  public static float fma(float a, float b, float c) {
    return HARDWARE ? Math.fma(a, b, c) : emulated(a, b, c);
  }

  /**
   * {@return {@code a * b + c}, rounded once, without the instruction}
   *
   * @param a a factor
   * @param b a factor
   * @param c the term that is added to the product
   */
  public static float emulated(float a, float b, float c) {
    double product = (double) a * b;
    double addend = c;
    double sum = product + addend;
    // TwoSum (Knuth): sum + error is the exact result.
    double part = sum - product;
    double error = (product - (sum - part)) + (addend - part);
    // If the sum is infinite or NaN, the error is NaN, for which both comparisons are false.
    if (error < 0 || error > 0) {
      long bits = Double.doubleToRawLongBits(sum);
      if ((bits & 1) == 0) {
        // One ulp toward the error, that is away from zero if error and sum have the same sign.
        sum = Double.longBitsToDouble((error > 0) == (sum > 0) ? bits + 1 : bits - 1);
      }
    }
    return (float) sum;
  }

  /**
   * Times {@code Math.fma}. The instruction takes nanoseconds even when interpreted, {@code
   * BigDecimal} a microsecond even when compiled. A wrong answer on a stalled machine costs speed
   * but changes no bit; the shortest of several rounds makes it unlikely.
   */
  private static boolean detect() {
    final int rounds = 8;
    final int calls = 64;
    float sink = 1f;
    long best = Long.MAX_VALUE;
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        sink = Math.fma(sink, 0.999f, 1e-3f);
      }
      best = Math.min(best, System.nanoTime() - start);
    }
    final long slowestInstruction = 400; // ns per interpreted call; BigDecimal takes at least 2000
    return sink > 0 && best < calls * slowestInstruction;
  }
}
