package dev.lanewise.data.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Quantiles are near those of exact arithmetic. The test with a golden file shows that they have
 * the bits of numpy's.
 */
class QuantilesProperties {
  private static double[] numbers(int count, int digits, int exponents, Random random) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      double tens = Math.scalb(1.0, random.nextInt(2 * exponents) - exponents);
      numbers[i] = Math.rint(random.nextGaussian() * (1L << digits)) * tens;
    }
    Arrays.sort(numbers);
    return numbers;
  }

  /**
   * The error is at most one ulp of the larger neighbour if both have the same sign, and two
   * otherwise, because the difference, its share and the sum are rounded. The place is rounded
   * once, as numpy does.
   */
  @Property(tries = 1500)
  void nearTheExactOnes(
      @ForAll @IntRange(min = 1, max = 60) int count,
      @ForAll @IntRange(min = 1, max = 52) int digits,
      @ForAll @IntRange(min = 1, max = 900) int exponents,
      @ForAll @IntRange(min = 0, max = 6) int which,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] sorted = numbers(count, digits, exponents, random);
    double[] shares = {0, 0.25, 0.5, 0.75, 1, 1 / 3.0, random.nextDouble()};
    double share = shares[which];
    double found = Quantiles.of(sorted, count, share);
    double place = share * (count - 1);
    int below = (int) place;
    double a = sorted[below];
    double b = sorted[Math.min(below + 1, count - 1)];
    BigDecimal low = new BigDecimal(a);
    BigDecimal part = new BigDecimal(place).subtract(new BigDecimal(below));
    BigDecimal exact = low.add(new BigDecimal(b).subtract(low).multiply(part));
    BigDecimal error = new BigDecimal(found).subtract(exact).abs();
    double ulp = Math.ulp(Math.max(Math.abs(a), Math.abs(b)));
    BigDecimal bound = new BigDecimal(ulp).multiply(BigDecimal.valueOf(a < 0 && b > 0 ? 2 : 1));
    assertTrue(error.compareTo(bound) <= 0, () -> found + " at " + share + " of " + a + ", " + b);
    assertTrue(found >= a && found <= b);
  }

  /**
   * A quantile at the place of a number is that number, and numbers after the count do not matter.
   */
  @Property(tries = 500)
  void atANumberItIsThat(@ForAll @IntRange(min = 0, max = 8) int power, @ForAll long seed) {
    int count = (1 << power) + 1;
    double[] sorted = numbers(count, 52, 500, new Random(seed));
    double[] more = Arrays.copyOf(sorted, count + 3);
    for (int i = 0; i < count; i++) {
      assertEquals(sorted[i] + 0.0, Quantiles.of(more, count, (double) i / (count - 1)));
    }
  }

  /**
   * Tests several orders of the numbers, including one that makes the sample of them misleading.
   */
  @Property(tries = 100)
  void unsortedNumbersHaveTheQuantilesOfSortedOnes(
      @ForAll @IntRange(min = 1, max = 40_000) int count,
      @ForAll @IntRange(min = 0, max = 5) int order,
      @ForAll Random random) {
    double[] sorted = new double[count];
    for (int i = 0; i < count; i++) {
      double x = random.nextGaussian();
      sorted[i] = order == 1 ? Math.rint(x) : order == 2 && i % 16 != 0 ? 100 + x : x;
    }
    double[] numbers = sorted.clone();
    Arrays.sort(sorted);
    if (order == 3 || order == 4) {
      for (int i = 0; i < count; i++) {
        numbers[i] = sorted[order == 3 ? i : count - 1 - i];
      }
    } else if (order == 5) { // a sample of 8192 only contains the smallest numbers
      boolean[] isSeen = new boolean[count];
      for (int i = 0; i < 1 << 13; i++) {
        isSeen[(int) ((long) i * count >> 13)] = true;
      }
      int next = 0;
      for (int seen = 1; seen >= 0; seen--) {
        for (int i = 0; i < count; i++) {
          numbers[i] = isSeen[i] == seen > 0 ? sorted[next++] : numbers[i];
        }
      }
    }
    double[] shares = {0, 0.25, 0.5, 0.75, 1, random.nextDouble()};
    double[] found = Quantiles.ofUnsorted(numbers.clone(), count, shares);
    for (int s = 0; s < shares.length; s++) {
      assertEquals(Quantiles.of(sorted, count, shares[s]), found[s], "share " + shares[s]);
    }
  }
}
