package dev.lanewise.table;

import static dev.lanewise.Refusals.rejects;
import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Validation and test rows in separate files of arrays. */
class ArrayFilesTest {
  private static final int ROWS = 20;
  private static final DivisionOptions DEFAULTS = DivisionOptions.defaults();

  @TempDir Path directory;

  private Path train;
  private Path other;

  /** Returns rows of one feature whose values count up from a number. */
  private static NdArray inputs(int rows, int from) {
    double[] values = new double[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = from + i;
    }
    return NdArray.of(values, rows, 1);
  }

  private static NdArray targets(int rows) {
    int[] targets = new int[rows];
    for (int i = 0; i < rows; i++) {
      targets[i] = i % 2;
    }
    return NdArray.of(targets, rows);
  }

  private Path npz(String name, String names, NdArray... arrays) throws IOException {
    return DataFiles.npz(Files.createDirectories(directory.resolve(name)), names, arrays);
  }

  @BeforeEach
  void write() throws IOException {
    train = npz("train", "x_train y_train", inputs(ROWS, 0), targets(ROWS));
    other = npz("other", "inputs target", inputs(3, 50), targets(3));
  }

  private void refused(Path file, String message, LoadOptions... options) {
    unreadable(() -> Datasets.load(file, options), message);
  }

  @Test
  void otherFilesAreScaledAsTheTrainingRows() throws IOException {
    ScaleOptions standard = ScaleOptions.defaults().withScale(ScaleChoice.standard());
    DivisionOptions others = DEFAULTS.withValidData(other).withTestData(other);
    Dataset data = Datasets.load(train, standard, others);
    assertEquals(ROWS, data.train().rows());
    Scaling scaling = data.scaling();
    float[] expected = new float[3];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = scaling.scale(50 + i, 0);
    }
    assertTrue(expected[0] > 5, scaling.toString()); // the scaling is that of 0 to 19
    for (Rows split : new Rows[] {data.validation().get(), data.test().get()}) {
      assertArrayEquals(expected, DataFiles.rows(split));
      assertArrayEquals(new int[] {0, 1, 0}, DataFiles.labels(split));
    }
  }

  /**
   * Validation rows are still taken from the training rows if only the test rows come from another
   * file.
   */
  @Test
  void whatHasNoFileOfItsOwnStaysAsItIs() throws IOException {
    Dataset data = Datasets.load(train, DEFAULTS.withTestData(other));
    assertEquals(18, data.train().rows());
    assertEquals(2, data.validation().orElseThrow().rows());
    assertEquals(3, data.test().orElseThrow().rows());
    Path tested =
        npz(
            "tested",
            "x_train y_train x_test y_test",
            inputs(ROWS, 0),
            targets(ROWS),
            inputs(5, 0),
            targets(5));
    data = Datasets.load(tested, DEFAULTS.withValidData(other));
    assertEquals(ROWS, data.train().rows());
    assertEquals(3, data.validation().orElseThrow().rows());
    assertEquals(5, data.test().orElseThrow().rows());
    refused(
        tested,
        tested + ": 5 test rows of its own, expected no such rows beside those of " + other,
        DEFAULTS.withTestData(other));
  }

  @Test
  void validationRowsComeFromOnePlace() throws IOException {
    Path valid =
        npz(
            "valid",
            "inputs_train target_train inputs_valid target_valid",
            inputs(ROWS, 0),
            targets(ROWS),
            inputs(4, 0),
            targets(4));
    refused(
        valid,
        valid + ": 4 validation rows of its own, expected no such rows beside those of " + other,
        DEFAULTS.withValidData(other));
    DivisionOptions both = DEFAULTS.withValidData(other).withValidFraction(0.5);
    rejects(
        () -> Datasets.load(train, both),
        "data: validation rows from a file and a share of the training rows, expected only one of the two");
  }

  @Test
  void otherRowsFitTheTrainingRows() throws IOException {
    Path wide =
        npz("wide", "x y", NdArray.of(new double[4], 2, 2), NdArray.of(new int[] {0, 1}, 2));
    refused(
        train,
        wide
            + ": rows of 2 features and 2 classes, expected 1 features and at most 2 classes as the training rows have",
        DEFAULTS.withTestData(wide),
        ScaleOptions.defaults().withScale(ScaleChoice.fixed(Scaling.none())));
    Path more = npz("more", "x y", inputs(2, 0), NdArray.of(new int[] {0, 2}, 2));
    Dataset data = Datasets.load(train, DEFAULTS.withTestData(more));
    assertEquals(2, data.classes());
    assertEquals(2, data.test().orElseThrow().label(1)); // after the classes of the training rows
    assertEquals(
        List.of(
            more
                + ": 1 of 2 rows have a class that the model does not have, such as \"2\" (they count as wrong, and the mean loss is that of the other rows)"),
        data.notes());
    Path none = npz("none", "x y", inputs(2, 0), NdArray.of(new int[] {3, 2}, 2));
    refused(train, none + ": class 3, expected a class from 0 to 1", DEFAULTS.withTestData(none));
  }
}
