package dev.lanewise.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Reads comma-separated values record by record, without an object a field: tables of images have
 * tens of millions. Source: RFC 4180; besides, lines may end in LF or CR alone, empty lines are
 * passed over, and a byte order mark is.
 */
public final class Csv implements Closeable {
  /** A quote that is never closed would otherwise take in the rest of the file. */
  private static final int MAX_RECORD = 1 << 26;

  /** Below this a double holds every whole number. */
  private static final long EXACT = 1L << 53;

  /** Up to this power of ten a double holds each. */
  private static final int MAX_POWER = 22;

  private static final Pattern NUMBER =
      Pattern.compile("[ \t]*[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?[ \t]*");

  private final InputStream in;
  private final String file;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;
  private boolean started;

  private byte[] record = new byte[1 << 12]; // the fields without quotes, one after the other
  private int[] ends = new int[16]; // where each field ends in record
  private int used;
  private int fields;
  private long line = 1; // of the next byte
  private long recordLine;

  private Csv(InputStream in, String file) {
    this.in = in;
    this.file = file;
  }

  /**
   * Opens a file.
   *
   * @param path the file, UTF-8
   * @return a reader before the first record, to be closed
   * @throws FormatException if the file is missing, empty or cannot be opened
   */
  public static Csv open(Path path) throws FormatException {
    FileKind.checkedSize(path, "a CSV file");
    try {
      return new Csv(Files.newInputStream(path), path.toString());
    } catch (IOException e) {
      throw FormatException.unreadable(path.toString(), e);
    }
  }

  /**
   * Moves on to the next record.
   *
   * @return false if there is none
   * @throws FormatException if the record breaks the rules of quoting or reading fails
   */
  public boolean next() throws FormatException {
    do {
      used = 0;
      fields = 0;
      recordLine = line;
      if (peek() < 0) {
        return false;
      }
      readRecord();
    } while (fields == 1 && ends[0] == 0); // an empty line
    return true;
  }

  private void readRecord() throws FormatException {
    while (true) {
      int c = peek();
      if (c == '"') {
        quoted();
      } else {
        for (; c >= 0 && c != ',' && c != '\n' && c != '\r'; c = peek()) {
          if (c == '"') {
            throw wrong("a quote inside a field without quotes, expected the field in quotes");
          }
          append(c);
          at++;
        }
      }
      if (fields == ends.length) {
        ends = Arrays.copyOf(ends, grown(fields));
      }
      ends[fields++] = used;
      if (peek() != ',') {
        break;
      }
      at++;
    }
    int c = peek();
    if (c >= 0 && c != '\n' && c != '\r') {
      throw wrong("text after a closing quote, expected a comma or the end of the line");
    }
    newline(c);
  }

  private void quoted() throws FormatException {
    at++;
    while (true) {
      int c = peek();
      if (c < 0) {
        throw wrong("a quote that is never closed, expected another before the file ends");
      }
      at++;
      if (c == '"') {
        if (peek() != '"') {
          return;
        }
        at++; // two stand for one
      } else if (c == '\n' || c == '\r') {
        line++;
        if (c == '\r' && peek() == '\n') {
          append(c);
          c = '\n';
          at++;
        }
      }
      append(c);
    }
  }

  /** Passes over the end of a line. */
  private void newline(int c) throws FormatException {
    if (c >= 0) {
      at++;
      line++;
      if (c == '\r' && peek() == '\n') {
        at++;
      }
    }
  }

  private void append(int c) throws FormatException {
    if (used == record.length) {
      record = Arrays.copyOf(record, grown(used));
    }
    record[used++] = (byte) c;
  }

  private int grown(int size) throws FormatException {
    if (size >= MAX_RECORD) {
      throw wrong("a record of more than " + MAX_RECORD + " bytes, expected the closing quote");
    }
    return 2 * size;
  }

  /** The next byte, which stays, or -1 at the end. */
  private int peek() throws FormatException {
    if (at < end) {
      return buffer[at] & 0xff;
    }
    try {
      end = Math.max(0, in.readNBytes(buffer, 0, buffer.length));
    } catch (IOException e) {
      throw FormatException.unreadable(file, e);
    }
    at = 0;
    if (!started) {
      started = true;
      boolean mark = end >= 3 && buffer[0] == (byte) 0xef && buffer[1] == (byte) 0xbb;
      at = mark && buffer[2] == (byte) 0xbf ? 3 : 0;
    }
    return at < end ? buffer[at] & 0xff : -1;
  }

  /**
   * The number of fields of the record.
   *
   * @return at least 1
   */
  public int fields() {
    return fields;
  }

  /**
   * Where the record begins.
   *
   * @return the line in the file, counted from 1
   */
  public long line() {
    return recordLine;
  }

  /**
   * A field as text.
   *
   * @param field its place in the record, counted from 0
   * @return its text without the quotes
   * @throws FormatException if the text is not UTF-8
   */
  public String text(int field) throws FormatException {
    int from = from(field);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(record, from, ends[field] - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw wrong("field " + (field + 1) + " is not UTF-8, expected text in UTF-8");
    }
  }

  /**
   * A field as a number.
   *
   * @param field its place in the record, counted from 0
   * @return the double nearest to it, or NaN if the field is no finite decimal number; spaces
   *     around a number are allowed
   */
  public double number(int field) {
    int from = from(field);
    int to = ends[field];
    int i = from;
    while (i < to && (record[i] == ' ' || record[i] == '\t')) {
      i++;
    }
    boolean negative = i < to && record[i] == '-';
    if (i < to && (negative || record[i] == '+')) {
      i++;
    }
    long digits = 0;
    int count = 0;
    double power = 0; // of ten: what the digits are to be divided by, once there was a point
    for (; i < to && digits < EXACT && count < MAX_POWER; i++) {
      int c = record[i];
      if (c >= '0' && c <= '9') {
        digits = digits * 10 + c - '0';
        count++;
        power *= 10;
      } else if (c == '.' && power == 0) {
        power = 1;
      } else {
        break;
      }
    }
    if (i == to && count > 0 && digits < EXACT) {
      // Both are exact, so the division rounds once, correctly.
      double value = power > 1 ? digits / power : digits;
      return negative ? -value : value;
    }
    String text = new String(record, from, to - from, StandardCharsets.ISO_8859_1);
    double value = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    return Double.isInfinite(value) ? Double.NaN : value;
  }

  private int from(int field) {
    Objects.checkIndex(field, fields);
    return field == 0 ? 0 : ends[field - 1];
  }

  private FormatException wrong(String problem) {
    return new FormatException(file, "line %s: %s", recordLine, problem);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /**
   * A field as it is written: in quotes if it needs them.
   *
   * @param text the text
   * @return the text, or the text in quotes with every quote doubled
   */
  public static String quoted(String text) {
    return text.matches("[^,\"\n\r]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
