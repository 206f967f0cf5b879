package dev.lanewise.source;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Bytes;
import dev.lanewise.format.internal.OtherFormats;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads a table record by record, without an object a field: tables of images have tens of
 * millions. Source: RFC 4180; besides, fields may be separated by semicolons, tabs or vertical
 * bars, lines may end in LF or CR alone, blanks around a field do not count, and empty lines and a
 * byte order mark are passed over.
 *
 * <p>The record stays in the buffer as it is in the file, and a field is a part of it. Whatever a
 * field needs (two quotes made one, a number parsed) is done when it is asked for.
 */
public final class Csv implements Closeable {
  /** A quote that is never closed would otherwise take in the rest of the file. */
  private static final int MAX_RECORD = 1 << 26;

  /** A file of nothing but separators would otherwise take many times its size. */
  private static final int MAX_FIELDS = 1 << 18;

  /** So much, but never more, is looked at where the first two records take more than a buffer. */
  private static final int MAX_LOOK = 1 << 24;

  private static final int ROOM = Decimals.REACH;

  private final InputStream in;
  private final String file;
  private final char decimal;
  private char separator;
  private Path path; // of a file that can be read from any place; else null

  /**
   * The file in [0, end), from the current record on or before, then an end of line, and room for
   * those who look at several bytes at once.
   */
  private byte[] buffer = new byte[1 << 16];

  private int start; // of the record
  private int at; // the next byte
  private int end;
  private boolean hasEnded; // all of the file has been read
  private long offset; // of the buffer in the file

  private int[] bounds = new int[32]; // from and to of each field, counted from start
  private double[] numbers = new double[16]; // that the fields are; NaN if none
  private int fields;
  private long line = 1; // of the next byte
  private long recordLine = 1;
  private boolean isQuoted; // the byte before the next is inside quotes
  private boolean isAscii; // the record so far
  private boolean isClosed;

  private Csv(InputStream in, String file, CsvFormat format) {
    this.in = in;
    this.file = file;
    this.separator = format.separator();
    this.decimal = format.decimal();
  }

  /**
   * Opens a file whose separator is to be found, with decimal points.
   *
   * @param path the file, UTF-8, perhaps compressed by gzip
   * @return a reader before the first record, to be closed
   * @throws FormatException if the file is missing, empty, in another encoding by its first bytes,
   *     or cannot be opened
   */
  public static Csv open(Path path) throws FormatException {
    return open(path, CsvFormat.detect());
  }

  /**
   * Opens a file.
   *
   * @param path the file, UTF-8, perhaps compressed by gzip, whatever its name
   * @param format how the table is written
   * @return a reader before the first record, to be closed
   * @throws FormatException if the file is missing, empty, in another encoding by its first bytes,
   *     or cannot be opened
   */
  public static Csv open(Path path, CsvFormat format) throws FormatException {
    Bytes.checkedSize(path, "a CSV file");
    try {
      Csv csv = open(Files.newInputStream(path), path.toString(), format);
      csv.path = csv.in instanceof Gzip ? null : path;
      return csv;
    } catch (IOException e) {
      throw FormatException.unreadable(path.toString(), e);
    }
  }

  /**
   * Opens a stream. To find the separator it waits for the first 64 KiB of the table, or its end.
   *
   * @param in the table, UTF-8, perhaps compressed by gzip; closed with the reader, and if it
   *     cannot be opened
   * @param name what the stream is called in messages
   * @param format how the table is written
   * @return a reader before the first record, to be closed
   * @throws FormatException if the stream is empty, in another encoding by its first bytes, or
   *     cannot be read
   */
  public static Csv open(InputStream in, String name, CsvFormat format) throws FormatException {
    try {
      Csv csv = new Csv(Gzip.unpacked(in, name), name, format);
      csv.begin();
      return csv;
    } catch (IOException e) {
      try {
        in.close();
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw FormatException.unreadable(name, e);
    }
  }

  /**
   * Opens the same file at a place where a record begins.
   *
   * @param position the place, as {@link #position} has it
   * @param nextLine the number of the line there
   * @return another reader before that record, to be closed
   * @throws FormatException if the file cannot be opened
   * @throws IllegalStateException if {@link #remaining} says that it cannot
   */
  public Csv from(long position, long nextLine) throws FormatException {
    if (path == null) {
      throw new IllegalStateException(file + " can be read from its beginning only");
    }
    Objects.checkFromIndexSize(position, 0L, Long.MAX_VALUE);
    try {
      Csv csv = new Csv(Files.newInputStream(path), file, new CsvFormat(separator, decimal));
      csv.path = path;
      csv.offset = position;
      csv.line = nextLine;
      csv.in.skipNBytes(position);
      return csv;
    } catch (IOException e) {
      throw FormatException.unreadable(file, e);
    }
  }

  /**
   * Opens the same file at the first line that begins in a place or behind. Inside quotes that is
   * not where a record begins: only who has read all before can tell.
   *
   * @param position the place in the file, above 0
   * @return another reader, as {@link #from} gives it, which counts lines from 1
   * @throws FormatException if the file cannot be read
   */
  public Csv fromLine(long position) throws FormatException {
    Csv csv = from(position - 1, 1);
    while (csv.at < csv.end || csv.fill()) {
      byte c = csv.buffer[csv.at++];
      csv.start = csv.at;
      if (c == '\n'
          || c == '\r' && (csv.at < csv.end || csv.fill()) && csv.buffer[csv.at] != '\n') {
        break;
      }
    }
    return csv;
  }

  /**
   * Where the next record begins, or an empty line before it.
   *
   * @return the place in the file or stream, unpacked, in bytes from 0
   */
  public long position() {
    return offset + at;
  }

  /**
   * The line that begins at {@link #position}.
   *
   * @return counted as {@link #line} is
   */
  public long nextLine() {
    return line;
  }

  /**
   * How much of a file is left that can also be read {@link #from} any place.
   *
   * @return the bytes from {@link #position} on; 0 of a stream, or if the file is packed
   * @throws FormatException if the file is there no more
   */
  public long remaining() throws FormatException {
    try {
      return path == null ? 0 : Files.size(path) - position();
    } catch (IOException e) {
      throw FormatException.unreadable(file, e);
    }
  }

  /** Looks at the encoding, passes over the mark and finds the separator. */
  private void begin() throws FormatException {
    while (end < 4 && fill()) {
      continue;
    }
    if (end == 0) {
      throw new FormatException(file, "an empty file, expected a CSV file");
    }
    String encoding = Utf8.otherMark(buffer, end);
    if (encoding == null && Utf8.looksWide(buffer, end)) {
      encoding = "UTF-16";
    }
    if (encoding != null) {
      throw new FormatException(
          file,
          "text in %s by its first bytes, expected a table in UTF-8 (iconv -f %s -t UTF-8 FILE"
              + " converts it)",
          encoding,
          encoding);
    }
    OtherFormats.refuse(file, buffer, end);
    at = Utf8.isMarked(buffer, end) ? Utf8.MARK_LENGTH : 0;
    start = at;
    while (separator == 0) {
      while (end < buffer.length - ROOM && fill()) {
        continue;
      }
      boolean isAll = hasEnded || end >= MAX_LOOK;
      separator = Separators.find(buffer, at, end, isAll, decimal);
      if (separator == 0) {
        fill();
      }
    }
  }

  /**
   * Moves on to the next record.
   *
   * @return false if there is none
   * @throws FormatException if the record breaks the rules of quoting, is not UTF-8 or reading
   *     fails
   * @throws IllegalStateException if the reader is closed
   */
  public boolean next() throws FormatException {
    if (isClosed) {
      throw new IllegalStateException(
          file + ": next of a reader that is closed, expected it before");
    }
    do {
      start = at;
      fields = 0;
      recordLine = line;
      if (at == end && !fill()) {
        return false;
      }
    } while (!readRecord());
    return true;
  }

  /** Reads a record, or passes over an empty line and returns false. */
  private boolean readRecord() throws FormatException {
    isAscii = true;
    boolean hasText = false;
    while (!passSimple()) {
      passBlanks();
      int from;
      int to;
      if (buffer[at] == '"') {
        at++;
        from = at - start;
        passQuoted();
        to = at - start;
        at++;
        passBlanks();
        if (buffer[at] != separator && !isEnd(buffer[at])) {
          throw wrong(
              "text after a closing quote, expected %s or the end of the line",
              CsvFormat.described(separator));
        }
        hasText = true;
      } else {
        from = at - start;
        passPlain();
        to = at - start;
      }
      add(from, to);
      if (buffer[at] != separator) {
        break;
      }
      at++;
    }
    if (at < end) {
      line++;
      if (buffer[at++] == '\r' && (at < end || fill()) && buffer[at] == '\n') {
        at++;
      }
    }
    if (!isAscii) {
      checkText();
    }
    return hasText || fields > 1 || !isEmpty(0);
  }

  /**
   * Notes the next fields as long as they are like most: without blanks, quotes and bytes above
   * 127. That is for speed alone; any other field is good for the rest.
   *
   * @return whether the record has ended with them, before the end of its line
   */
  private boolean passSimple() {
    byte[] bytes = buffer;
    int mark = separator;
    int point = decimal == mark ? '0' : decimal; // a digit is never found where one may be
    int i = at;
    int count = fields;
    while (count < numbers.length) {
      int to = Decimals.pass(bytes, i, point, numbers, count);
      int c = bytes[to];
      if (c != mark && !isEnd(c)) {
        to = i;
        while (bytes[to] > '"' && bytes[to] != mark) {
          to++;
        }
        c = bytes[to];
        if (c != mark && !isEnd(c)) {
          break;
        }
        numbers[count] = Decimals.parse(bytes, i, to, decimal);
      }
      if (c != mark && to == end) {
        break; // perhaps not of the line
      }
      bounds[2 * count] = i - start;
      bounds[2 * count + 1] = to - start;
      fields = ++count;
      if (c != mark) {
        at = to;
        return true;
      }
      i = to + 1;
      at = i;
    }
    return false;
  }

  private static boolean isEnd(int c) {
    return c == '\n' || c == '\r';
  }

  /** Moves on behind blanks. A tab is none where it separates. */
  private void passBlanks() throws FormatException {
    do {
      while (buffer[at] == ' ' || buffer[at] == '\t' && separator != '\t') {
        at++;
      }
    } while (at == end && fill());
  }

  /** Moves on to the end of a field without quotes. */
  private void passPlain() throws FormatException {
    int i = at;
    while (true) {
      byte[] bytes = buffer;
      while (bytes[i] > '"' && bytes[i] != separator) { // none of those below
        i++;
      }
      int c = bytes[i];
      if (c < 0) {
        isAscii = false;
      } else if (c == separator) {
        break;
      } else if (isEnd(c)) {
        at = i;
        if (i < end || !fill()) {
          return;
        }
        i = at - 1; // filling has moved it
      } else if (c == '"') {
        throw wrong(
            "a quote inside a field without quotes, expected field %s in quotes, and each quote in"
                + " it twice (%s separates fields)",
            fields + 1, CsvFormat.described(separator));
      } else if (c == 0) {
        throw zero(i);
      }
      i++;
    }
    at = i;
  }

  /** Moves on to the quote at the end of a field in quotes. */
  private void passQuoted() throws FormatException {
    isQuoted = true;
    while (true) {
      byte[] bytes = buffer;
      int i = at;
      while (bytes[i] > '"') { // none of those below
        i++;
      }
      at = i;
      int c = bytes[i];
      if (c == '"') {
        at++;
        if (at == end && !fill() || buffer[at] != '"') {
          at--;
          break;
        }
      } else if (isEnd(c)) {
        if (at == end) {
          if (fill()) {
            continue;
          }
          throw wrong("a quote that is never closed, expected another before the file ends");
        }
        at++;
        line++;
        if (c == '\n' || at == end && !fill() || buffer[at] != '\n') {
          continue; // no second byte of this end of line
        }
      } else if (c == 0) {
        throw zero(at);
      }
      isAscii &= c >= 0;
      at++;
    }
    isQuoted = false;
  }

  /** Notes where a field is, without the blanks at its ends. */
  private void add(int first, int last) throws FormatException {
    int from = start + first;
    int to = start + last;
    while (to > from && isBlank(buffer[to - 1])) {
      to--;
    }
    while (from < to && isBlank(buffer[from])) {
      from++;
    }
    if (2 * fields == bounds.length) {
      if (fields >= MAX_FIELDS) {
        throw wrong("more than %s fields, expected fewer", MAX_FIELDS);
      }
      bounds = Arrays.copyOf(bounds, 2 * bounds.length);
      numbers = Arrays.copyOf(numbers, bounds.length / 2);
    }
    numbers[fields] = Decimals.parse(buffer, from, to, decimal);
    bounds[2 * fields] = from - start;
    bounds[2 * fields + 1] = to - start;
    fields++;
  }

  private static boolean isBlank(byte c) {
    return c == ' ' || c == '\t';
  }

  private void checkText() throws FormatException {
    int wrong = Utf8.firstWrong(buffer, start, at);
    if (wrong >= 0) {
      throw new FormatException(
          file,
          "byte %s (line %s) is no UTF-8, expected a table in UTF-8 (iconv -f LATIN1 -t UTF-8 FILE"
              + " converts one from Latin-1)",
          offset + wrong + 1,
          lineOf(wrong));
    }
  }

  private FormatException zero(int place) {
    return new FormatException(
        file,
        "byte %s (line %s) is zero, which text has none of, expected a table in UTF-8 (this looks"
            + " like binary data)",
        offset + place + 1,
        lineOf(place));
  }

  /** The line of a byte of the record. */
  private long lineOf(int place) {
    long lines = recordLine;
    for (int i = start; i < place; i++) {
      lines += buffer[i] == '\n' || buffer[i] == '\r' && buffer[i + 1] != '\n' ? 1 : 0;
    }
    return lines;
  }

  /**
   * Reads more of the file into the buffer, which moves the record to its beginning.
   *
   * @return false if there is no more
   */
  private boolean fill() throws FormatException {
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
    buffer[end] = '\n'; // so that no loop runs beyond
    return !hasEnded;
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
   * What separates the fields.
   *
   * @return the separator that was given or found
   */
  public char separator() {
    return separator;
  }

  /**
   * A field as text.
   *
   * @param field its place in the record, counted from 0
   * @return its text without the quotes, and without blanks (spaces and tabs) at its ends, inside
   *     quotes or outside
   */
  public String text(int field) {
    int from = from(field);
    String text = new String(buffer, from, to(field) - from, StandardCharsets.UTF_8);
    return text.indexOf('"') < 0 ? text : text.replace("\"\"", "\"");
  }

  /**
   * A field as a number.
   *
   * @param field its place in the record, counted from 0
   * @return the double nearest to it, or NaN if the field is no finite decimal number; spaces
   *     around a number are allowed
   */
  public double number(int field) {
    double value = numbers[Objects.checkIndex(field, fields)];
    return Double.isInfinite(value) ? Double.NaN : value;
  }

  /**
   * Whether a field is written as a number, if not one that {@link #number} has.
   *
   * @param field its place in the record, counted from 0
   * @return true of finite decimal numbers, of numbers too large for a double such as 1e999, and of
   *     nan, inf and infinity, with or without a sign, in capitals or not
   */
  public boolean isNumeric(int field) {
    return !Double.isNaN(numbers[Objects.checkIndex(field, fields)])
        || Decimals.isSpecial(buffer, from(field), to(field));
  }

  /**
   * Whether a field has more digits than the value of a number tells.
   *
   * @param field its place in the record, counted from 0
   * @return true if it begins with zero and another digit, perhaps behind a sign
   */
  public boolean beginsWithZero(int field) {
    int from = from(field);
    from += buffer[from] == '-' || buffer[from] == '+' ? 1 : 0;
    return buffer[from] == '0' && buffer[from + 1] >= '0' && buffer[from + 1] <= '9';
  }

  /**
   * Whether a field is empty.
   *
   * @param field its place in the record, counted from 0
   * @return true if there is nothing in it but blanks
   */
  public boolean isEmpty(int field) {
    return from(field) == to(field);
  }

  private int from(int field) {
    return start + bounds[2 * Objects.checkIndex(field, fields)];
  }

  private int to(int field) {
    return start + bounds[2 * field + 1];
  }

  private FormatException wrong(String problem, Object... parts) {
    String text = parts.length == 0 ? problem : problem.formatted(parts);
    return new FormatException(file, "line %s: %s", recordLine, text);
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    in.close();
  }

  /**
   * A field as it is written: in quotes if it needs them.
   *
   * @param text the text
   * @return the text, or the text in quotes with every quote doubled
   */
  public static String quoted(String text) {
    return quoted(text, ',');
  }

  /**
   * A field as it is written between other separators: in quotes if it needs them.
   *
   * @param text the text
   * @param separator the separator, which needs quotes as a comma does
   * @return the text, or the text in quotes with every quote doubled
   */
  public static String quoted(String text, char separator) {
    boolean isPlain = text.indexOf(separator) < 0;
    for (int i = 0; i < text.length() && isPlain; i++) {
      char c = text.charAt(i);
      isPlain = c != ',' && c != '"' && c != '\n' && c != '\r';
    }
    return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
