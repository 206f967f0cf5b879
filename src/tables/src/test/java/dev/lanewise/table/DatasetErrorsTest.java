package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.source.Idx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Errors in data files, each reported in one line. */
class DatasetErrorsTest {
  @TempDir Path directory;

  private static void check(Path file, String message, LoadOptions... options) {
    check(file, file, message, options);
  }

  private static void check(Path file, Path named, String message, LoadOptions... options) {
    Class<? extends IOException> type =
        Files.exists(named) ? FormatException.class : NoSuchFileException.class;
    IOException e = assertThrows(type, () -> Datasets.load(file, options));
    assertEquals(named + ": " + message, e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
    assertTrue(message.contains("expected"));
  }

  /**
   * A case: the arrays of an .npz file (name, array, ...) and the message after the file's name.
   */
  record Archive(String message, Object... arrays) {
    @Override
    public String toString() {
      return message;
    }
  }

  private static NdArray x(int... shape) {
    int length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    return NdArray.of(new float[length], shape);
  }

  private static NdArray with(NdArray array, int at, double value) {
    double[] values = array.toDoubles();
    values[at] = value;
    return NdArray.of(values, array.shape());
  }

  private static NdArray t(int... labels) {
    return NdArray.of(labels, labels.length);
  }

  private static Archive train(NdArray inputs, NdArray target, String message) {
    return new Archive(message, "inputs_train", inputs, "target_train", target);
  }

  private static Archive targets(NdArray target, String message) {
    return train(x(target.dimension(0), 2), target, "target_train: " + message);
  }

  private static Archive test(NdArray inputs, NdArray target, String message) {
    return new Archive(
        message,
        "inputs_train",
        x(2, 3),
        "target_train",
        t(0, 1),
        "inputs_test",
        inputs,
        "target_test",
        target);
  }

  private static Archive weights(NdArray weights, String expected, String found) {
    return new Archive(
        "weights_train: " + found + expected,
        "inputs_train",
        x(3, 2),
        "target_train",
        t(0, 1, 0),
        "weights_train",
        weights);
  }

  static Stream<Archive> arrays() {
    String other =
        ", expected a class 0, 1, 2, ... or a one-hot row (other targets are for other losses)";
    String layouts =
        ", expected inputs_train and target_train, x_train and y_train, inputs and target, or x and"
            + " y";
    NdArray names = NdArray.ofStrings(List.of("a", "b"), 2);
    return Stream.of(
        new Archive("no arrays" + layouts),
        new Archive("arrays W1, b1" + layouts, "W1", x(2, 3), "b1", x(3)),
        new Archive("arrays inputs_test" + layouts, "inputs_test", x(2, 3)),
        new Archive("inputs_train without target_train, expected both", "inputs_train", x(2, 3)),
        new Archive("target_train without inputs_train, expected both", "target_train", t(1)),
        new Archive("x_train without y_train, expected both", "x_train", x(2, 3)),
        new Archive("y without x, expected both", "y", t(1)),
        new Archive(
            "target_valid without inputs_valid, expected both",
            "inputs_train",
            x(2, 3),
            "target_train",
            t(0, 1),
            "target_valid",
            t(0)),
        train(x(6), t(0), "inputs_train: float32 (6,), expected N x D or N x h x w"),
        train(x(), t(0), "inputs_train: float32 (), expected N x D or N x h x w"),
        train(
            x(0, 3), t(), "inputs_train: float32 (0, 3), expected at least one row of one feature"),
        train(
            x(3, 0),
            t(0, 0, 0),
            "inputs_train: float32 (3, 0), expected at least one row of one feature"),
        train(names, t(0), "inputs_train: unicode (2,), expected numbers"),
        train(
            x(3, 2),
            t(0, 1),
            "target_train: int32 (2,), expected 3 rows, as many as there are inputs"),
        train(
            with(x(20, 2), 35, Double.NaN),
            t(new int[20]),
            "inputs_train: row 17, feature 1 is NaN, expected a finite number"),
        train(
            with(x(20, 2, 2), 69, Double.NEGATIVE_INFINITY),
            t(new int[20]),
            "inputs_train: row 17, feature 1 is -Infinity, expected a finite number"),
        train(
            with(x(2, 2), 3, 1e200),
            t(0, 0),
            "inputs_train: feature 1 goes from 0.0 to 1.0E200, expected numbers whose squares are"
                + " finite"),
        train(x(1, 2), names, "target_train: unicode (2,), expected numbers"),
        train(
            x(2, 2),
            x(2, 1, 2),
            "target_train: float32 (2, 1, 2), expected N or N x 1 class labels or N x K one-hot"
                + " rows"),
        train(
            x(2, 2),
            x(),
            "target_train: float32 (), expected N or N x 1 class labels or N x K one-hot rows"),
        targets(x(2, 0), "float32 (2, 0), expected 1 to 65536 columns"),
        targets(x(2, 65537), "float32 (2, 65537), expected 1 to 65536 columns"),
        targets(x(2, 65536), "row 0 of 65536 has no ones" + other),
        targets(t(0, 65536, 1), "row 1 is 65536, expected a class from 0 to 65535"),
        targets(t(0, 1, -1), "row 2 is -1, expected a class from 0 to 65535"),
        targets(t(0, 1 << 20, 1), "row 1 is 1048576, expected a class from 0 to 65535"),
        targets(with(x(3), 1, 1e30), "row 1 is 1.0E30, expected a class from 0 to 65535"),
        targets(with(x(3), 2, 0.5), "row 2 is 0.5" + other),
        targets(with(x(3, 1), 1, Double.NaN), "row 1 is NaN" + other),
        targets(with(x(3), 1, Double.POSITIVE_INFINITY), "row 1 is Infinity" + other),
        targets(x(2, 3), "row 0 of 3 has no ones" + other),
        targets(NdArray.of(new int[] {0, 1, 0, 1, 0, 1}, 2, 3), "row 1 of 3 has 2 ones" + other),
        targets(
            NdArray.of(new float[] {0, 1, 0, 0, 0.9f, 0.1f}, 2, 3),
            "row 1 of 3 holds " + (double) 0.9f + other),
        test(
            x(2, 4),
            t(0, 1),
            "inputs_test: rows of 4 features, expected 3 as the training rows have"),
        test(
            x(2, 3),
            t(0, 1, 0),
            "target_test: int32 (3,), expected 2 rows, as many as there are inputs"),
        test(
            with(x(2, 3), 4, Double.NaN),
            t(0, 1),
            "inputs_test: row 1, feature 1 is NaN, expected a finite number"),
        test(
            with(x(2, 3), 4, 1e39),
            t(0, 1),
            "inputs_test: row 1, feature 1 is 1.0E39, expected a smaller number: after scaling (standard) it is not a"
                + " finite float"),
        new Archive(
            "target_test: row 1 is 3, expected a class from 0 to 2, as other targets are one-hot"
                + " rows of 3",
            "inputs_train",
            x(1, 3),
            "target_train",
            NdArray.of(new int[] {0, 1, 0}, 1, 3),
            "inputs_test",
            x(2, 3),
            "target_test",
            t(0, 3)),
        new Archive(
            "target_test: one-hot rows of 2, expected 3 as in training",
            "inputs_train",
            x(1, 3),
            "target_train",
            NdArray.of(new int[] {0, 1, 0}, 1, 3),
            "inputs_test",
            x(1, 3),
            "target_test",
            NdArray.of(new int[] {0, 1}, 1, 2)),
        new Archive(
            "target: row 1 is 2, expected a class from 0 to 1, as there are 2 class names",
            "inputs",
            x(3, 3),
            "target",
            t(0, 2, 1),
            "class_names",
            names),
        new Archive(
            "2 class names, expected 3 as the target rows have",
            "inputs",
            x(1, 3),
            "target",
            NdArray.of(new int[] {0, 1, 0}, 1, 3),
            "class_names",
            names),
        weights(
            x(2), "expected N or N x 1 with 3 rows, as many as there are inputs", "float32 (2,), "),
        weights(
            x(3, 2),
            "expected N or N x 1 with 3 rows, as many as there are inputs",
            "float32 (3, 2), "),
        weights(names, "expected numbers", "unicode (2,), "),
        weights(
            with(x(3), 1, -0.5),
            ", expected a finite float, not below 0",
            "row 1 has the weight -0.5"),
        weights(
            with(x(3, 1), 2, Double.NaN),
            ", expected a finite float, not below 0",
            "row 2 has the weight NaN"),
        weights(
            with(x(3), 0, 1e39),
            ", expected a finite float, not below 0",
            "row 0 has the weight 1.0E39"),
        new Archive(
            "test rows all have weight 0, expected at least one weight above 0",
            "x_train",
            x(2, 3),
            "y_train",
            t(0, 1),
            "w_train",
            t(0, 3),
            "x_test",
            x(1, 3),
            "y_test",
            t(0),
            "w_test",
            t(0)),
        new Archive(
            "class_names: 'a' twice, expected each once",
            "inputs",
            x(1, 3),
            "target",
            t(0),
            "class_names",
            NdArray.ofStrings(List.of("a", "b", "a"), 3)),
        new Archive(
            "class_names: int32 (2,), expected a vector of strings",
            "inputs",
            x(1, 3),
            "target",
            t(0),
            "class_names",
            t(0, 1)));
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void archivesAreRefused(Archive bad) throws IOException {
    Path file = DataFiles.npz(directory, bad.arrays());
    check(file, bad.message());
  }

  /** A case: a CSV file, the target option or null, and the message after the file's name. */
  record Table(String text, String target, String message) {
    @Override
    public String toString() {
      return message;
    }
  }

  static Stream<Table> tables() {
    return Stream.of(
        new Table("\n\r\n", null, "only empty lines, expected rows of a table"),
        new Table("a,b,c\n", null, "a header without rows, expected at least one row"),
        new Table(
            "1\n2\n",
            null,
            ("1 column and no features, expected at least one beside target, weight and "
                    + "ignored ones (%s if the columns were not found)")
                .formatted(Remedy.SEPARATOR.with())),
        new Table(
            "1:2:x\n",
            null,
            "one line of one column, expected rows of columns with , ; tab or | between them"),
        new Table(
            "a,b,c\n1,2,x\n\n3,4\n",
            null,
            "line 4 has 2 columns, expected 3 as in the lines before"),
        new Table(
            "1,2,x\n3,4,5,x\n", null, "line 2 has 4 columns, expected 3 as in the lines before"),
        new Table("a,b,c\n1,2,x\n", "d", "no column d, expected one of a, b, c"),
        new Table(
            "1,2,x\n", "3", "3 columns, expected one of number 3 (the first is 0, the last 2)"),
        new Table(
            "1,2,x\n", "-4", "3 columns, expected one of number -4 (the first is 0, the last 2)"),
        new Table(
            "1,2,x\n",
            "d",
            ("no column d, as the file has no header, expected a number from 0 of 3 columns "
                    + "(%s: the first line names them)")
                .formatted(Remedy.HEADER.with("yes"))),
        new Table(
            "a,b,c\n" + "1,2,x\n3,4,z\n".repeat(8) + "3,y,x\n",
            null,
            ("line 18, column b is \"y\", where 13 of 14 values are numbers, expected a "
                    + "number (%s if it means a missing value, %s if all are texts)")
                .formatted(Remedy.MISSING.with("y", "b"), Remedy.CATEGORICAL.with("b"))),
        new Table(
            "1,2,x\n1,4,x\n",
            null,
            ("target #2 is x in all 2 rows, expected at least two values (%s if it is "
                    + "another column)")
                .formatted(Remedy.TARGET.with())),
        new Table(
            "1,x,\n2,y,\n", null, "no row has a target in column #2, expected at least one target"),
        new Table(
            "1,2,x\n1,2,y\n",
            null,
            "no column that can be a feature: Column #0 is ignored: it is the same in all training"
                + " rows, Column #1 is ignored: it is the same in all training rows, expected at"
                + " least one feature"),
        new Table(
            "1,2,x\n1,\"2,x\n",
            null,
            "line 2: a quote that is never closed, expected a second quote before the file ends"));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void tablesAreRefused(Table bad) throws IOException {
    Path file = Files.writeString(directory.resolve("data.csv"), bad.text());
    ReadOptions options = ReadOptions.defaults();
    check(file, bad.message(), bad.target() == null ? options : options.withTarget(bad.target()));
  }

  @Test
  void tablesWithWrongWeightsAreRefused() throws IOException {
    String[][] cases = {
      {
        "1,2\n2,3\n",
        "1",
        ("2 columns and no features, expected at least one beside target, weight and "
                + "ignored ones (%s if the columns were not found)")
            .formatted(Remedy.SEPARATOR.with())
      },
      {"a,w,b\n1,2,x\n", "v", "no column v, expected one of a, w, b"},
      {"1,2,x\n", "5", "3 columns, expected one of number 5 (the first is 0, the last 2)"},
      {
        "a,w,b\n1,2,x\n3,-1,y\n",
        "w",
        "line 3, column w has the weight -1.0, expected a finite float, not below 0"
      },
      {
        "1,2,x\n3,,y\n",
        "1",
        "line 2, column #1 is empty, expected the weight of the row, at least 0"
      },
      {
        "1,0,x\n3,0,y\n",
        "1",
        "training rows all have weight 0, expected at least one weight above 0"
      }
    };
    for (String[] bad : cases) {
      Path file = Files.writeString(directory.resolve("data.csv"), bad[0]);
      check(file, bad[2], ReadOptions.defaults().withWeight(bad[1]));
    }
    Path file = Files.writeString(directory.resolve("data.csv"), "1,2,x\n");
    ReadOptions both = Options.target("0").withWeight("-3");
    check(file, "column #0 is for both target and weight, expected one for each", both);
  }

  @Test
  void aTableTooSmallForItsSplitIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("data.csv"), "1,a\n");
    check(
        file,
        "1 rows with split sizes 0.25, 0.25, 0.5 leave none for training, expected at least one training row",
        Options.shares(0.25, 0.25, 0.5));
  }

  @Test
  void aTableNamesTheLineOfANumberTooLarge() throws IOException {
    Path file = Files.writeString(directory.resolve("data.csv"), "a,b\n1,x\n\n1e39,y\n");
    check(
        file,
        "line 4, column a is 1.0E39, expected a smaller number: after scaling (none) it is not a finite float",
        Options.UNSCALED);
  }

  @Test
  void imageFilesAreRefused() throws IOException {
    Path images = directory.resolve("train-images-idx3-ubyte");
    Path labels = directory.resolve("train-labels-idx1-ubyte");
    Idx.write(images, NdArray.ofBytes(new byte[30], 5, 2, 3));
    check(images, "images without labels, expected train-labels-idx1-ubyte beside them");
    Idx.write(labels, NdArray.ofBytes(new byte[4], 4));
    check(images, labels, "uint8 (4,), expected 5 rows, as many as there are inputs");
    check(
        labels,
        "a name that IDX images do not have, expected IDX images such as"
            + " train-images-idx3-ubyte(.gz), or an .npz or .csv file");
    Idx.write(labels, NdArray.ofBytes(new byte[5], 5));
    Datasets.load(images);
    Path test = directory.resolve("t10k-images-idx3-ubyte");
    Idx.write(test, NdArray.ofBytes(new byte[6], 1, 6));
    check(images, test, "images without labels, expected t10k-labels-idx1-ubyte beside them");
    Idx.write(directory.resolve("t10k-labels-idx1-ubyte.gz"), NdArray.ofBytes(new byte[1], 1));
    Datasets.load(images);
    Idx.write(test, NdArray.ofBytes(new byte[8], 1, 8));
    check(images, test, "rows of 8 features, expected 6 as the training rows have");
    Idx.write(images, NdArray.ofBytes(new byte[30], 30));
    check(images, "uint8 (30,), expected N x D or N x h x w");
  }

  @Test
  void whatIsNoDataFileIsRefused() throws IOException {
    Path missing = directory.resolve("missing.npz");
    check(missing, "no such file, expected a data file");
    check(
        directory,
        "a folder, expected a file: .npz, .npy, IDX or a table (of a table also several files, such"
            + " as part-*.csv)");
    Path file = directory.resolve("notes.txt");
    Files.write(file, new byte[0]);
    check(file, "an empty file, expected a data file");
    Files.writeString(file, "hello\0");
    check(file, "an unknown kind of file, expected .npz, IDX or a table as text such as CSV");
    Files.write(file, "\u0093NUMPY\1\0".getBytes(StandardCharsets.ISO_8859_1));
    check(
        file,
        "a single npy array, expected an .npz file of inputs and targets, or %s"
            .formatted(Remedy.TARGETS_FILE.with()));
    Path text = Files.writeString(directory.resolve("a.npz"), "a,b\n");
    check(text, "no zip archive, expected an .npz file as numpy.savez writes it");
  }
}
