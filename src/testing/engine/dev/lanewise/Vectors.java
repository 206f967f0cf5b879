package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A file of conformance vectors, {@code data/conformance/NAME.json}: cases with inputs and results,
 * each on a line of its own. A test computes the cases again and compares them with the file.
 *
 * <p>Arrays of floats are the eight hexadecimal digits of each, arrays of doubles and longs the
 * sixteen of each, with blanks between them; arrays of ints are decimal. With the system property
 * {@code lanewise.vectors=write} a test writes its file instead.
 */
public final class Vectors {
  private static final boolean WRITES = System.getProperty("lanewise.vectors", "").equals("write");

  private static final String SKIPPED = "skipped,";

  private final Path file;
  private final List<String> lines = new ArrayList<>();

  /**
   * Begins without cases.
   *
   * @param name of the file, without its end
   * @param about what the cases are
   */
  public Vectors(String name, String about) {
    file = OwnJvm.ROOT.resolve(Path.of("data", "conformance", name + ".json"));
    lines.add("{\"arithmetic\": 2,");
    lines.add("\"about\": " + text(about) + ",");
    lines.add("\"cases\": [");
  }

  /**
   * Adds a case.
   *
   * @param name what is computed
   * @param members names of the values, with a bar between two
   * @param values in the order of the names
   */
  public void add(String name, String members, Object... values) {
    String[] names = members.split("\\|");
    assertEquals(names.length, values.length, "values of " + name);
    lines.add(
        IntStream.range(0, names.length)
            .mapToObj(i -> ", " + text(names[i]) + ": " + json(values[i]))
            .collect(Collectors.joining("", "{\"case\": " + text(name), "},")));
  }

  /** Passes over a case of the file, which this test does not compute. */
  public void skip() {
    lines.add(SKIPPED);
  }

  private static String json(Object value) {
    if (value instanceof float[] floats) {
      return text(
          IntStream.range(0, floats.length)
              .mapToObj(i -> "%08x".formatted(Float.floatToIntBits(floats[i])))
              .collect(Collectors.joining(" ")));
    } else if (value instanceof double[] doubles) {
      return json(DoubleStream.of(doubles).mapToLong(Double::doubleToLongBits).toArray());
    } else if (value instanceof long[] longs) {
      return text(
          LongStream.of(longs).mapToObj("%016x"::formatted).collect(Collectors.joining(" ")));
    } else if (value instanceof int[] ints) {
      return IntStream.of(ints).mapToObj(Integer::toString).toList().toString();
    } else if (value instanceof List<?> list) {
      return list.stream().map(Vectors::json).toList().toString();
    }
    return value instanceof String text ? text(text) : value.toString();
  }

  private static String text(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  /** Compares the cases with those of the file, line by line, or writes the file. */
  public void check() {
    List<String> all = new ArrayList<>(lines);
    all.set(all.size() - 1, all.get(all.size() - 1).replaceFirst(",$", "]}"));
    try {
      if (WRITES) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", all) + "\n");
      }
      List<String> expected = Files.readAllLines(file);
      for (int i = 0; i < Math.min(all.size(), expected.size()); i++) {
        if (!all.get(i).startsWith(SKIPPED.substring(0, 7))) {
          assertEquals(expected.get(i), all.get(i), "line " + (i + 1) + " of " + file);
        }
      }
      assertEquals(expected.size(), all.size(), "lines of " + file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
