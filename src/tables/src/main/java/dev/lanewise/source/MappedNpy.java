package dev.lanewise.source;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Npy;
import dev.lanewise.format.internal.Bytes;
import dev.lanewise.format.internal.Shapes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * The rows of an npy file of any size, or of a file of floats alone. The operating system reads
 * them when they are accessed; they use no heap. Supports row-major uint8, float32 and float64 in
 * either byte order.
 *
 * <p>The size of the file is compared with its header when the file is opened. The file must not
 * change while it is in use: Java reports a missing page with an {@link InternalError}, possibly
 * with some delay. The mappings end when the garbage collector finds them unused; until then some
 * systems refuse to remove the file.
 */
public final class MappedNpy {
  /** Valid files do not reach this, as the number of rows must fit into an int. */
  private static final long MOST_ELEMENTS = 1L << 58;

  private final ElementType type;
  private final int[] shape;
  private final int rowBytes;
  private final int rowsOfMap;

  /**
   * Each contains {@code rowsOfMap} whole rows, the last one maybe fewer, as a buffer is smaller
   * than 2^31 bytes.
   */
  private final ByteBuffer[] maps;

  private MappedNpy(
      ElementType type, int[] shape, ByteOrder order, FileChannel channel, int mostBytes)
      throws IOException {
    this.type = type;
    this.shape = shape;
    rowBytes = (int) (Shapes.length(MOST_ELEMENTS, shape) * type.bytes() / shape[0]);
    rowsOfMap = mostBytes / rowBytes;
    maps = new ByteBuffer[(shape[0] - 1) / rowsOfMap + 1];
    long begin = channel.position();
    for (int m = 0; m < maps.length; m++) {
      int rows = Math.min(rowsOfMap, shape[0] - m * rowsOfMap);
      long from = begin + (long) m * rowsOfMap * rowBytes;
      ByteBuffer map = channel.map(MapMode.READ_ONLY, from, (long) rows * rowBytes);
      maps[m] = map.order(order);
    }
  }

  private static void check(Npy header, int mostBytes, String where) throws IOException {
    ElementType type = header.type();
    int[] shape = header.shape();
    boolean sound = type == ElementType.UINT8 || type.isFloatingPoint() && type.bytes() > 2;
    check(header, sound, "uint8, float32 or float64", where);
    check(header, !header.isFortran(), "C order (numpy.save of numpy.ascontiguousarray)", where);
    long bytes = Shapes.length(MOST_ELEMENTS, shape) * type.bytes();
    check(header, shape.length >= 2 && bytes > 0, "N x D or N x h x w, at least one row", where);
    check(header, bytes / shape[0] <= mostBytes, "rows below 2^31 bytes", where);
  }

  private static void check(Npy header, boolean sound, String expected, String where)
      throws IOException {
    if (!sound) {
      throw new FormatException(
          where,
          "%s %s%s, expected %s to be mapped into memory",
          header.type(),
          Shapes.text(header.shape()),
          header.isFortran() ? " in Fortran order" : "",
          expected);
    }
  }

  /** Maps the array of a file. */
  public static MappedNpy open(Path file) throws IOException {
    return open(file, Integer.MAX_VALUE);
  }

  /** Maps the array with buffers of at most {@code mostBytes} bytes. */
  static MappedNpy open(Path file, int mostBytes) throws IOException {
    String where = file.toString();
    long size = Bytes.checkedSize(file, "an npy array");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Npy header = Npy.header(Channels.newInputStream(channel), where, size, MOST_ELEMENTS);
      check(header, mostBytes, where);
      return new MappedNpy(header.type(), header.shape(), header.order(), channel, mostBytes);
    } catch (IOException e) {
      throw FormatException.unreadable(where, e);
    }
  }

  /** Maps a file of little-endian floats without a header, [rows][features]. */
  public static MappedNpy ofFloats(Path file, int rows, int features) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int[] shape = {rows, features};
      return new MappedNpy(
          ElementType.FLOAT32, shape, ByteOrder.LITTLE_ENDIAN, channel, Integer.MAX_VALUE);
    }
  }

  /** {@return the type of the elements: uint8, float32 or float64} */
  public ElementType type() {
    return type;
  }

  /** {@return a copy of the dimensions, at least two} */
  public int[] shape() {
    return shape.clone();
  }

  /** {@return the number of rows, which is the first dimension, at least 1} */
  public int rows() {
    return shape[0];
  }

  /** {@return the number of elements per row, at least 1} */
  public int rowLength() {
    return rowBytes / type.bytes();
  }

  /**
   * {@return the buffer that contains a row, in the byte order of the file: a read-only buffer
   * shared by all threads; use absolute indices only, not its position}
   */
  public ByteBuffer bytes(int row) {
    return maps[Objects.checkIndex(row, shape[0]) / rowsOfMap];
  }

  /** {@return the index of the first byte of a row in its {@link #bytes}} */
  public int offset(int row) {
    return Objects.checkIndex(row, shape[0]) % rowsOfMap * rowBytes;
  }

  /** Returns type and shape as numpy prints them, such as {@code uint8 (3374, 2304)}. */
  @Override
  public String toString() {
    return type + " " + Shapes.text(shape);
  }
}
