package dev.lanewise.data;

import static dev.lanewise.Refusals.refusal;
import static dev.lanewise.data.DataFiles.labels;
import static dev.lanewise.data.DataFiles.rows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.Preprocessor;
import dev.lanewise.data.internal.RowRange;
import dev.lanewise.data.internal.UnscaledRows;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Scaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests data sets of arrays in memory, in every form, and messages about wrong arrays. */
class GivenArraysTest {
  private static final double[][] DOUBLES = {{0.1, 1}, {0.2, -2}, {0.3, 30}};
  private static final float[][] FLOATS = {{0.1f, 1}, {0.2f, -2}, {0.3f, 30}};
  private static final float[] FLAT = {0.1f, 1, 0.2f, -2, 0.3f, 30};
  private static final int[] LABELS = {2, 0, 1};
  private static final String[] NAMES = {"pear", "Apple", "fig"};

  @Test
  void everyFormGivesTheSameRows() {
    List<Rows> classes =
        List.of(
            Rows.of(FLOATS, LABELS),
            Rows.of(DOUBLES, LABELS),
            Rows.of(FLOATS, NAMES),
            Rows.of(DOUBLES, NAMES));
    for (Rows split : classes) {
      assertArrayEquals(FLAT, rows(split));
      assertArrayEquals(LABELS, labels(split));
      assertEquals(Scaling.none(), split.scaling());
    }
    List<Rows> numbers =
        List.of(
            Rows.of(FLOATS, new float[] {5, 0.1f, 7}),
            Rows.of(DOUBLES, new double[] {5, 0.1, 7}),
            Rows.of(FLOATS, new float[][] {{5}, {0.1f}, {7}}),
            Rows.of(DOUBLES, new double[][] {{5}, {0.1}, {7}}));
    for (Rows split : numbers) {
      assertArrayEquals(FLAT, rows(split));
      assertEquals(1, split.outputs());
      assertEquals(0.1f, (float) split.target(1, 0));
      assertEquals(7, split.target(2, 0));
    }
    Rows two = Rows.of(FLOATS, new float[][] {{1, 2}, {3, 4}, {5, 6}});
    assertEquals(2, two.outputs());
    assertEquals(6, two.target(2, 1));
    assertEquals(6, Rows.of(DOUBLES, new double[][] {{1, 2}, {3, 4}, {5, 6}}).target(2, 1));
  }

  @Test
  void thereAreUpTo65536Classes() {
    int[] labels = {0, 65_535, 65_536};
    assertEquals(65_535, Rows.of(new float[2][1], new int[] {0, 65_535}).label(1));
    assertEquals(
        "data: row 2 has label 65536, expected a class from 0 to 65535",
        refusal(() -> Rows.of(FLOATS, labels)));
    String[] names = new String[65_537];
    for (int i = 0; i < names.length; i++) {
      names[i] = "c" + i;
    }
    String[] most = Arrays.copyOf(names, 65_536);
    assertEquals(65_536, Rows.of(new float[most.length][1], most).classNames().size());
    assertEquals(
        "data: 65537 different labels in 65537 rows, expected at most 65536 classes",
        refusal(() -> Rows.of(new float[names.length][1], names)));
  }

  /** A split holds no more numbers than an array can, even if it is made from two splits. */
  @Test
  void thereAreLessThan2To31Numbers() {
    assertEquals(Integer.MAX_VALUE - 8, DataErrors.length(Integer.MAX_VALUE - 8, 1));
    assertEquals(
        "data: 65536 rows of 32768 numbers, expected less than 2^31 of them (larger data: "
            + Remedy.MAPPED.with()
            + ")",
        refusal(() -> DataErrors.length(1 << 16, 1 << 15)));
  }

  @Test
  void arraysAreCopied() {
    float[][] given = {{0.1f, 1}, {0.2f, -2}, {0.3f, 30}};
    int[] labels = LABELS.clone();
    Rows split = Rows.of(given, labels);
    given[0][0] = 9;
    labels[0] = 9;
    assertArrayEquals(FLAT, rows(split));
    assertEquals(2, split.label(0));
  }

  @Test
  void classesByNameAreInTheOrderOfCodePoints() {
    assertEquals(List.of("Apple", "fig", "pear"), Dataset.of(Rows.of(DOUBLES, NAMES)).classNames());
    assertEquals(3, Dataset.of(Rows.of(DOUBLES, NAMES)).classes());
    // By units of UTF-16, the second would come first.
    String[] both = {"\uFF5E", "\uD83D\uDE00", "\uFF5E"};
    Dataset data = Dataset.of(Rows.of(DOUBLES, both));
    assertEquals(List.of("\uFF5E", "\uD83D\uDE00"), data.classNames());
    assertArrayEquals(new int[] {0, 1, 0}, labels(data.train()));
  }

  @Test
  void splitsTakeTheNumbersOfTheTrainingRows() {
    Rows train = Rows.of(DOUBLES, NAMES);
    Rows some = Rows.of(DOUBLES, new String[] {"pear", "fig", "pear"});
    assertEquals(List.of("fig", "pear"), some.classNames());
    Dataset data = Dataset.of(train, some, Rows.of(FLOATS, new String[] {"fig", "fig", "fig"}));
    assertEquals(List.of("Apple", "fig", "pear"), data.classNames());
    assertEquals(data.classNames(), data.validation().orElseThrow().classNames());
    assertArrayEquals(new int[] {2, 1, 2}, labels(data.validation().orElseThrow()));
    assertArrayEquals(new int[] {1, 1, 1}, labels(data.test().orElseThrow()));
    // Parts keep the classes by name, and classes can be renamed.
    Dataset again =
        Dataset.of(data.all().orElseThrow().shuffled(3), Optional.empty(), data.test())
            .withClassNames(List.of("A", "F", "P"));
    assertEquals(List.of("A", "F", "P"), again.train().classNames());
    assertEquals(List.of("A", "F", "P"), again.test().orElseThrow().classNames());
    Dataset turned = again.withClassesOf(List.of("P", "F", "A"));
    assertArrayEquals(new int[] {1, 1, 1}, labels(turned.test().orElseThrow()));
    assertEquals(List.of("P", "F", "A"), turned.train().classNames());

    Rows more = Rows.of(DOUBLES, new String[] {"fig", "pear", "plum"});
    Dataset measured = Dataset.of(train, Optional.empty(), Optional.of(more));
    assertEquals(3, measured.classes());
    assertArrayEquals(new int[] {1, 2, 3}, labels(measured.test().orElseThrow()));
    Dataset moved = measured.withClassesOf(List.of("pear", "quince", "fig", "Apple"));
    assertArrayEquals(new int[] {2, 0, 4}, labels(moved.test().orElseThrow()));
    Rows none = Rows.of(DOUBLES, new String[] {"plum", "plum", "quince"});
    assertEquals(
        "data: test row 0 has class 'plum', expected one of Apple, fig, pear",
        refusal(() -> Dataset.of(train, Optional.empty(), Optional.of(none))));
    assertEquals(
        "data: validation rows whose classes are numbers, expected names as in the training rows",
        refusal(() -> Dataset.of(train, Rows.of(DOUBLES, LABELS))));
    assertEquals(
        "data: validation rows whose classes have names, expected numbers as in the training rows",
        refusal(() -> Dataset.of(Rows.of(DOUBLES, LABELS), train)));
  }

  @Test
  void oneToThreeSplits() {
    Rows split = Rows.of(FLOATS, LABELS);
    assertTrue(Dataset.of(split).validation().isEmpty());
    assertTrue(Dataset.of(split, split).test().isEmpty());
    assertEquals(9, Dataset.of(split, split, split).all().orElseThrow().rows());
  }

  static Stream<Arguments> wrongArrays() {
    double[][] ragged = {{1, 2}, {1}};
    double[][] gap = {{1, 2}, null};
    double nan = Double.NaN;
    return Stream.of(
        wrong("row 1 has 1 features, expected 2 as row 0 has", () -> Rows.of(ragged, new int[2])),
        wrong("row 1 is null, expected an array of features", () -> Rows.of(gap, new int[2])),
        wrong(
            "row 1 has 0 features, expected 1 as row 0 has",
            () -> Rows.of(new double[][] {{1}, {}}, new int[2])),
        wrong(
            "row 2, feature 1 is NaN, expected a finite number",
            () -> Rows.of(new double[][] {{1, 2}, {3, 4}, {5, nan}}, new int[3])),
        wrong(
            "row 0, feature 1 is -Infinity, expected a finite number",
            () -> Rows.of(new float[][] {{1, Float.NEGATIVE_INFINITY}}, new int[1])),
        wrong(
            "row 0, feature 0 is 1.0E300, expected a float, up to 3.4e38",
            () -> Rows.of(new double[][] {{1e300}}, new int[1])),
        wrong(
            "row 0, feature 0 is 1.0E38, expected a smaller number: after scaling (0.001) it is not a finite float",
            () -> Rows.of(new float[][] {{1e38f}}, new int[1]).withScaling(Scaling.divide(0.001)),
            true),
        wrong(
            "3 rows, 2 targets, expected as many targets as rows, and at least one row of one feature",
            () -> Rows.of(DOUBLES, new int[2])),
        wrong(
            "0 rows, 0 targets, expected as many targets as rows, and at least one row of one feature",
            () -> Rows.of(new double[0][], new String[0])),
        wrong(
            "row 1 has label -1, expected a class from 0 to 65535",
            () -> Rows.of(DOUBLES, new int[] {0, -1, 2})),
        wrong(
            "row 2 has label 2147483647, expected a class from 0 to 65535",
            () -> Rows.of(DOUBLES, new int[] {0, 1, Integer.MAX_VALUE})),
        wrong(
            "row 1 has label null, expected the name of a class",
            () -> Rows.of(DOUBLES, new String[] {"a", null, "b"})),
        wrong(
            "row 2, target 0 is NaN, expected a finite number",
            () -> Rows.of(DOUBLES, new double[] {1, 2, nan})),
        wrong(
            "row 0, target 1 is 1.0E39, expected a float, up to 3.4e38",
            () -> Rows.of(DOUBLES, new double[][] {{1, 1e39}, {2, 3}, {4, 5}})),
        wrong(
            "row 1 has 1 targets, expected 2 as row 0 has",
            () -> Rows.of(FLOATS, new float[][] {{1, 2}, {3}, {4, 5}})),
        wrong(
            "3 targets of 0 numbers, expected at least one target of one number",
            () -> Rows.of(FLOATS, new float[3][0])),
        wrong(
            "1 feature names, expected 2 or none",
            () -> Dataset.of(Rows.of(FLOATS, LABELS)).withFeatureNames(List.of("age"))));
  }

  private static Arguments wrong(String message, Executable making) {
    return Arguments.of("data: " + message, making);
  }

  private static Arguments wrong(String message, Executable making, boolean rounded) {
    return wrong(rounded ? message.replace("1.0E38", Double.toString(1e38f)) : message, making);
  }

  @ParameterizedTest
  @MethodSource("wrongArrays")
  void errorsSayWhatIsWhere(String expected, Executable making) {
    assertEquals(expected, refusal(making));
  }

  @Test
  void theyAreNamedInALine() {
    List<String> lines = new ArrayList<>();
    Rows split = Rows.of(DOUBLES, new double[] {1, 2, 3});
    lines.add(split.toString());
    lines.add(split.withRowWeights(new float[] {1, 2, 3}).toString());
    lines.add(Dataset.of(split, split).withTargetScaling(ScaleChoice.standard()).toString());
    lines.add(Dataset.of(Rows.of(DOUBLES, NAMES)).withScaling(ScaleChoice.minMax()).toString());
    assertEquals(
        List.of(
            "Rows[3 rows of 2 features, 1 target, scaling none]",
            "Rows[3 rows of 2 features, 1 target, weights, scaling none]",
            "Dataset[train 3, validation 3 rows of 2 features, 1 target, scaling none, of targets standard]",
            "Dataset[train 3 rows of 2 features, 3 classes, scaling minmax]"),
        lines);
  }

  /**
   * Each row of a range of an order goes to its place, which is that in the range or in the file.
   */
  @Test
  void onlyTheRowsOfARangeAreScaled() throws FormatException {
    Rows split = Rows.of(new float[][] {{0}, {1}, {2}, {3}}, new int[4]);
    UnscaledRows rows = new UnscaledRows(RowRange.of(split), List.of(), null);
    for (int first : new int[] {-1, 0}) {
      float[] scaled = {9, 9, 9, 9};
      Preprocessor.scale(rows, new int[] {3, 1, 2, 0}, 1, 3, Scaling.divide(2), scaled, first);
      float[] expected = first < 0 ? new float[] {0.5f, 1, 9, 9} : new float[] {9, 0.5f, 1, 9};
      assertArrayEquals(expected, scaled);
    }
  }
}
