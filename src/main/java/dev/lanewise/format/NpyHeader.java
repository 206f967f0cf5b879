package dev.lanewise.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands before the data of an npy file. Source: numpy/lib/format.py, versions 1.0 to 3.0.
 *
 * @param type the element type
 * @param width code points a string, 1 for numbers
 * @param order the byte order of the data
 * @param fortran whether the data are column-major
 * @param shape the dimensions, whose product is within an array's
 * @param bytes the length of the header in the file
 */
record NpyHeader(
    ElementType type, int width, ByteOrder order, boolean fortran, int[] shape, int bytes) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** numpy itself refuses more than 10000 unless told otherwise; only records get near. */
  private static final int MAX_TEXT = 1 << 16;

  /** As in numpy 2. */
  private static final int MAX_RANK = 64;

  private static final int ALIGNMENT = 64;
  private static final Pattern DTYPE = Pattern.compile("([<>|=]?)([A-Za-z?])(\\d*)(\\[.*\\])?");
  private static final String TYPES = "b1, u1, i1, u2, i2, u4, i4, u8, i8, f2, f4, f8 or U";

  /** The number of elements. */
  int length() {
    return (int) Shapes.length(shape);
  }

  /** The length of the data in the file. */
  long dataBytes() {
    return (long) length() * width * type.bytes();
  }

  /** Reads a header and checks it against the size of what it heads, {@code size} bytes in all. */
  static NpyHeader read(InputStream in, long size, String where) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length == 0) {
      throw new FormatException(where, "empty (0 bytes), expected an npy array");
    }
    if (start.length < MAGIC.length + 2
        || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new FormatException(where, "no npy array (wrong first bytes), expected \\x93NUMPY");
    }
    int version = start[MAGIC.length];
    if (version < 1 || version > 3) {
      throw new FormatException(where, "npy version " + version + ", expected 1, 2 or 3");
    }
    byte[] count = new byte[4];
    int lengthBytes = version == 1 ? 2 : 4;
    if (in.readNBytes(count, 0, lengthBytes) < lengthBytes) {
      throw new FormatException(where, "the npy header is cut off, expected its length");
    }
    long length = ByteBuffer.wrap(count).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xffffffffL;
    int before = MAGIC.length + 2 + lengthBytes;
    if (length > size - before) {
      throw new FormatException(
          where,
          "the npy header is cut off: %s bytes announced, %s there, expected all of it"
              .formatted(length, Math.max(0, size - before)));
    }
    if (length > MAX_TEXT) {
      throw new FormatException(
          where, "an npy header of " + length + " bytes, expected at most " + MAX_TEXT);
    }
    byte[] text = in.readNBytes((int) length);
    if (text.length < length) {
      throw new FormatException(where, "the npy header is cut off, expected all of it");
    }
    Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    NpyHeader header = parse(new String(text, charset), before + text.length, where);
    if (header.dataBytes() != size - header.bytes) {
      throw new FormatException(
          where,
          "%s %s takes %s bytes, but %s are there, expected the same (cut off or damaged?)"
              .formatted(
                  header.type, Shapes.text(header.shape), header.dataBytes(), size - header.bytes));
    }
    return header;
  }

  private static NpyHeader parse(String text, int bytes, String where) throws FormatException {
    if (!(PythonLiteral.parse(text, where) instanceof Map<?, ?> map)) {
      throw new FormatException(where, "the npy header is no dictionary, expected one");
    }
    for (String key : List.of("descr", "fortran_order", "shape")) {
      if (!map.containsKey(key)) {
        throw new FormatException(where, "the npy header has no '" + key + "', expected one");
      }
    }
    if (!(map.get("fortran_order") instanceof Boolean fortran)) {
      throw new FormatException(
          where, "fortran_order is " + map.get("fortran_order") + ", expected True or False");
    }
    if (!(map.get("descr") instanceof String descr)) {
      throw new FormatException(where, "records of several fields, expected " + TYPES);
    }
    int[] shape = shape(map.get("shape"), where);
    return dtype(descr, fortran, shape, bytes, where);
  }

  private static int[] shape(Object value, String where) throws FormatException {
    if (!(value instanceof List<?> dimensions)) {
      throw new FormatException(where, "the shape is " + value + ", expected a tuple");
    }
    if (dimensions.size() > MAX_RANK) {
      throw new FormatException(
          where, dimensions.size() + " dimensions, expected at most " + MAX_RANK);
    }
    int[] shape = new int[dimensions.size()];
    for (int i = 0; i < shape.length; i++) {
      if (!(dimensions.get(i) instanceof Long d) || d < 0 || d > Shapes.MAX_LENGTH) {
        throw wrongShape(dimensions, where);
      }
      shape[i] = (int) (long) d;
    }
    if (Shapes.length(shape) < 0) {
      throw wrongShape(dimensions, where);
    }
    return shape;
  }

  private static FormatException wrongShape(List<?> dimensions, String where) {
    return new FormatException(
        where,
        "the shape is %s, expected dimensions from 0 and at most %s elements"
            .formatted(dimensions, Shapes.MAX_LENGTH));
  }

  private static NpyHeader dtype(
      String descr, boolean fortran, int[] shape, int bytes, String where) throws FormatException {
    Matcher matcher = DTYPE.matcher(descr);
    if (!matcher.matches()) {
      throw new FormatException(where, "elements of dtype '" + descr + "', expected " + TYPES);
    }
    char kind = matcher.group(2).charAt(0);
    if (kind == 'O') {
      throw new FormatException(
          where,
          "Python objects (a pickle), expected numbers: pickles can run code and are not read;"
              + " save it as an array of numbers");
    }
    String digits = matcher.group(3);
    long size =
        kind == '?' ? 1 : digits.isEmpty() || digits.length() > 9 ? -1 : Long.parseLong(digits);
    ByteOrder order =
        switch (matcher.group(1)) {
          case "<" -> ByteOrder.LITTLE_ENDIAN;
          case ">" -> ByteOrder.BIG_ENDIAN;
          default -> ByteOrder.nativeOrder();
        };
    if (kind == 'U' && size >= 1 && size * Shapes.length(shape) <= Shapes.MAX_LENGTH) {
      return new NpyHeader(ElementType.UNICODE, (int) size, order, fortran, shape, bytes);
    }
    for (ElementType type : ElementType.values()) {
      if (type.kind() == (kind == '?' ? 'b' : kind) && type.bytes() == size && kind != 'U') {
        return new NpyHeader(type, 1, order, fortran, shape, bytes);
      }
    }
    throw new FormatException(where, "elements of dtype '" + descr + "', expected " + TYPES);
  }

  /** The header that numpy would write, little-endian and row-major. */
  static byte[] of(NdArray array) {
    ElementType type = array.type();
    int size = type == ElementType.UNICODE ? array.width() : type.bytes();
    String text =
        "{'descr': '%s%c%s', 'fortran_order': False, 'shape': %s, }"
            .formatted(
                type.bytes() == 1 ? "|" : "<",
                type.kind(),
                Integer.toString(size),
                Shapes.text(array.shape()));
    int before = MAGIC.length + 4;
    // At 64 dimensions of 10 digits the text stays far below the 65535 of version 1.
    int length = text.length() + growth(array.shape()) + 1;
    length += Math.floorMod(-(before + length), ALIGNMENT);
    ByteBuffer header = ByteBuffer.allocate(before + length).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
    header.put(text.getBytes(StandardCharsets.US_ASCII));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').array();
  }

  /** numpy leaves room for the first dimension to grow; the same room gives the same bytes. */
  private static int growth(int[] shape) {
    return shape.length == 0 ? 0 : 21 - Integer.toString(shape[0]).length();
  }
}
