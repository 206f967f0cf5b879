package dev.lanewise.table.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Numbers are sorted as by the JDK, each with its place before. */
class SortedNumbersProperties {
  /** Returns numbers of all sizes and signs, including many equal and some special ones. */
  private static double[] numbers(Random random, int count) {
    double[] special = {0, -0.0, Double.NaN, 1 / 0.0, -1 / 0.0, Double.MIN_VALUE, -1, 1};
    double[] numbers = new double[count];
    int kind = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      double bits = Double.longBitsToDouble(random.nextLong());
      numbers[i] =
          random.nextInt(4) == 0
              ? special[random.nextInt(special.length)]
              : kind == 0
                  ? random.nextGaussian()
                  : kind == 1 ? random.nextInt(5) - 2 : Double.isNaN(bits) ? 0.5 : bits;
    }
    return numbers;
  }

  @Property(tries = 500)
  void asTheJdkSorts(@ForAll @IntRange(max = 3000) int count, @ForAll Random random) {
    double[] numbers = numbers(random, count + 2);
    double[] expected = numbers.clone();
    Arrays.sort(expected, 0, count);
    SortedNumbers.sort(numbers, count);
    assertArrayEquals(expected, numbers);
  }
}
