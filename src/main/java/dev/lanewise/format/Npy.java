package dev.lanewise.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteOrder;

/**
 * One array in numpy's npy format. Source: numpy/lib/format.py, versions 1.0 to 3.0, both byte
 * orders, row- and column-major.
 */
public final class Npy {
  private Npy() {}

  /**
   * Reads an array. Its declared size is compared with {@code size} before memory is taken.
   *
   * @param in the bytes, read up to the array's last
   * @param where names the array in errors, such as {@code faces.npz: inputs_train}
   * @param size how many bytes there are: those of the file or of the archive's member
   * @return the array, row-major
   * @throws FormatException if the bytes are no array of a type in {@link ElementType}
   * @throws IOException if reading fails
   */
  public static NdArray read(InputStream in, String where, long size) throws IOException {
    NpyHeader header = NpyHeader.read(in, size, where);
    ElementType type = header.type;
    int count = (int) NdArray.length(header.shape) * header.width;
    Object values = Elements.read(in, type.bytes(), header.order, count, where);
    if (type == ElementType.UNICODE) {
      for (int point : (int[]) values) {
        if (!Character.isValidCodePoint(point)) {
          throw new FormatException(
              where, "a character of code %s, expected Unicode's", point & 0xffffffffL);
        }
      }
    }
    if (header.fortran && count > 1) {
      values = Elements.rowMajor(values, type.bytes(), header.shape, header.width, where);
    }
    return new NdArray(type, header.shape, values, header.width);
  }

  /**
   * Writes an array as numpy does on a little-endian machine (version 1.0).
   *
   * @param out receives the bytes; not closed
   * @param array the array
   * @throws IOException if writing fails
   */
  public static void write(OutputStream out, NdArray array) throws IOException {
    out.write(NpyHeader.of(array));
    Elements.write(out, array, ByteOrder.LITTLE_ENDIAN);
  }

  /** The number of bytes that {@link #write} writes. */
  static long size(NdArray array) {
    return NpyHeader.of(array).length
        + (long) array.length() * array.width() * array.type().bytes();
  }
}
