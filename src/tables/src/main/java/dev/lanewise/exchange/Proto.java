package dev.lanewise.exchange;

import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Message;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * Reads the fields of a protocol buffers message one by one. Requesting a field as another type
 * than it has is an error.
 */
final class Proto {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  /** Bytes of memory for a field as an object in a list. */
  private static final int FIELD = 128;

  /** Bytes of memory for a number in a list. */
  private static final int NUMBER = 24;

  private final byte[] bytes;
  final String file;
  private final int end;
  private int at;
  private int wire;
  private long number;
  private final long[] made; // bytes of memory used for the whole file

  /** The number of the field that was read last. */
  int field;

  private int from; // the range of its bytes, if it has bytes
  private int to;

  /** Starts with a whole file. */
  Proto(byte[] bytes, String file) {
    this(bytes, 0, bytes.length, file, new long[1]);
  }

  private Proto(byte[] bytes, int from, int to, String file, long[] made) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
    this.file = file;
    this.made = made;
  }

  /** Counts the memory used for a field, and refuses more than the file may unfold to. */
  void take(long memory) throws FormatException {
    made[0] += memory;
    Budget.require(file, bytes.length, made[0]);
  }

  /** Moves to the next field; returns false at the end. */
  boolean next() throws FormatException {
    if (at == end) {
      return false;
    }
    take(FIELD);
    long tag = varint();
    wire = (int) tag & 7;
    field = (int) (tag >>> 3);
    if (wire == VARINT) {
      number = varint();
    } else if (wire == FIXED64 || wire == FIXED32) {
      number = fixed(wire == FIXED64 ? Long.BYTES : Integer.BYTES);
    } else if (wire == BYTES) {
      long length = varint();
      if (length < 0 || length > end - at) {
        throw cutOff();
      }
      from = at;
      to = at + (int) length;
      at = to;
    } else {
      throw wrong("a field of wire type " + wire + ", expected protocol buffers");
    }
    return true;
  }

  private long varint() throws FormatException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at == end) {
        throw cutOff();
      }
      byte b = bytes[at++];
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw wrong("a number of more than 64 bits, expected protocol buffers");
  }

  /** Reads an unsigned number of a given size. */
  long fixed(int size) throws FormatException {
    if (size > end - at) {
      throw cutOff();
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[at++] & 0xffL) << 8 * i;
    }
    return value;
  }

  /** Returns the field as a number. */
  long number() throws FormatException {
    if (wire == BYTES) {
      throw wrong("bytes in field " + field + ", expected a number");
    }
    return number;
  }

  /**
   * Passes the numbers of a repeated field to {@code each}: one number, or several in bytes.
   *
   * @param size bytes per number, 0 for variable length
   */
  void numbers(int size, LongConsumer each) throws FormatException {
    if (wire != BYTES) {
      each.accept(number); // its memory was counted as a field
      return;
    }
    Proto all = message();
    while (all.at < all.end) {
      take(NUMBER);
      each.accept(size == 0 ? all.varint() : all.fixed(size));
    }
  }

  /** Returns the field as a message. */
  Proto message() throws FormatException {
    checkBytes();
    return new Proto(bytes, from, to, file, made);
  }

  /** Returns the number of the bytes that were not read yet. */
  int length() {
    return end - at;
  }

  /** Returns the bytes that were not read yet. */
  InputStream stream() {
    return new ByteArrayInputStream(bytes, at, length());
  }

  /** Returns the field as text. */
  String text() throws FormatException {
    checkBytes();
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  private void checkBytes() throws FormatException {
    if (wire != BYTES) {
      throw wrong("a number in field " + field + ", expected bytes");
    }
  }

  private FormatException cutOff() {
    return wrong("a field that goes beyond its message, expected ONNX");
  }

  FormatException wrong(String problem) {
    return new FormatException(file, "%s (byte %s)", Message.of(problem), at);
  }

  /** Writes a message. */
  static final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Writer number(int field, long value) {
      tag(field, VARINT);
      varint(value);
      return this;
    }

    Writer fixed(int field, int bits) {
      tag(field, FIXED32);
      for (int i = 0; i < Integer.SIZE; i += 8) {
        out.write(bits >> i);
      }
      return this;
    }

    Writer text(int field, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      tag(field, BYTES);
      varint(bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    Writer message(int field, Writer message) {
      tag(field, BYTES);
      varint(message.out.size());
      try {
        message.out.writeTo(out);
      } catch (IOException e) {
        throw new AssertionError("memory takes all", e);
      }
      return this;
    }

    /** Writes the elements of an array. */
    Writer raw(int field, NdArray array) {
      tag(field, BYTES);
      varint((long) array.length() * array.type().bytes());
      try {
        array.write(out, ByteOrder.LITTLE_ENDIAN);
      } catch (IOException e) {
        throw new AssertionError("memory takes all", e);
      }
      return this;
    }

    void writeTo(OutputStream to) throws IOException {
      out.writeTo(to);
    }

    private void tag(int field, int wire) {
      varint((long) field << 3 | wire);
    }

    private void varint(long value) {
      long left = value;
      while (left >>> 7 != 0) {
        out.write((int) left | 0x80);
        left >>>= 7;
      }
      out.write((int) left);
    }
  }
}
