package dev.lanewise.format.internal;

import dev.lanewise.format.FormatException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The bytes of a file on a disk or in memory, which can be read at any position. */
public interface Bytes extends Closeable {
  /** Returns the number of bytes. */
  long size();

  /** Reads {@code count} bytes, all of which must exist. */
  void read(long from, byte[] to, int offset, int count) throws IOException;

  /** Returns a new digest. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /**
   * Opens a file. A file that is not on a disk, for example within a jar, is read into memory, as
   * zip archives are read from their ends.
   *
   * @param size the size of the file according to the file system
   */
  static Bytes open(Path file, long size) throws IOException {
    try {
      return new OnDisk(new RandomAccessFile(file.toFile(), "r"));
    } catch (UnsupportedOperationException e) {
      // Such a path has no File.
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = Room.bytes(size, file.toString());
      int count = in.readNBytes(content, 0, content.length);
      if (count < content.length || in.read() >= 0) {
        throw new EOFException("it is not as long as its directory says");
      }
      return new InMemory(content);
    }
  }

  /** Reads a stream up to its end into memory. */
  static InMemory of(InputStream in, String name) throws FormatException {
    try {
      return new InMemory(in.readAllBytes());
    } catch (IOException e) {
      throw FormatException.unreadable(name, e);
    } catch (OutOfMemoryError e) { // frees the bytes read, so there is memory for the message
      throw new FormatException(
          name, "more bytes than the heap holds, expected fewer or a larger -Xmx", e);
    }
  }

  /** Returns a stream of {@code count} bytes. */
  default InputStream stream(long from, long count) {
    return new Part(this, from, count);
  }

  /** Reads all bytes of a file into memory. */
  static byte[] all(Path file, String expected) throws IOException {
    long size = checkedSize(file, expected);
    try (Bytes bytes = open(file, size)) {
      byte[] content = Room.bytes(bytes.size(), file.toString());
      bytes.read(0, content, 0, content.length);
      return content;
    } catch (IOException e) {
      throw FormatException.unreadable(file.toString(), e);
    }
  }

  /** Tests whether symbolic links form a loop. */
  private static boolean isLoop(Path file) {
    try {
      Files.readAttributes(file, BasicFileAttributes.class);
      return false;
    } catch (AccessDeniedException e) {
      return false;
    } catch (IOException e) {
      return e instanceof FileSystemException;
    }
  }

  /** Returns the size of a file, or throws if it does not exist, cannot be read or is empty. */
  static long checkedSize(Path file, String expected) throws IOException {
    if (Files.notExists(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such file, expected " + expected);
    }
    String found;
    long size = 0;
    if (Files.isDirectory(file)) {
      found = "a directory";
    } else if (!Files.isReadable(file)) {
      found = isLoop(file) ? "a loop of links" : "cannot be read (permissions)";
    } else if (!Files.isRegularFile(file)) { // reading a pipe might never end
      found = "a pipe or device";
    } else {
      found = "an empty file";
      try {
        size = Files.size(file);
      } catch (IOException e) {
        throw FormatException.unreadable(file.toString(), e);
      }
    }
    if (size == 0) {
      throw new FormatException(file.toString(), found + ", expected " + expected);
    }
    return size;
  }

  /** A file on a disk. A channel is not used, as an interrupt of the thread would close it. */
  final class OnDisk implements Bytes {
    private final RandomAccessFile file;
    private final long size;

    private OnDisk(RandomAccessFile file) throws IOException {
      this.file = file;
      this.size = file.length();
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public synchronized void read(long from, byte[] to, int offset, int count) throws IOException {
      file.seek(from);
      file.readFully(to, offset, count);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** A stream of some of the bytes. */
  final class Part extends InputStream {
    private final Bytes bytes;
    private final long end;
    private long at;

    private Part(Bytes bytes, long from, long count) {
      this.bytes = bytes;
      this.at = from;
      this.end = from + count;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int count) throws IOException {
      int there = (int) Math.min(count, end - at);
      if (there <= 0) {
        return count == 0 ? 0 : -1;
      }
      bytes.read(at, to, offset, there);
      at += there;
      return there;
    }
  }

  /** The content of a file in memory. */
  record InMemory(byte[] content) implements Bytes {
    @Override
    public long size() {
      return content.length;
    }

    @Override
    public void read(long from, byte[] to, int offset, int count) throws IOException {
      if (from < 0 || from > content.length - count) {
        throw new EOFException();
      }
      System.arraycopy(content, (int) from, to, offset, count);
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
