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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * A protocol buffers message, whose fields are read when the first one is asked for. Requesting a
 * field as another type than it has is an error. Of a field that occurs several times and is asked
 * for as one, the last counts; an absent one is 0 or empty.
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

  /** A number, or the range of the bytes of a field that has bytes. */
  private record Field(int wire, long number, int from, int to) {}

  private final byte[] bytes;
  final String file;
  private final int end;
  private int at;
  private final long[] made; // bytes of memory used for the whole file
  private Map<Integer, List<Field>> fields; // by number; null before they are read

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

  private List<Field> fields(int field) throws FormatException {
    if (fields == null) {
      fields = new HashMap<>();
      while (at < end) {
        take(FIELD);
        long tag = varint();
        int wire = (int) tag & 7;
        long number =
            switch (wire) {
              case VARINT, BYTES -> varint();
              case FIXED64 -> fixed(Long.BYTES);
              case FIXED32 -> fixed(Integer.BYTES);
              default ->
                  throw wrong("a field of wire type " + wire + ", expected protocol buffers");
            };
        if (wire == BYTES && (number < 0 || number > end - at)) {
          throw cutOff();
        }
        int from = at;
        at += wire == BYTES ? (int) number : 0;
        fields
            .computeIfAbsent((int) (tag >>> 3), n -> new ArrayList<>())
            .add(new Field(wire, number, from, at));
      }
    }
    return fields.getOrDefault(field, List.of());
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

  boolean has(int field) throws FormatException {
    return !fields(field).isEmpty();
  }

  long number(int field) throws FormatException {
    long number = 0;
    for (Field each : fields(field)) {
      if (each.wire == BYTES) {
        throw wrong("bytes in field " + field + ", expected a number");
      }
      number = each.number;
    }
    return number;
  }

  /**
   * Passes the numbers of a repeated field to {@code each}: single numbers, or several in bytes.
   *
   * @param size bytes per number, 0 for variable length
   */
  void numbers(int field, int size, LongConsumer each) throws FormatException {
    for (Field one : fields(field)) {
      if (one.wire != BYTES) {
        each.accept(one.number); // its memory was counted as a field
        continue;
      }
      Proto all = new Proto(bytes, one.from, one.to, file, made);
      while (all.at < all.end) {
        take(NUMBER);
        each.accept(size == 0 ? all.varint() : all.fixed(size));
      }
    }
  }

  List<Proto> messages(int field) throws FormatException {
    List<Proto> messages = new ArrayList<>();
    for (Field each : fields(field)) {
      if (each.wire != BYTES) {
        throw wrong("a number in field " + field + ", expected bytes");
      }
      messages.add(new Proto(bytes, each.from, each.to, file, made));
    }
    return messages;
  }

  Proto message(int field) throws FormatException {
    Proto none = new Proto(bytes, end, end, file, made);
    return messages(field).stream().reduce(none, (a, b) -> b);
  }

  List<String> texts(int field) throws FormatException {
    return messages(field).stream().map(Proto::text).toList();
  }

  String text(int field) throws FormatException {
    return message(field).text();
  }

  private String text() {
    return new String(bytes, at, length(), StandardCharsets.UTF_8);
  }

  /** Returns the number of the bytes that were not read yet. */
  int length() {
    return end - at;
  }

  /** Returns the bytes that were not read yet. */
  InputStream stream() {
    return new ByteArrayInputStream(bytes, at, length());
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
