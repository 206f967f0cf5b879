package dev.lanewise.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernel.math.CounterRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DropoutMaskTest {
  private static final int ELEMENTS = 41;

  /** Returns whether an element is kept; the upper half of 64 bits decides the even one. */
  private static boolean isKept(long key, long threshold, int element) {
    long bits = CounterRandom.bits(key, element / 2);
    return (element % 2 == 0 ? bits >>> 32 : bits & 0xFFFFFFFFL) >= threshold;
  }

  /**
   * A range with any first and last element, also in place, has the mask of the whole array, and
   * other elements do not change.
   */
  @Test
  void everyPartIsThatOfTheWhole() {
    float[] x = new float[ELEMENTS];
    for (int e = 0; e < ELEMENTS; e++) {
      x[e] = e + 1;
    }
    for (long key = -3; key < 3; key++) {
      long threshold = (3 + key) * (1L << 32) / 5; // the first keeps all, the last none
      for (int from = 0; from <= ELEMENTS; from++) {
        for (int to = from; to <= ELEMENTS; to++) {
          float[] y = new float[ELEMENTS];
          Arrays.fill(y, Float.NaN);
          float[] same = x.clone();
          Dropout.apply(key, threshold, 1.25f, from, to, x, y);
          Dropout.apply(key, threshold, 1.25f, from, to, same, same);
          for (int e = 0; e < ELEMENTS; e++) {
            boolean isIn = e >= from && e < to;
            float expected = isKept(key, threshold, e) ? x[e] * 1.25f : 0;
            assertEquals(isIn ? expected : Float.NaN, y[e]);
            assertEquals(isIn ? expected : x[e], same[e]);
          }
        }
      }
    }
  }
}
