package dev.lanewise.nn;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ScalingTest {

  @Test
  void roundsOnceFromDouble() {
    assertEquals((float) (0.1 / 255.0), Scaling.divide(255).scale(0.1, 7));
    // A product with 1/255 or a division of the rounded float would miss some of these.
    for (int x = 0; x < 256; x++) {
      assertEquals((float) (x / 255.0), Scaling.divide(255).scale(x, 0));
    }
    double raw = 16777217; // not exact as a float
    Scaling standard = Scaling.standardise(new double[] {0, 16777216}, new double[] {1, 0.5});
    assertEquals(2f, standard.scale(raw, 1));
    assertEquals((float) raw, Scaling.none().scale(raw, 0));
  }

  @Test
  void aConstantFeatureIsOnlyShifted() {
    Scaling standard = Scaling.standardise(new double[] {5}, new double[] {0});
    assertEquals(0f, standard.scale(5, 0));
    assertEquals(2f, standard.scale(7, 0));
    assertEquals(0, standard.second()[0]);
  }

  @Test
  void theRangeBecomesZeroToOne() {
    Scaling range = Scaling.minMax(new double[] {-1, 16777216, 7}, new double[] {3, 16777218, 7});
    assertEquals(0f, range.scale(-1, 0));
    assertEquals(1f, range.scale(3, 0));
    assertEquals(0.25f, range.scale(0, 0));
    assertEquals(-1f, range.scale(-5, 0), "nothing is clipped");
    assertEquals(2f, range.scale(7, 0), "nothing is clipped");
    assertEquals(0.5f, range.scale(16777217, 1), "the raw number is not exact as a float");
    assertEquals(0f, range.scale(7, 2), "a constant feature");
    assertEquals(1.5f, range.scale(8.5, 2), "other values of a constant feature are only shifted");
    // The range is a double, and only the quotient is rounded. Multiplying by 1 / 3 or taking 0.1
    // as a float would give another result.
    Scaling thirds = Scaling.minMax(new double[] {0.1}, new double[] {3.1});
    assertEquals((float) ((0.2 - 0.1) / (3.1 - 0.1)), thirds.scale(0.2, 0));
  }

  @Test
  void undoIsExactInDouble() {
    assertEquals(0.1, Scaling.none().undo(0.1, 3));
    assertEquals(0.1 * 255, Scaling.divide(255).undo(0.1, 3));
    double[] two = {5, 0.7};
    assertEquals(0.1 * 3 + 0.7, Scaling.standardise(two, new double[] {1, 3}).undo(0.1, 1));
    assertEquals(5.25, Scaling.standardise(two, new double[2]).undo(0.25, 0), "a constant");
    Scaling range = Scaling.minMax(two, new double[] {9, 1.7});
    assertEquals(5, range.undo(0, 0));
    assertEquals(9, range.undo(1, 0));
    assertEquals(13, range.undo(2, 0));
  }

  @Test
  void names() {
    assertEquals("minmax", Scaling.minMax(new double[1], new double[1]).name());
    assertEquals("none", Scaling.none().name());
    assertEquals("255", Scaling.divide(255).name());
    assertEquals("0.5", Scaling.divide(0.5).name());
    assertEquals("standard", Scaling.standardise(new double[1], new double[1]).name());
  }

  @Test
  void isAValue() {
    double[] mean = {1, 2};
    Scaling standard = Scaling.standardise(mean, new double[] {3, 4});
    mean[0] = 9;
    standard.first()[0] = 9;
    assertEquals(Scaling.standardise(new double[] {1, 2}, new double[] {3, 4}), standard);
    assertNotEquals(Scaling.standardise(new double[] {1, 2}, new double[] {3, 5}), standard);
    double[] maximum = {3, 4};
    Scaling range = Scaling.minMax(new double[] {1, 2}, maximum);
    maximum[0] = 10;
    range.second()[0] = 10;
    range.first()[0] = 10;
    assertEquals(Scaling.minMax(new double[] {1, 2}, new double[] {3, 4}), range);
    assertNotEquals(Scaling.minMax(new double[] {1, 2}, new double[] {3, 5}), range);
    assertNotEquals(Scaling.standardise(new double[] {1, 2}, new double[] {2, 2}), range);
    assertEquals(Scaling.divide(255), Scaling.divide(255.0));
    assertEquals(Scaling.none(), Scaling.none());
    assertEquals(OptionalInt.of(2), standard.features());
    assertEquals(OptionalInt.empty(), Scaling.divide(2).features());
  }

  @Test
  void refusesWhatCannotScale() {
    for (double divisor : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      var e = assertThrows(IllegalArgumentException.class, () -> Scaling.divide(divisor));
      assertEquals(
          "scaling: divisor " + divisor + ", expected a finite number above 0", e.getMessage());
    }
    double[] one = {1};
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class, () -> Scaling.standardise(one, new double[] {bad}));
    }
    assertThrows(
        IllegalArgumentException.class, () -> Scaling.standardise(new double[] {Double.NaN}, one));
    assertThrows(IllegalArgumentException.class, () -> Scaling.standardise(one, new double[2]));
    for (double bad : new double[] {0.5, Double.NaN, Double.POSITIVE_INFINITY}) {
      var e =
          assertThrows(
              IllegalArgumentException.class, () -> Scaling.minMax(one, new double[] {bad}));
      assertEquals(
          "scaling: feature 0 goes from 1.0 to " + bad + ", expected a finite range, not below 0",
          e.getMessage());
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> Scaling.minMax(new double[] {-1e308}, new double[] {1e308}));
    assertThrows(IllegalArgumentException.class, () -> Scaling.minMax(one, new double[2]));
  }

  /** A robust scaling computes z from quantiles and squashes it, so that outliers stay within 3. */
  @Test
  void robustNumbersAreSquashed() {
    Scaling robust =
        Scaling.robust(new double[] {1, 5, 7, -2}, new double[] {2, Double.NaN, 0, 0.5});
    for (double raw : new double[] {-4.5, 1, 1.5, 3, 40, 2e7}) {
      double z = (raw - 1) / 2;
      double expected = z / Math.sqrt(1 + z / 3 * (z / 3));
      float scaled = robust.scale(raw, 0);
      assertEquals((float) expected, scaled);
      assertEquals(Math.signum(z), Math.signum(scaled));
      assertTrue(Math.abs(scaled) <= 3);
      if (raw < 50) {
        assertEquals(raw, robust.undo(expected, 0), 1e-9 * Math.abs(raw));
      }
    }
    assertEquals(3f, robust.scale(1e300, 0));
    assertEquals(-3f, robust.scale(-1e300, 0));
    assertEquals(-1.5f, robust.scale(-1.5, 1), "a feature without a range is not scaled");
    assertEquals(-1.5, robust.undo(-1.5, 1));
    assertEquals(0f, robust.scale(9, 2), "a constant");
    assertEquals(7, robust.undo(0, 2));
    assertEquals((float) (1 / Math.sqrt(1 + 1 / 9.0)), robust.scale(-1.5, 3));
    assertArrayEquals(new double[] {1, 5, 7, -2}, robust.first());
    assertArrayEquals(new double[] {2, Double.NaN, 0, 0.5}, robust.second());
    robust.first()[0] = 9;
    assertEquals(1, robust.first()[0]);
    assertEquals("robust", robust.name());
  }

  /** Neither the limit at 3 nor the 0 of a constant feature may hide a NaN or an infinity. */
  @Test
  void whatIsNotFiniteIsNoNumberOfARobustScaling() {
    Scaling robust = Scaling.robust(new double[3], new double[] {1, 0, Double.NaN});
    Predictor predictor =
        Mlp.initial(Architecture.relu(3, List.of(4), 2), Initializer.HE, 1)
            .withScaling(robust)
            .predictor(2);
    for (int j = 0; j < 3; j++) {
      for (double raw :
          new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
        assertTrue(Float.isNaN(robust.scale(raw, j)), raw + " at " + j);
        double[] row = new double[3];
        row[j] = raw;
        String expected =
            "predict: row 0, feature %s is %s, expected a finite number".formatted(j, raw);
        assertRefused(expected, () -> predictor.predict(row));
        float[] floats = new float[3];
        floats[j] = (float) raw;
        assertRefused(expected, () -> predictor.predict(floats, new float[2]));
      }
    }
  }

  private static void assertRefused(String expected, Executable call) {
    rejects(call, expected);
  }

  @Test
  void medianAndRangeAreFinite() {
    double[] one = {1};
    for (double range : new double[] {-0.5, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> Scaling.robust(one, new double[] {range}));
    }
    for (double median : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class, () -> Scaling.robust(new double[] {median}, one));
    }
  }
}
