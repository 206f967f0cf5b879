package dev.lanewise.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sample finds training rows among other rows, and reports none where there are none. */
class RowSampleTest {
  private static long[] draw(SplittableRandom random, int count) {
    return random.longs(count).toArray();
  }

  private static long[] excerpt(long[] rows, int from, int count) {
    return Arrays.copyOfRange(rows, from, from + count);
  }

  /** An excerpt of the training rows is noticed from {@code few} rows on. */
  @ParameterizedTest
  @CsvSource({"1,1", "150,1", "4000,1", "50000,3", "200000,6", "500000,24", "2000000,120"})
  void excerptsAreNoticedAndOtherRowsAreNot(int training, int few) {
    SplittableRandom random = new SplittableRandom(training);
    long[] rows = draw(random, training);
    RowSample sample = RowSample.of(rows);
    assertTrue(sample.bits().length <= 1 + 8192, "64 KiB");
    int missed = 0;
    int wrong = 0;
    for (int i = 0; i < 100; i++) {
      int from = random.nextInt(training - few + 1);
      missed += sample.share(excerpt(rows, from, few)) == 1 ? 0 : 1;
      wrong += sample.share(draw(random, few)) > 0 ? 1 : 0;
    }
    assertTrue(missed <= 10 && wrong <= 10, missed + " missed, " + wrong + " wrong");
  }

  @Test
  void sharesAreEstimated() {
    SplittableRandom random = new SplittableRandom(1);
    long[] rows = draw(random, 400_000);
    RowSample sample = RowSample.of(rows);
    for (double share : new double[] {0.25, 0.5, 0.9}) {
      long[] some = draw(random, 20_000);
      System.arraycopy(rows, 1000, some, 0, (int) (share * some.length));
      assertEquals(share, sample.share(some), 0.03);
    }
    long[] most = draw(random, 1_000_000);
    System.arraycopy(rows, 0, most, 50, 300_000);
    assertEquals(0.75, sample.found(most), 0.15);
    assertEquals(0, sample.found(draw(random, 1000)));
  }

  /** Merges the samples of two trainings, on one file after another. */
  @ParameterizedTest
  @CsvSource({"100,100", "100,30000", "30000,100", "300,600000", "600000,300"})
  void samplesOfTwoTrainings(int first, int second) {
    SplittableRandom random = new SplittableRandom(first + second);
    long[] one = draw(random, first);
    long[] two = draw(random, second);
    RowSample both = RowSample.of(one).with(RowSample.of(two));
    assertEquals(both, RowSample.of(two).with(RowSample.of(one)));
    assertEquals(both.hashCode(), RowSample.of(two).with(RowSample.of(one)).hashCode());
    assertEquals(1, both.share(excerpt(one, 10, 60)));
    assertEquals(1, both.share(excerpt(two, 10, 60)));
    assertEquals(both, both.with(RowSample.NONE));
    assertEquals(both, RowSample.NONE.with(both));
    long[] all = Arrays.copyOf(one, first + second);
    System.arraycopy(two, 0, all, first, second);
    assertEquals(1, both.found(all));
  }

  @Test
  void nothingIsKnownOfNoRows() {
    long[] some = {1, 2, 3};
    assertEquals(0, RowSample.NONE.share(some));
    assertEquals(0, RowSample.NONE.found(some));
    assertEquals(0, RowSample.of(new long[0]).share(some));
    assertEquals(0, RowSample.of(some).share(new long[0]));
    for (long[] bits : new long[][] {{0}, {0, 1, 2, 3}, {-1, 1}, {32, 1}}) {
      assertThrows(IllegalArgumentException.class, () -> new RowSample(some, bits));
    }
  }

  @Test
  void samplesAreValues() {
    RowSample some = RowSample.of(new long[] {3, 1, 2});
    assertEquals(RowSample.of(new long[] {1, 2, 3, 3}), some);
    assertEquals(RowSample.of(new long[] {1, 2, 3, 3}).hashCode(), some.hashCode());
    assertNotEquals(new RowSample(new long[] {1, 2}, some.bits()), some);
    assertNotEquals(new RowSample(some.smallest(), new long[] {0, 1}), some);
    assertEquals(31, new RowSample(new long[0], new long[] {31, 1}).bits()[0]);
  }
}
