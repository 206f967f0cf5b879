package dev.lanewise.format;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FaultyFileSystem.Act;
import dev.lanewise.format.internal.AtomicFile;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path directory;

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, out -> out.write(text.getBytes()));
  }

  private List<String> listing() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private boolean posix() {
    return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  @Test
  void createsAndReplaces() throws IOException {
    Path file = directory.resolve("a");
    write(file, "one");
    write(file, "two");
    assertEquals("two", Files.readString(file));
    assertEquals(List.of("a"), listing());
  }

  @Test
  void theOldContentStandsUntilTheNewIsWhole() throws IOException {
    Path file = directory.resolve("a");
    write(file, "old");
    AtomicFile.write(
        file,
        out -> {
          out.write(new byte[1 << 20]);
          out.flush();
          assertEquals("old", Files.readString(file));
          assertEquals(2, listing().size());
          assertTrue(listing().get(0).startsWith("."), listing().toString());
        });
    assertEquals(1 << 20, Files.size(file));
  }

  @Test
  void failureLeavesEverythingAsItWas() throws IOException {
    Path file = directory.resolve("a");
    write(file, "old");
    for (Throwable failure : List.of(new IOException("x"), new IllegalStateException("x"))) {
      Throwable thrown =
          assertThrows(
              Throwable.class,
              () ->
                  AtomicFile.write(
                      file,
                      out -> {
                        out.write(new byte[1 << 20]);
                        if (failure instanceof IOException e) {
                          throw e;
                        }
                        throw (RuntimeException) failure;
                      }));
      assertEquals(failure, thrown);
      assertEquals("old", Files.readString(file));
      assertEquals(List.of("a"), listing());
    }
  }

  @Test
  void closingTheStreamDoesNoHarm() throws IOException {
    Path file = directory.resolve("a");
    AtomicFile.write(
        file,
        out -> {
          out.write('x');
          out.close();
        });
    assertEquals("x", Files.readString(file));
  }

  @Test
  void anInterruptDoesNotLoseTheFile() throws IOException {
    Path file = directory.resolve("a");
    Thread.currentThread().interrupt();
    try {
      write(file, "saved");
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals("saved", Files.readString(file));
  }

  @Test
  void aMissingDirectoryIsNamed() {
    Path file = directory.resolve("no/such/a");
    rejects(
        IOException.class,
        () -> write(file, "x"),
        file + ": " + file.getParent() + " does not exist, expected a directory to write to");
  }

  @Test
  void aDirectoryIsNoFile() throws IOException {
    IOException e = assertThrows(IOException.class, () -> write(directory, "x"));
    assertEquals(directory + ": a directory, expected the name of a file", e.getMessage());
    write(directory.resolve("a"), "x");
    Path below = directory.resolve("a/b");
    e = assertThrows(IOException.class, () -> write(below, "x"));
    assertTrue(e.getMessage().startsWith(below + ": "), e.getMessage());
    assertTrue(e.getMessage().contains("is not a directory, expected"), e.getMessage());
  }

  @Test
  void linksStayAndTheirTargetsAreReplaced() throws IOException {
    Assumptions.assumeTrue(posix());
    Files.createDirectory(directory.resolve("d"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("d/a"));
    write(link, "through a link that led nowhere");
    write(link, "again");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("again", Files.readString(directory.resolve("d/a")));
    Path circle = Files.createSymbolicLink(directory.resolve("c"), Path.of("c"));
    rejects(IOException.class, () -> write(circle, "x"), "circle");
  }

  @Test
  void whatWasThereIsKeptUnderAnotherName() throws IOException {
    Path file = directory.resolve("a");
    Path previous = directory.resolve("b");
    write(file, "one");
    AtomicFile.writeAndKeep(file, previous, to -> write(to, "two"));
    assertEquals("one", Files.readString(previous));
    AtomicFile.writeAndKeep(
        file,
        previous,
        to -> {
          assertEquals(file, to);
          assertEquals("two", Files.readString(file));
          assertEquals("one", Files.readString(previous), "both stay until a third is written");
          write(to, "three");
          assertEquals("one", Files.readString(previous));
        });
    assertEquals("three", Files.readString(file));
    assertEquals("two", Files.readString(previous));
    assertEquals(List.of("a", "b"), listing());
    IOException full = new IOException("full");
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.writeAndKeep(
                    file,
                    previous,
                    to -> {
                      throw full;
                    }));
    assertEquals(full, e);
    assertEquals("three", Files.readString(file));
    assertEquals("two", Files.readString(previous));
    assertEquals(List.of("a", "b"), listing());
  }

  /** For a symbolic link, a hard link to {@code file} would be a second name of the link itself. */
  @Test
  void whatWasThereIsKeptThoughItIsALink() throws IOException {
    Assumptions.assumeTrue(posix());
    Path other = Files.createDirectory(directory.resolve("d")).resolve("x");
    Path file = Files.createSymbolicLink(directory.resolve("a"), other);
    Path previous = directory.resolve("b");
    write(file, "one");
    AtomicFile.writeAndKeep(file, previous, to -> write(to, "two"));
    assertEquals("two", Files.readString(other));
    assertEquals("one", Files.readString(previous));
    assertEquals(List.of("a", "b", "d"), listing());
  }

  @Test
  void whatWasThereIsKeptWithoutHardLinks() throws IOException {
    FaultyFileSystem files = new FaultyFileSystem(directory); // it has no hard links
    Path file = directory.resolve("a");
    Path previous = directory.resolve("b");
    write(previous, "zero");
    write(file, "one");
    AtomicFile.writeAndKeep(files.at(file), files.at(previous), to -> write(to, "two"));
    assertEquals("two", Files.readString(file));
    assertEquals("one", Files.readString(previous));
    assertEquals(List.of("a", "b"), listing());
  }

  @Test
  void whyAFileCannotBeReplacedIsSaid() throws IOException {
    FaultyFileSystem files = new FaultyFileSystem(directory);
    Path file = files.at(directory.resolve("a"));
    write(file, "old");
    files.failAt(files.done().indexOf(new FaultyFileSystem.Done(Act.RENAME, "a")));
    rejects(
        IOException.class,
        () -> write(file, "new"),
        file + ": cannot be replaced (Injected error), expected to be allowed to");
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("a"), listing());
  }

  @Test
  void whetherAFileCanBeReplacedDependsOnItsDirectory() throws IOException {
    FaultyFileSystem files = new FaultyFileSystem(directory);
    Path file = files.at(directory.resolve("a"));
    write(file, "old");
    files.failAt(0);
    IOException e = assertThrows(IOException.class, () -> AtomicFile.requireWritable(file));
    String problem = ": no file can be made in " + directory + ", expected to be allowed";
    assertEquals(file + problem, e.getMessage());
  }

  @Test
  void whetherADirectoryWasNotThereIsSaid() throws IOException {
    Path made = directory.resolve("d/e");
    assertTrue(AtomicFile.makeDirectory(made));
    assertFalse(AtomicFile.makeDirectory(made));
    assertTrue(AtomicFile.makeDirectory(directory.resolve("no/../f")));
    assertEquals(List.of("d", "f", "no"), listing());
    Path file = Files.createFile(directory.resolve("a"));
    for (Path wrong : List.of(file, file.resolve("b"))) {
      assertThrows(IOException.class, () -> AtomicFile.makeDirectory(wrong));
    }
  }

  @Test
  void whetherAFileCanBeWrittenIsFoundOutWithoutATrace() throws IOException {
    Path file = directory.resolve("a");
    AtomicFile.requireWritable(file);
    assertEquals(List.of(), listing());
    write(file, "old");
    AtomicFile.requireWritable(file);
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("a"), listing());
    for (Path wrong : List.of(directory, file.resolve("b"), directory.resolve("no/b"))) {
      IOException e = assertThrows(IOException.class, () -> AtomicFile.requireWritable(wrong));
      IOException written = assertThrows(IOException.class, () -> write(wrong, "x"));
      assertEquals(written.getMessage(), e.getMessage());
    }
    Path proc = Path.of("/proc/self/x"); // even an administrator cannot make a file there
    Assumptions.assumeTrue(Files.isDirectory(proc.getParent()));
    rejects(
        IOException.class,
        () -> AtomicFile.requireWritable(proc),
        "/proc/self/x: no file can be made in /proc/self, expected to be allowed");
  }

  /** Writes a file and leaves the temporary file that a killed process would leave. */
  private void abandon(Path file) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          for (String name : listing()) {
            if (name.matches(".*-[0-9a-f]+-[0-9a-f]+\\.tmp")) {
              Files.copy(
                  directory.resolve(name), directory.resolve(name.replace(".tmp", "_old.tmp")));
            }
          }
          out.write('x');
        });
  }

  @Test
  void whatKilledProcessesLeftIsRemovedForOneFile() throws IOException {
    Path file = directory.resolve("a");
    Path other = directory.resolve("b");
    abandon(file);
    abandon(other);
    Files.createFile(directory.resolve(".lanewise-1.tmp"));
    assertEquals(5, listing().size(), listing().toString());
    AtomicFile.removeAbandoned(file);
    assertEquals(4, listing().size(), listing().toString());
    AtomicFile.removeAbandoned(other);
    assertEquals(List.of(".lanewise-1.tmp", "a", "b"), listing());
    AtomicFile.removeAbandoned(directory.resolve("no/such")); // a missing directory is no error
    Assumptions.assumeTrue(posix());
    abandon(file);
    Path link = Files.createDirectory(directory.resolve("d")).resolve("link");
    AtomicFile.removeAbandoned(Files.createSymbolicLink(link, Path.of("../a")));
    assertEquals(List.of(".lanewise-1.tmp", "a", "b", "d"), listing());
  }

  @Test
  void permissionsStay() throws IOException {
    Assumptions.assumeTrue(posix());
    Path file = directory.resolve("a");
    Path plain = Files.createFile(directory.resolve("b"));
    write(file, "x");
    assertEquals(
        Files.getPosixFilePermissions(plain),
        Files.getPosixFilePermissions(file),
        "a new file has the permissions of any new file");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw---x"));
    write(file, "y");
    assertEquals("rw-rw---x", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void writeProtectionHolds() throws IOException {
    Assumptions.assumeTrue(posix());
    Path file = directory.resolve("a");
    write(file, "x");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    Assumptions.assumeFalse(Files.isWritable(file), "an administrator may write anything");
    rejects(IOException.class, () -> write(file, "y"), "write-protected");
    assertEquals("x", Files.readString(file));
  }

  /** Tests a pipe in place of a device, because a fault in the code could replace a real device. */
  @Test
  void devicesAreWrittenTo() throws IOException {
    Path device = directory.resolve("pipe");
    try (RandomAccessFile pipe = TestFiles.pipe(device);
        FileInputStream in = new FileInputStream(device.toFile())) {
      write(device, "te");
      pipe.write("xt".getBytes());
      assertFalse(Files.isRegularFile(device), "the device has been replaced");
      assertEquals(List.of("pipe"), listing());
      assertEquals(4, in.available());
      byte[] text = new byte[4];
      assertEquals(4, in.read(text));
      assertEquals("text", new String(text));
    }
  }

  @Test
  void aDeviceThatTakesNothingIsNamed() throws IOException {
    Path device = directory.resolve("pipe");
    RandomAccessFile pipe = TestFiles.pipe(device);
    rejects(
        IOException.class,
        () ->
            AtomicFile.write(
                device,
                out -> {
                  pipe.close(); // the pipe no longer has a reader
                  out.write('x');
                }),
        device + ": cannot be written (");
  }
}
