package dev.lanewise.format.internal;

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
 * Replaces a file as a whole. At every moment, and after a crash, the file holds either all of the
 * old content or all of the new. The new content is written to a temporary file in the same
 * directory, synced to the disk and renamed.
 *
 * <p>If the target is a symbolic link, the link stays and the file that it points to is replaced.
 * The permissions of an existing file stay. A write-protected file is refused. Pipes and devices
 * are written to directly.
 */
public final class AtomicFile {
  /** A longer chain of links is refused as a circle, as in Linux. */
  private static final int MAX_LINKS = 40;

  private static final String SUFFIX = ".tmp";

  private AtomicFile() {}

  /**
   * Writes content, and may fail.
   *
   * @param <T> the type of the destination
   */
  @FunctionalInterface
  public interface IoConsumer<T> {
    /**
     * Writes the content.
     *
     * @param t the destination
     * @throws IOException if writing fails
     */
    void accept(T t) throws IOException;
  }

  /**
   * Writes a file; if that fails, everything stays as it was.
   *
   * @param target the file to create or replace; its directory must exist
   * @param content writes the content to a buffered stream, which it may close
   * @throws IOException if writing fails, with a message of one line that begins with the file's
   *     name
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
      Files.deleteIfExists(beside); // exists only if something failed
    }
    sync(beside.getParent());
  }

  /**
   * Replaces an existing file and keeps its old content under another name. At every moment at
   * least as many files exist as before, except on a file system without hard links, where the old
   * file is renamed first.
   *
   * @param target the file to replace
   * @param previous the name in the same directory under which the old content is kept; a file of
   *     that name is replaced
   * @param writer writes the new file, as {@link #write} does
   * @throws IOException if this fails, with a message of one line that begins with a file's name
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
   * Checks that a file can be created or replaced, as far as can be known before writing.
   *
   * @param target the file, as for {@link #write}
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
   * Makes a directory and its missing parents as they are spelled: for {@code x/../y} also {@code
   * x} is made, as otherwise the path would not lead to the new directory.
   *
   * @param directory the directory, which may exist already
   * @return true if this call made the directory
   * @throws IOException if a directory cannot be made
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
        made = false; // another program made it at this moment
      }
    }
    return made;
  }

  /**
   * Removes the temporary files that killed processes left while they wrote a file. The caller must
   * know that no process is writing the file now.
   *
   * @param target the file, which need not exist
   * @throws IOException if removing fails
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

  /** Follows symbolic links to their end, which need not exist yet. */
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

  /** Follows symbolic links and checks whether the file at their end can be replaced. */
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

  /** Returns the beginning of the names of all temporary files for a file. */
  private static String prefix(Path place) {
    return ".lanewise-" + Integer.toHexString(place.getFileName().toString().hashCode()) + "-";
  }

  /** Returns a new name for a temporary file in the same directory. */
  private static Path beside(Path place) {
    String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
    return place.toAbsolutePath().resolveSibling(prefix(place) + random + SUFFIX);
  }

  private static void create(Path target, Path beside) throws IOException {
    try {
      Files.createFile(beside); // createTempFile would allow only the owner to read it
    } catch (IOException e) {
      String problem = "no file can be made in " + beside.getParent() + ", expected to be allowed";
      throw failed(target, problem, e);
    }
  }

  private static void move(Path target, Path beside, Path place) throws IOException {
    try {
      try {
        Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException | FileAlreadyExistsException e) { // within a jar
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
        // An interrupt of the thread would close a channel and lose the checkpoint.
        return new FileOutputStream(file.toFile());
      } catch (UnsupportedOperationException e) { // not on a disk, for example within a jar
        return Files.newOutputStream(file);
      }
    } catch (IOException e) { // names the temporary file
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
      // A new file or a file system without permissions keeps the default ones.
    }
  }

  /** Makes the renaming last through a power cut, where the system can sync a directory. */
  private static void sync(Path directory) {
    try {
      sync(directory, StandardOpenOption.READ);
    } catch (IOException e) {
      // Windows cannot; the new content is in place nevertheless.
    }
  }

  private static void sync(Path path, OpenOption option) throws IOException {
    boolean interrupted = Thread.interrupted(); // an interrupt would close the channel
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
   * Adds the name of the file to errors of the disk, but not to errors of the code that produces
   * the content. It receives no single bytes, as a buffer writes to it.
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
      // The caller syncs and then closes the file.
    }
  }
}
