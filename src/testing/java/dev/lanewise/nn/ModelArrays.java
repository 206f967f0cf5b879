package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.params.provider.Arguments;

/** Reads and changes the arrays of model files. */
public final class ModelArrays {
  private ModelArrays() {}

  public static NdArray word(String word) {
    return NdArray.ofStrings(List.of(word));
  }

  public static NdArray strings(String... strings) {
    return NdArray.ofStrings(List.of(strings), strings.length);
  }

  public static NdArray longs(long... values) {
    return NdArray.of(values, values.length);
  }

  public static NdArray doubles(double... values) {
    return NdArray.of(values, values.length);
  }

  public static NdArray floats(int... shape) {
    int length = 1;
    for (int size : shape) {
      length *= size;
    }
    return NdArray.of(new float[length], shape);
  }

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

  /**
   * Returns a message and the changes that cause it: names, each followed by its new array. A name
   * that comes last, without an array, is removed.
   */
  public static Arguments wrong(String message, Object... changes) {
    Consumer<Map<String, NdArray>> change =
        arrays -> {
          for (int i = 0; i < changes.length; i += 2) {
            if (i + 1 == changes.length) {
              arrays.remove(changes[i]);
            } else {
              arrays.put((String) changes[i], (NdArray) changes[i + 1]);
            }
          }
        };
    return Arguments.of(message, change);
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
