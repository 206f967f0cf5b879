package dev.lanewise.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The elements of an array from and to a stream of bytes, a block at a time. */
final class Elements {
  /** Large enough that a call a block costs nothing, small enough to stay in the L2 cache. */
  private static final int BLOCK = 1 << 16;

  private Elements() {}

  /**
   * Reads {@code count} elements (for strings: code points) into an array as wide as the type.
   * Bytes go straight to their place; wider types pass through one block.
   */
  static Object read(InputStream in, ElementType type, ByteOrder order, int count, String where)
      throws IOException {
    long size = (long) count * type.bytes();
    Object values = allocate(type, count, where);
    if (values instanceof byte[] bytes) {
      int got = in.readNBytes(bytes, 0, count);
      if (got < count) {
        throw cutOff(where, got, size);
      }
      return values;
    }
    byte[] block = new byte[(int) Math.min(BLOCK, size)];
    ByteBuffer buffer = ByteBuffer.wrap(block).order(order);
    int perBlock = block.length / type.bytes();
    for (int done = 0; done < count; ) {
      int n = Math.min(perBlock, count - done);
      int got = in.readNBytes(block, 0, n * type.bytes());
      if (got < n * type.bytes()) {
        throw cutOff(where, (long) done * type.bytes() + got, size);
      }
      if (values instanceof short[] shorts) {
        buffer.asShortBuffer().get(shorts, done, n);
      } else if (values instanceof int[] ints) {
        buffer.asIntBuffer().get(ints, done, n);
      } else if (values instanceof long[] longs) {
        buffer.asLongBuffer().get(longs, done, n);
      } else if (values instanceof float[] floats) {
        buffer.asFloatBuffer().get(floats, done, n);
      } else {
        buffer.asDoubleBuffer().get((double[]) values, done, n);
      }
      done += n;
    }
    return values;
  }

  /** Writes all elements, little-endian unless told otherwise. */
  static void write(OutputStream out, NdArray array, ByteOrder order) throws IOException {
    Object values = array.values();
    if (values instanceof byte[] bytes) {
      out.write(bytes);
      return;
    }
    int size = array.type().bytes();
    int count = array.length() * array.width();
    byte[] block = new byte[(int) Math.min(BLOCK, (long) count * size)];
    ByteBuffer buffer = ByteBuffer.wrap(block).order(order);
    int perBlock = block.length / size;
    for (int done = 0; done < count; ) {
      int n = Math.min(perBlock, count - done);
      if (values instanceof short[] shorts) {
        buffer.asShortBuffer().put(shorts, done, n);
      } else if (values instanceof int[] ints) {
        buffer.asIntBuffer().put(ints, done, n);
      } else if (values instanceof long[] longs) {
        buffer.asLongBuffer().put(longs, done, n);
      } else if (values instanceof float[] floats) {
        buffer.asFloatBuffer().put(floats, done, n);
      } else {
        buffer.asDoubleBuffer().put((double[]) values, done, n);
      }
      out.write(block, 0, n * size);
      done += n;
    }
  }

  /** Column-major to row-major; an element is {@code width} neighbours. */
  static Object rowMajor(Object columnMajor, ElementType type, int[] shape, int width, String where)
      throws FormatException {
    int length = (int) Shapes.length(shape);
    Object out = allocate(type, length * width, where);
    int[] strides = new int[shape.length]; // of the input: its first axis is the fastest
    for (int axis = 0, stride = 1; axis < shape.length; axis++) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
    int[] from = new int[Math.min(length, 4096)]; // where each element of a block stands
    int[] at = new int[shape.length]; // the odometer of the output, its last axis the fastest
    int place = 0;
    for (int done = 0; done < length; ) {
      int n = Math.min(from.length, length - done);
      for (int i = 0; i < n; i++) {
        from[i] = place;
        place = step(at, shape, strides, place);
      }
      gather(columnMajor, from, n, out, done, width);
      done += n;
    }
    return out;
  }

  /** Moves the odometer on by one and returns the new place in column-major order. */
  private static int step(int[] at, int[] shape, int[] strides, int place) {
    int next = place;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (++at[axis] < shape[axis]) {
        return next + strides[axis];
      }
      next -= (shape[axis] - 1) * strides[axis];
      at[axis] = 0;
    }
    return next;
  }

  private static void gather(Object in, int[] from, int n, Object out, int to, int width) {
    if (width > 1) {
      for (int i = 0; i < n; i++) {
        System.arraycopy(in, from[i] * width, out, (to + i) * width, width);
      }
    } else if (in instanceof byte[] bytes) {
      for (int i = 0; i < n; i++) {
        ((byte[]) out)[to + i] = bytes[from[i]];
      }
    } else if (in instanceof short[] shorts) {
      for (int i = 0; i < n; i++) {
        ((short[]) out)[to + i] = shorts[from[i]];
      }
    } else if (in instanceof int[] ints) {
      for (int i = 0; i < n; i++) {
        ((int[]) out)[to + i] = ints[from[i]];
      }
    } else if (in instanceof long[] longs) {
      for (int i = 0; i < n; i++) {
        ((long[]) out)[to + i] = longs[from[i]];
      }
    } else if (in instanceof float[] floats) {
      for (int i = 0; i < n; i++) {
        ((float[]) out)[to + i] = floats[from[i]];
      }
    } else {
      for (int i = 0; i < n; i++) {
        ((double[]) out)[to + i] = ((double[]) in)[from[i]];
      }
    }
  }

  private static Object allocate(ElementType type, int count, String where) throws FormatException {
    long size = (long) count * type.bytes();
    if (size > Runtime.getRuntime().maxMemory()) {
      throw tooLarge(where, size, null);
    }
    try {
      return switch (type) {
        case BOOL, UINT8, INT8 -> new byte[count];
        case UINT16, INT16, FLOAT16 -> new short[count];
        case UINT32, INT32, UNICODE -> new int[count];
        case UINT64, INT64 -> new long[count];
        case FLOAT32 -> new float[count];
        case FLOAT64 -> new double[count];
      };
    } catch (OutOfMemoryError e) { // of this one array: what the heap holds is untouched
      throw tooLarge(where, size, e);
    }
  }

  private static FormatException tooLarge(String where, long size, Throwable cause) {
    return new FormatException(
        where, size + " bytes of data, expected no more than the heap holds (see -Xmx)", cause);
  }

  private static FormatException cutOff(String where, long got, long size) {
    return new FormatException(
        where, "the data ends after " + got + " bytes, expected " + size + " (cut off?)");
  }
}
