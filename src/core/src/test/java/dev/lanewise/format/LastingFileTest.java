package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.internal.AtomicFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@link AtomicFile} takes these steps, so that a file survives a power cut: it writes the content
 * to the disk, closes the file, renames it to its place in one step, and then writes the directory
 * to the disk.
 */
@DisabledOnOs(OS.WINDOWS)
class LastingFileTest {
  @TempDir Path directory;

  private FaultyFileSystem files; // it has no faults, but records operations

  @BeforeEach
  void writeToDisk() {
    files = new FaultyFileSystem(directory);
    files.onDisk = path -> path;
  }

  private void write(String text) throws IOException {
    files.failAt(Integer.MAX_VALUE);
    AtomicFile.write(files.at(directory.resolve("a")), out -> out.write(text.getBytes()));
  }

  /** Returns the operations and their files; * is the temporary file in the same directory. */
  private List<String> done() {
    return files.done().stream()
        .map(each -> each.act() + " " + (each.name().startsWith(".") ? "*" : each.name()))
        .toList();
  }

  /** Returns the files of the directory that this process has open, if the system lists them. */
  private List<String> openFiles() {
    List<String> open = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path each : all.toList()) {
        String to = Files.isSymbolicLink(each) ? Files.readSymbolicLink(each).toString() : "";
        if (to.startsWith(directory.toRealPath().toString())) {
          open.add(to);
        }
      }
    } catch (IOException e) {
      // The system has no such list, or another thread has just closed a file.
    }
    return open;
  }

  @Test
  void theFileIsClosedAndRenamedAndThenTheDirectorySynced() throws IOException {
    String name = directory.getFileName().toString();
    for (String text : new String[] {"new", "replaced"}) {
      files.beforeMove = () -> assertEquals(List.of(), openFiles());
      write(text);
      assertEquals(List.of("OPEN *", "RENAME a", "SYNC_FOLDER " + name), done());
      assertEquals(text, Files.readString(directory.resolve("a")));
    }
    files.atomic = false; // the file system cannot rename atomically
    write("moved");
    assertEquals(List.of("OPEN *", "MOVE a", "SYNC_FOLDER " + name), done());
    assertEquals("moved", Files.readString(directory.resolve("a")));
  }

  /** A pipe cannot be synced, so the failure shows that the attempt is made, and at which step. */
  @Test
  void whatCannotBeSyncedTakesNoPlace() throws IOException {
    Files.writeString(directory.resolve("a"), "old");
    Path pipe = directory.resolve("pipe");
    IOException e;
    try (RandomAccessFile open = TestFiles.pipe(pipe)) {
      open.write(0);
      files.onDisk = path -> pipe;
      e = assertThrows(IOException.class, () -> write("new"));
    }
    assertTrue(e.getMessage().startsWith(directory.resolve("a") + ": cannot be written ("));
    assertEquals(List.of("OPEN *", "DELETE *"), done());
    assertEquals("old", Files.readString(directory.resolve("a")));
    assertFalse(Files.isRegularFile(pipe));
  }
}
