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
  private static final String UNWRITABLE =
      "cannot be written (%s), expected a working disk with room for it";

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

  /** A step of writing a file, whose result is the file or its stream. */
  private interface Step<T> {
    T take() throws IOException;
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
      try (OutputStream out = new FileOutputStream(place.toFile())) {
        fill(out, target, content);
      }
      return;
    }
    Path beside = create(target, place);
    try {
      try (OutputStream out = named(target, UNWRITABLE, () -> open(beside))) {
        fill(out, target, content);
        // A new file or a file system without permissions keeps the default ones.
        attempt(() -> Files.setPosixFilePermissions(beside, Files.getPosixFilePermissions(place)));
        named(target, UNWRITABLE, () -> sync(out, beside));
      }
      move(target, beside, place);
    } finally {
      Files.deleteIfExists(beside); // exists only if something failed
    }
    // Makes the renaming last through a power cut; Windows cannot, but the content is in place.
    attempt(() -> force(beside.getParent(), StandardOpenOption.READ));
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
      Files.delete(create(target, place));
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
    Path place = resolve(target).toAbsolutePath();
    String[] names = place.resolveSibling("").toFile().list();
    for (String name : names == null ? new String[0] : names) {
      if (name.startsWith(prefix(place)) && name.endsWith(SUFFIX)) {
        Files.deleteIfExists(place.resolveSibling(name));
      }
    }
  }

  /** Follows symbolic links to their end, which need not exist yet. */
  private static Path resolve(Path target) throws IOException {
    Path place = target;
    for (int links = 0; Files.isSymbolicLink(place); links++) {
      if (links == MAX_LINKS) {
        throw refused(target, "a circle of symbolic links, expected a file");
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
      throw refused(target, "a directory, expected the name of a file");
    }
    if (!Files.isDirectory(directory)) {
      String found = Files.exists(directory) ? " is not a directory" : " does not exist";
      throw refused(target, directory + found + ", expected a directory to write to");
    }
    if (Files.exists(place) && !Files.isWritable(place)) {
      throw refused(target, "write-protected, expected a file that may be replaced");
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

  /** Makes a temporary file; createTempFile would allow only the owner to read it. */
  private static Path create(Path target, Path place) throws IOException {
    Path beside = beside(place);
    String problem = "no file can be made in " + beside.getParent() + ", expected to be allowed";
    return named(target, problem, () -> Files.createFile(beside));
  }

  private static OutputStream open(Path file) throws IOException {
    try {
      // An interrupt of the thread would close a channel and lose the checkpoint.
      return new FileOutputStream(file.toFile());
    } catch (UnsupportedOperationException e) { // not on a disk, for example within a jar
      return Files.newOutputStream(file);
    }
  }

  private static void move(Path target, Path beside, Path place) throws IOException {
    named(
        target,
        "cannot be replaced (%s), expected to be allowed to",
        () -> {
          try {
            return Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
          } catch (AtomicMoveNotSupportedException | FileAlreadyExistsException e) { // within a jar
            return Files.move(beside, place, StandardCopyOption.REPLACE_EXISTING);
          }
        });
  }

  /** Writes the content; names the file in errors of the disk, but not in those of the content. */
  private static void fill(OutputStream out, Path target, IoConsumer<OutputStream> content)
      throws IOException {
    OutputStream named =
        new FilterOutputStream(out) { // receives no single bytes, as a buffer writes to it
          @Override
          public void write(byte[] bytes, int offset, int count) throws IOException {
            try {
              out.write(bytes, offset, count);
            } catch (IOException e) {
              throw failed(target, UNWRITABLE, e);
            }
          }

          @Override
          public void close() {
            // The caller syncs and then closes the file.
          }
        };
    BufferedOutputStream buffered = new BufferedOutputStream(named, 1 << 16);
    content.accept(buffered);
    buffered.flush();
  }

  private static Path sync(OutputStream out, Path file) throws IOException {
    if (out instanceof FileOutputStream disk) {
      disk.getFD().sync();
      return file;
    }
    return force(file, StandardOpenOption.WRITE);
  }

  private static Path force(Path path, OpenOption option) throws IOException {
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
    return path;
  }

  /** Takes a step; an error gets the name of the file. */
  private static <T> T named(Path target, String problem, Step<T> step) throws IOException {
    try {
      return step.take();
    } catch (IOException e) {
      throw failed(target, problem, e);
    }
  }

  /** Takes a step that some systems cannot take. */
  private static void attempt(Step<Path> step) {
    try {
      step.take();
    } catch (IOException | UnsupportedOperationException e) {
      // It is not needed.
    }
  }

  /** Returns an error; its reason stands where the problem has %s. */
  private static IOException failed(Path target, String problem, IOException cause) {
    String known = cause instanceof FileSystemException e ? e.getReason() : cause.getMessage();
    String reason = known == null ? cause.getClass().getSimpleName() : known;
    IOException failed = refused(target, problem.replace("%s", reason));
    failed.initCause(cause);
    return failed;
  }

  private static IOException refused(Path target, String problem) {
    return new FileSystemException(target.toString(), null, problem);
  }
}
