package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;

/** Undoing a scaling gives back any raw number, except for the one rounding of the scaling. */
class ScalingProperties {
  private static final double HALF_ULP = 0x1p-24; // relative to a float

  @Property
  void undoInvertsScale(
      @ForAll @Scale(6) @DoubleRange(min = -1e6, max = 1e6) double low,
      @ForAll @Scale(6) @DoubleRange(min = 0, max = 1e6) double width,
      @ForAll @Scale(6) @DoubleRange(min = -1e7, max = 1e7) double raw) {
    double[] lows = {low};
    Scaling range = Scaling.minMax(lows, new double[] {low + width});
    Scaling standard = Scaling.standardise(lows, new double[] {width});
    for (Scaling scaling : List.of(Scaling.none(), Scaling.divide(width + 1e-3), standard, range)) {
      float scaled = scaling.scale(raw, 0);
      double unit = scaling.undo(1, 0) - scaling.undo(0, 0);
      double rounding = Math.abs(scaled) * HALF_ULP + Float.MIN_VALUE;
      double slack = 1e-14 * (Math.abs(raw) + Math.abs(low) + Math.abs(unit));
      assertEquals(raw, scaling.undo(scaled, 0), rounding * unit * (1 + 1e-9) + slack);
    }
  }

  @Property
  void minMaxKeepsOrderAndEnds(
      @ForAll @Scale(6) @DoubleRange(min = -1e6, max = 1e6) double low,
      @ForAll @Scale(6) @DoubleRange(min = 0.001, max = 1e6) double width,
      @ForAll @Scale(6) @DoubleRange(min = 0, max = 1) double share) {
    double high = low + width;
    Scaling range = Scaling.minMax(new double[] {low}, new double[] {high});
    assertEquals(0f, range.scale(low, 0));
    assertEquals(1f, range.scale(high, 0));
    float inside = range.scale(low + share * (high - low), 0);
    assertTrue(inside >= 0 && inside <= 1, inside + " of " + share);
  }
}
