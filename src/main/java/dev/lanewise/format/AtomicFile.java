package dev.lanewise.format;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Replaces a file as a whole: at every moment, and after a crash, its place holds all of the old
 * content or all of the new. The new content is written beside its place, synced to the disk and
 * renamed over it.
 *
 * <p>A symbolic link stays, and what it points to is replaced. The permissions of an existing file
 * stay; one that is write-protected is refused, as it would be if it were opened for writing. A
 * pipe or device is simply written to.
 */
public final class AtomicFile {
  /** As long as that a chain of links is followed; more is taken for a circle, as in Linux. */
  private static final int MAX_LINKS = 40;

  private AtomicFile() {}

  /**
   * What writes the content.
   *
   * @param <T> what it is given
   */
  @FunctionalInterface
  public interface IoConsumer<T> {
    /**
     * Takes it.
     *
     * @param t what to write to
     * @throws IOException if that fails
     */
    void accept(T t) throws IOException;
  }

  /**
   * Writes a file, or leaves everything as it was.
   *
   * @param target the file to create or replace; its directory must exist
   * @param content writes the content; the stream it is given is buffered, and closing it does no
   *     harm
   * @throws IOException if that fails, with a message of one line that begins with the file's name
   */
  public static void write(Path target, IoConsumer<OutputStream> content) throws IOException {
    Path place = target;
    for (int links = 0; Files.isSymbolicLink(place); links++) { // also if they lead to nothing yet
      if (links == MAX_LINKS) {
        throw failed(target, "a circle of symbolic links, expected a file", null);
      }
      place = place.resolveSibling(Files.readSymbolicLink(place));
    }
    Path directory = place.toAbsolutePath().getParent();
    if (Files.isDirectory(place) || directory == null) {
      throw failed(target, "a directory, expected the name of a file", null);
    }
    if (!Files.isDirectory(directory)) {
      String found = Files.exists(directory) ? " is no directory" : " does not exist";
      throw failed(target, directory + found + ", expected a directory to write to", null);
    }
    if (Files.exists(place)) {
      if (!Files.isWritable(place)) {
        throw failed(target, "write-protected, expected a file that may be replaced", null);
      }
      if (!Files.isRegularFile(place)) {
        try (FileOutputStream out = new FileOutputStream(place.toFile())) {
          fill(out, target, content);
        }
        return;
      }
    }
    replace(target, place, directory, content);
  }

  private static void replace(
      Path target, Path place, Path directory, IoConsumer<OutputStream> content)
      throws IOException {
    String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
    Path beside = directory.resolve(".lanewise-" + random + ".tmp");
    try {
      Files.createFile(beside); // not createTempFile, whose files only their owner may read
    } catch (IOException e) {
      throw failed(target, "no file can be made in " + directory + ", expected to be allowed", e);
    }
    try {
      // Not a channel: an interrupt of the thread would close it and lose the checkpoint.
      try (OutputStream out = open(beside)) {
        fill(out, target, content);
        keepPermissions(place, beside);
        try {
          if (out instanceof FileOutputStream file) {
            file.getFD().sync();
          }
        } catch (IOException e) {
          throw unwritable(target, e);
        }
      }
      move(target, beside, place);
    } finally {
      Files.deleteIfExists(beside); // gone already unless something failed
    }
    sync(directory);
  }

  /** A file of a disk can be synced; others, such as those within a jar, have no File. */
  private static OutputStream open(Path file) throws IOException {
    return file.getFileSystem() == FileSystems.getDefault()
        ? new FileOutputStream(file.toFile())
        : Files.newOutputStream(file);
  }

  private static void move(Path target, Path beside, Path place) throws IOException {
    try {
      try {
        Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException | FileAlreadyExistsException e) { // a jar
        Files.move(beside, place, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (FileSystemException e) {
      String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      throw failed(target, "cannot be replaced (" + reason + "), expected to be allowed to", e);
    }
  }

  private static void fill(OutputStream out, Path target, IoConsumer<OutputStream> content)
      throws IOException {
    OutputStream named = new NamedOutputStream(out, target);
    BufferedOutputStream buffered = new BufferedOutputStream(named, 1 << 16);
    content.accept(buffered);
    buffered.flush();
  }

  private static void keepPermissions(Path from, Path to) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(from);
      Files.setPosixFilePermissions(to, permissions);
    } catch (IOException | UnsupportedOperationException e) {
      // A new file, or a file system without permissions: the default ones are right.
    }
  }

  /** Makes the renaming last through a power cut where the system lets a directory be synced. */
  private static void sync(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException | UnsupportedOperationException e) {
      // Windows does not, nor does a jar; the content is in place all the same.
    }
  }

  private static IOException unwritable(Path target, IOException e) {
    return failed(target, "cannot be written (" + e.getMessage() + "), expected room for it", e);
  }

  private static IOException failed(Path target, String problem, IOException cause) {
    FileSystemException e = new FileSystemException(target.toString(), null, problem);
    e.initCause(cause);
    return e;
  }

  /** Errors of the disk get the file's name; those of whoever produces the content have theirs. */
  private static final class NamedOutputStream extends FilterOutputStream {
    private final Path target;

    NamedOutputStream(OutputStream out, Path target) {
      super(out);
      this.target = target;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      try {
        out.write(bytes, offset, count);
      } catch (IOException e) {
        throw unwritable(target, e);
      }
    }

    @Override
    public void close() throws IOException {
      flush(); // the file is synced first, and closed by who opened it
    }
  }
}
