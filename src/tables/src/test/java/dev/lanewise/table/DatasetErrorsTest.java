package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.ModelArrays;
import dev.lanewise.source.Idx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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

  /** In each line the message after the name of an .npz file, and its arrays. */
  private static final String ARCHIVES =
      """
      no arrays{layouts} |
      arrays W1, b1{layouts} | W1: floats[2,3]; b1: floats[3]
      arrays inputs_test{layouts} | inputs_test: floats[2,3]
      inputs_train without target_train, expected both | inputs_train: floats[2,3]
      target_train without inputs_train, expected both | target_train: ints 1
      x_train without y_train, expected both | x_train: floats[2,3]
      y without x, expected both | y: ints 1
      target_valid without inputs_valid, expected both | inputs_train: floats[2,3]; target_train: ints 0,1; target_valid: ints 0
      inputs_train: float32 (6,), expected N x D or N x h x w | inputs_train: floats[6]; target_train: ints 0
      inputs_train: float32 (), expected N x D or N x h x w | inputs_train: floats[]; target_train: ints 0
      inputs_train: float32 (0, 3), expected at least one row of one feature | inputs_train: floats[0,3]; target_train: ints[0]
      inputs_train: float32 (3, 0), expected at least one row of one feature | inputs_train: floats[3,0]; target_train: ints 0,0,0
      inputs_train: unicode (2,), expected numbers | inputs_train: strings a,b; target_train: ints 0
      target_train: int32 (2,), expected 3 rows, as many as there are inputs | inputs_train: floats[3,2]; target_train: ints 0,1
      inputs_train: row 17, feature 1 is NaN, expected a finite number | inputs_train: doubles[20,2] 35=NaN; target_train: ints[20]
      inputs_train: row 17, feature 1 is -Infinity, expected a finite number | inputs_train: doubles[20,2,2] 69=-Infinity; target_train: ints[20]
      inputs_train: feature 1 goes from 0.0 to 1.0E200, expected numbers whose squares are finite | inputs_train: doubles[2,2] 3=1e200; target_train: ints 0,0
      target_train: unicode (2,), expected numbers | inputs_train: floats[1,2]; target_train: strings a,b
      target_train: float32 (2, 1, 2), expected N or N x 1 class labels or N x K one-hot rows | inputs_train: floats[2,2]; target_train: floats[2,1,2]
      target_train: float32 (), expected N or N x 1 class labels or N x K one-hot rows | inputs_train: floats[2,2]; target_train: floats[]
      target_train: float32 (2, 0), expected 1 to 65536 columns | inputs_train: floats[2,2]; target_train: floats[2,0]
      target_train: float32 (2, 65537), expected 1 to 65536 columns | inputs_train: floats[2,2]; target_train: floats[2,65537]
      target_train: row 0 of 65536 has no ones{other} | inputs_train: floats[2,2]; target_train: floats[2,65536]
      target_train: row 1 is 65536, expected a class from 0 to 65535 | inputs_train: floats[3,2]; target_train: ints 0,65536,1
      target_train: row 2 is -1, expected a class from 0 to 65535 | inputs_train: floats[3,2]; target_train: ints 0,1,-1
      target_train: row 1 is 1048576, expected a class from 0 to 65535 | inputs_train: floats[3,2]; target_train: ints 0,1048576,1
      target_train: row 1 is 1.0E30, expected a class from 0 to 65535 | inputs_train: floats[3,2]; target_train: doubles[3] 1=1e30
      target_train: row 2 is 0.5{other} | inputs_train: floats[3,2]; target_train: doubles[3] 2=0.5
      target_train: row 1 is NaN{other} | inputs_train: floats[3,2]; target_train: doubles[3,1] 1=NaN
      target_train: row 1 is Infinity{other} | inputs_train: floats[3,2]; target_train: doubles[3] 1=Infinity
      target_train: row 0 of 3 has no ones{other} | inputs_train: floats[2,2]; target_train: floats[2,3]
      target_train: row 1 of 3 has 2 ones{other} | inputs_train: floats[2,2]; target_train: ints[2,3] 0,1,0,1,0,1
      target_train: row 1 of 3 holds 0.8999999761581421{other} | inputs_train: floats[2,2]; target_train: floats[2,3] 0,1,0,0,0.9,0.1
      inputs_test: rows of 4 features, expected 3 as the training rows have | inputs_train: floats[2,3]; target_train: ints 0,1; inputs_test: floats[2,4]; target_test: ints 0,1
      target_test: int32 (3,), expected 2 rows, as many as there are inputs | inputs_train: floats[2,3]; target_train: ints 0,1; inputs_test: floats[2,3]; target_test: ints 0,1,0
      inputs_test: row 1, feature 1 is NaN, expected a finite number | inputs_train: floats[2,3]; target_train: ints 0,1; inputs_test: doubles[2,3] 4=NaN; target_test: ints 0,1
      inputs_test: row 1, feature 1 is 1.0E39, expected a smaller number: after scaling (standard) it is not a finite float | inputs_train: floats[2,3]; target_train: ints 0,1; inputs_test: doubles[2,3] 4=1e39; target_test: ints 0,1
      target_test: row 1 is 3, expected a class from 0 to 2, as other targets are one-hot rows of 3 | inputs_train: floats[1,3]; target_train: ints[1,3] 0,1,0; inputs_test: floats[2,3]; target_test: ints 0,3
      target_test: one-hot rows of 2, expected 3 as in training | inputs_train: floats[1,3]; target_train: ints[1,3] 0,1,0; inputs_test: floats[1,3]; target_test: ints[1,2] 0,1
      target: row 1 is 2, expected a class from 0 to 1, as there are 2 class names | inputs: floats[3,3]; target: ints 0,2,1; class_names: strings a,b
      2 class names, expected 3 as the target rows have | inputs: floats[1,3]; target: ints[1,3] 0,1,0; class_names: strings a,b
      weights_train: float32 (2,), expected N or N x 1 with 3 rows, as many as there are inputs | inputs_train: floats[3,2]; target_train: ints 0,1,0; weights_train: floats[2]
      weights_train: float32 (3, 2), expected N or N x 1 with 3 rows, as many as there are inputs | inputs_train: floats[3,2]; target_train: ints 0,1,0; weights_train: floats[3,2]
      weights_train: unicode (2,), expected numbers | inputs_train: floats[3,2]; target_train: ints 0,1,0; weights_train: strings a,b
      weights_train: row 1 has the weight -0.5, expected a finite float, not below 0 | inputs_train: floats[3,2]; target_train: ints 0,1,0; weights_train: doubles[3] 1=-0.5
      weights_train: row 2 has the weight NaN, expected a finite float, not below 0 | inputs_train: floats[3,2]; target_train: ints 0,1,0; weights_train: doubles[3,1] 2=NaN
      weights_train: row 0 has the weight 1.0E39, expected a finite float, not below 0 | inputs_train: floats[3,2]; target_train: ints 0,1,0; weights_train: doubles[3] 0=1e39
      test rows all have weight 0, expected at least one weight above 0 | x_train: floats[2,3]; y_train: ints 0,1; w_train: ints 0,3; x_test: floats[1,3]; y_test: ints 0; w_test: ints 0
      class_names: 'a' twice, expected each once | inputs: floats[1,3]; target: ints 0; class_names: strings a,b,a
      class_names: int32 (2,), expected a vector of strings | inputs: floats[1,3]; target: ints 0; class_names: ints 0,1
      """
          .replace(
              "{other}",
              ", expected a class 0, 1, 2, ... or a one-hot row (other targets are for other losses)")
          .replace(
              "{layouts}",
              ", expected inputs_train and target_train, x_train and y_train, inputs and target, or x and y");

  static Stream<String> archives() {
    return ARCHIVES.lines();
  }

  @ParameterizedTest
  @MethodSource("archives")
  void archivesAreRefused(String row) throws IOException {
    Path file = directory.resolve("data.npz");
    String[] cells = row.split(" \\| ?");
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    ModelArrays.changes(cells.length == 1 ? "" : cells[1]).accept(arrays);
    Npz.write(file, arrays);
    check(file, cells[0]);
  }

  /** A table, in which ~ is a line feed and ^ a carriage return, an option, and the message. */
  private static final String TABLES =
      """
      ~^~ |  | only empty lines, expected rows of a table
      a,b,c~ |  | a header without rows, expected at least one row
      1~2~ |  | 1 column and no features, expected at least one beside target, weight and ignored ones ({SEPARATOR} if the columns were not found)
      1:2:x~ |  | one line of one column, expected rows of columns with , ; tab or | between them
      a,b,c~1,2,x~~3,4~ |  | line 4 has 2 columns, expected 3 as in the lines before
      1,2,x~3,4,5,x~ |  | line 2 has 4 columns, expected 3 as in the lines before
      a,b,c~1,2,x~ | --target d | no column d, expected one of a, b, c
      1,2,x~ | --target 3 | 3 columns, expected one of number 3 (the first is 0, the last 2)
      1,2,x~ | --target -4 | 3 columns, expected one of number -4 (the first is 0, the last 2)
      1,2,x~ | --target d | no column d, as the file has no header, expected a number from 0 of 3 columns ({HEADER yes}: the first line names them)
      a,b,c~1,2,x~3,4,z~1,2,x~3,4,z~1,2,x~3,4,z~1,2,x~3,4,z~1,2,x~3,4,z~1,2,x~3,4,z~1,2,x~3,4,z~1,2,x~3,4,z~3,y,x~ |  | line 18, column b is "y", where 16 of 17 values are numbers, expected a number ({MISSING y b} if it means a missing value, {CATEGORICAL b} if all are texts)
      1,2,x~1,4,x~ |  | target #2 is x in all 2 rows, expected at least two values ({TARGET} if it is another column)
      1,x,~2,y,~ |  | no row has a target in column #2, expected at least one target
      1,2,x~1,2,y~ |  | no column can be a feature, as column #0 is the same in all training rows, column #1 is the same in all training rows, expected at least one feature
      1,2,x~1,"2,x~ |  | line 2: a quote that is never closed, expected a second quote before the file ends
      1,2~2,3~ | --weight 1 | 2 columns and no features, expected at least one beside target, weight and ignored ones ({SEPARATOR} if the columns were not found)
      a,w,b~1,2,x~ | --weight v | no column v, expected one of a, w, b
      1,2,x~ | --weight 5 | 3 columns, expected one of number 5 (the first is 0, the last 2)
      a,w,b~1,2,x~3,-1,y~ | --weight w | line 3, column w has the weight -1.0, expected a finite float, not below 0
      1,2,x~3,,y~ | --weight 1 | line 2, column #1 is empty, expected the weight of the row, at least 0
      1,0,x~3,0,y~ | --weight 1 | training rows all have weight 0, expected at least one weight above 0
      """;

  static Stream<String> tables() {
    return TABLES.lines();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void tablesAreRefused(String row) throws IOException {
    String[] cells = row.split(" ?\\| ", 3);
    String text = cells[0].replace('~', '\n').replace('^', '\r');
    ReadOptions options = ReadOptions.defaults();
    String value = cells[1].replaceFirst("--\\w+ ", "");
    if (!value.isEmpty()) {
      options =
          cells[1].startsWith("--target") ? options.withTarget(value) : options.withWeight(value);
    }
    Path file = Files.writeString(directory.resolve("data.csv"), text);
    check(file, Options.remedies(cells[2]), options);
  }

  @Test
  void aColumnIsNotBothTargetAndWeight() throws IOException {
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
        "a name that IDX images do not have, expected IDX images such as train-images-idx3-ubyte(.gz), or an .npz or .csv file");
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
