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
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The bytes of a file, to be read at any place: those on a disk, or those in memory. */
public interface Bytes extends Closeable {
  /** How many there are. */
  long size();

  /** Reads so many, which have to be there. */
  void read(long from, byte[] to, int offset, int count) throws IOException;

  /**
   * Opens a file. Where it is of no disk, such as within a jar, it is read into memory, as zip
   * archives are read from their ends.
   *
   * @param size what the file system says of it
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

  /**
   * Reads up to an end, and keeps what was read in memory.
   *
   * @param name stands for a file's name in errors
   */
  static InMemory of(InputStream in, String name) throws FormatException {
    try {
      return new InMemory(in.readAllBytes());
    } catch (IOException e) {
      throw FormatException.unreadable(name, e);
    } catch (OutOfMemoryError e) { // what was read is garbage: there is room to say so
      throw new FormatException(
          name, "more bytes than the heap holds, expected fewer or a larger -Xmx", e);
    }
  }

  /** Some of the bytes, one behind the other. */
  default InputStream stream(long from, long count) {
    return new Part(this, from, count);
  }

  /** All bytes of a file that is read into memory. */
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

  /** Whether the way to a file leads through links for ever. */
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

  /** The size of a file that is there, can be read and is not empty, as every reader needs it. */
  static long checkedSize(Path file, String expected) throws FormatException {
    String found;
    long size = 0;
    if (Files.notExists(file)) {
      found = "no such file";
    } else if (Files.isDirectory(file)) {
      found = "a directory";
    } else if (!Files.isReadable(file)) {
      found = isLoop(file) ? "a loop of links" : "cannot be read (permissions)";
    } else if (!Files.isRegularFile(file)) { // a pipe could keep us waiting for ever
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

  /** A file, which is not a channel: an interrupt of the thread would close that. */
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

  /** Some of the bytes. */
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

  /** A file's content. */
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
