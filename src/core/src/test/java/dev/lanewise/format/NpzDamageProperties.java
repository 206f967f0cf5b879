package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A damaged file is either read or refused, with a message of one line that names it. */
class NpzDamageProperties {
  private static Path file;

  @BeforeContainer
  static void makeFile() throws IOException {
    file = Files.createTempFile("damaged", ".npz");
  }

  @AfterContainer
  static void deleteFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 300)
  void bytesChanged(
      @ForAll @IntRange(max = 6) int which,
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 1 << 20) Integer> places,
      @ForAll byte value)
      throws IOException {
    byte[] bytes = golden(which);
    for (int place : places) {
      bytes[place % bytes.length] = value;
    }
    readOrRefuse(bytes);
  }

  @Property(tries = 150)
  void endMissing(@ForAll @IntRange(max = 6) int which, @ForAll @IntRange(max = 1 << 20) int length)
      throws IOException {
    byte[] bytes = golden(which);
    readOrRefuse(Arrays.copyOf(bytes, length % bytes.length));
  }

  private static byte[] golden(int which) throws IOException {
    List<String> names =
        List.of("stored", "deflated", "shapes", "strings", "piped", "zip64", "versions");
    return Files.readAllBytes(TestFiles.golden(names.get(which) + ".npz"));
  }

  private static void readOrRefuse(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    try (Npz npz = Npz.open(file)) {
      for (String name : npz.names()) {
        try {
          npz.header(name);
          npz.read(name);
          if (npz.header(name).type() != ElementType.UNICODE) {
            npz.readFloats(List.of(name));
          }
        } catch (FormatException e) {
          check(e);
        }
      }
    } catch (FormatException e) {
      check(e);
    }
  }

  private static void check(FormatException e) {
    assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    assertTrue(e.getMessage().contains("expected"), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }
}
