package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanewise.format.NdArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A file that cannot be used gives one line that names it and exit code 1, and nothing is left
 * behind.
 */
class BadFileTest {
  @TempDir static Path directory;

  @BeforeAll
  static void makeFiles() throws IOException {
    Fixtures.data(file("good.npz"));
    Fixtures.namedData(file("named.npz"));
    Fixtures.model(file("good_model.npz"), 4, 3, 3);
    Files.createDirectory(file("directory"));
    Files.createFile(file("empty.npz"));
    Fixtures.text(file("words.npz"), "not an archive at all");
    Fixtures.text(file("words.txt"), "not data at all");
    Fixtures.text(file("binary.idx"), "not text\0\1");
    byte[] whole = Files.readAllBytes(file("good.npz"));
    Files.write(file("cut.npz"), Arrays.copyOf(whole, whole.length * 2 / 3));
    byte[] damaged = whole.clone();
    damaged[250] ^= 1; // flips a bit of a pixel; the pixels are at bytes 178 to 297
    Files.write(file("damaged.npz"), damaged);
    pickle(file("pickle.npz"), "inputs_train", "target_train");
    pickle(file("pickle_model.npz"), "W1");
    badData();
    badModels();
    tables();
  }

  private static void badData() throws IOException {
    NdArray inputs = Fixtures.inputs(30);
    NdArray labels = Fixtures.labels(30);
    Fixtures.npz(file("others.npz"), "a b", inputs, labels);
    Fixtures.npz(file("no_targets.npz"), "inputs_train", inputs);
    Fixtures.npz(file("no_inputs.npz"), "target_train", labels);
    split("rows.npz", inputs, Fixtures.labels(29));
    split("flat.npz", NdArray.of(new float[30], 30), labels);
    split("none.npz", NdArray.of(new float[0], 0, 4), NdArray.of(new long[0], 0));
    split("strings.npz", NdArray.ofStrings(List.of("a", "b"), 2, 1), Fixtures.labels(2));
    float[] values = new float[30 * 4];
    values[17 * 4 + 2] = Float.NaN;
    split("nan.npz", NdArray.of(values, 30, 4), labels);
    values[17 * 4 + 2] = Float.POSITIVE_INFINITY;
    split("inf.npz", NdArray.of(values, 30, 4), labels);
    split("negative.npz", inputs, label(5, -1));
    split("huge.npz", inputs, label(5, 1 << 20));
    double[] halves = new double[30];
    halves[7] = 1.5;
    split("half.npz", inputs, NdArray.of(halves, 30));
    double[] twoHot = new double[60];
    Arrays.fill(twoHot, 1);
    split("two_hot.npz", inputs, NdArray.of(twoHot, 30, 2));
    split("cube.npz", inputs, NdArray.of(new long[30], 30, 1, 1));
    Fixtures.npz(
        file("narrow_test.npz"),
        "inputs_train target_train inputs_test target_test",
        inputs,
        labels,
        NdArray.of(new float[6], 2, 3),
        NdArray.of(new long[2], 2));
    split("wide.npz", NdArray.of(new float[50], 10, 5), Fixtures.labels(10));
    Files.copy(file("good.npz"), file("images.idx"));
    Files.write(file("train-images-idx3-ubyte"), new byte[] {0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 1});
    Files.write(
        file("lonely-images-idx3-ubyte"),
        new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5});
  }

  private static void badModels() throws IOException {
    Fixtures.model(file("model5.npz"), 5, 3, 3);
    Fixtures.model(file("model4_2.npz"), 4, 3, 2);
    Fixtures.model(file("model4_9.npz"), 4, 3, 9);
    Files.writeString(file("rows.csv"), "0,0,0,0\n".repeat(2700) + "9,9,9,9\n".repeat(99));
    String models =
        """
        no_bias W1: floats[4,3]
        short_bias W1: floats[4,3]; b1: floats[2]
        no_chain W1: floats[4,3]; b1: floats[3]; W2: floats[4,3]; b2: floats[4,3]
        integer_model W1: ints[4,3]; b1: floats[4,3]
        nan_model W1: floats[4,3] 5=NaN; b1: floats[3]
        huge_model W1: floats[4,3] 1e38,1e38,1e38,1e38,1e38,1e38,1e38,1e38,1e38,1e38,1e38,1e38; b1: floats[3]
        named_model W1: floats[4,3]; b1: floats[3]; class_names: strings x,y,z
        bad_scaling W1: floats[4,3]; b1: floats[3]; scaling: word cubic
        bad_stats train_ce: doubles[3]
        """;
    for (String model : models.split("\n")) {
      String[] parts = model.split(" ", 2);
      Fixtures.npz(file(parts[0] + ".npz"), parts[1]);
    }
    Files.createDirectory(file("taken"));
    Fixtures.model(file("taken").resolve("nn_model.npz"), 4, 3);
  }

  private static void tables() throws IOException {
    Fixtures.text(file("words.csv"), "1,2,3,4,x\n1,2,three,4,y\n");
    Fixtures.text(file("real.csv"), "1,2,3,4,0.5\n1,2,3,4,0.7\n");
  }

  /** A command line, in which files have no folder, and a part of the line that it prints. */
  private static final String CASES =
      """
      train --epochs 2 --out new --data missing.npz | missing.npz: no such file, expected a data file
      search --trials 2 --out new --data missing.csv | missing.csv: no such file, expected a data file
      train --epochs 2 --out new --data directory | directory: a folder, expected a file: .npz, .npy, IDX or a table
      train --epochs 2 --out new --data empty.npz | empty.npz: an empty file, expected a data file
      train --epochs 2 --out new --data words.npz | words.npz: no zip archive, expected an .npz file
      train --epochs 2 --out new --data words.txt | words.txt: one line of one column, expected rows of columns
      train --epochs 2 --out new --data binary.idx | binary.idx: an unknown kind of file, expected .npz, IDX or
      train --epochs 2 --out new --data cut.npz | cut.npz: a damaged or cut off zip archive
      train --epochs 2 --out new --data damaged.npz | damaged.npz: inputs_train: damaged data: checksum
      train --epochs 2 --out new --data pickle.npz | pickle.npz: inputs_train: Python objects
      train --epochs 2 --out new --data others.npz | others.npz: arrays a, b, expected inputs_train and target_train
      train --epochs 2 --out new --data no_targets.npz | no_targets.npz: inputs_train without target_train
      train --epochs 2 --out new --data no_inputs.npz | no_inputs.npz: target_train without inputs_train
      train --epochs 2 --out new --data rows.npz | rows.npz: target_train:
      train --epochs 2 --out new --data flat.npz | flat.npz: inputs_train:
      train --epochs 2 --out new --data none.npz | none.npz: inputs_train:
      train --epochs 2 --out new --data strings.npz | strings.npz: inputs_train:
      train --epochs 2 --out new --data nan.npz | nan.npz: inputs_train: row 17, feature 2 is NaN, expected a finite
      train --epochs 2 --out new --data inf.npz | inf.npz: inputs_train: row 17, feature 2 is Infinity, expected
      train --epochs 2 --out new --data negative.npz | negative.npz: target_train: row 5 is -1, expected a class from 0
      train --epochs 2 --out new --data huge.npz | huge.npz: target_train: row 5 is 1048576, expected a class from 0 to
      train --epochs 2 --out new --data half.npz | half.npz: target_train: row 7 is 1.5, expected a class 0, 1, 2
      train --epochs 2 --out new --data two_hot.npz | two_hot.npz: target_train: row 0 of 2 has 2 ones, expected
      train --epochs 2 --out new --data cube.npz | cube.npz: target_train:
      train --epochs 2 --out new --data narrow_test.npz | narrow_test.npz: inputs_test: rows of 3 features, expected 4
      train --epochs 2 --out new --data train-images-idx3-ubyte | train-images-idx3-ubyte:
      train --epochs 2 --out new --data lonely-images-idx3-ubyte | lonely-images-idx3-ubyte: images without labels
      train --epochs 2 --out new --data words.csv | words.csv:
      train --epochs 2 --out new --data real.csv | real.csv: no column can be a feature, as column #0 is
      train --epochs 2 --out new --data good.npz --initial-model missing.npz | missing.npz: no such file, expected an
      train --epochs 2 --out new --data good.npz --initial-model good.npz | good.npz: no array W1
      train --epochs 2 --out new --data good.npz --initial-model model5.npz | good.npz: inputs_train: rows of 4 features, expected 5
      train --epochs 2 --out new --data good.npz --initial-model model4_2.npz | good.npz: 3 classes, expected at most 2
      train --epochs 2 --out new --data good.npz --initial-model model4_9.npz | model4_9.npz: network 4-3-9, expected 3
      train --epochs 2 --out new --data good.npz --initial-model good_model.npz --hidden 16 | hidden layers [3], expected
      train --epochs 2 --out new --data good.npz --initial-model nan_model.npz | nan_model.npz: W1 has NaN at element 5
      train --epochs 2 --out new --data good.npz --eta 1e30 | training diverged in epoch
      train --data good.npz --epochs 1 --eta 1e30 --batch-size -1 --out new | training diverged in epoch 0, step 0: its weights give no finite loss, expected
      evaluate --data good.npz --model huge_model.npz --scale none | good.npz: split test, row 0, output 0 is NaN, expected a finite
      predict --model huge_model.npz --data good.npz --scale none | good.npz: split test, row 0, output 0 is NaN, expected a finite
      uncertain --model huge_model.npz --data good.npz --scale none | good.npz: split test, row 0, output 0 is NaN, expected a finite
      predict --model huge_model.npz --data rows.csv --out new.csv | rows.csv: row 2700, output 0 is NaN, expected a finite number (did the model
      train --data good.npz --out taken | taken: holds nn_model.npz already
      train --data good.npz --out words.txt | words.txt: a file, expected a directory
      train --data good.npz --out words.txt/x | words.txt/x: cannot be made (
      evaluate --data good.npz --model missing.npz | missing.npz: no such file, expected an .npz file
      evaluate --data good.npz --model words.npz | words.npz: no zip archive, expected an .npz file
      evaluate --data good.npz --model good.npz | good.npz: no array W1 (it has [inputs_train,
      evaluate --data good.npz --model pickle_model.npz | pickle_model.npz: W1:
      evaluate --data good.npz --model no_bias.npz | no_bias.npz: no array b1 (it has [W1])
      evaluate --data good.npz --model short_bias.npz | short_bias.npz: b1 is float32 [2], expected 3
      evaluate --data good.npz --model no_chain.npz | no_chain.npz: W2 is float32 [4, 3], expected 3 rows as W1
      evaluate --data good.npz --model integer_model.npz | integer_model.npz: W1 is int32 [4, 3], expected a floating
      evaluate --data good.npz --model nan_model.npz | nan_model.npz: W1 has NaN at element 5, expected finite
      evaluate --data good.npz --model bad_scaling.npz | bad_scaling.npz: scaling 'cubic', expected none, divide, standard, minmax or
      evaluate --data good.npz --model model5.npz | good.npz: inputs_train: rows of 4 features, expected 5 as the model
      evaluate --model good_model.npz --data wide.npz | wide.npz: inputs_train: rows of 5 features
      predict --model good_model.npz --data named.npz --split valid | named.npz: no split valid, expected --split train, test or all
      predict --model good_model.npz --data good.npz --out nowhere/new.npz | nowhere/new.npz:
      inspect missing.npz | missing.npz: no such file
      inspect words.txt | words.txt: one line of one column, expected rows of columns
      inspect binary.idx | binary.idx: an unknown kind of file
      inspect nan_model.npz | nan_model.npz: W1 has NaN
      inspect bad_stats.npz | bad_stats.npz: train_ce is
      inspect cut.npz | cut.npz: a damaged or cut off zip archive
      """;

  static Stream<Arguments> cases() {
    return CASES.lines().map(row -> arguments((Object[]) row.split(" \\| ")));
  }

  /**
   * A typed word stands for a file in the directory if that file exists or the command would create
   * it.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void oneLineThatNamesTheFile(String typed, String expected) throws IOException {
    List<Path> before = listing();
    String[] words = Stream.of(typed.split(" ")).map(BadFileTest::place).toArray(String[]::new);

    Run run = Run.of(words).failed();
    List<String> errors =
        run.err()
            .lines()
            .filter(line -> !line.matches(".*(scalar kernels| stores no ).*"))
            .toList();
    assertEquals(1, errors.size(), run.err());
    String line = errors.get(0).replace(directory + "/", "");
    assertTrue(line.startsWith("lanewise: "), line);
    assertContains(line, expected, "expected");
    assertTrue(line.chars().noneMatch(Character::isISOControl), line);
    if (typed.contains("1e30")) { // a training that diverged keeps its statistics
      delete(file("new"));
    }
    assertEquals(before, listing());
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static String place(String word) {
    boolean isFile = word.matches("[a-z0-9_/-]+\\.(npz|csv|txt|idx)(/x)?") || word.contains("idx3");
    boolean isDirectory = word.matches("new|taken|directory");
    return isFile || isDirectory ? file(word).toString() : word;
  }

  private static List<Path> listing() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.sorted().toList();
    }
  }

  @Test
  void divergedTrainingLeavesStatisticsButNoModel() throws IOException {
    Path out = directory.resolve("diverged");
    Run run =
        Run.line("train --data", file("good.npz"), "--eta 1e30 --out", out)
            .failed("try a smaller --eta than 1e30");
    for (String name :
        List.of("nn_stats.npz", "cross_entropy.svg", "accuracy.svg", "run.json", "log.jsonl")) {
      assertTrue(Files.exists(out.resolve(name)), name);
    }
    assertTrue(Files.notExists(out.resolve("nn_model.npz")));
    delete(out);
  }

  private static Path file(String name) {
    return directory.resolve(name);
  }

  private static void split(String name, NdArray inputs, NdArray targets) throws IOException {
    Fixtures.npz(file(name), "inputs_train target_train", inputs, targets);
  }

  private static NdArray label(int row, long label) {
    long[] labels = new long[30];
    labels[row] = label;
    return NdArray.of(labels, 30);
  }

  /** Writes arrays of Python objects that end after their header. */
  private static void pickle(Path file, String... names) throws IOException {
    String header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }";
    header += " ".repeat(117 - header.length()) + "\n";
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
        zip.write(header.getBytes(StandardCharsets.US_ASCII));
        zip.write(new byte[] {(byte) 0x80, 4, 'N', '.'});
        zip.closeEntry();
      }
    }
  }
}
