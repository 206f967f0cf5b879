package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ScalingTest {

  @Test
  void roundsOnceFromDouble() {
    assertEquals((float) (0.1 / 255.0), Scaling.divide(255).scale(0.1, 7));
    // A product with 1/255 or a division of the rounded float would miss some of these.
    for (int x = 0; x < 256; x++) {
      assertEquals((float) (x / 255.0), Scaling.divide(255).scale(x, 0));
    }
    double raw = 16777217; // no float
    Scaling standard = Scaling.standardise(new double[] {0, 16777216}, new double[] {1, 0.5});
    assertEquals(2f, standard.scale(raw, 1));
    assertEquals((float) raw, Scaling.none().scale(raw, 0));
  }

  @Test
  void aConstantFeatureIsOnlyShifted() {
    Scaling standard = Scaling.standardise(new double[] {5}, new double[] {0});
    assertEquals(0f, standard.scale(5, 0));
    assertEquals(2f, standard.scale(7, 0));
    assertEquals(0, ((Scaling.Standardise) standard).deviation()[0]);
  }

  @Test
  void names() {
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
    ((Scaling.Standardise) standard).mean()[0] = 9;
    assertEquals(Scaling.standardise(new double[] {1, 2}, new double[] {3, 4}), standard);
    assertNotEquals(Scaling.standardise(new double[] {1, 2}, new double[] {3, 5}), standard);
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
  }
}
