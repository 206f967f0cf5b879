package dev.lanewise.format;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An array of n dimensions in row-major order, in the element type of the file it came from: an
 * array of bytes takes a byte an element.
 *
 * <p>Immutable, with one exception made for size: {@link #ofBytes} and {@link #toBytes} hand over
 * the storage itself, because images stored as bytes are the bulk of most data sets and a copy of
 * them buys nothing. Whoever holds those bytes must not change them.
 */
public final class NdArray {
  private final ElementType type;
  private final int[] shape;
  private final int length;

  /**
   * byte[], short[] (also for float16), int[], long[], float[] or double[], as wide as the type.
   * Strings are an int[] of {@code width} code points each: objects would take ten times the file.
   */
  private final Object values; // [shape...], row-major

  private final int width;

  /** Trusts its arguments; {@code width} is 1 but for strings. */
  NdArray(ElementType type, int[] shape, Object values, int width) {
    this.type = type;
    this.shape = shape;
    this.length = Math.toIntExact(Shapes.length(shape));
    this.values = values;
    this.width = width;
  }

  private static NdArray make(ElementType type, int[] shape, Object values, int length) {
    if (Shapes.length(shape) != length) {
      throw new IllegalArgumentException(
          length + " values, expected as many as the shape " + Shapes.text(shape) + " has");
    }
    return new NdArray(type, shape.clone(), values, 1);
  }

  /**
   * An array of float32.
   *
   * @param values the elements, row-major; copied
   * @param shape the dimensions; none for a single value
   * @return the array
   */
  public static NdArray of(float[] values, int... shape) {
    return make(ElementType.FLOAT32, shape, values.clone(), values.length);
  }

  /**
   * An array of float64.
   *
   * @param values the elements, row-major; copied
   * @param shape the dimensions; none for a single value
   * @return the array
   */
  public static NdArray of(double[] values, int... shape) {
    return make(ElementType.FLOAT64, shape, values.clone(), values.length);
  }

  /**
   * An array of int64.
   *
   * @param values the elements, row-major; copied
   * @param shape the dimensions; none for a single value
   * @return the array
   */
  public static NdArray of(long[] values, int... shape) {
    return make(ElementType.INT64, shape, values.clone(), values.length);
  }

  /**
   * An array of int32.
   *
   * @param values the elements, row-major; copied
   * @param shape the dimensions; none for a single value
   * @return the array
   */
  public static NdArray of(int[] values, int... shape) {
    return make(ElementType.INT32, shape, values.clone(), values.length);
  }

  /**
   * An array of uint8 on top of the given bytes.
   *
   * @param unsigned the elements, row-major; not copied, and not to be changed any more
   * @param shape the dimensions; none for a single value
   * @return the array
   */
  public static NdArray ofBytes(byte[] unsigned, int... shape) {
    return make(ElementType.UINT8, shape, unsigned, unsigned.length);
  }

  /**
   * An array of strings. As in numpy, zero characters at the end of a string are lost.
   *
   * @param values the elements, row-major
   * @param shape the dimensions; none for a single value
   * @return the array
   */
  public static NdArray ofStrings(List<String> values, int... shape) {
    if (Shapes.length(shape) != values.size()) {
      throw new IllegalArgumentException(
          values.size()
              + " strings, expected as many as the shape "
              + Shapes.text(shape)
              + " has elements");
    }
    int width = 1;
    for (String value : values) {
      width = Math.max(width, value.codePointCount(0, value.length()));
    }
    int[] points = new int[Math.multiplyExact(values.size(), width)];
    for (int i = 0; i < values.size(); i++) {
      int[] one = values.get(i).codePoints().toArray();
      System.arraycopy(one, 0, points, i * width, one.length);
    }
    return new NdArray(ElementType.UNICODE, shape.clone(), points, width);
  }

  /**
   * The element type.
   *
   * @return the type
   */
  public ElementType type() {
    return type;
  }

  /**
   * The dimensions.
   *
   * @return a copy of the shape; empty for a single value
   */
  public int[] shape() {
    return shape.clone();
  }

  /**
   * The number of dimensions.
   *
   * @return the rank, 0 for a single value
   */
  public int rank() {
    return shape.length;
  }

  /**
   * One dimension.
   *
   * @param axis 0 for the rows of a matrix
   * @return the length along that axis
   */
  public int dimension(int axis) {
    return shape[axis];
  }

  /**
   * The number of elements.
   *
   * @return the product of the dimensions
   */
  public int length() {
    return length;
  }

  /** The storage: see the field. */
  Object values() {
    return values;
  }

  /** Code points a string; 1 for numbers. */
  int width() {
    return width;
  }

  /**
   * One element as a double; integers beyond 2^53 are rounded.
   *
   * @param i the element's place in row-major order
   * @return the number; booleans are 0 and 1
   * @throws IllegalStateException if the elements are strings
   */
  public double doubleAt(int i) {
    return switch (type) {
      case BOOL -> ((byte[]) values)[i] == 0 ? 0 : 1;
      case UINT8 -> ((byte[]) values)[i] & 0xff;
      case INT8 -> ((byte[]) values)[i];
      case UINT16 -> ((short[]) values)[i] & 0xffff;
      case INT16 -> ((short[]) values)[i];
      case UINT32 -> ((int[]) values)[i] & 0xffffffffL;
      case INT32 -> ((int[]) values)[i];
      case UINT64 -> unsigned(((long[]) values)[i]);
      case INT64 -> ((long[]) values)[i];
      case FLOAT16 -> Half.toFloat(((short[]) values)[i]);
      case FLOAT32 -> ((float[]) values)[i];
      case FLOAT64 -> ((double[]) values)[i];
      case UNICODE -> throw new IllegalStateException("strings, not numbers");
    };
  }

  /** The last bit is kept as a sticky bit, so that halving rounds as the whole would. */
  private static double unsigned(long bits) {
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }

  /**
   * Copies elements as doubles, much faster than one by one.
   *
   * @param from the first element's place in row-major order
   * @param out receives the numbers, as {@link #doubleAt} gives them
   * @param offset where to begin in {@code out}
   * @param count how many
   * @throws IllegalStateException if the elements are strings
   */
  public void copyDoubles(int from, double[] out, int offset, int count) {
    Objects.checkFromIndexSize(from, count, length);
    Objects.checkFromIndexSize(offset, count, out.length);
    switch (type) { // one loop a type: with the switch inside, the loop is several times slower
      case UINT8 -> {
        byte[] in = (byte[]) values;
        for (int i = 0; i < count; i++) {
          out[offset + i] = in[from + i] & 0xff;
        }
      }
      case INT32 -> {
        int[] in = (int[]) values;
        for (int i = 0; i < count; i++) {
          out[offset + i] = in[from + i];
        }
      }
      case INT64 -> {
        long[] in = (long[]) values;
        for (int i = 0; i < count; i++) {
          out[offset + i] = in[from + i];
        }
      }
      case FLOAT32 -> {
        float[] in = (float[]) values;
        for (int i = 0; i < count; i++) {
          out[offset + i] = in[from + i];
        }
      }
      case FLOAT64 -> System.arraycopy((double[]) values, from, out, offset, count);
      default -> {
        for (int i = 0; i < count; i++) {
          out[offset + i] = doubleAt(from + i);
        }
      }
    }
  }

  /**
   * One element as an integer, exactly.
   *
   * @param i the element's place in row-major order
   * @return the integer; booleans are 0 and 1
   * @throws ArithmeticException if the element is no integer or does not fit 64 bits with a sign
   * @throws IllegalStateException if the elements are strings
   */
  public long longAt(int i) {
    if (type == ElementType.INT64 || type == ElementType.UINT64) {
      long value = ((long[]) values)[i];
      if (value < 0 && type == ElementType.UINT64) {
        throw new ArithmeticException(Long.toUnsignedString(value) + " does not fit an int64");
      }
      return value;
    }
    double value = doubleAt(i);
    if (value != Math.rint(value) || value < -0x1p63 || value >= 0x1p63) {
      throw new ArithmeticException(value + " is no integer of 64 bits");
    }
    return (long) value;
  }

  /**
   * One element of an array of strings.
   *
   * @param i the element's place in row-major order
   * @return the string, without the zeros that pad it
   * @throws IllegalStateException if the elements are numbers
   */
  public String stringAt(int i) {
    if (type != ElementType.UNICODE) {
      throw new IllegalStateException("numbers, not strings");
    }
    Objects.checkIndex(i, length);
    int[] points = (int[]) values;
    int count = width;
    while (count > 0 && points[i * width + count - 1] == 0) {
      count--;
    }
    return new String(points, i * width, count);
  }

  /**
   * All elements as floats, rounded to nearest.
   *
   * @return a new array, row-major
   * @throws IllegalStateException if the elements are strings
   */
  public float[] toFloats() {
    if (type == ElementType.FLOAT32) {
      return ((float[]) values).clone();
    }
    float[] floats = new float[length];
    double[] block = new double[Math.min(length, 4096)];
    for (int from = 0; from < length; from += block.length) {
      int count = Math.min(block.length, length - from);
      copyDoubles(from, block, 0, count);
      for (int i = 0; i < count; i++) {
        floats[from + i] = (float) block[i];
      }
    }
    return floats;
  }

  /**
   * All elements as doubles.
   *
   * @return a new array, row-major
   * @throws IllegalStateException if the elements are strings
   */
  public double[] toDoubles() {
    double[] doubles = new double[length];
    copyDoubles(0, doubles, 0, length);
    return doubles;
  }

  /**
   * The storage of an array of uint8.
   *
   * @return the bytes, row-major, unsigned; not a copy, and not to be changed
   * @throws IllegalStateException if the type is another
   */
  public byte[] toBytes() {
    if (type != ElementType.UINT8) {
      throw new IllegalStateException(type + " elements, expected uint8");
    }
    return (byte[]) values;
  }

  /** Whether type, shape and every element are the same, bit by bit. */
  @Override
  public boolean equals(Object other) {
    return other instanceof NdArray that
        && type == that.type
        && width == that.width
        && Arrays.equals(shape, that.shape)
        && Arrays.deepEquals(new Object[] {values}, new Object[] {that.values});
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(new Object[] {type, shape, values});
  }

  /** Returns type and shape as numpy prints them, such as {@code uint8 (3374, 2304)}. */
  @Override
  public String toString() {
    return type + " " + Shapes.text(shape);
  }
}
