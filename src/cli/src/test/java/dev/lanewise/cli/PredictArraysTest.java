package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.terminal.Problem;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests new rows for a model of arrays. Without targets they are predicted from any kind of file,
 * and with the same bits as the rows with targets.
 */
class PredictArraysTest {
  private static final int ROWS = 2500; // more rows than a thread reads at once
  private static final int INPUTS = Fixtures.FEATURES;

  @TempDir static Path directory;
  private static String model;
  private static List<String> expected; // one line per row: its class and probabilities
  private static final byte[] BYTES = new byte[ROWS * INPUTS];

  @BeforeAll
  static void makeFiles() throws IOException {
    new Random(5).nextBytes(BYTES);
    Path data = Fixtures.data(directory.resolve("data.npz"));
    String run = directory.resolve("run").toString();
    Run.of(words("train --hidden 5 --epochs 3", data, "--out", run)).ok();
    model = run + "/nn_model.npz";
    NdArray bytes = NdArray.ofBytes(BYTES, ROWS, INPUTS);
    NdArray labels = Fixtures.labels(ROWS);
    Fixtures.npz(file("labelled.npz"), "inputs target", bytes, labels);
    expected = predictions("labelled.npz", 2);
    assertTrue(expected.stream().distinct().count() > ROWS / 2);
    Fixtures.npz(file("inputs.npz"), "inputs", bytes);
    Fixtures.npz(file("x.npz"), "x", NdArray.of(bytes.toDoubles(), ROWS, INPUTS));
    Fixtures.npz(file("inputs_test.npz"), "inputs_test", bytes);
    Fixtures.npz(file("x_test.npz"), "x_test", NdArray.of(bytes.toFloats(), ROWS, 2, INPUTS / 2));
    npy("bytes.npy", bytes);
    npy("floats.npy", NdArray.of(bytes.toFloats(), ROWS, INPUTS));
    npy("doubles.npy", NdArray.of(bytes.toDoubles(), ROWS, 2, INPUTS / 2));
    long[] longs = new long[BYTES.length];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = BYTES[i] & 0xff;
    }
    npy("longs.npy", NdArray.of(longs, ROWS, INPUTS));
    for (String name : List.of("new-images-idx3-ubyte", "other.idx")) {
      Files.write(file(name), idx());
    }
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(file("gz-images-idx3-ubyte.gz")))) {
      out.write(idx());
    }
    tables(longs);
  }

  private static void tables(long[] values) throws IOException {
    StringBuilder plain = new StringBuilder();
    StringBuilder target = new StringBuilder();
    for (int row = 0; row < ROWS; row++) {
      List<String> cells = new ArrayList<>();
      for (int j = 0; j < INPUTS; j++) {
        cells.add(Long.toString(values[row * INPUTS + j]));
      }
      plain.append(String.join(",", cells)).append('\n');
      target.append(String.join(";", cells)).append(';').append(row % 3).append("\r\n");
    }
    Fixtures.text(file("plain.csv"), plain.toString());
    Fixtures.text(file("named.csv"), "a,b,c,d\n" + plain);
    Fixtures.text(file("target.csv"), target.toString());
    Fixtures.text(file("numbered.csv"), "0,1,2,3\n" + plain);
  }

  private static byte[] idx() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(0x803);
      out.writeInt(ROWS);
      out.writeInt(2);
      out.writeInt(INPUTS / 2);
      out.write(BYTES);
    }
    return bytes.toByteArray();
  }

  private static Path file(String name) {
    return directory.resolve(name);
  }

  private static void npy(String name, NdArray array) throws IOException {
    Fixtures.npy(file(name), array);
  }

  /** Returns the words of a command line with --data and its file, --quiet and more words. */
  private static String[] words(String typed, Path data, String... more) {
    return Run.words(typed, "--data", data, "--quiet", more);
  }

  /** Returns the predictions of each row without the columns before them. */
  private static List<String> predictions(String name, int columns, String... more) {
    Run run = Run.of(words("predict --model " + model, file(name), more)).ok();
    List<String> lines = run.lines();
    String before = columns == 2 ? "index,true," : "index,";
    assertEquals(before + "predicted,p_0,p_1,p_2", lines.get(0));
    List<String> predictions = new ArrayList<>();
    for (int row = 0; row < lines.size() - 1; row++) {
      String[] fields = lines.get(row + 1).split(",", columns + 1);
      assertEquals(Integer.toString(row), fields[0]);
      if (columns == 2) {
        assertEquals(Integer.toString(row % 3), fields[1]);
      }
      predictions.add(fields[columns]);
    }
    return predictions;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "inputs.npz", "x.npz", "inputs_test.npz", "x_test.npz",
        "bytes.npy", "floats.npy", "doubles.npy", "longs.npy",
        "new-images-idx3-ubyte", "gz-images-idx3-ubyte.gz", "other.idx", "plain.csv",
        "named.csv"
      })
  void rowsWithoutTargetsHaveTheSameBits(String name) {
    assertEquals(expected, predictions(name, 1));
    assertEquals(expected, predictions(name, 1, "--threads", "3"));
  }

  @Test
  void aTargetBehindTheInputsOfATableIsPrinted() {
    assertEquals(expected, predictions("target.csv", 2));
    assertEquals(expected, predictions("numbered.csv", 1, "--header", "yes"));
  }

  @Test
  void fromStdin() throws IOException {
    InputStream before = System.in;
    for (String name : List.of("plain.csv", "named.csv")) {
      try (InputStream in = Files.newInputStream(file(name))) {
        System.setIn(in);
        Run run = Run.of(words("predict --model " + model, Path.of("-")));
        assertEquals(ROWS + 1, run.lines().size(), run.err());
        assertTrue(run.lines().get(ROWS).endsWith("," + expected.get(ROWS - 1)));
      } finally {
        System.setIn(before);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "narrow.npy | narrow.npy: rows of 3 features, expected 4 as the model takes",
        "flat.npy | flat.npy: int64 (5,), expected N x D or N x h x w",
        "nan.npy | nan.npy: row 1, feature 2 is NaN, expected a finite number",
        "nan.npz | nan.npz: x: row 1, feature 2 is NaN, expected a finite number",
        "words.npz | words.npz: x: unicode (1, 4), expected numbers",
        "two.npz | two.npz: arrays x, inputs, expected one of inputs, x, inputs_test, x_test to predict",
        "none.npz | none.npz: arrays a, expected one of inputs, x, inputs_test, x_test to predict",
        "wide.csv | wide.csv: 6 columns, expected 4, a column per input of the model, optionally followed by 1 of the target",
        "gap.csv | gap.csv: line 2, column #1 is empty, expected a finite number: a model without a schema does not replace missing values",
        "word.csv | word.csv: line 3, column #2 is \"x\", expected a finite number (--missing-also \"x\" if it means a missing value)"
      })
  void whatIsNoneOfTheModelsRows(String name, String message) throws IOException {
    NdArray four = NdArray.of(new double[] {1, 2, 3, 4, 5, 6, Double.NaN, 8}, 2, 4);
    npy("narrow.npy", NdArray.of(new float[6], 2, 3));
    npy("flat.npy", NdArray.of(new long[5], 5));
    npy("nan.npy", four);
    Fixtures.npz(file("nan.npz"), "x", four);
    Fixtures.npz(file("words.npz"), "x", NdArray.ofStrings(List.of("a", "b", "c", "d"), 1, 4));
    Fixtures.npz(file("two.npz"), "x inputs", four, four);
    Fixtures.npz(file("none.npz"), "a", four);
    Fixtures.text(file("wide.csv"), "1,2,3,4,5,6\n");
    Fixtures.text(file("gap.csv"), "1,2,3,4\n1,,3,4\n");
    Fixtures.text(file("word.csv"), "1,2,3,4\n1,2,3,4\n1,2,x,4\n");
    Run run = Run.of(words("predict --model " + model, file(name)));
    assertEquals("lanewise: " + message, run.errors().replace(directory + "/", ""));
    assertEquals(Problem.FAILED, run.code());
  }
}
