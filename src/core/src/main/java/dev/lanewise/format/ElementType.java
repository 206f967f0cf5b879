package dev.lanewise.format;

import java.util.Locale;

/** The element types of arrays in files, named as in numpy. */
public enum ElementType {
  /** Booleans, a byte each. */
  BOOL("b1"),
  /** Unsigned 8-bit integers. */
  UINT8("u1"),
  /** Signed 8-bit integers. */
  INT8("i1"),
  /** Unsigned 16-bit integers. */
  UINT16("u2"),
  /** Signed 16-bit integers. */
  INT16("i2"),
  /** Unsigned 32-bit integers. */
  UINT32("u4"),
  /** Signed 32-bit integers. */
  INT32("i4"),
  /** Unsigned 64-bit integers. */
  UINT64("u8"),
  /** Signed 64-bit integers. */
  INT64("i8"),
  /** IEEE 754 binary16. */
  FLOAT16("f2"),
  /** IEEE 754 binary32. */
  FLOAT32("f4"),
  /** IEEE 754 binary64. */
  FLOAT64("f8"),
  /** Strings of a fixed number of code points, padded with zeros; four bytes a code point. */
  UNICODE("U4");

  private final String code;

  ElementType(String code) {
    this.code = code;
  }

  /**
   * The size in a file.
   *
   * @return bytes an element, for {@link #UNICODE} bytes a code point
   */
  public int bytes() {
    return code.charAt(1) - '0';
  }

  /**
   * Whether the elements are integers; booleans count as 0 and 1.
   *
   * @return true for booleans and all signed and unsigned integers
   */
  public boolean isInteger() {
    return "bui".indexOf(code.charAt(0)) >= 0;
  }

  /**
   * Whether the elements are floating-point numbers.
   *
   * @return true for the three IEEE 754 types
   */
  public boolean isFloatingPoint() {
    return code.charAt(0) == 'f';
  }

  /** numpy's code without the byte order: kind (b, u, i, f or U) and bytes. */
  String code() {
    return code;
  }

  /** Returns numpy's name of the type, such as {@code float32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
