package dev.lanewise.files;

import dev.lanewise.terminal.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right of one run to write to a directory: a lock on a file in it, which the system releases
 * when the process ends in any way. The file is removed with the lock; a file that a killed process
 * left behind locks nothing. On a file system without locks, other runs are not kept out.
 */
public final class RunLock implements Closeable {
  private static final String NAME = ".lanewise.lock";

  /**
   * Directories that runs of this JVM have locked. A lock belongs to the process and would be lost
   * if another run in this JVM opened and closed the same file.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path real;
  private final Path file;
  private final FileChannel channel;
  private final Object key; // identifies the file

  /** Whether the file system has no locks, so that another run is not kept out. */
  final boolean isShared;

  private RunLock(Path real, Path file, FileChannel channel, boolean isShared) {
    this.real = real;
    this.file = file;
    this.channel = channel;
    this.isShared = isShared;
    key = key(file);
  }

  /**
   * Takes the right to write to a directory.
   *
   * @throws Problem if another run has it
   * @throws IOException if no file can be written there
   */
  public static RunLock of(Path directory) throws IOException {
    Path real = directory.toRealPath();
    if (!HELD.add(real)) {
      throw inUse(directory);
    }
    RunLock lock = null;
    try {
      while (lock == null) {
        lock = tryLock(directory, real);
      }
    } finally {
      if (lock == null) {
        HELD.remove(real);
      }
    }
    return lock;
  }

  /** Takes the lock; returns null if its file was removed meanwhile. */
  private static RunLock tryLock(Path directory, Path real) throws IOException {
    Path file = directory.resolve(NAME);
    RunLock lock = null;
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    try {
      boolean isShared = false;
      try {
        if (channel.tryLock() == null) {
          throw inUse(directory);
        }
      } catch (IOException e) {
        isShared = true; // some network file systems have no locks
      }
      // The last owner may have removed the file after it was opened here: then it does not grow.
      try {
        channel.write(ByteBuffer.allocate(1));
      } catch (IOException e) { // because the disk is full, for example
        Files.deleteIfExists(file);
        throw e;
      }
      if (file.toFile().length() == channel.size()) {
        lock = new RunLock(real, file, channel, isShared);
      }
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock;
  }

  private static Problem inUse(Path directory) {
    return Problem.failure(
        directory
            + ": another run of train writes to it, wait until it ends or choose another --out DIR");
  }

  private static Object key(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return RunLock.class; // none
    }
  }

  /** Returns whether the directory is still the one that was locked. */
  boolean isHeld() {
    Object now = key(file);
    return now == key || now != null && now.equals(key);
  }

  @Override
  public void close() {
    try (channel) {
      if (isHeld()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // A remaining file locks nothing.
    }
    HELD.remove(real);
  }
}
