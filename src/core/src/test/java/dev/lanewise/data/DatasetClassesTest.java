package dev.lanewise.data;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.internal.RowRange;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatasetClassesTest {
  private static final float[][] ROWS = {{1}, {2}, {3}, {4}};

  @Test
  void classesAreNumberedAsThoseGiven() {
    Rows train = Rows.of(ROWS, new int[] {0, 1, 1, 0});
    Rows test = Rows.of(ROWS, new int[] {1, 1, 0, 1});
    Dataset data =
        Dataset.of(train, Optional.empty(), Optional.of(test)).withClassNames(List.of("b", "d"));

    Dataset other = data.withClassesOf(List.of("a", "b", "c", "d"));

    assertArrayEquals(new int[] {1, 3, 3, 1}, DataFiles.labels(other.train()));
    assertArrayEquals(new int[] {3, 3, 1, 3}, DataFiles.labels(other.test().orElseThrow()));
    assertEquals(4, other.classes());
    assertEquals(List.of("a", "b", "c", "d"), other.classNames());
    assertArrayEquals(new int[] {0, 1, 1, 0}, DataFiles.labels(data.train()), "was changed");
  }

  @Test
  void classesWithoutNamesGoByTheirNumbers() {
    Dataset data = Dataset.of(Rows.of(ROWS, new int[] {0, 1, 2, 1}));
    Dataset other = data.withClassesOf(List.of("2", "1", "0"));
    assertArrayEquals(new int[] {2, 1, 0, 1}, DataFiles.labels(other.train()));
  }

  @Test
  void partsOfTheSameArraysKeepTheirOwnRows() {
    Rows all = Rows.of(ROWS, new int[] {0, 1, 0, 1});
    Rows part = RowRange.of(all.slice(1, 2)).relabelled(new int[] {7, 5}, List.of());
    assertEquals(5, part.label(0));
    assertEquals(7, part.label(1));
    assertArrayEquals(new float[] {2, 3}, DataFiles.rows(part));
  }

  /**
   * A validation class that no training row has does not become one of the classes added by name.
   */
  @Test
  void aClassThatIsNotThereIsNoneOfMoreNames() {
    Dataset data =
        Dataset.of(
            Rows.of(ROWS, new String[] {"a", "b", "a", "b"}),
            Rows.of(ROWS, new String[] {"z", "b", "a", "z"}));
    Dataset more = data.withClassNames(List.of("a", "b", "c"));
    assertArrayEquals(new int[] {2, 1, 0, 2}, DataFiles.labels(data.validation().orElseThrow()));
    assertArrayEquals(new int[] {3, 1, 0, 3}, DataFiles.labels(more.validation().orElseThrow()));
    assertArrayEquals(new int[] {0, 1, 0, 1}, DataFiles.labels(more.train()));
  }

  @Test
  void missingClassIsNamed() {
    Dataset data =
        Dataset.of(Rows.of(ROWS, new int[] {0, 1, 0, 1})).withClassNames(List.of("a", "x"));
    rejects(() -> data.withClassesOf(List.of("a", "b", "c")), "class 'x', expected one of a, b, c");
  }
}
