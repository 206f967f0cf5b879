package dev.lanewise.format;

import java.util.Locale;

/** The element types of arrays in files, named as in numpy. */
public enum ElementType {
  /** Booleans, a byte each. */
  BOOL('b', 1),
  /** Unsigned 8-bit integers. */
  UINT8('u', 1),
  /** Signed 8-bit integers. */
  INT8('i', 1),
  /** Unsigned 16-bit integers. */
  UINT16('u', 2),
  /** Signed 16-bit integers. */
  INT16('i', 2),
  /** Unsigned 32-bit integers. */
  UINT32('u', 4),
  /** Signed 32-bit integers. */
  INT32('i', 4),
  /** Unsigned 64-bit integers. */
  UINT64('u', 8),
  /** Signed 64-bit integers. */
  INT64('i', 8),
  /** IEEE 754 binary16. */
  FLOAT16('f', 2),
  /** IEEE 754 binary32. */
  FLOAT32('f', 4),
  /** IEEE 754 binary64. */
  FLOAT64('f', 8),
  /** Strings of a fixed number of code points, padded with zeros; four bytes a code point. */
  UNICODE('U', 4);

  private final char kind;
  private final int bytes;

  ElementType(char kind, int bytes) {
    this.kind = kind;
    this.bytes = bytes;
  }

  /**
   * The size in a file.
   *
   * @return bytes an element, for {@link #UNICODE} bytes a code point
   */
  public int bytes() {
    return bytes;
  }

  /**
   * Whether the elements are integers; booleans count as 0 and 1.
   *
   * @return true for booleans and all signed and unsigned integers
   */
  public boolean isInteger() {
    return kind == 'b' || kind == 'u' || kind == 'i';
  }

  /**
   * Whether the elements are floating-point numbers.
   *
   * @return true for the three IEEE 754 types
   */
  public boolean isFloatingPoint() {
    return kind == 'f';
  }

  /** numpy's letter: b, u, i, f or U. */
  char kind() {
    return kind;
  }

  /** Returns numpy's name of the type, such as {@code float32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
