package dev.lanewise.format;

import dev.lanewise.format.internal.Bytes;
import dev.lanewise.format.internal.Shapes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * An array of n dimensions in row-major order. Elements keep the type of the file that they came
 * from: an array of bytes takes one byte per element.
 *
 * <p>Immutable, with exceptions that save large copies: {@link #ofBytes} and {@link #ofFloats} keep
 * the array that they receive, and {@link #toBytes} returns the storage itself. The caller must not
 * change those bytes or floats.
 */
public final class NdArray {
  private final ElementType type;
  private final int[] shape;
  private final int length;

  /**
   * The bits of the elements in row-major order: byte[], short[], int[] or long[], as wide as the
   * type. Strings are an int[] with {@code width} code points per string, as objects would take ten
   * times the size of the file. {@link #ofFloats} stores a FloatBuffer.
   */
  private final Object values;

  private final int width;

  /**
   * Reads the elements of an array, without a header.
   *
   * @param in the bytes, read up to the last element
   * @param type the type of the elements, not {@link ElementType#UNICODE}
   * @param order the byte order
   * @param where names the array in errors
   * @param shape the dimensions; none for a single value
   * @return the array
   * @throws FormatException if the data end early, or the heap is too small
   */
  public static NdArray read(
      InputStream in, ElementType type, ByteOrder order, String where, int... shape)
      throws IOException {
    int count = (int) Shapes.length(shape);
    return new NdArray(type, shape, Elements.read(in, type.bytes(), order, count, where), 1);
  }

  /**
   * Writes the elements, without a header.
   *
   * @param out receives the bytes; not closed
   * @param order the byte order
   * @throws IOException if writing fails
   */
  public void write(OutputStream out, ByteOrder order) throws IOException {
    Elements.write(out, values, type.bytes(), length * width, order);
  }

  /** Does not check its arguments. {@code width} is 1 except for strings. */
  NdArray(ElementType type, int[] shape, Object values, int width) {
    this.type = type;
    this.shape = shape;
    this.length = (int) Shapes.length(shape);
    this.values = values;
    this.width = width;
  }

  private static NdArray make(ElementType type, int[] shape, Object values, int length, int width) {
    if (Shapes.length(shape) != length) {
      throw new ArgumentException(
          "%s values, expected as many as the shape %s has", length, Shapes.text(shape));
    }
    return new NdArray(type, shape.clone(), values, width);
  }

  /**
   * Checks that files can store names, for example of columns, classes or arrays.
   *
   * @param what the kind of names in the plural, such as {@code class names}
   * @param names the names
   * @throws IllegalArgumentException if a name is null, occurs twice, or contains the character 0
   *     or half of a surrogate pair, which files would change
   */
  public static void checkNames(String what, Collection<String> names) {
    Set<String> seen = new HashSet<>();
    CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();
    for (String name : names) {
      String problem =
          name == null
              ? "%s: %s, expected a text"
              : !(names instanceof Set || seen.add(name))
                  ? "%s: '%s' twice, expected each once"
                  : name.indexOf(0) >= 0 || !utf8.canEncode(name)
                      ? "%s: '%s' has the character 0 or half of a surrogate pair, expected text"
                          + " that every file can hold"
                      : null;
      if (problem != null) {
        throw new ArgumentException(problem, what, name);
      }
    }
  }

  /**
   * {@return an array of float32}
   *
   * @param values the elements in row-major order; copied
   * @param shape the dimensions; none for a single value
   */
  public static NdArray of(float[] values, int... shape) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return make(ElementType.FLOAT32, shape, bits, bits.length, 1);
  }

  /**
   * {@return an array of float64}
   *
   * @param values the elements in row-major order; copied
   * @param shape the dimensions; none for a single value
   */
  public static NdArray of(double[] values, int... shape) {
    long[] bits = new long[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Double.doubleToRawLongBits(values[i]);
    }
    return make(ElementType.FLOAT64, shape, bits, bits.length, 1);
  }

  /**
   * {@return an array of int64}
   *
   * @param values the elements in row-major order; copied
   * @param shape the dimensions; none for a single value
   */
  public static NdArray of(long[] values, int... shape) {
    return make(ElementType.INT64, shape, values.clone(), values.length, 1);
  }

  /**
   * {@return an array of int32}
   *
   * @param values the elements in row-major order; copied
   * @param shape the dimensions; none for a single value
   */
  public static NdArray of(int[] values, int... shape) {
    return make(ElementType.INT32, shape, values.clone(), values.length, 1);
  }

  /**
   * {@return an array of uint8 that uses the bytes as its storage}
   *
   * @param unsigned the elements in row-major order; not copied, and not to be changed afterwards
   * @param shape the dimensions; none for a single value
   */
  public static NdArray ofBytes(byte[] unsigned, int... shape) {
    return make(ElementType.UINT8, shape, unsigned, unsigned.length, 1);
  }

  /**
   * {@return an array of float32 that uses a part of an array of floats as its storage}
   *
   * @param values contains the elements in row-major order; not copied, and not to be changed
   *     afterwards
   * @param offset the index of the first element
   * @param shape the dimensions; none for a single value
   * @throws IndexOutOfBoundsException if {@code values} ends before the last element
   */
  public static NdArray ofFloats(float[] values, int offset, int... shape) {
    int length = (int) Shapes.length(shape);
    if (length < 0) {
      throw new IndexOutOfBoundsException(
          "shape "
              + Shapes.text(shape)
              + ", expected no negative dimension and fewer than 2^31 elements");
    }
    Objects.checkFromIndexSize(offset, length, values.length);
    FloatBuffer part = FloatBuffer.wrap(values, offset, length).slice();
    return make(ElementType.FLOAT32, shape, part, length, 1);
  }

  /**
   * {@return an array of strings, each of which takes as much memory as the longest}
   *
   * @param values the elements in row-major order
   * @param shape the dimensions; none for a single value
   * @throws IllegalArgumentException if a string ends in the character 0, which pads shorter
   *     strings in files; if the strings need 2^31 characters or more; or if their number does not
   *     match the shape
   */
  public static NdArray ofStrings(List<String> values, int... shape) {
    int width = 1;
    for (String value : values) {
      width = Math.max(width, value.codePointCount(0, value.length()));
      if (value.endsWith("\0")) {
        throw new ArgumentException(
            "a string that ends in the character 0, expected another last character, as 0 fills"
                + " up shorter strings");
      }
    }
    long size = (long) values.size() * width;
    if (size > Shapes.MAX_LENGTH) {
      throw new ArgumentException(
          "%s strings of up to %s characters, expected less than 2^31 characters, as all take the"
              + " room of the longest",
          values.size(), width);
    }
    int[] points = new int[(int) size];
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      for (int at = 0, to = i * width; at < value.length(); to++) {
        points[to] = value.codePointAt(at);
        at += Character.charCount(points[to]);
      }
    }
    return make(ElementType.UNICODE, shape, points, values.size(), width);
  }

  /** {@return the type of the elements} */
  public ElementType type() {
    return type;
  }

  /** {@return a copy of the dimensions; empty for a single value} */
  public int[] shape() {
    return shape.clone();
  }

  /** {@return the number of dimensions, 0 for a single value} */
  public int rank() {
    return shape.length;
  }

  /**
   * {@return the length along one axis}
   *
   * @param axis the axis, 0 for the rows of a matrix
   */
  public int dimension(int axis) {
    return shape[Objects.checkIndex(axis, shape.length)];
  }

  /** {@return the number of elements} */
  public int length() {
    return length;
  }

  /** Returns the storage, not a copy. */
  Object values() {
    return values;
  }

  /** Returns the number of code points per string, or 1 for numbers. */
  int width() {
    return width;
  }

  /** Returns the bits of an element; signed integers are sign-extended. */
  private long bits(int i) {
    if (values instanceof byte[] bytes) {
      return bytes[i];
    }
    if (values instanceof short[] shorts) {
      return shorts[i];
    }
    if (values instanceof FloatBuffer floats) {
      return Float.floatToRawIntBits(floats.get(Objects.checkIndex(i, length)));
    }
    return values instanceof int[] ints ? ints[i] : ((long[]) values)[i];
  }

  /** Returns the value of an integer. Large values of uint64 look negative. */
  private long integer(int i) {
    long bits = bits(i);
    return switch (type.code().charAt(0)) {
      case 'b' -> bits == 0 ? 0 : 1;
      case 'u' -> bits & -1L >>> 64 - 8 * type.bytes();
      default -> bits;
    };
  }

  /**
   * {@return one element as a double; integers beyond 2^53 are rounded, booleans are 0 and 1}
   *
   * @param i the index of the element in row-major order
   * @throws IllegalStateException if the elements are strings
   */
  public double doubleAt(int i) {
    if (type.isFloatingPoint()) {
      long bits = bits(i);
      return switch (type.bytes()) {
        case 2 -> half((int) bits);
        case 4 -> Float.intBitsToFloat((int) bits);
        default -> Double.longBitsToDouble(bits);
      };
    }
    if (type == ElementType.UNICODE) {
      throw new IllegalStateException("strings, not numbers");
    }
    long value = integer(i);
    if (value < 0 && type == ElementType.UINT64) {
      // The last bit is kept as a sticky bit, so that the half is rounded like the whole number.
      return (value >>> 1 | value & 1) * 2.0;
    }
    return value;
  }

  /** Converts IEEE 754 binary16 exactly. {@code Float.float16ToFloat} needs JDK 20. */
  private static float half(int bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude =
        exponent == 0
            ? fraction * 0x1p-24f // zeros and subnormals
            : Float.intBitsToFloat(
                (exponent == 0x1f ? 0xff : exponent + 112) << 23 | fraction << 13);
    return bits < 0 ? -magnitude : magnitude;
  }

  /**
   * Copies elements as doubles, much faster than {@link #doubleAt} does one by one.
   *
   * @param from the index of the first element in row-major order
   * @param out receives the numbers, with the same values as from {@link #doubleAt}
   * @param offset the first index in {@code out}
   * @param count the number of elements
   * @throws IllegalStateException if the elements are strings
   */
  public void copyDoubles(int from, double[] out, int offset, int count) {
    Objects.checkFromIndexSize(from, count, length);
    Objects.checkFromIndexSize(offset, count, out.length);
    // The most frequent types have loops of their own, as a test of the type within the loop makes
    // it several times slower.
    if (type == ElementType.UINT8) {
      byte[] bytes = (byte[]) values;
      for (int i = 0; i < count; i++) {
        out[offset + i] = bytes[from + i] & 0xff;
      }
    } else if (values instanceof int[] bits && type == ElementType.FLOAT32) {
      for (int i = 0; i < count; i++) {
        out[offset + i] = Float.intBitsToFloat(bits[from + i]);
      }
    } else if (type == ElementType.FLOAT64) {
      long[] bits = (long[]) values;
      for (int i = 0; i < count; i++) {
        out[offset + i] = Double.longBitsToDouble(bits[from + i]);
      }
    } else {
      for (int i = 0; i < count; i++) {
        out[offset + i] = doubleAt(from + i);
      }
    }
  }

  /**
   * {@return one element as an integer, exactly; booleans are 0 and 1}
   *
   * @param i the index of the element in row-major order
   * @throws ArithmeticException if the element is not an integer or needs more than 64 bits with a
   *     sign
   * @throws IllegalStateException if the elements are strings
   */
  public long longAt(int i) {
    double value = doubleAt(i);
    long whole = type.isInteger() ? integer(i) : (long) value;
    boolean tooLarge = whole == Long.MAX_VALUE && !type.isInteger(); // not a double
    if (whole != value || tooLarge) {
      throw new ArithmeticException(value + " is not a signed integer of 64 bits");
    }
    return whole;
  }

  /**
   * {@return one element of an array of strings, without the zeros that pad it}
   *
   * @param i the index of the element in row-major order
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
   * {@return a new array with all elements as floats in row-major order, rounded to nearest}
   *
   * @throws IllegalStateException if the elements are strings
   */
  public float[] toFloats() {
    float[] floats = new float[length];
    for (int i = 0; i < length; i++) {
      floats[i] = (float) doubleAt(i);
    }
    return floats;
  }

  /**
   * {@return a new array with all elements as doubles in row-major order}
   *
   * @throws IllegalStateException if the elements are strings
   */
  public double[] toDoubles() {
    double[] doubles = new double[length];
    copyDoubles(0, doubles, 0, length);
    return doubles;
  }

  /**
   * {@return the unsigned elements of an array of uint8 in row-major order; this is the storage,
   * not a copy, and must not be changed}
   *
   * @throws IllegalStateException if the type is not uint8
   */
  public byte[] toBytes() {
    if (type != ElementType.UINT8) {
      throw new IllegalStateException(type + " elements, expected uint8");
    }
    return (byte[]) values;
  }

  /**
   * Returns a digest of the elements, independent of the shape and the name of the type.
   *
   * @return the SHA-256 in hexadecimal of the elements in row-major order, little-endian; strings
   *     have four bytes per code point and are padded with zeros as in files
   */
  public String sha256() {
    MessageDigest digest = Bytes.sha256();
    addTo(digest);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Adds the elements, as they are in files, to a digest. */
  void addTo(MessageDigest digest) {
    try {
      OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest);
      write(out, ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new AssertionError("a digest takes all", e);
    }
  }

  /** Returns true if type, shape and every element are equal, bit by bit. */
  @Override
  public boolean equals(Object other) {
    return other instanceof NdArray that
        && type == that.type
        && width == that.width
        && Arrays.equals(shape, that.shape)
        && Arrays.deepEquals(new Object[] {copied()}, new Object[] {that.copied()});
  }

  /** Returns an array of bits for comparisons; the floats of {@link #ofFloats} are copied. */
  private Object copied() {
    if (!(values instanceof FloatBuffer)) {
      return values;
    }
    int[] bits = new int[length];
    Arrays.setAll(bits, i -> (int) bits(i));
    return bits;
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(new Object[] {type, shape, copied()});
  }

  /** Returns type and shape as numpy prints them, such as {@code uint8 (3374, 2304)}. */
  @Override
  public String toString() {
    return type + " " + Shapes.text(shape);
  }
}
