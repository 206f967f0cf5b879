package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
 * What makes a file that {@link AtomicFile} has written last through a power cut, in this order:
 * its content goes to the disk, the file is closed and takes its place by one renaming, and then
 * the directory goes to the disk.
 */
@DisabledOnOs(OS.WINDOWS)
class LastingFileTest {
  @TempDir Path directory;

  private FaultyFileSystem files; // without faults, so that it notes what is done

  @BeforeEach
  void writeToDisk() {
    files = new FaultyFileSystem(directory);
    files.onDisk = path -> path;
  }

  private void write(String text) throws IOException {
    files.failAt(Integer.MAX_VALUE);
    AtomicFile.write(files.at(directory.resolve("a")), out -> out.write(text.getBytes()));
  }

  /** What was done, to which file; * is the one beside. */
  private List<String> done() {
    return files.done().stream()
        .map(each -> each.act() + " " + (each.name().startsWith(".") ? "*" : each.name()))
        .toList();
  }

  /** The files of the directory that this process has open, where the system tells. */
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
      // Another system, or a file of another thread that was closed just now.
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
    files.atomic = false; // a file system that cannot
    write("moved");
    assertEquals(List.of("OPEN *", "MOVE a", "SYNC_FOLDER " + name), done());
    assertEquals("moved", Files.readString(directory.resolve("a")));
  }

  /** A pipe cannot be synced: that the attempt fails shows that it is made, and when. */
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
