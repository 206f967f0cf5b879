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

  private final RecordingFiles files = new RecordingFiles();

  private void write(String text) throws IOException {
    Path file = files.path(directory.resolve("a"));
    AtomicFile.write(file, out -> out.write(text.getBytes()));
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
      files.calls.clear();
      files.beforeMove = () -> assertEquals(List.of(), openFiles());
      write(text);
      assertEquals(List.of("open *", "rename to a", "sync " + name), files.calls);
      assertEquals(text, Files.readString(directory.resolve("a")));
    }
    files.atomic = false; // a file system that cannot
    files.calls.clear();
    write("moved");
    assertEquals(List.of("open *", "move to a", "sync " + name), files.calls);
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
      files.opened = path -> pipe;
      e = assertThrows(IOException.class, () -> write("new"));
    }
    assertTrue(e.getMessage().startsWith(directory.resolve("a") + ": cannot be written ("));
    assertEquals(List.of("open *", "delete *"), files.calls);
    assertEquals("old", Files.readString(directory.resolve("a")));
    assertFalse(Files.isRegularFile(pipe));
  }
}
