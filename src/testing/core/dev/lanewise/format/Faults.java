package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FaultyFileSystem.Act;
import dev.lanewise.format.FaultyFileSystem.Done;
import dev.lanewise.format.internal.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes a writer of a file fail at each of its operations, one per run, and on disks that become
 * full after some bytes. After each run, the folder must have the old file or the new file and
 * nothing else.
 */
public final class Faults {
  private static final int DISKS = 12; // number of tested disk sizes

  private final Path folder;
  private final String name;
  private final AtomicFile.IoConsumer<Path> writer;
  private final FaultyFileSystem files;
  private byte[] before; // null if there was no file
  private byte[] after;

  private Faults(Path folder, String name, AtomicFile.IoConsumer<Path> writer) {
    this.folder = folder;
    this.name = name;
    this.writer = writer;
    this.files = new FaultyFileSystem(folder);
  }

  /**
   * Tests a writer.
   *
   * @param folder an empty folder
   * @param name the name of the file
   * @param writer writes the same bytes in every call
   */
  public static void test(Path folder, String name, AtomicFile.IoConsumer<Path> writer)
      throws IOException {
    new Faults(folder, name, writer).test();
  }

  private void test() throws IOException {
    Path file = folder.resolve(name);
    writer.accept(files.at(file));
    List<Done> sound = files.done();
    assertLasting(sound);
    after = Files.readAllBytes(file);
    assertTrue(after.length > DISKS, "the file has too few bytes for " + DISKS + " disk sizes");
    for (byte[] old : new byte[][] {null, "what was there".getBytes()}) {
      before = old;
      for (int n = 0; n < sound.size(); n++) {
        reset(file);
        files.failAt(n);
        fail(file, sound.get(n).act());
      }
      for (int d = 0; d < DISKS; d++) {
        reset(file);
        files.fillAfter((long) after.length * d / DISKS);
        fail(file, Act.WRITE);
      }
    }
  }

  private void reset(Path file) throws IOException {
    Files.deleteIfExists(file);
    if (before != null) {
      Files.write(file, before);
    }
  }

  /** Checks the order of operations that keeps a complete file after a power cut at any moment. */
  private void assertLasting(List<Done> done) {
    int last = -1;
    for (Act act : List.of(Act.OPEN, Act.WRITE, Act.SYNC, Act.RENAME, Act.SYNC_FOLDER)) {
      int at = last + 1;
      while (at < done.size() && done.get(at).act() != act) {
        at++;
      }
      assertTrue(at < done.size(), "missing or too early: " + act + " in " + done);
      last = at;
      while (act == Act.WRITE && last + 1 < done.size() && done.get(last + 1).act() == act) {
        last++;
      }
    }
    assertEquals(done.size() - 1, last, done.toString());
  }

  private void fail(Path file, Act act) throws IOException {
    String what = act + ", " + files.done();
    IOException error = null;
    try {
      writer.accept(files.at(file));
    } catch (IOException e) {
      error = e;
    }
    assertTrue(files.hasFailed(), what);
    if (act == Act.SYNC_FOLDER) { // not reported, because some systems cannot do it
      assertEquals(null, error, what);
      assertArrayEquals(after, Files.readAllBytes(file), what);
    } else {
      assertFalse(error == null, what);
      assertTrue(error.getMessage().startsWith(file + ": "), error.getMessage());
      assertTrue(error.getMessage().lines().count() == 1, error.getMessage());
      assertEquals(before == null, !Files.exists(file), what);
      if (before != null) {
        assertArrayEquals(before, Files.readAllBytes(file), what);
      }
    }
    assertEquals(Files.exists(file) ? List.of(name) : List.of(), List.copyOf(names(folder)), what);
  }

  /** Returns the names of the files in a folder, sorted. */
  public static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /** Returns the contents of the files in a folder by their names. */
  public static TreeMap<String, byte[]> contents(Path folder) throws IOException {
    TreeMap<String, byte[]> contents = new TreeMap<>();
    for (String name : names(folder)) {
      contents.put(name, Files.readAllBytes(folder.resolve(name)));
    }
    return contents;
  }
}
