package dev.lanewise.source;

import dev.lanewise.format.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The current record of a file, as it is in the file, and some of the bytes after it. */
class RecordBuffer {
  /** Without this limit, a quote that is never closed would read the rest of the file. */
  private static final int MAX_RECORD = 1 << 26;

  /** Unused bytes after the end of line, so that methods may read several bytes at once. */
  static final int ROOM = Decimals.REACH;

  final InputStream in;
  final String file;
  byte[] buffer = new byte[1 << 16]; // the file in [0, end), then an end of line and unused bytes
  int start; // start of the record
  int at; // the next byte
  int end;
  boolean hasEnded; // the whole file was read
  long offset; // offset of the buffer in the file
  long recordLine = 1;
  boolean isQuoted; // the byte before the next is inside quotes

  RecordBuffer(InputStream in, String file) {
    this.in = in;
    this.file = file;
  }

  /** Reads more of the file, and moves the record to the start of the buffer; false at the end. */
  final boolean fill() throws FormatException {
    if (hasEnded) {
      return false;
    }
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      offset += start;
      at -= start;
      end -= start;
      start = 0;
    } else if (end == buffer.length - ROOM) {
      if (buffer.length >= MAX_RECORD) {
        throw wrong(
            "a record of more than %s bytes, expected %s",
            MAX_RECORD, isQuoted ? "the closing quote" : "the end of the line");
      }
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    try {
      int count = in.read(buffer, end, buffer.length - ROOM - end);
      hasEnded = count < 0;
      end += Math.max(0, count);
    } catch (IOException e) {
      throw FormatException.unreadable(file, e);
    }
    buffer[end] = '\n'; // ends all loops
    return !hasEnded;
  }

  final FormatException wrong(String problem, Object... parts) {
    String text = parts.length == 0 ? problem : problem.formatted(parts);
    return new FormatException(file, "line %s: %s", recordLine, text);
  }
}
