package dev.lanewise.cli;

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
    Fixtures.npz(file("others.npz"), "a", inputs, "b", labels);
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
        "inputs_train",
        inputs,
        "target_train",
        labels,
        "inputs_test",
        NdArray.of(new float[6], 2, 3),
        "target_test",
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
    NdArray w = NdArray.of(new float[12], 4, 3);
    Fixtures.npz(file("no_bias.npz"), "W1", w);
    Fixtures.npz(file("short_bias.npz"), "W1", w, "b1", NdArray.of(new float[2], 2));
    Fixtures.npz(
        file("no_chain.npz"), "W1", w, "b1", NdArray.of(new float[3], 3), "W2", w, "b2", w);
    Fixtures.npz(file("integer_model.npz"), "W1", NdArray.of(new int[12], 4, 3), "b1", w);
    float[] weights = new float[12];
    weights[5] = Float.NaN;
    Fixtures.npz(
        file("nan_model.npz"), "W1", NdArray.of(weights, 4, 3), "b1", NdArray.of(new float[3], 3));
    Arrays.fill(weights, 1e38f);
    Fixtures.npz(
        file("huge_model.npz"), "W1", NdArray.of(weights, 4, 3), "b1", NdArray.of(new float[3], 3));
    Files.writeString(file("rows.csv"), "0,0,0,0\n".repeat(2700) + "9,9,9,9\n".repeat(99));
    Fixtures.npz(
        file("named_model.npz"),
        "W1",
        NdArray.of(new float[12], 4, 3),
        "b1",
        NdArray.of(new float[3], 3),
        "class_names",
        NdArray.ofStrings(List.of("x", "y", "z"), 3));
    Fixtures.npz(
        file("bad_scaling.npz"),
        "W1",
        w,
        "b1",
        NdArray.of(new float[3], 3),
        "scaling",
        NdArray.ofStrings(List.of("cubic")));
    Fixtures.npz(file("bad_stats.npz"), "train_ce", NdArray.of(new double[3], 3));
    Files.createDirectory(file("taken"));
    Fixtures.model(file("taken").resolve("nn_model.npz"), 4, 3);
  }

  private static void tables() throws IOException {
    Fixtures.text(file("words.csv"), "1,2,3,4,x\n1,2,three,4,y\n");
    Fixtures.text(file("real.csv"), "1,2,3,4,0.5\n1,2,3,4,0.7\n");
  }

  static Stream<Arguments> cases() {
    return Stream.of(
        train("missing.npz", "missing.npz: no such file, expected a data file"),
        train("directory", "directory: a folder, expected a file: .npz, .npy, IDX or a table"),
        train("empty.npz", "empty.npz: an empty file, expected a data file"),
        train("words.npz", "words.npz: no zip archive, expected an .npz file"),
        train("words.txt", "words.txt: one line of one column, expected rows of columns"),
        train("binary.idx", "binary.idx: an unknown kind of file, expected .npz, IDX or"),
        train("cut.npz", "cut.npz: a damaged or cut off zip archive"),
        train("damaged.npz", "damaged.npz: inputs_train: damaged data: checksum"),
        train("pickle.npz", "pickle.npz: inputs_train: Python objects"),
        train("others.npz", "others.npz: arrays a, b, expected inputs_train and target_train"),
        train("no_targets.npz", "no_targets.npz: inputs_train without target_train"),
        train("no_inputs.npz", "no_inputs.npz: target_train without inputs_train"),
        train("rows.npz", "rows.npz: target_train: "),
        train("flat.npz", "flat.npz: inputs_train: "),
        train("none.npz", "none.npz: inputs_train: "),
        train("strings.npz", "strings.npz: inputs_train: "),
        train("nan.npz", "nan.npz: inputs_train: row 17, feature 2 is NaN, expected a finite"),
        train("inf.npz", "inf.npz: inputs_train: row 17, feature 2 is Infinity, expected"),
        train("negative.npz", "negative.npz: target_train: row 5 is -1, expected a class from 0"),
        train("huge.npz", "huge.npz: target_train: row 5 is 1048576, expected a class from 0 to"),
        train("half.npz", "half.npz: target_train: row 7 is 1.5, expected a class 0, 1, 2"),
        train("two_hot.npz", "two_hot.npz: target_train: row 0 of 2 has 2 ones, expected"),
        train("cube.npz", "cube.npz: target_train: "),
        train("narrow_test.npz", "narrow_test.npz: inputs_test: rows of 3 features, expected 4"),
        train("train-images-idx3-ubyte", "train-images-idx3-ubyte: "),
        train("lonely-images-idx3-ubyte", "lonely-images-idx3-ubyte: images without labels"),
        train("words.csv", "words.csv: "),
        train("real.csv", "real.csv: no column that can be a feature: Column #0 is ignored: it is"),
        train("good.npz --initial-model missing.npz", "missing.npz: no such file, expected an"),
        train("good.npz --initial-model good.npz", "good.npz: no array W1"),
        train(
            "good.npz --initial-model model5.npz",
            "good.npz: inputs_train: rows of 4 features, expected 5"),
        train("good.npz --initial-model model4_2.npz", "good.npz: 3 classes, expected at most 2"),
        train("good.npz --initial-model model4_9.npz", "model4_9.npz: network 4-3-9, expected 3"),
        train("good.npz --initial-model good_model.npz --hidden 16", "hidden layers [3], expected"),
        train("good.npz --initial-model nan_model.npz", "nan_model.npz: W1 has NaN at element 5"),
        train("good.npz --eta 1e30", "training diverged in epoch "),
        arguments(
            "train --data good.npz --epochs 1 --eta 1e30 --batch-size -1 --out new",
            "training diverged in epoch 0, step 0: its weights give no finite loss, expected"),
        with(
            "huge_model.npz --scale none",
            "good.npz: split test, row 0, output 0 is NaN, expected a finite"),
        arguments(
            "predict --model huge_model.npz --data good.npz --scale none",
            "good.npz: split test, row 0, output 0 is NaN, expected a finite"),
        arguments(
            "uncertain --model huge_model.npz --data good.npz --scale none",
            "good.npz: split test, row 0, output 0 is NaN, expected a finite"),
        arguments(
            "predict --model huge_model.npz --data rows.csv --out new.csv",
            "rows.csv: row 2700, output 0 is NaN, expected a finite number (did the model"),
        arguments("train --data good.npz --out taken", "taken: holds nn_model.npz already"),
        arguments(
            "train --data good.npz --out words.txt", "words.txt: a file, expected a directory"),
        arguments("train --data good.npz --out words.txt/x", "words.txt/x: cannot be made ("),
        with("missing.npz", "missing.npz: no such file, expected an .npz file"),
        with("words.npz", "words.npz: no zip archive, expected an .npz file"),
        with("good.npz", "good.npz: no array W1 (it has [inputs_train,"),
        with("pickle_model.npz", "pickle_model.npz: W1: "),
        with("no_bias.npz", "no_bias.npz: no array b1 (it has [W1])"),
        with("short_bias.npz", "short_bias.npz: b1 is float32 [2], expected 3"),
        with("no_chain.npz", "no_chain.npz: W2 is float32 [4, 3], expected 3 rows as W1"),
        with("integer_model.npz", "integer_model.npz: W1 is int32 [4, 3], expected a floating"),
        with("nan_model.npz", "nan_model.npz: W1 has NaN at element 5, expected finite"),
        with(
            "bad_scaling.npz",
            "bad_scaling.npz: scaling 'cubic', expected none, divide, standard, minmax or"),
        with("model5.npz", "good.npz: inputs_train: rows of 4 features, expected 5 as the model"),
        arguments(
            "evaluate --model good_model.npz --data wide.npz",
            "wide.npz: inputs_train: rows of 5 features"),
        arguments(
            "predict --model good_model.npz --data named.npz --split valid",
            "named.npz: no split valid, expected --split train, test or all"),
        arguments(
            "predict --model good_model.npz --data good.npz --out nowhere/new.npz",
            "nowhere/new.npz: "),
        arguments(
            "uncertain --model good_model.npz --data good.npz --out directory",
            "directory: a directory"),
        arguments("inspect missing.npz", "missing.npz: no such file"),
        arguments(
            "inspect words.txt", "words.txt: one line of one column, expected rows of columns"),
        arguments("inspect binary.idx", "binary.idx: an unknown kind of file"),
        arguments("inspect nan_model.npz", "nan_model.npz: W1 has NaN"),
        arguments("inspect bad_stats.npz", "bad_stats.npz: train_ce is "),
        arguments("inspect cut.npz", "cut.npz: a damaged or cut off zip archive"));
  }

  /**
   * A typed word stands for a file in the directory if that file exists or the command would create
   * it.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void oneLineThatNamesTheFile(String typed, String expected) throws IOException {
    List<Path> before = listing();
    String[] words =
        Stream.of(typed.split(" "))
            .map(
                word ->
                    word.matches("train|evaluate|predict|uncertain|inspect") ? word : place(word))
            .toArray(String[]::new);

    Run run = Run.of(words).failed();
    List<String> errors =
        run.err()
            .lines()
            .filter(line -> !line.matches(".*(scalar kernels| stores no ).*"))
            .toList();
    assertEquals(1, errors.size(), run.err());
    String line = errors.get(0).replace(directory + "/", "");
    assertTrue(line.startsWith("lanewise: "), line);
    assertTrue(line.contains(expected), line);
    assertTrue(line.contains("expected"), line);
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

  private static Arguments train(String data, String expected) {
    return arguments("train --epochs 2 --out new --data " + data, expected);
  }

  private static Arguments with(String model, String expected) {
    return arguments("evaluate --data good.npz --model " + model, expected);
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
    Fixtures.npz(file(name), "inputs_train", inputs, "target_train", targets);
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
