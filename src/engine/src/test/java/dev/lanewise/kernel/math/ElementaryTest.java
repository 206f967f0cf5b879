package dev.lanewise.kernel.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Checks the documented errors of exp and log at every 997th float of their range. */
class ElementaryTest {
  private static final int STRIDE = 997;

  @Test
  void expIsWithinOneUlp() {
    double worst = 0;
    for (long bits = 0; bits < 0x1_0000_0000L; bits += STRIDE) {
      float x = Float.intBitsToFloat((int) bits);
      if (!(Math.abs(x) < 110)) {
        continue;
      }
      double exact = StrictMath.exp(x);
      float actual = Elementary.exp(x);
      if (exact >= Float.MAX_VALUE * (1 + 0x1p-25)) {
        assertEquals(Float.POSITIVE_INFINITY, actual);
      } else {
        worst = Math.max(worst, Math.abs(actual - exact) / Math.ulp((float) exact));
      }
    }
    assertTrue(worst <= 1, "exp is off by " + worst + " ulp");
    assertTrue(worst > 0.5, "a search that finds no error has not searched");
  }

  @Test
  void expOfTheSpecial() {
    assertEquals(1f, Elementary.exp(0f));
    assertEquals(1f, Elementary.exp(-0f));
    assertEquals(0f, Elementary.exp(Float.NEGATIVE_INFINITY));
    assertEquals(0f, Elementary.exp(-1e4f));
    assertEquals(0f, Elementary.exp(-Float.MAX_VALUE));
    assertEquals(Float.POSITIVE_INFINITY, Elementary.exp(Float.POSITIVE_INFINITY));
    assertEquals(Float.POSITIVE_INFINITY, Elementary.exp(Float.MAX_VALUE));
    assertEquals(Float.NaN, Elementary.exp(Float.NaN));
  }

  @Test
  void logIsWithinOneUlp() {
    double worst = 0;
    for (int bits = 1; bits > 0 && bits < 0x7F800000; bits += STRIDE) {
      float x = Float.intBitsToFloat(bits);
      double exact = StrictMath.log(x);
      worst = Math.max(worst, Math.abs(Elementary.log(x) - exact) / Math.ulp((float) exact));
    }
    assertTrue(worst <= 1, "log is off by " + worst + " ulp");
    assertTrue(worst > 0.5, "a search that finds no error has not searched");
  }

  @Test
  void logOfTheSpecial() {
    assertEquals(0f, Elementary.log(1f));
    assertEquals(Float.NEGATIVE_INFINITY, Elementary.log(0f));
    assertEquals(Float.NEGATIVE_INFINITY, Elementary.log(-0f));
    assertEquals(Float.POSITIVE_INFINITY, Elementary.log(Float.POSITIVE_INFINITY));
    assertEquals(Float.NaN, Elementary.log(-1f));
    assertEquals(Float.NaN, Elementary.log(Float.NaN));
  }

  @Test
  void log1pExpIsWithinTwoAndAHalfUlp() {
    double worst = 0;
    for (long bits = 0x8000_0000L; bits < 0x1_0000_0000L; bits += STRIDE) {
      float x = Float.intBitsToFloat((int) bits);
      if (x >= -110) {
        double exact = StrictMath.log1p(StrictMath.exp(x));
        double error = Math.abs(Elementary.log1pExp(x) - exact) / Math.ulp((float) exact);
        assertTrue(error <= (exact < Float.MIN_NORMAL ? 1 : 2.5), () -> x + " is off by " + error);
        worst = Math.max(worst, error);
      }
    }
    assertTrue(worst > 1.25, "off by no more than " + worst);
  }

  @Test
  void log1pExpOfTheSpecial() {
    assertEquals((float) StrictMath.log(2), Elementary.log1pExp(0f));
    assertEquals((float) StrictMath.log(2), Elementary.log1pExp(-0f));
    assertEquals(0f, Elementary.log1pExp(Float.NEGATIVE_INFINITY));
    assertEquals(Float.NaN, Elementary.log1pExp(Float.NaN));
  }
}
