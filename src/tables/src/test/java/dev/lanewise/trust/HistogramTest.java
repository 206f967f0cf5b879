package dev.lanewise.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Tests the cells between quantiles, also where many numbers are equal. */
class HistogramTest {
  @Property(tries = 300)
  void eachNumberIsInTheCellThatContainsIt(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(min = -3, max = 60) Integer> whole,
      @ForAll @IntRange(min = -10, max = 130) int half) {
    double[] numbers = whole.stream().mapToDouble(i -> i).toArray();
    Histogram histogram = Histogram.of(numbers.clone(), numbers.length, true);
    double[] q = histogram.quantiles();
    Arrays.sort(numbers);
    assertEquals(numbers[0], q[0]);
    assertEquals(numbers[numbers.length - 1], q[Histogram.CELLS]);
    assertEquals(numbers.length, histogram.count());
    double number = half / 2.0;
    int cell = histogram.cell(number);
    if (cell == Histogram.BELOW) {
      assertTrue(number < q[0]);
    } else if (cell == Histogram.ABOVE) {
      assertTrue(number > q[Histogram.CELLS]);
    } else {
      assertTrue(number <= q[cell + 1]);
      assertTrue(number > q[cell] || number == q[cell] && (histogram.isSingle(cell) || cell == 0));
    }
    for (int c = 0; c < Histogram.CELLS; c++) {
      int own = c;
      long inside = Arrays.stream(numbers).filter(n -> histogram.cell(n) == own).count();
      assertEquals(inside, histogram.counts()[c]);
    }
  }

  /** A value that all rows have is a cell of its own, which no other number is in. */
  @Test
  void aSingleValueStaysAlone() {
    double[] zeros = new double[99];
    zeros[98] = 1;
    Histogram histogram = Histogram.of(zeros, 99, true);
    assertEquals(98, histogram.counts()[histogram.cell(0)]);
    assertTrue(histogram.isSingle(histogram.cell(0)));
    assertEquals(1, histogram.counts()[histogram.cell(1)]);
    assertEquals(histogram.cell(1), histogram.cell(0.01));
    assertEquals(Histogram.BELOW, histogram.cell(-0.01));
    assertEquals(Histogram.ABOVE, histogram.cell(1.01));
  }
}
