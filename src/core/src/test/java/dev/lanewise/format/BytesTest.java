package dev.lanewise.format;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.format.internal.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads bytes at any place of a file, whatever file system the file is in. */
class BytesTest {
  private static final int SIZE = 1000;
  private static final byte[] CONTENT = new byte[SIZE];

  @TempDir Path directory;
  private Path archive;

  @BeforeEach
  void fill() {
    new Random(1).nextBytes(CONTENT);
    archive = directory.resolve("archive.zip");
  }

  private FileSystem zip() throws IOException {
    return FileSystems.newFileSystem(archive, Map.of("create", "true"));
  }

  private static void check(Bytes bytes) throws IOException {
    assertEquals(SIZE, bytes.size());
    byte[] some = new byte[20];
    bytes.read(SIZE - 10, some, 5, 10);
    assertArrayEquals(
        Arrays.copyOfRange(CONTENT, SIZE - 10, SIZE), Arrays.copyOfRange(some, 5, 15));
    assertEquals(0, some[4] | some[15]);
    assertThrows(EOFException.class, () -> bytes.read(SIZE - 10, some, 0, 11));
    assertThrows(IOException.class, () -> bytes.read(-1, some, 0, 1));
    assertThrows(EOFException.class, () -> bytes.read(1L << 32, some, 0, 1));
    try (InputStream part = bytes.stream(100, 300)) {
      assertEquals(CONTENT[100] & 0xff, part.read());
      assertArrayEquals(Arrays.copyOfRange(CONTENT, 101, 201), part.readNBytes(100));
      assertEquals(0, part.read(some, 0, 0));
      assertArrayEquals(Arrays.copyOfRange(CONTENT, 201, 400), part.readAllBytes());
      assertEquals(-1, part.read());
    }
    int behind = 0;
    try (InputStream all = bytes.stream(0, SIZE)) {
      for (byte each : CONTENT) {
        assertEquals(each & 0xff, all.read(), "byte " + behind++);
      }
    }
  }

  @Test
  void onADiskAndInMemory() throws IOException {
    Path file = Files.write(directory.resolve("file"), CONTENT);
    Bytes open = Bytes.open(file, SIZE);
    check(open);
    open.close();
    assertThrows(IOException.class, () -> open.read(0, new byte[1], 0, 1));
    check(new Bytes.InMemory(CONTENT));
    assertArrayEquals(CONTENT, Bytes.all(file, "bytes"));
  }

  /** Tests a file in a jar, which cannot be read at any place directly. */
  @Test
  void onNoDisk() throws IOException {
    try (FileSystem zip = zip()) {
      Path file = Files.write(zip.getPath("file"), CONTENT);
      try (Bytes bytes = Bytes.open(file, SIZE)) {
        check(bytes);
      }
      assertArrayEquals(CONTENT, Bytes.all(file, "bytes"));
      for (int other : new int[] {SIZE - 1, SIZE + 1}) { // the file has changed while it was opened
        rejects(EOFException.class, () -> Bytes.open(file, other), "not as long");
      }
    }
  }
}
