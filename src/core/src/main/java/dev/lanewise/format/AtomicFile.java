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
import java.nio.file.Files;
import java.nio.file.OpenOption;
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

  private static final String SUFFIX = ".tmp";

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
    Path place = place(target);
    if (Files.exists(place) && !Files.isRegularFile(place)) {
      try (FileOutputStream out = new FileOutputStream(place.toFile())) {
        fill(out, target, content);
      }
      return;
    }
    Path beside = beside(place);
    create(target, beside);
    try {
      try (OutputStream out = open(beside, target)) {
        fill(out, target, content);
        keepPermissions(place, beside);
        sync(out, beside, target);
      }
      move(target, beside, place);
    } finally {
      Files.deleteIfExists(beside); // gone already unless something failed
    }
    sync(beside.getParent());
  }

  /**
   * Replaces a file that is there, and what it was is kept under another name: at every moment
   * there are as many of both as before, but on a file system without hard links, where the file is
   * renamed first.
   *
   * @param target the file to replace
   * @param previous the name in the same directory under which it is kept; what had that name goes
   * @param writer writes the file anew, as {@link #write} does
   * @throws IOException if that fails, with a message of one line that begins with a file's name
   */
  public static void writeAndKeep(Path target, Path previous, IoConsumer<Path> writer)
      throws IOException {
    Path kept = place(previous);
    Path beside = beside(kept);
    try {
      try {
        Files.createLink(beside, place(target));
      } catch (IOException | UnsupportedOperationException e) {
        move(previous, target, kept);
      }
      writer.accept(target);
      if (Files.exists(beside)) {
        move(previous, beside, kept);
      }
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /**
   * Finds out whether a file can be created or replaced, as far as that is to be seen from outside.
   *
   * @param target as for {@link #write}
   * @throws IOException as {@link #write} would throw it
   */
  public static void requireWritable(Path target) throws IOException {
    Path place = place(target);
    if (!Files.exists(place) || Files.isRegularFile(place)) {
      Path beside = beside(place);
      create(target, beside);
      Files.delete(beside);
    }
  }

  /**
   * Makes a directory, and those on the way to it as they are spelled: x/../y has an x, or nothing
   * would be found there under this name.
   *
   * @param directory which may be there already
   * @return whether it was not there
   * @throws IOException if one of them cannot be made
   */
  public static boolean makeDirectory(Path directory) throws IOException {
    boolean made = false;
    Path at = directory.getRoot();
    for (Path name : directory) {
      at = at == null ? name : at.resolve(name);
      try {
        made = !Files.isDirectory(at) && Files.createDirectory(at) != null;
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(at)) {
          throw e;
        }
        made = false; // by another program in this moment
      }
    }
    return made;
  }

  /**
   * Removes what processes that were killed while they wrote a file have left beside it. That
   * nobody writes it now, the caller must know.
   *
   * @param target the file, which need not be there
   * @throws IOException if that fails
   */
  public static void removeAbandoned(Path target) throws IOException {
    Path place = resolve(target);
    Path directory = place.toAbsolutePath().getParent();
    String[] names = directory == null ? null : directory.toFile().list();
    for (String name : names == null ? new String[0] : names) {
      if (name.startsWith(prefix(place)) && name.endsWith(SUFFIX)) {
        Files.deleteIfExists(directory.resolve(name));
      }
    }
  }

  /** The file itself, at the end of all links, also if they lead to nothing yet. */
  private static Path resolve(Path target) throws IOException {
    Path place = target;
    for (int links = 0; Files.isSymbolicLink(place); links++) {
      if (links == MAX_LINKS) {
        throw failed(target, "a circle of symbolic links, expected a file", null);
      }
      place = place.resolveSibling(Files.readSymbolicLink(place));
    }
    return place;
  }

  /** The file itself, after checks of what can be known of it. */
  private static Path place(Path target) throws IOException {
    Path place = resolve(target);
    Path directory = place.toAbsolutePath().getParent();
    if (Files.isDirectory(place) || directory == null) {
      throw failed(target, "a directory, expected the name of a file", null);
    }
    if (!Files.isDirectory(directory)) {
      String found = Files.exists(directory) ? " is not a directory" : " does not exist";
      throw failed(target, directory + found + ", expected a directory to write to", null);
    }
    if (Files.exists(place) && !Files.isWritable(place)) {
      throw failed(target, "write-protected, expected a file that may be replaced", null);
    }
    return place;
  }

  /** What the names of all files begin with that are written beside a file. */
  private static String prefix(Path place) {
    return ".lanewise-" + Integer.toHexString(place.getFileName().toString().hashCode()) + "-";
  }

  /** A name beside the place that no other file has. */
  private static Path beside(Path place) {
    String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
    return place.toAbsolutePath().resolveSibling(prefix(place) + random + SUFFIX);
  }

  private static void create(Path target, Path beside) throws IOException {
    try {
      Files.createFile(beside); // not createTempFile, whose files only their owner may read
    } catch (IOException e) {
      String problem = "no file can be made in " + beside.getParent() + ", expected to be allowed";
      throw failed(target, problem, e);
    }
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

  private static OutputStream open(Path file, Path target) throws IOException {
    try {
      try {
        // Not a channel: an interrupt of the thread would close it and lose the checkpoint.
        return new FileOutputStream(file.toFile());
      } catch (UnsupportedOperationException e) { // on no disk, such as within a jar
        return Files.newOutputStream(file);
      }
    } catch (IOException e) { // which names the file beside
      throw unwritable(target, e);
    }
  }

  private static void sync(OutputStream out, Path file, Path target) throws IOException {
    try {
      if (out instanceof FileOutputStream disk) {
        disk.getFD().sync();
      } else {
        sync(file, StandardOpenOption.WRITE);
      }
    } catch (IOException e) {
      throw unwritable(target, e);
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
    try {
      sync(directory, StandardOpenOption.READ);
    } catch (IOException e) {
      // Windows does not; the content is in place all the same.
    }
  }

  private static void sync(Path path, OpenOption option) throws IOException {
    boolean interrupted = Thread.interrupted(); // which would close the channel
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    } catch (UnsupportedOperationException e) {
      // Not on a disk.
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException unwritable(Path target, IOException e) {
    return failed(
        target,
        "cannot be written (" + e.getMessage() + "), expected a working disk with room for it",
        e);
  }

  private static IOException failed(Path target, String problem, IOException cause) {
    FileSystemException e = new FileSystemException(target.toString(), null, problem);
    e.initCause(cause);
    return e;
  }

  /**
   * Errors of the disk get the file's name; those of whoever produces the content have theirs. The
   * buffer in front of it writes no single bytes.
   */
  private static final class NamedOutputStream extends FilterOutputStream {
    private final Path target;

    NamedOutputStream(OutputStream out, Path target) {
      super(out);
      this.target = target;
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
    public void close() {
      // The file is synced first, and closed by who opened it.
    }
  }
}
