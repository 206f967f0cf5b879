package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Reads and changes the arrays of model files. */
public final class ModelArrays {
  private ModelArrays() {}

  /** Reads all arrays of a file. */
  public static Map<String, NdArray> of(Path file) throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(file)) {
      for (String name : npz.names()) {
        arrays.put(name, npz.read(name));
      }
    }
    return arrays;
  }

  /** Returns the cases of lines with a message and the changes of arrays that cause it. */
  public static Stream<Arguments> wrong(String lines) {
    return lines
        .lines()
        .map(line -> line.split(" \\| "))
        .map(cells -> Arguments.of(cells[0], changes(cells[1])));
  }

  /** Returns changes such as {@code loss: word mse; W1: floats[3,2]; b1}, where b1 is removed. */
  public static Consumer<Map<String, NdArray>> changes(String text) {
    return arrays -> {
      for (String change : text.split("; ")) {
        String[] parts = change.split(": ");
        arrays.put(parts[0], parts.length == 1 ? null : array(parts[1]));
      }
      arrays.values().removeIf(Objects::isNull);
    };
  }

  /**
   * Returns an array of a text with its type, perhaps a shape, and values, such as {@code ints
   * 1,2,3}, {@code floats[2,3]} of zeros, or {@code doubles[2,3] 4=NaN} with one other value.
   */
  public static NdArray array(String text) {
    String[] parts = text.split(" ", 2);
    String[] type = parts[0].split("[\\[,\\]]");
    String[] values = parts.length == 1 ? new String[0] : parts[1].split(",");
    IntStream sizes = Stream.of(type).skip(1).mapToInt(Integer::parseInt);
    int[] shape = parts[0].endsWith("]") ? sizes.toArray() : new int[] {values.length};
    double[] numbers = new double[IntStream.of(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length && !type[0].matches("word|strings"); i++) {
      String[] place = values[i].split("=");
      int at = place.length == 1 ? i : Integer.parseInt(place[0]);
      numbers[at] = Double.parseDouble(place[place.length - 1]);
    }
    NdArray doubles = NdArray.of(numbers, shape);
    return switch (type[0]) {
      case "word" -> NdArray.ofStrings(List.of(values));
      case "strings" -> NdArray.ofStrings(List.of(values), values.length);
      case "bytes" -> NdArray.ofBytes(new byte[numbers.length], shape);
      case "ints" -> NdArray.of(Arrays.stream(numbers).mapToInt(x -> (int) x).toArray(), shape);
      case "longs" -> NdArray.of(Arrays.stream(numbers).mapToLong(x -> (long) x).toArray(), shape);
      case "floats" -> NdArray.of(doubles.toFloats(), shape);
      default -> doubles;
    };
  }

  /** Reads a file of a model although its checksum is wrong. */
  public interface Reader {
    Object read(Path file) throws IOException;
  }

  /** Asserts that a network refuses the file after a change, with a message of one line. */
  static void assertRefused(Path file, String message, Consumer<Map<String, NdArray>> change)
      throws IOException {
    assertRefused(file, message, change, Mlp::loadTrusted);
  }

  /** Asserts that a reader refuses the file after a change, with a message of one line. */
  public static void assertRefused(
      Path file, String message, Consumer<Map<String, NdArray>> change, Reader reader)
      throws IOException {
    Map<String, NdArray> arrays = of(file);
    change.accept(arrays);
    Npz.write(file, arrays);
    String found = assertThrows(FormatException.class, () -> reader.read(file)).getMessage();
    assertTrue(found.startsWith(file + ": "), found);
    assertTrue(found.contains(message), found);
    assertFalse(found.contains("\n"), found);
  }
}
