package dev.lanewise.format;

import java.util.Locale;

/** The element types of arrays in files, named as in numpy. */
public enum ElementType {
  /** Booleans, one byte each. */
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
  /** Strings of a fixed number of code points, padded with zeros; four bytes per code point. */
  UNICODE("U4");

  private final String code;

  ElementType(String code) {
    this.code = code;
  }

  /** {@return the bytes per element in a file, or per code point for {@link #UNICODE}} */
  public int bytes() {
    return code.charAt(1) - '0';
  }

  /** {@return true for signed and unsigned integers and for booleans, which count as 0 and 1} */
  public boolean isInteger() {
    return "bui".indexOf(code.charAt(0)) >= 0;
  }

  /** {@return true for the three IEEE 754 types} */
  public boolean isFloatingPoint() {
    return code.charAt(0) == 'f';
  }

  /** Returns numpy's code without the byte order: kind (b, u, i, f or U) and bytes. */
  String code() {
    return code;
  }

  /** Returns numpy's name of the type, such as {@code float32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
