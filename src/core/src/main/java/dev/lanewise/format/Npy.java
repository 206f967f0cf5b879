package dev.lanewise.format;

import dev.lanewise.format.internal.Bytes;
import dev.lanewise.format.internal.Shapes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes one array in numpy's npy format. Source: numpy/lib/format.py, versions 1.0 to
 * 3.0, both byte orders, row- and column-major. An instance is the header before the data.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** By default numpy refuses more than 10000; only structured arrays have headers that long. */
  private static final int MAX_TEXT = 1 << 16;

  /** As in numpy 2. */
  private static final int MAX_RANK = 64;

  private static final int ALIGNMENT = 64;

  /**
   * Matches a key with its value: a string (u'...' in Python 2), a tuple, a list that describes
   * records, or a word. No group is repeated, so that hostile text uses no stack.
   */
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\s*[ub]?['\"](\\w+)['\"]\\s*:"
              + "\\s*([ub]?'[^'\\\\]*'|[ub]?\"[^\"\\\\]*\""
              + "|[\\[(](?:[-\\w\\s]*,[-\\w,\\s]*)?[\\])]|\\[.*\\]|\\w+)"
              + "\\s*(?:,\\s*|(?=\\}))",
          Pattern.DOTALL);

  private static final Pattern DTYPE =
      Pattern.compile("[ub]?['\"]([<>|=]?)([A-Za-z?]\\d{0,9})['\"]");

  private static final Pattern STRINGS = Pattern.compile("U[1-9]\\d*");
  // the comma of a tuple; Python 2 writes 1L, 2L
  private static final Pattern COMMA = Pattern.compile("L?\\s*,\\s*|L$");

  private static final String TYPES =
      "expected b1, u1, i1, u2, i2, u4, i4, u8, i8, f2, f4, f8 or U";

  private final ElementType type;
  final int width; // code points per string, 1 for numbers
  private final ByteOrder order;
  private final boolean fortran;
  private final int[] shape; // the product of these is at most the length of an array
  private int length; // length of the header in bytes

  /**
   * Reads an array. Its declared size is compared with {@code size} before memory is allocated.
   *
   * @param in the bytes, read up to the last byte of the array
   * @param where names the array in errors, such as {@code faces.npz: inputs_train}
   * @param size the number of bytes in the file or in the archive's member
   * @return the array, row-major
   * @throws FormatException if the bytes are not an array of a type in {@link ElementType}
   */
  public static NdArray read(InputStream in, String where, long size) throws IOException {
    return read(header(in, where, size), in, where);
  }

  /**
   * Reads the numbers after a header as floats into {@code to}; float32 needs no temporary copy.
   */
  static void readFloats(Npy header, InputStream in, String where, float[] to, int offset)
      throws IOException {
    int count = (int) Shapes.length(header.shape);
    if (header.type == ElementType.FLOAT32 && !(header.fortran && count > 1)) {
      Elements.readFloats(in, header.order, count, to, offset, where);
    } else {
      System.arraycopy(read(header, in, where).toFloats(), 0, to, offset, count);
    }
  }

  /** Reads the data after a header. */
  static NdArray read(Npy header, InputStream in, String where) throws IOException {
    ElementType type = header.type;
    int count = (int) Shapes.length(header.shape) * header.width;
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
   * Reads the array of a file.
   *
   * @param file an npy file
   * @return the array, row-major
   * @throws NoSuchFileException if there is no such file
   * @throws FormatException if the file cannot be read or is not an array of a type in {@link
   *     ElementType}
   */
  public static NdArray read(Path file) throws IOException {
    long size = Bytes.checkedSize(file, "an npy array");
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString(), size);
    } catch (IOException e) {
      throw FormatException.unreadable(file.toString(), e);
    }
  }

  /**
   * Writes an array as numpy does on a little-endian machine (version 1.0).
   *
   * @param out receives the bytes; not closed
   * @param array the array
   * @throws IOException if writing fails
   */
  public static void write(OutputStream out, NdArray array) throws IOException {
    out.write(header(array));
    array.write(out, ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the number of bytes that {@link #write} writes. */
  static long size(NdArray array) {
    return header(array).length + (long) array.length() * array.width() * array.type().bytes();
  }

  /**
   * Reads a header and compares the declared size of the array with {@code size}, the number of
   * bytes of header and array.
   */
  static Npy header(InputStream in, String where, long size) throws IOException {
    return header(in, where, size, Shapes.MAX_LENGTH);
  }

  /**
   * Reads a header, and compares the declared size of the array with the number of bytes after it.
   *
   * @param in the bytes, read up to the last of the header
   * @param where names the array in errors
   * @param size the number of bytes of header and array
   * @param most the largest allowed number of elements, up to 2^58
   * @return the header
   * @throws FormatException if the header is not valid or the sizes differ
   */
  public static Npy header(InputStream in, String where, long size, long most) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length == 0) {
      throw new FormatException(where, "empty (0 bytes), expected an npy array");
    }
    if (start.length < MAGIC.length + 2
        || !Arrays.equals(Arrays.copyOf(start, MAGIC.length), MAGIC)) {
      throw new FormatException(where, "not an npy array (wrong first bytes), expected \\x93NUMPY");
    }
    int version = start[MAGIC.length];
    if (version < 1 || version > 3) {
      throw new FormatException(where, "npy version %s, expected 1, 2 or 3", version);
    }
    byte[] count = new byte[4];
    int lengthBytes = version == 1 ? 2 : 4;
    in.readNBytes(count, 0, lengthBytes);
    long length = ByteBuffer.wrap(count).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xffffffffL;
    long there = size - start.length - lengthBytes;
    if (there < length) {
      throw new FormatException(
          where,
          "the npy header is cut off: %s bytes announced, %s there, expected all of them",
          length,
          Math.max(0, there));
    }
    if (length > MAX_TEXT) {
      throw new FormatException(
          where, "an npy header of %s bytes, expected at most %s", length, MAX_TEXT);
    }
    Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    Npy header = new Npy(new String(in.readNBytes((int) length), charset), where, most);
    long declared = Shapes.length(most, header.shape) * header.width * header.type.bytes();
    if (declared != there - length) {
      throw new FormatException(
          where,
          "%s %s takes %s bytes, but %s are there, expected as many (cut off or damaged?)",
          header.type,
          Shapes.text(header.shape),
          declared,
          there - length);
    }
    header.length = start.length + lengthBytes + (int) length;
    return header;
  }

  /** {@return the type of the elements} */
  public ElementType type() {
    return type;
  }

  /** {@return the byte order of the elements} */
  public ByteOrder order() {
    return order;
  }

  /** {@return true if the elements are in Fortran order (column-major)} */
  public boolean isFortran() {
    return fortran;
  }

  /** {@return a copy of the dimensions} */
  public int[] shape() {
    return shape.clone();
  }

  /** Skips a header that was read before. */
  void skip(InputStream in) throws IOException {
    in.skipNBytes(length);
  }

  /** Returns the shape as an unmodifiable list. */
  List<Integer> dimensions() {
    return Arrays.stream(shape).boxed().toList();
  }

  private Npy(String text, String where, long most) throws FormatException {
    Map<String, String> entries = entries(text, where);
    for (String key : List.of("descr", "fortran_order", "shape")) {
      if (!entries.containsKey(key)) {
        throw new FormatException(where, "the npy header has no '%s', expected this key", key);
      }
    }
    String order = entries.get("fortran_order");
    fortran = order.equals("True");
    if (!fortran && !order.equals("False")) {
      throw new FormatException(where, "fortran_order is %s, expected True or False", order);
    }
    shape = shape(entries.get("shape"), where, most);
    String descr = entries.get("descr");
    if (descr.startsWith("[")) {
      throw new FormatException(where, "records of several fields, " + TYPES);
    }
    Matcher dtype = DTYPE.matcher(descr);
    String code = dtype.matches() ? dtype.group(2) : "";
    if (code.startsWith("O")) {
      throw new FormatException(
          where,
          "Python objects (a pickle), expected numbers: pickles can run code and are not read;"
              + " save it as an array of numbers");
    }
    ElementType found = code.equals("?") ? ElementType.BOOL : null;
    for (ElementType candidate : ElementType.values()) {
      found = candidate.code().equals(code) ? candidate : found;
    }
    int points = 1;
    if (STRINGS.matcher(code).matches()) {
      found = ElementType.UNICODE;
      points = Integer.parseInt(code.substring(1));
    }
    if (found == null || Shapes.length(most, shape) > most / points) {
      throw new FormatException(where, "elements of dtype %s, " + TYPES, descr);
    }
    type = found;
    width = points;
    this.order =
        dtype.group(1).equals("<")
            ? ByteOrder.LITTLE_ENDIAN
            : dtype.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.nativeOrder();
  }

  /** Returns the entries of the dictionary, with values as they are written. */
  private static Map<String, String> entries(String header, String where) throws FormatException {
    Map<String, String> entries = new HashMap<>();
    String text = header.strip();
    int at = 0;
    if (text.startsWith("{")) {
      Matcher entry = ENTRY.matcher(text);
      for (at = 1; entry.region(at, text.length()).lookingAt(); at = entry.end()) {
        if (entries.put(entry.group(1), entry.group(2)) != null) {
          break; // a duplicate key
        }
      }
    }
    String rest = text.substring(at);
    if (!rest.equals("}")) {
      throw new FormatException(
          where,
          "the npy header %s, expected {'descr': ..., 'fortran_order': ..., ...}",
          rest.isEmpty() ? "ends early" : "is unreadable at \"%.40s\"".formatted(rest));
    }
    return entries;
  }

  private static int[] shape(String text, String where, long most) throws FormatException {
    if (!text.startsWith("(") && !text.startsWith("[")) {
      throw new FormatException(where, "the shape is %s, expected a tuple", text);
    }
    String inside = text.substring(1, text.length() - 1).strip();
    String[] dimensions = COMMA.split(inside); // empty for a single comma
    int[] shape = new int[inside.isEmpty() ? 0 : dimensions.length];
    if (shape.length > MAX_RANK) {
      throw new FormatException(
          where, "%s dimensions, expected at most %s", shape.length, MAX_RANK);
    }
    try {
      for (int i = 0; i < shape.length; i++) {
        shape[i] = Integer.parseInt(dimensions[i]);
      }
      if (dimensions.length > 0 && Shapes.length(most, shape) >= 0) {
        return shape;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new FormatException(
        where, "the shape is %s, expected dimensions from 0 and at most %s elements", text, most);
  }

  /** Returns the header that numpy would write, little-endian and row-major. */
  private static byte[] header(NdArray array) {
    ElementType type = array.type();
    int[] shape = array.shape();
    int size = type == ElementType.UNICODE ? array.width() : type.bytes();
    String order = type.bytes() == 1 ? "|" : "<";
    String text =
        "{'descr': '%s%s%s', 'fortran_order': False, 'shape': %s, }"
            .formatted(order, type.code().charAt(0), Integer.toString(size), Shapes.text(shape));
    // Like numpy, leaves room for the first dimension to grow, so that the bytes are equal.
    int growth = shape.length == 0 ? 0 : 21 - Integer.toString(shape[0]).length();
    int before = MAGIC.length + 4;
    // Even 64 dimensions of 10 digits fit into the 65535 bytes of version 1.
    int length = text.length() + growth + 1;
    length += Math.floorMod(-(before + length), ALIGNMENT);
    byte[] header = new byte[before + length];
    Arrays.fill(header, (byte) ' ');
    header[header.length - 1] = '\n';
    ByteBuffer.wrap(header)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .putShort((short) 1) // version 1.0
        .putShort((short) length)
        .put(text.getBytes(StandardCharsets.US_ASCII));
    return header;
  }
}
