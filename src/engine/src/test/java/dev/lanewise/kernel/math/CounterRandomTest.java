package dev.lanewise.kernel.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
  private static final long KEY = CounterRandom.key(7, CounterRandom.SHUFFLE, 3);

  /** Compares the first numbers with SplitMix64's published ones for the seed 1234567. */
  @Test
  void isSplitMix64() {
    assertEquals(6457827717110365317L, CounterRandom.bits(1234567, 0));
    assertEquals(3203168211198807973L, CounterRandom.bits(1234567, 1));
    assertEquals(-8629252141511181193L, CounterRandom.bits(1234567, 2));
  }

  @Test
  void keysDiffer() {
    long different =
        IntStream.range(0, 4000)
            .mapToLong(i -> CounterRandom.key(i / 400, i / 100 % 4, i % 100))
            .distinct()
            .count();
    assertEquals(4000, different);
  }

  @Test
  void uniformIsUniform() {
    int[] counts = new int[64];
    for (int i = 0; i < 64_000; i++) {
      double u = CounterRandom.uniform(KEY, i);
      assertTrue(u > 0 && u < 1);
      counts[(int) (u * 64)]++;
    }
    // 1000 are expected, with a deviation of 31.4; five deviations are allowed.
    assertTrue(Arrays.stream(counts).allMatch(c -> Math.abs(c - 1000) < 157));
  }

  @Test
  void gaussianHasTheRightMoments() {
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    int n = 200_000;
    for (int i = 0; i < n; i++) {
      double z = CounterRandom.gaussian(KEY, i);
      sum += z;
      squares += z * z;
      fourths += z * z * z * z;
    }
    assertEquals(0, sum / n, 0.012);
    assertEquals(1, squares / n, 0.016);
    assertEquals(3, fourths / n, 0.12);
  }

  /** Compares quantiles with those of tables, in each branch of the code. */
  @Test
  void normalQuantiles() {
    assertEquals(0, NormalQuantile.of(0.5));
    assertEquals(0.6744897501960817, NormalQuantile.of(0.75), 1e-15);
    assertEquals(-1.959963984540054, NormalQuantile.of(0.025), 1e-14);
    assertEquals(1.959963984540054, NormalQuantile.of(0.975), 1e-14);
    assertEquals(-6.361340902404056, NormalQuantile.of(1e-10), 1e-13);
    assertEquals(-9.262340089798408, NormalQuantile.of(1e-20), 1e-13);
  }

  @Test
  void permutationsAreValidAndEven() {
    int[] firsts = new int[10];
    for (int epoch = 0; epoch < 10_000; epoch++) {
      int[] order = new int[10];
      CounterRandom.permutation(CounterRandom.key(0, CounterRandom.SHUFFLE, epoch), order);
      firsts[order[0]]++;
      int[] sorted = order.clone();
      Arrays.sort(sorted);
      assertTrue(Arrays.equals(sorted, IntStream.range(0, 10).toArray()));
    }
    // 1000 are expected, with a deviation of 30; five deviations are allowed.
    assertTrue(Arrays.stream(firsts).allMatch(c -> Math.abs(c - 1000) < 150));
  }

  @Test
  void permutationIsTheTextbookShuffleForEveryLength() {
    for (int length = 0; length < 70; length++) {
      long key = CounterRandom.key(3, CounterRandom.SHUFFLE, length);
      int[] order = new int[length];
      CounterRandom.permutation(key, order);
      int[] expected = IntStream.range(0, length).toArray();
      for (int i = length - 1; i > 0; i--) {
        int j = CounterRandom.below(key, i, i + 1);
        int swapped = expected[i];
        expected[i] = expected[j];
        expected[j] = swapped;
      }
      assertArrayEquals(expected, order);
    }
  }

  @Test
  void belowReachesItsBounds() {
    int[] counts = new int[3];
    for (int i = 0; i < 3000; i++) {
      counts[CounterRandom.below(KEY, i, 3)]++;
    }
    assertTrue(Arrays.stream(counts).allMatch(c -> Math.abs(c - 1000) < 130));
    assertEquals(0, CounterRandom.below(KEY, 0, 1));
    assertTrue(CounterRandom.below(KEY, 1, Integer.MAX_VALUE) >= 0);
  }
}
