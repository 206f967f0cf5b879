package dev.lanewise.source;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Bytes;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.OtherFormats;
import dev.lanewise.format.internal.Remedy;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Reads a table record by record, without an object per field, as tables of images have tens of
 * millions of fields. Source: RFC 4180. In addition, fields may be separated by semicolons, tabs or
 * vertical bars, lines may end in LF or CR alone, blanks around a field are ignored, and empty
 * lines and a byte order mark are skipped.
 *
 * <p>A field is a range of the buffer. Its text is decoded when it is requested.
 */
public final class Csv extends RecordBuffer implements Closeable {
  /** Without this limit, a file of separators would use memory of many times its size. */
  private static final int MAX_FIELDS = 1 << 18;

  /** The most bytes that are searched for a separator, if two records do not fit into a buffer. */
  private static final int MAX_LOOK = 1 << 24;

  private final char decimal;
  private char separator;
  private Path path; // path of a file that can be read from any position; else null

  private int[] bounds = new int[32]; // begin and end of each field, relative to start
  private double[] numbers = new double[16]; // values of the fields; NaN if not numbers
  private long[] marks = new long[16]; // the fields as MarkedNumber
  private int fields;
  private long line = 1; // line of the next byte
  private boolean isAscii; // true if the record is ASCII so far
  private TextEncoding encoding = new TextEncoding(null);
  private boolean isClosed;
  private boolean isWorkbook;
  private Message sheetNote; // which sheet of a workbook this is; or null
  private boolean isMarked; // whether the file has a byte order mark
  private boolean isText; // whether it is text; used for a file that can be read from any position
  private final int skip; // lines before the table, or CsvFormat.FIND
  private List<String> titles = List.of(); // that were found
  private long before; // number of first lines that may be titles

  private Csv(InputStream in, String file, CsvFormat format) {
    super(in, file);
    this.separator = format.separator();
    this.decimal = format.decimal();
    this.skip = format.skip();
  }

  /** Opens a file with decimal points and detects its separator. */
  public static Csv open(Path path) throws IOException {
    return open(path, CsvFormat.detect());
  }

  /** Opens a file in UTF-8 or Windows-1252, optionally compressed by gzip, with any name. */
  public static Csv open(Path path, CsvFormat format) throws IOException {
    Bytes.checkedSize(path, "a CSV file");
    try {
      Csv csv = open(Files.newInputStream(path), path.toString(), format, true);
      csv.path = csv.isText ? path : null;
      return csv;
    } catch (IOException e) {
      throw FormatException.unreadable(path.toString(), e);
    }
  }

  /**
   * Opens a stream. To detect the separator, and then to find titles, this waits for the first 64
   * KiB of the table or its end.
   *
   * @param in the table in UTF-8 or Windows-1252, optionally compressed by gzip; closed with the
   *     reader, or if it cannot be opened
   */
  public static Csv open(InputStream in, String name, CsvFormat format) throws FormatException {
    return open(in, name, format, format.separator() == 0);
  }

  private static Csv open(InputStream in, String name, CsvFormat format, boolean waits)
      throws FormatException {
    try {
      PushbackInputStream all = new PushbackInputStream(in, FileKind.MARK);
      Workbook workbook = isWorkbook(all) ? Workbook.of(all, name, format) : null;
      if (workbook == null && format.sheet() != null) {
        throw new FormatException(
            name,
            "no Excel workbook (.xlsx), expected one with a sheet %s (leave %s out)",
            format.sheet(),
            Remedy.SHEET.with());
      }
      InputStream text = workbook == null ? Gzip.unpacked(all, name) : workbook.text();
      Csv csv = new Csv(text, name, format);
      csv.isText = workbook == null && !(text instanceof Gzip);
      csv.isWorkbook = workbook != null;
      csv.sheetNote = workbook == null ? null : workbook.note();
      csv.begin();
      if (waits && csv.skip == CsvFormat.FIND) {
        csv.passTitles();
      }
      return csv;
    } catch (NoClassDefFoundError e) {
      throw new FormatException(
          name, "an Excel workbook, expected CSV, as this Java has no module java.xml");
    } catch (IOException e) {
      try {
        in.close();
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw FormatException.unreadable(name, e);
    }
  }

  /** Looks at the first bytes. It waits for more of a stream only if they begin a zip archive. */
  private static boolean isWorkbook(PushbackInputStream in) throws IOException {
    byte[] first = in.readNBytes(2);
    in.unread(first);
    if (first.length < 2 || first[0] != 'P' || first[1] != 'K') {
      return false;
    }
    first = in.readNBytes(FileKind.MARK);
    in.unread(first);
    return FileKind.isWorkbook(first);
  }

  /**
   * Opens the same file at the beginning of a record.
   *
   * @param position the position of the record, from {@link #position}
   * @param nextLine the line number of the record
   * @throws IllegalStateException if the file can only be read from its beginning
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
      csv.before = before;
      csv.encoding = new TextEncoding(encoding);
      csv.in.skipNBytes(position);
      return csv;
    } catch (IOException e) {
      throw FormatException.unreadable(file, e);
    }
  }

  /**
   * Opens the same file at the first line that begins at a position or later. If that line begins
   * inside quotes, it is not the beginning of a record; only a reader of the whole file can tell.
   * The new reader counts lines from 1.
   */
  public Csv fromLine(long position) throws FormatException {
    Csv csv = from(position - 1, 1);
    csv.passLine();
    return csv;
  }

  /** Moves to the beginning of the next line, even inside quotes. */
  private void passLine() throws FormatException {
    while (at < end || fill()) {
      byte c = buffer[at++];
      start = at;
      if (c == '\n' || c == '\r' && (at < end || fill()) && buffer[at] != '\n') {
        break;
      }
    }
  }

  /** {@return the unpacked bytes before the next record, or before an empty line in front of it} */
  public long position() {
    return offset + at;
  }

  /** {@return the number of the line that begins at {@link #position}, counted from 1} */
  public long nextLine() {
    return line;
  }

  /** {@return the bytes after {@link #position}; 0 for a stream or a compressed file} */
  public long remaining() throws FormatException {
    try {
      return path == null ? 0 : Files.size(path) - position();
    } catch (IOException e) {
      throw FormatException.unreadable(file, e);
    }
  }

  /** Checks the encoding, skips the byte order mark and detects the separator. */
  private void begin() throws FormatException {
    while (end < 4 && fill()) {
      continue;
    }
    if (end == 0) {
      throw new FormatException(file, "an empty file, expected a CSV file");
    }
    Utf8.refuseOther(file, buffer, end);
    OtherFormats.refuse(file, buffer, end);
    if (Utf8.isMarked(buffer, end)) {
      at = Utf8.MARK_LENGTH;
      encoding.isMarked();
      isMarked = true;
    }
    start = at;
    for (; line <= skip && (at < end || fill()); line++) {
      passLine();
    }
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

  /** Moves after the titles above the table, if it has some. */
  private void passTitles() throws FormatException {
    while (end < buffer.length - ROOM && fill()) {
      continue;
    }
    int from = at;
    TextEncoding known = new TextEncoding(encoding);
    List<Long> lines = new ArrayList<>();
    Titles ahead = new Titles(ahead(lines));
    at = from;
    line = 1;
    encoding = known;
    isQuoted = false;
    List<String> found = new ArrayList<>();
    for (int left = ahead.arePlain() ? ahead.count : 0; left > 0; left--) {
      next();
      found.addAll(texts());
    }
    found.removeIf(String::isEmpty);
    titles = found;
    before = ahead.count == 0 ? 0 : lines.get(ahead.count) - 1;
  }

  /** Returns the first records that are whole in the buffer, and adds their lines. */
  private List<List<String>> ahead(List<Long> lines) {
    boolean isAll = hasEnded;
    hasEnded = true; // so that the buffer stays
    List<List<String>> records = new ArrayList<>();
    try {
      while (records.size() < Titles.LOOK && next() && (isAll || at < end)) {
        records.add(texts());
        lines.add(recordLine);
      }
    } catch (FormatException e) {
      records.clear(); // the record is refused when it is read
    }
    hasEnded = isAll;
    return records;
  }

  /** {@return the number of first lines that may be titles, even if that is not certain} */
  public long linesBefore() {
    return before;
  }

  /** {@return the titles above the table that were passed over, if they were to be found} */
  public List<String> titles() {
    return titles;
  }

  /** Moves to the next record; returns false if there is none. */
  public boolean next() throws FormatException {
    if (isClosed) {
      throw new IllegalStateException(
          file + ": next of a reader that is closed, expected an open reader");
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

  /** Reads a record and returns true, or skips an empty line and returns false. */
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
    int wrong = isAscii ? -1 : encoding.firstWrong(buffer, start, at);
    if (wrong >= 0) {
      throw noText(wrong, encoding.problem());
    }
    return hasText || fields > 1 || !isEmpty(0);
  }

  /** {@return whether the file begins with a byte order mark} */
  public boolean isMarked() {
    return isMarked;
  }

  /** {@return whether the text was made from a workbook} */
  public boolean isWorkbook() {
    return isWorkbook;
  }

  /** Returns what is unusual about the text that was read so far, such as its encoding, or null. */
  public Message textNote() {
    boolean isWindows = encoding.isWindows();
    return isWindows ? Message.of("%s is in Windows-1252, as Excel writes it", file) : sheetNote;
  }

  /**
   * Adopts the encoding of the next part of the file, unless an earlier part has a different
   * encoding.
   *
   * @return false if the encodings differ
   */
  public boolean goesOnAs(Csv next) {
    return encoding.goesOnAs(next.encoding);
  }

  /**
   * Reads the next fields as long as they have no blanks, quotes and bytes above 127, as most
   * fields have not. This method only increases speed; the caller can read every field without it.
   *
   * @return true if the record ended with these fields; its end of line is not read
   */
  private boolean passSimple() {
    byte[] bytes = buffer;
    int mark = separator;
    int point = decimal == mark ? '0' : decimal; // a digit never ends a number
    int i = at;
    int count = fields;
    while (count < numbers.length) {
      int to = Decimals.pass(bytes, i, point, numbers, marks, count);
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
        marks[count] = MarkedNumber.of(bytes, i, to, decimal);
      }
      if (c != mark && to == end) {
        break; // the line may continue after the buffer
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

  /** Skips blanks. A tab is not a blank if it is the separator. */
  private void passBlanks() throws FormatException {
    do {
      while (buffer[at] == ' ' || buffer[at] == '\t' && separator != '\t') {
        at++;
      }
    } while (at == end && fill());
  }

  /** Moves to the end of a field without quotes. */
  private void passPlain() throws FormatException {
    int i = at;
    while (true) {
      byte[] bytes = buffer;
      while (bytes[i] > '"' && bytes[i] != separator) { // no special byte
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
        i = at - 1; // filling the buffer has moved the field
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

  /** Moves to the quote at the end of a field in quotes. */
  private void passQuoted() throws FormatException {
    isQuoted = true;
    while (true) {
      byte[] bytes = buffer;
      int i = at;
      while (bytes[i] > '"') { // no special byte
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
          throw wrong("a quote that is never closed, expected a second quote before the file ends");
        }
        at++;
        line++;
        if (c == '\n' || at == end && !fill() || buffer[at] != '\n') {
          continue; // an end of line of one byte
        }
      } else if (c == 0) {
        throw zero(at);
      }
      isAscii &= c >= 0;
      at++;
    }
    isQuoted = false;
  }

  /** Stores the bounds and the value of a field, without the blanks at its ends. */
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
        throw wrong("more than %s fields, expected at most this number", MAX_FIELDS);
      }
      bounds = Arrays.copyOf(bounds, 2 * bounds.length);
      numbers = Arrays.copyOf(numbers, bounds.length / 2);
      marks = Arrays.copyOf(marks, bounds.length / 2);
    }
    numbers[fields] = Decimals.parse(buffer, from, to, decimal);
    marks[fields] = MarkedNumber.of(buffer, from, to, decimal);
    bounds[2 * fields] = from - start;
    bounds[2 * fields + 1] = to - start;
    fields++;
  }

  private static boolean isBlank(byte c) {
    return c == ' ' || c == '\t';
  }

  private FormatException zero(int place) {
    return noText(
        place,
        "zero, which text does not have, expected a table in UTF-8 (this looks like binary data)");
  }

  private FormatException noText(int place, String problem) {
    long lines = recordLine;
    for (int i = start; i < place; i++) {
      lines += buffer[i] == '\n' || buffer[i] == '\r' && buffer[i + 1] != '\n' ? 1 : 0;
    }
    return new FormatException(
        file, "byte %s (line %s) is %s", offset + place + 1, lines, Message.of(problem));
  }

  /** {@return the number of fields of the record, at least 1} */
  public int fields() {
    return fields;
  }

  /** {@return the number of the line where the record begins, counted from 1} */
  public long line() {
    return recordLine;
  }

  /** {@return the separator of the format, or the detected one} */
  public char separator() {
    return separator;
  }

  /**
   * {@return a field without its quotes, and without blanks at its ends, inside or outside them}
   */
  public String text(int field) {
    int from = from(field);
    String text = new String(buffer, from, to(field) - from, encoding.charset());
    return text.indexOf('"') < 0 ? text : text.replace("\"\"", "\"");
  }

  /** {@return the texts of all fields of the record} */
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < fields; i++) {
      texts.add(text(i));
    }
    return texts;
  }

  /** {@return the double nearest to a field; NaN if it is not a finite decimal number} */
  public double number(int field) {
    double value = numbers[Objects.checkIndex(field, fields)];
    return Double.isInfinite(value) ? Double.NaN : value;
  }

  /**
   * Tests whether a field is a finite decimal number, or one for which {@link #number} is NaN: too
   * large for a double, such as 1e999, or nan, inf or infinity in any case, with or without a sign.
   */
  public boolean isNumeric(int field) {
    return !Double.isNaN(numbers[Objects.checkIndex(field, fields)])
        || Decimals.isSpecial(buffer, from(field), to(field));
  }

  /** Tests for a zero before another digit, after an optional sign: a number would lose it. */
  public boolean beginsWithZero(int field) {
    int from = from(field);
    from += buffer[from] == '-' || buffer[from] == '+' ? 1 : 0;
    return buffer[from] == '0' && buffer[from + 1] >= '0' && buffer[from + 1] <= '9';
  }

  /** {@return a field as {@link MarkedNumber}, or NONE or OTHER of that class} */
  public long marked(int field) {
    return marks[Objects.checkIndex(field, fields)];
  }

  /** {@return whether a field contains only blanks} */
  public boolean isEmpty(int field) {
    return from(field) == to(field);
  }

  private int from(int field) {
    return start + bounds[2 * Objects.checkIndex(field, fields)];
  }

  private int to(int field) {
    return start + bounds[2 * field + 1];
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    in.close();
  }
}
