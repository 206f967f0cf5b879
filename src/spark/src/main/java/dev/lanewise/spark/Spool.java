package dev.lanewise.spark;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows of a training as bytes, in the order of their arrival: in memory or, if they are too many
 * for it, in a file.
 */
final class Spool {
  private static final int BUFFER = 1 << 18;

  private List<byte[]> kept = new ArrayList<>();
  private RandomAccessFile file; // null if the rows are in memory
  private DataOutputStream out;
  private int size;

  int size() {
    return size;
  }

  boolean isInFile() {
    return file != null;
  }

  void add(byte[] row) throws IOException {
    if (file == null) {
      kept.add(row);
    } else {
      out.writeInt(row.length);
      out.write(row);
    }
    size = Math.addExact(size, 1);
  }

  /** Moves the rows to a file, to which later rows are added. */
  void moveTo(File empty) throws IOException {
    file = new RandomAccessFile(empty, "rw");
    empty.delete(); // a file without a name does not even stay if the JVM is killed
    out = buffered(new FileOutputStream(file.getFD()));
    List<byte[]> moved = kept;
    kept = List.of();
    size = 0;
    for (byte[] row : moved) {
      add(row);
    }
  }

  static DataOutputStream buffered(OutputStream out) {
    return new DataOutputStream(new BufferedOutputStream(out, BUFFER));
  }

  /** Returns the rows, which must be read before those of a second call. */
  Stream<byte[]> rows() {
    if (file == null) {
      return kept.stream();
    }
    try {
      out.flush();
      file.seek(0);
      FileInputStream bytes = new FileInputStream(file.getFD());
      DataInputStream in = new DataInputStream(new BufferedInputStream(bytes, BUFFER));
      return IntStream.range(0, size).mapToObj(row -> next(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] next(DataInputStream in) {
    try {
      return in.readNBytes(in.readInt());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the rows, each of which is removed from memory when it is read. */
  Stream<byte[]> taken() {
    return file != null ? rows() : IntStream.range(0, size).mapToObj(row -> kept.set(row, null));
  }

  /** Returns one row, after reading those before it. */
  byte[] get(int row) {
    return rows().skip(row).findFirst().orElseThrow();
  }

  /** Removes all rows. */
  void clear() {
    kept = List.of();
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      // What is not written is not needed.
    }
  }
}
