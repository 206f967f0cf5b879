package dev.lanewise.data;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Folds;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Folds are a partition of the training rows, even in each class. */
class FoldsProperties {
  private static Rows rows(int count, int classes, Random random) {
    return classes == 0 ? numeric(count) : DrawnSplit.of(count, classes, true, random);
  }

  /** Returns rows whose features encode their numbers, like those of the classes. */
  private static Rows numeric(int count) {
    float[][] rows = new float[count][];
    float[] targets = new float[count];
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      rows[i] = new float[] {i / 200, i % 200};
      targets[i] = -i;
      weights[i] = i + 0.5f;
    }
    return Rows.of(rows, targets).withRowWeights(weights);
  }

  /** Returns the fold of each row, from the validation rows of the members. */
  private static int[] folds(Dataset data, long seed) {
    Folds folds = Folds.of(data, seed);
    int[] of = new int[data.train().rows()];
    Arrays.fill(of, -1);
    for (int member = 0; member < Folds.COUNT; member++) {
      Rows valid = folds.member(member).validation().orElseThrow();
      for (int row = 0; row < valid.rows(); row++) {
        int number = DrawnSplit.number(valid, row) - first(data);
        assertEquals(-1, of[number], "a row is validated once");
        of[number] = member;
      }
    }
    return of;
  }

  private static int first(Dataset data) {
    return DrawnSplit.number(data.train(), 0);
  }

  @Property(tries = 200)
  void aPartitionThatIsEvenInEachClass(
      @ForAll @IntRange(min = 5, max = 400) int count,
      @ForAll @IntRange(min = 0, max = 12) int classes,
      @ForAll boolean sliced,
      @ForAll long seed) {
    Rows whole = rows(count, classes, new Random(seed));
    int cut = sliced ? (count - 5) / 2 : 0; // a slice keeps its place in the arrays
    Rows train = whole.slice(cut, count - cut);
    Rows test = whole.slice(0, 1);
    Dataset data = Dataset.of(train, Optional.empty(), Optional.of(test));
    int[] folds = folds(data, seed);
    assertArrayEquals(folds, folds(data, seed), "a function of rows and seed");
    int[][] counts = new int[data.classes()][Folds.COUNT];
    int[] sizes = new int[Folds.COUNT];
    for (int row = 0; row < folds.length; row++) {
      counts[classes == 0 ? 0 : train.label(row)][folds[row]]++;
      sizes[folds[row]]++;
    }
    checkEven(sizes);
    for (int[] ofClass : counts) {
      checkEven(ofClass);
      int rows = Arrays.stream(ofClass).sum();
      assertTrue(rows < 2 || Arrays.stream(ofClass).max().getAsInt() < rows, "some rows train");
    }
    int member = Math.floorMod(seed, Folds.COUNT);
    checkRows(Folds.of(data, seed).member(member + Folds.COUNT), train, folds, member);
    assertEquals(count - cut, Folds.of(data, seed).validated(Folds.COUNT + member));
    assertEquals(
        Arrays.stream(folds).filter(fold -> fold <= member).count(),
        Folds.of(data, seed).validated(member + 1));
  }

  private static void checkEven(int[] counts) {
    int most = Arrays.stream(counts).max().getAsInt();
    assertTrue(most - Arrays.stream(counts).min().getAsInt() <= 1, Arrays.toString(counts));
  }

  /** Both splits have the rows of the data in order, with their targets and weights. */
  private static void checkRows(Dataset member, Rows whole, int[] folds, int fold) {
    assertEquals(whole.slice(0, 1).features(), member.features());
    assertEquals(1, member.test().orElseThrow().rows());
    int[] at = new int[2];
    for (int row = 0; row < folds.length; row++) {
      boolean validates = folds[row] == fold;
      Rows part = validates ? member.validation().orElseThrow() : member.train();
      int place = at[validates ? 1 : 0]++;
      assertEquals(DrawnSplit.number(whole, row), DrawnSplit.number(part, place));
      assertEquals(whole.weight(row), part.weight(place));
      if (whole.outputs() == 0) {
        assertEquals(whole.label(row), part.label(place));
      } else {
        assertEquals(whole.target(row, 0), part.target(place, 0));
      }
    }
    assertEquals(at[0], member.train().rows());
    assertEquals(at[1], member.validation().orElseThrow().rows());
  }

  /** Selected rows behave like copied ones, whichever way their values are asked for. */
  @Property(tries = 100)
  void selectedRowsAreThoseOfACopy(@ForAll Random random, @ForAll boolean scaled) {
    double[][] rows = new double[60][7];
    for (double[] row : rows) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    Dataset all = Dataset.of(Rows.of(rows, new int[60]));
    all = scaled ? all.withScaling(ScaleChoice.standard()) : all;
    Rows train = Folds.of(all, 3).member(1).train();
    int[] numbers = new int[48];
    for (int i = 0, row = 0; i < numbers.length; row++) {
      if (same(all.train(), row, train, i)) {
        numbers[i++] = row;
      }
    }
    Rows copy = all.train().select(numbers);
    int[] order = random.ints(40, 0, 48).toArray();
    assertArrayEquals(values(copy.select(order), null), values(train.select(order), null));
    assertArrayEquals(values(copy, order), values(train, order));
    assertArrayEquals(values(copy, null), values(train, null));
    float[] some = new float[40 * 3];
    float[] expected = new float[40 * 3];
    train.copyColumns(order, 4, 36, 2, 3, some, 5);
    copy.copyColumns(order, 4, 36, 2, 3, expected, 5);
    assertArrayEquals(expected, some);
    if (!scaled) { // in double, from the values before they were rounded
      Scaling scaling = Scaling.divide(3);
      assertArrayEquals(
          values(copy.withScaling(scaling), null), values(train.withScaling(scaling), null));
    }
  }

  private static boolean same(Rows one, int row, Rows two, int other) {
    float[] first = new float[7];
    float[] second = new float[7];
    one.copyRows(null, row, 1, first, 0);
    two.copyRows(null, other, 1, second, 0);
    return Arrays.equals(first, second);
  }

  private static float[] values(Rows split, int[] order) {
    int rows = order == null ? split.rows() : order.length;
    float[] values = new float[rows * split.features()];
    split.copyRows(order, 0, rows, values, 0);
    return values;
  }

  @Example
  void theSeedDecides() {
    Dataset data = Dataset.of(numeric(100));
    assertNotEquals(Arrays.toString(folds(data, 1)), Arrays.toString(folds(data, 2)));
  }

  @Example
  void validationRowsAreThoseOfAllMembers() {
    Dataset data = Dataset.of(numeric(3), numeric(2));
    assertSame(data, Folds.of(data, 1).member(2));
  }

  @Example
  void whatIsRefused() {
    Dataset small = Dataset.of(numeric(4));
    assertEquals(
        "data: 4 rows for training and validation, expected at least 5, a row for each fold",
        refusal(() -> Folds.of(small, 1)));
    Folds folds = Folds.of(Dataset.of(numeric(5)), 1);
    assertThrows(IllegalArgumentException.class, () -> folds.member(-1));
  }
}
