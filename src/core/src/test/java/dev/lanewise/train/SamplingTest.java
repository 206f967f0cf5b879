package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Rows;
import dev.lanewise.kernel.math.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplingTest {
  /** Returns 100 rows: 2 of class 0, none of class 1, 88 of class 2 and 10 of class 3. */
  private static final Shards ONE = new Shards(1, 100, 10);

  private static Rows rows() {
    int[] labels = new int[100];
    Arrays.fill(labels, 2);
    labels[40] = labels[99] = 0;
    for (int i = 0; i < 10; i++) {
      labels[3 + 8 * i] = 3;
    }
    return Rows.of(new float[100][1], labels);
  }

  @Test
  void shuffledIsTheOrderOfTheSeed() {
    int[] expected = new int[100];
    CounterRandom.permutation(CounterRandom.key(7, CounterRandom.SHUFFLE, 3), expected);
    assertArrayEquals(expected, new EpochOrder(Sampling.SHUFFLED, 7, rows(), ONE).of(3));
    assertNull(new EpochOrder(Sampling.SEQUENTIAL, 7, rows(), ONE).of(3));
  }

  @Test
  void balancedDrawsAsManyOfEachClass() {
    Rows rows = rows();
    EpochOrder balanced = new EpochOrder(Sampling.BALANCED, 7, rows, ONE);
    int[] seen = new int[100];
    for (int epoch = 0; epoch < 40; epoch++) {
      int[] order = balanced.of(epoch);
      assertEquals(100, order.length);
      int[] classes = new int[4];
      int[] times = new int[100];
      for (int row : order) {
        classes[rows.label(row)]++;
        times[row]++;
        seen[row]++;
      }
      assertArrayEquals(new int[] {34, 0, 33, 33}, classes);
      for (int row = 0; row < 100; row++) {
        int c = rows.label(row);
        int turns = c == 0 ? 17 : c == 3 ? 3 : 0;
        assertTrue(times[row] == turns || (c > 0 && times[row] == turns + 1), "rows take turns");
      }
      // Classes do not alternate, because the draws are shuffled.
      assertTrue(
          IntStream.range(1, 100).anyMatch(i -> rows.label(order[i]) == rows.label(order[i - 1])));
    }
    assertTrue(Arrays.stream(seen).allMatch(times -> times > 0), "every row has its turn");
  }

  @Test
  void balancedIsAFunctionOfSeedAndEpoch() {
    EpochOrder balanced = new EpochOrder(Sampling.BALANCED, 7, rows(), ONE);
    int[] third = balanced.of(3).clone();
    assertFalse(Arrays.equals(third, balanced.of(4)));
    assertArrayEquals(third, balanced.of(3));
    assertFalse(Arrays.equals(third, new EpochOrder(Sampling.BALANCED, 8, rows(), ONE).of(3)));
  }

  /** Follows the Javadoc step by step, with separate random numbers for each class. */
  @Test
  void balancedIsTheOrderOfItsDefinition() {
    Rows rows = rows();
    int[] present = {0, 2, 3};
    List<List<Integer>> classes = new ArrayList<>();
    for (int c : present) {
      classes.add(IntStream.range(0, 100).filter(row -> rows.label(row) == c).boxed().toList());
    }
    for (int epoch : new int[] {0, 3}) {
      long key = CounterRandom.key(7, 6, epoch);
      int[] draws = new int[100];
      CounterRandom.permutation(CounterRandom.key(7, 2, epoch), draws);
      int[] expected = new int[100];
      for (int i = 0; i < 100; i++) {
        List<Integer> ofClass = classes.get(draws[i] % 3);
        int[] order = new int[ofClass.size()];
        CounterRandom.permutation(CounterRandom.bits(key, draws[i] % 3), order);
        expected[i] = ofClass.get(order[draws[i] / 3 % order.length]);
      }
      assertArrayEquals(expected, new EpochOrder(Sampling.BALANCED, 7, rows, ONE).of(epoch));
    }
  }
}
