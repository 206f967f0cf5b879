package dev.lanewise.data.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A sum is the exact one, rounded once, whatever the order of its numbers. */
class ExactSumProperties {
  private static double sum(List<Double> numbers) {
    ExactSum sum = new ExactSum();
    numbers.forEach(sum::add);
    return sum.value();
  }

  private static void check(List<Double> numbers, Random random) {
    BigDecimal exact = BigDecimal.ZERO;
    for (double number : numbers) {
      exact = exact.add(new BigDecimal(number));
    }
    double expected = exact.doubleValue();
    List<Double> order = new ArrayList<>(numbers);
    for (int i = 0; i < 4; i++) {
      assertTrue(expected == sum(order), () -> expected + " of " + order + ", found " + sum(order));
      Collections.shuffle(order, random);
    }
  }

  /** Tests any doubles whose sums stay finite, with exponents near each other and far apart. */
  @Property(tries = 800)
  void anyNumbers(
      @ForAll @IntRange(min = 1, max = 60) int count,
      @ForAll @IntRange(min = 1, max = 2000) int exponents,
      @ForAll long seed) {
    Random random = new Random(seed);
    int lowest = random.nextInt(2040 - Math.min(2030, exponents));
    List<Double> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long exponent = Math.min(2038, lowest + random.nextInt(exponents));
      long bits = random.nextLong() & ~(0x7ffL << 52) | exponent << 52;
      if (random.nextInt(4) == 0) {
        bits &= -1L << random.nextInt(52); // few digits, as in most data, make more sums halfway
      }
      numbers.add(Double.longBitsToDouble(bits));
      if (random.nextInt(5) == 0) {
        numbers.add(-numbers.get(random.nextInt(numbers.size()))); // cancels another
      }
    }
    check(numbers, random);
  }

  /** Tests sums halfway between two doubles, or next to that, where the smallest number decides. */
  @Property(tries = 800)
  void halfway(
      @ForAll @IntRange(min = -900, max = 900) int exponent,
      @ForAll @IntRange(min = 0, max = 3) int last,
      @ForAll @IntRange(min = -1, max = 1) int least,
      @ForAll @IntRange(min = 1, max = 6) int parts,
      @ForAll long seed) {
    double ulp = Math.scalb(1.0, exponent - 52);
    List<Double> numbers = new ArrayList<>(List.of(Math.scalb(1.0, exponent) + last * ulp));
    for (int i = 0; i < 1 << parts; i++) { // together they are half an ulp
      numbers.add(Math.scalb(ulp, -1 - parts));
    }
    numbers.add(least * Math.scalb(1.0, -1074));
    numbers.add(-least * Math.scalb(1.0, -1074 + 1));
    Random random = new Random(seed);
    if (random.nextBoolean()) {
      numbers.replaceAll(number -> -number);
    }
    check(numbers, random);
  }

  @Example
  void nothingAndZerosAreZero() {
    assertEquals(0.0, sum(List.of()));
    assertTrue(sum(List.of(-0.0, 0.0, 1.5, -1.5)) == 0);
    assertEquals(1e-320, sum(List.of(1.0, 1e-320, -1.0, 0.0)));
  }

  @Example
  void beyondTheLargestDoubleItIsNotFinite() {
    assertFalse(Double.isFinite(sum(List.of(1.7e308, 1.7e308))));
    assertFalse(Double.isFinite(sum(List.of(1.7e308, 1.7e308, 1.0, 2.0, 1e-9))));
    assertFalse(Double.isFinite(sum(List.of(Double.POSITIVE_INFINITY, 1.0))));
  }
}
