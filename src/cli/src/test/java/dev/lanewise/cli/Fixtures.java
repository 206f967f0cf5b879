package dev.lanewise.cli;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.lanewise.exchange.Safetensors;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.ModelArrays;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Small files for the tests of commands. */
public final class Fixtures {
  static final int FEATURES = 4;
  static final int CLASSES = 3;

  /** The names of the files that the training of a classifier leaves. */
  static final Set<String> FILES =
      Set.of(
          ("nn_model.npz nn_stats.npz cross_entropy.svg accuracy.svg report.html run.json log.jsonl")
              .split(" "));

  private Fixtures() {}

  /** Returns the names of the files in a directory. */
  public static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      Set<String> names = new TreeSet<>();
      files.forEach(file -> names.add(file.getFileName().toString()));
      return names;
    }
  }

  /** Writes an .npz file from names, with blanks between them, and arrays. */
  public static Path npz(Path file, String names, NdArray... arrays) throws IOException {
    Map<String, NdArray> named = new LinkedHashMap<>();
    for (String name : names.split(" ")) {
      named.put(name, arrays[named.size()]);
    }
    Npz.write(file, named);
    return file;
  }

  /** Writes an .npz file of arrays in a text such as {@code x: floats[3,2]; y: ints 0,1,0}. */
  public static Path npz(Path file, String text) throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    ModelArrays.changes(text).accept(arrays);
    Npz.write(file, arrays);
    return file;
  }

  /** Checks that two files have the same bytes. */
  public static void assertSame(Path expected, Path found) throws IOException {
    assertEquals(-1, Files.mismatch(expected, found), expected + " and " + found);
  }

  /** Checks that files of these names have the same bytes in two directories. */
  static void assertSame(Path expected, Path found, String... names) throws IOException {
    for (String name : names) {
      assertSame(expected.resolve(name), found.resolve(name));
    }
  }

  /** Writes layers as PyTorch does without metadata. */
  public static void safetensors(Path file, Map<String, NdArray> layers) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      new Safetensors(layers, Map.of()).write(out);
    }
  }

  public static Path npy(Path file, NdArray array) throws IOException {
    try (OutputStream stream = Files.newOutputStream(file)) {
      Npy.write(stream, array);
    }
    return file;
  }

  /** Returns bytes that reveal the class: feature k is bright for class k. */
  public static NdArray inputs(int rows) {
    byte[] bytes = new byte[rows * FEATURES];
    for (int row = 0; row < rows; row++) {
      for (int k = 0; k < FEATURES; k++) {
        bytes[row * FEATURES + k] = (byte) ((k == row % CLASSES ? 200 : 20) + row % 7);
      }
    }
    return NdArray.ofBytes(bytes, rows, 2, FEATURES / 2);
  }

  public static NdArray labels(int rows) {
    long[] labels = new long[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = row % CLASSES;
    }
    return NdArray.of(labels, rows);
  }

  /** Writes a file in the course's layout with 30 training, 9 validation and 6 test rows. */
  public static Path data(Path file) throws IOException {
    return splits(file, 30, 9, 6);
  }

  /**
   * Writes a file in the course's layout with the given numbers of training, validation and test
   * rows.
   */
  static Path splits(Path file, int... rows) throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    for (int i = 0; i < rows.length; i++) {
      String split = List.of("train", "valid", "test").get(i);
      if (rows[i] > 0) {
        arrays.put("inputs_" + split, inputs(rows[i]));
        arrays.put("target_" + split, labels(rows[i]));
      }
    }
    Npz.write(file, arrays);
    return file;
  }

  /** Writes the same rows with names of classes that are hard to print. */
  static Path namedData(Path file) throws IOException {
    List<String> names = List.of("a,\"b\" <&>", "\u001b[31mred\n", "\u00fc\u4e16\ud83d\ude00");
    NdArray classes = NdArray.ofStrings(names, 3);
    String arrays = "inputs_train target_train inputs_test target_test class_names";
    return npz(file, arrays, inputs(30), labels(30), inputs(6), labels(6), classes);
  }

  /** Writes the arrays of a model; the sizes are those of inputs, hidden layers and outputs. */
  public static Path model(Path file, int... sizes) throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    for (int l = 1; l < sizes.length; l++) {
      float[] weights = new float[sizes[l - 1] * sizes[l]];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (i * 7 % 11 - 5) * 0.05f;
      }
      arrays.put("W" + l, NdArray.of(weights, sizes[l - 1], sizes[l]));
      arrays.put("b" + l, NdArray.of(new float[sizes[l]], sizes[l]));
    }
    Npz.write(file, arrays);
    return file;
  }

  /** Returns a header and rows that follow from their numbers, as texts or as lists of cells. */
  public static String table(String header, int rows, IntFunction<?> row) {
    return IntStream.range(0, rows)
        .mapToObj(row)
        .map(cells -> cells instanceof List<?> several ? several : List.of(cells))
        .map(cells -> cells.stream().map(String::valueOf).collect(joining(",")))
        .collect(joining("\n", header + "\n", "\n"));
  }

  /** Checks that a text contains none of the others. */
  static void assertOmits(String whole, String... texts) {
    for (String text : texts) {
      assertFalse(whole.contains(text), () -> whole + "\ncontains: " + text);
    }
  }

  /** Writes a table of 150 rows with numbers, gaps, words and two classes. */
  public static Path rooms(Path folder) throws IOException {
    StringBuilder text = new StringBuilder("area,age,kind,sold\n");
    for (int i = 0; i < 150; i++) {
      int area = i * 37 % 101;
      String age = i % 9 == 0 ? "" : i * i % 53 + "";
      String sold = area > 50 ^ i % 3 == 1 ? "yes" : "no";
      text.append("%s,%s,%s,%s\n".formatted(area, age, "abc".charAt(i % 3), sold));
    }
    return text(folder.resolve("rooms.csv"), text.toString());
  }

  public static Path text(Path file, String text) throws IOException {
    return Files.writeString(file, text);
  }
}
