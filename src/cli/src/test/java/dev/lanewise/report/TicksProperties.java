package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class TicksProperties {
  @Property
  void coverTheRangeInFewRoundSteps(
      @ForAll @DoubleRange(min = -1, max = 1) double centre,
      @ForAll @DoubleRange(min = -7, max = 0) double logWidth,
      @ForAll @IntRange(min = -280, max = 290) int magnitude,
      @ForAll @IntRange(min = 2, max = 12) int intervals) {
    double scale = StrictMath.pow(10, magnitude);
    double low = (centre - StrictMath.pow(10, logWidth)) * scale;
    double high = (centre + StrictMath.pow(10, logWidth)) * scale;
    Ticks ticks = Ticks.cover(low, high, intervals, 0);

    double step = ticks.value(1) - ticks.value(0);
    String text = String.join(" ", ticks.labels());
    assertTrue(ticks.low() <= low + 2e-6 * step, text + " begins above " + low);
    assertTrue(ticks.high() >= high - 2e-6 * step, text + " ends below " + high);
    assertTrue(ticks.count >= 2 && ticks.count <= intervals + 1, text + " has too many");
    assertTrue(List.of(1, 2, 5).contains(ticks.mantissa), text);
    // The ticks are not too coarse: they exceed the ends by less than a step, and a finer step
    // would need too many.
    assertTrue(low - ticks.low() < step && ticks.high() - high < step, text + " reaches too far");
    assertTrue(step <= 5.001 * (high - low) / Math.max(1, intervals - 2), text + " too coarse");
  }

  @Property
  void labelsAreExactAndDiffer(
      @ForAll @DoubleRange(min = -1000, max = 1000) double low,
      @ForAll @DoubleRange(min = -5, max = 9) double logWidth) {
    Ticks ticks = Ticks.cover(low, low + StrictMath.pow(10, logWidth), 8, 0);
    List<String> labels = List.of(ticks.labels());
    assertEquals(ticks.count, new HashSet<>(labels).size());
    for (int i = 0; i < labels.size(); i++) {
      assertEquals(ticks.value(i), new BigDecimal(labels.get(i)).doubleValue());
    }
  }

  @Property
  void wholeNumbersStayWhole(@ForAll @IntRange(min = 1, max = 200000) int last) {
    Ticks ticks = Ticks.cover(1, 1 + last, 10, 1);
    for (int i = 0; i < ticks.count; i++) {
      assertEquals(Math.rint(ticks.value(i)), ticks.value(i));
    }
  }

  @Example
  void knownScales() {
    assertEquals(
        List.of("0.0", "0.2", "0.4", "0.6", "0.8", "1.0"),
        List.of(Ticks.cover(0, 1, 6, 0).labels()));
    assertEquals(
        List.of("0.3", "0.4", "0.5", "0.6"), List.of(Ticks.cover(0.3, 0.6, 4, 0).labels()));
    assertEquals(List.of("-1", "0", "1"), List.of(Ticks.cover(-0.9, 0.9, 3, 1).labels()));
    assertEquals(List.of("0", "2e8", "4e8"), List.of(Ticks.cover(0, 3.9e8, 3, 0).labels()));
    assertEquals(List.of("0", "5e-9", "1e-8"), List.of(Ticks.cover(0, 1e-8, 3, 0).labels()));
    assertEquals(11, Ticks.cover(1, 1000, 10, 1).count);
  }

  @Example
  void briefNumbers() {
    assertEquals("1000", Ticks.brief(1000));
    assertEquals("0.4123457", Ticks.brief(0.41234567));
    assertEquals("100000", Ticks.brief(100000));
    assertEquals("-2.5", Ticks.brief(-2.5));
    assertEquals("1.2346e-7", Ticks.brief(1.2346e-7));
    assertEquals("3e300", Ticks.brief(3e300));
  }
}
