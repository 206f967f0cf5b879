package dev.lanewise.source;

import dev.lanewise.format.Budget;
import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.Bytes;
import dev.lanewise.format.internal.Shapes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * Reads and writes one array in the IDX format of the MNIST files, optionally compressed by gzip.
 * Source: the description on Yann LeCun's page of the MNIST database.
 */
public final class Idx {
  /** The format allows 255; a smaller limit keeps the header short. */
  private static final int MAX_RANK = 32;

  private static final int MAX_DEFLATE_RATIO = 1032;

  /** The types for the codes in the third byte, from 8; code 10 has no meaning. */
  private static final List<ElementType> TYPES =
      Arrays.asList(
          ElementType.UINT8,
          ElementType.INT8,
          null,
          ElementType.INT16,
          ElementType.INT32,
          ElementType.FLOAT32,
          ElementType.FLOAT64);

  private Idx() {}

  /** Returns the type for a code, or null. */
  static ElementType type(int code) {
    return code >= 8 && code < 8 + TYPES.size() ? TYPES.get(code - 8) : null;
  }

  /**
   * Reads an array. Its declared size is compared with that of the file before memory is allocated.
   */
  public static NdArray read(Path path) throws IOException {
    String where = path.toString();
    long size = Bytes.checkedSize(path, "an IDX file");
    try (InputStream in = Files.newInputStream(path)) {
      return read(in, size, where);
    } catch (IOException e) {
      throw FormatException.unreadable(where, e);
    }
  }

  /** Reads an array from a stream of {@code size} bytes, compressed or not. */
  static NdArray read(InputStream packed, long size, String where) throws IOException {
    try (InputStream in = Gzip.unpacked(packed, where)) {
      return in instanceof Gzip
          ? read(in, size, MAX_DEFLATE_RATIO, where)
          : read(in, size, 1, where);
    }
  }

  /**
   * Reads an array; each byte of the file unfolds to at most {@code ratio} bytes, where 1 means
   * exactly one.
   */
  private static NdArray read(InputStream in, long size, int ratio, String where)
      throws IOException {
    boolean exactly = ratio == 1;
    byte[] magic = in.readNBytes(4);
    if (magic.length < 4 || magic[0] != 0 || magic[1] != 0) {
      throw new FormatException(where, "not an IDX file (wrong first bytes), expected two zeros");
    }
    ElementType type = type(magic[2]);
    if (type == null) {
      throw new FormatException(
          where, "IDX type 0x%02x, expected 08, 09, 0b, 0c, 0d or 0e", magic[2]);
    }
    int rank = magic[3] & 0xff;
    if (rank < 1 || rank > MAX_RANK) {
      throw new FormatException(where, "%s dimensions, expected between 1 and %s", rank, MAX_RANK);
    }
    byte[] sizes = in.readNBytes(4 * rank);
    if (sizes.length < 4 * rank) {
      throw new FormatException(where, "the IDX header is cut off, expected %s sizes", rank);
    }
    int[] shape = new int[rank];
    ByteBuffer.wrap(sizes).asIntBuffer().get(shape);
    long length = Shapes.length(shape); // sizes from 2^31 are negative as int
    if (length < 0) {
      throw new FormatException(
          where, "the sizes are too large, expected at most %s elements", Shapes.MAX_LENGTH);
    }
    String array = type + " " + Shapes.text(shape);
    long declared = length * type.bytes();
    long there = size * ratio - 4 - 4L * rank;
    if (exactly ? declared != there : declared > there) {
      throw new FormatException(
          where,
          "%s takes %s bytes, but %s%s are there, expected as many (cut off or damaged?)",
          array,
          declared,
          exactly ? "" : "at most ",
          there);
    }
    Budget.require(where, size, declared);
    NdArray read = NdArray.read(in, type, ByteOrder.BIG_ENDIAN, where, shape);
    if (in.read() >= 0) {
      throw new FormatException(
          where, "more data than the %s bytes of %s, expected no more", declared, array);
    }
    return read;
  }

  /**
   * Writes an array, compressed if the name ends in {@code .gz}.
   *
   * @param path the file to create or replace
   * @param array an array of uint8, int8, int16, int32, float32 or float64 with 1 to 32 dimensions
   * @throws IllegalArgumentException if the format does not support the type or the number of
   *     dimensions
   */
  public static void write(Path path, NdArray array) throws IOException {
    int code = TYPES.indexOf(array.type()) + 8;
    if (code < 8 || array.rank() < 1 || array.rank() > MAX_RANK) {
      throw new IllegalArgumentException(
          array
              + ", expected uint8, int8, int16, int32, float32 or float64 of 1 to "
              + MAX_RANK
              + " dimensions");
    }
    ByteBuffer header = ByteBuffer.allocate(4 + 4 * array.rank());
    header.putInt(code << 8 | array.rank()).asIntBuffer().put(array.shape());
    AtomicFile.write(
        path,
        out -> {
          boolean packs = path.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
          OutputStream end = packs ? new GZIPOutputStream(out) : out;
          end.write(header.array());
          array.write(end, ByteOrder.BIG_ENDIAN);
          end.close(); // does not close the file
        });
  }
}
