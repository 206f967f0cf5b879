package dev.lanewise.format;

import dev.lanewise.format.internal.Shapes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/** Adds arrays to the checksum of a sealed file, which {@code SealedNpz} defines. */
final class ArrayChecksum {
  private static final int BLOCK = 1 << 16;

  private ArrayChecksum() {}

  /** Adds an array. */
  static void add(String name, NdArray array, MessageDigest digest) {
    addHead(name, array.type(), array.shape(), digest);
    if (array.type() != ElementType.UNICODE) {
      array.addTo(digest);
      return;
    }
    int[] points = (int[]) array.values();
    int width = array.width();
    byte[] text = new byte[4 * width];
    for (int i = 0; i < points.length; i += width) {
      int end = i + width;
      while (end > i && points[end - 1] == 0) { // padding
        end--;
      }
      int length = 0;
      for (int p = i; p < end; p++) {
        length = utf8(points[p], text, length);
      }
      addNumber(length, digest);
      digest.update(text, 0, length);
    }
  }

  /** Adds the array after a header; most arrays of numbers need no copy in memory. */
  static void add(String name, Npy header, InputStream in, String where, MessageDigest digest)
      throws IOException {
    long count = Shapes.length(header.shape());
    ElementType type = header.type();
    boolean otherBytes = type.bytes() > 1 && header.order() != ByteOrder.LITTLE_ENDIAN;
    if (type == ElementType.UNICODE || otherBytes || header.isFortran() && count > 1) {
      add(name, Npy.read(header, in, where), digest);
      return;
    }
    addHead(name, type, header.shape(), digest);
    long left = count * type.bytes();
    byte[] block = new byte[(int) Math.min(left, BLOCK)];
    while (left > 0) {
      int got = in.readNBytes(block, 0, (int) Math.min(left, block.length));
      if (got == 0) {
        throw new FormatException(where, "%s bytes less than expected (cut off?)", left);
      }
      digest.update(block, 0, got);
      left -= got;
    }
  }

  private static void addHead(String name, ElementType type, int[] shape, MessageDigest digest) {
    addText(name, digest);
    addText(type.toString(), digest);
    addNumber(shape.length, digest);
    for (int dimension : shape) {
      addNumber(dimension, digest);
    }
  }

  private static void addText(String text, MessageDigest digest) {
    byte[] bytes = new byte[4 * text.length()];
    int length = 0;
    for (int i = 0, point; i < text.length(); i += Character.charCount(point)) {
      point = text.codePointAt(i);
      length = utf8(point, bytes, length);
    }
    addNumber(length, digest);
    digest.update(bytes, 0, length);
  }

  private static void addNumber(long number, MessageDigest digest) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    digest.update(bytes.putLong(number).array());
  }

  /** Encodes a character, or half of a surrogate pair, which Java cannot encode. */
  private static int utf8(int point, byte[] to, int from) {
    int at = from;
    if (point < 0x80) {
      to[at++] = (byte) point;
      return at;
    }
    int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3; // bytes of six bits after the first
    to[at++] = (byte) (0xf00 >> more + 1 | point >> 6 * more);
    for (int k = more - 1; k >= 0; k--) {
      to[at++] = (byte) (0x80 | point >> 6 * k & 0x3f);
    }
    return at;
  }
}
