package dev.lanewise.format;

import dev.lanewise.format.internal.Room;
import dev.lanewise.format.internal.Shapes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Reads and writes the elements of an array block by block. In memory, elements are bits in a
 * byte[], short[], int[] or long[] according to their size. This includes floating-point numbers,
 * unless the caller provides an array of floats.
 */
final class Elements {
  /** Large enough to make the cost per call negligible, small enough to stay in the L2 cache. */
  private static final int BLOCK = 1 << 16;

  private Elements() {}

  /** Reads {@code count} elements of {@code size} bytes. */
  static Object read(InputStream in, int size, ByteOrder order, int count, String where)
      throws IOException {
    Object values = Room.elements(size, count, where);
    read(in, size, order, count, values, 0, where);
    return values;
  }

  /** Reads {@code count} elements of float32 into {@code to}. */
  static void readFloats(
      InputStream in, ByteOrder order, int count, float[] to, int offset, String where)
      throws IOException {
    read(in, Float.BYTES, order, count, to, offset, where);
  }

  private static void read(
      InputStream in, int size, ByteOrder order, int count, Object values, int offset, String where)
      throws IOException {
    byte[] block = block(values, size, count);
    ByteBuffer buffer = ByteBuffer.wrap(block).order(order);
    for (int done = 0, n; done < count; done += n) {
      n = Math.min(block.length / size, count - done);
      int got = in.readNBytes(block, 0, n * size);
      if (got < n * size) {
        throw new FormatException(
            where,
            "the data ends after %s bytes, expected %s (cut off?)",
            (long) done * size + got,
            (long) count * size);
      }
      if (values instanceof short[] shorts) {
        buffer.asShortBuffer().get(shorts, done, n);
      } else if (values instanceof int[] ints) {
        buffer.asIntBuffer().get(ints, done, n);
      } else if (values instanceof long[] longs) {
        buffer.asLongBuffer().get(longs, done, n);
      } else if (values instanceof float[] floats) {
        buffer.asFloatBuffer().get(floats, offset + done, n);
      }
    }
  }

  /** Writes the first {@code count} elements of {@code size} bytes. */
  static void write(OutputStream out, Object values, int size, int count, ByteOrder order)
      throws IOException {
    byte[] block = block(values, size, count);
    ByteBuffer buffer = ByteBuffer.wrap(block).order(order);
    for (int done = 0, n; done < count; done += n) {
      n = Math.min(block.length / size, count - done);
      if (values instanceof short[] shorts) {
        buffer.asShortBuffer().put(shorts, done, n);
      } else if (values instanceof int[] ints) {
        buffer.asIntBuffer().put(ints, done, n);
      } else if (values instanceof long[] longs) {
        buffer.asLongBuffer().put(longs, done, n);
      } else if (values instanceof FloatBuffer floats) {
        buffer.asFloatBuffer().put(floats.slice(done, n));
      }
      out.write(block, 0, n * size);
    }
  }

  /** Returns a temporary block; single bytes are read from and written to their array directly. */
  private static byte[] block(Object values, int size, int count) {
    return values instanceof byte[] bytes
        ? bytes
        : new byte[(int) Math.min(BLOCK, (long) count * size)];
  }

  /**
   * Converts column-major to row-major order. An element consists of {@code width} adjacent values;
   * there is at least one element.
   */
  static Object rowMajor(Object columnMajor, int size, int[] shape, int width, String where)
      throws FormatException {
    Object out = Room.elements(size, (int) Shapes.length(shape) * width, where);
    turn(columnMajor, 0, 1, out, 0, shape, 0, width);
    return out;
  }

  /**
   * Copies all elements with one index per axis before {@code axis}; returns the next index in
   * {@code out}.
   */
  private static int turn(
      Object in, int from, int stride, Object out, int to, int[] shape, int axis, int width) {
    if (axis == shape.length) {
      System.arraycopy(in, from * width, out, to * width, width);
      return to + 1;
    }
    int next = to;
    for (int i = 0; i < shape[axis]; i++) {
      int below = stride * shape[axis];
      next = turn(in, from + i * stride, below, out, next, shape, axis + 1, width);
    }
    return next;
  }
}
