package dev.lanewise.cli.runs;

import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.DataOptions;
import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.Bytes;
import dev.lanewise.source.Csv;
import dev.lanewise.source.CsvFormat;
import dev.lanewise.source.Gzip;
import dev.lanewise.table.Table;
import dev.lanewise.table.TableOptions;
import dev.lanewise.table.TableOptions.Header;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** The rows of a table file that are removed, and the same file without them. */
public final class ForgottenRows {
  private static final int SHOWN = 10;

  public final String option; // which names the file
  public final Path file;
  private final TableOptions how;
  private final char separator;
  private final List<String> columns;
  private int rows;
  private final List<Integer> numbers = new ArrayList<>(); // numbers of the removed rows, from 0
  private final List<long[]> spans = new ArrayList<>(); // first byte and end of each, unpacked
  // digests of the removed rows, computed while the remaining rows are written
  private final List<String> digests = new ArrayList<>();

  /**
   * Finds rows in a file.
   *
   * @param how how the file is written, with the decision about the header
   * @param requested the rows that are equal to those to find; null to find them by their numbers
   * @param wanted the numbers of the rows to find, from 0
   */
  public ForgottenRows(
      String option, Path file, TableOptions how, RequestedRows requested, BitSet wanted)
      throws IOException {
    this.option = option;
    this.file = file;
    this.how = how;
    try (Csv csv = Csv.open(file, new CsvFormat(how.separator(), how.decimal(), how.skip()))) {
      if (csv.isWorkbook()) {
        throw Problem.failure(
            "%s: an Excel workbook, expected CSV, from which rows can be removed byte for byte",
            file);
      }
      boolean isRow = csv.next();
      separator = csv.separator();
      columns = RequestedRows.names(csv, how);
      int[] places = requested == null ? null : requested.places(columns, file);
      isRow = how.header() == Header.YES ? csv.next() : isRow;
      for (; isRow; isRow = csv.next()) {
        RequestedRows.requireWidth(csv, columns.size(), file);
        if (requested == null ? wanted.get(rows) : requested.takes(csv, places)) {
          numbers.add(rows);
          spans.add(new long[] {csv.recordPosition(), csv.position()});
        }
        rows++;
      }
    }
    if (wanted.length() > rows) {
      throw Problem.usage(
          "--index: row %s, expected at most %s as %s has %s rows, the first of which is 0",
          wanted.length() - 1, rows - 1, file, rows);
    } else if (count() == rows) {
      throw Problem.failure(
          "%s: all %s rows are to be forgotten, expected at least one to stay", file, rows);
    }
  }

  /** Returns whether the first line of the table of a run has the names of its columns. */
  public static Header header(Arguments own) throws IOException {
    Table table = Table.read(own.path("data"), DataOptions.reading(own, null));
    return table.hasHeader() ? Header.YES : Header.NO;
  }

  /** Returns the number of rows that are removed. */
  public int count() {
    return spans.size();
  }

  /** Returns the number of rows of the file. */
  int rows() {
    return rows;
  }

  /** Returns the name of the file that is written, which is compressed if this file is. */
  public String remaining() throws IOException {
    String split = option.equals("data") ? "" : "_" + option.replace("-data", "");
    try (InputStream in = unpacked()) {
      return "remaining" + split + (in instanceof Gzip ? ".csv.gz" : ".csv");
    }
  }

  private InputStream unpacked() throws IOException {
    return Gzip.unpacked(Files.newInputStream(file), file.toString());
  }

  /**
   * Writes the file without the rows, and computes their digests: each is the SHA-256 of the salt
   * and of the bytes of the row without its end of line.
   */
  public void write(Path target, byte[] salt) throws IOException {
    digests.clear();
    AtomicFile.write(
        target,
        out -> {
          try (InputStream in = unpacked()) {
            OutputStream to = in instanceof Gzip ? new GZIPOutputStream(out) : out;
            long at = 0;
            for (long[] span : spans) {
              copy(in, to, span[0] - at);
              digests.add(digest(in.readNBytes((int) (span[1] - span[0])), salt));
              at = span[1];
            }
            in.transferTo(to);
            if (to instanceof GZIPOutputStream packed) {
              packed.finish();
            }
          }
        });
    requireSameReading(target);
  }

  private static void copy(InputStream in, OutputStream out, long count) throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (long left = count; left > 0; ) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException("the table has become shorter");
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }

  private static String digest(byte[] row, byte[] salt) {
    int end = row.length;
    while (end > 0 && (row[end - 1] == '\n' || row[end - 1] == '\r')) {
      end--;
    }
    MessageDigest digest = Bytes.sha256();
    digest.update(salt);
    digest.update(row, 0, end);
    return FileDigest.hex(digest);
  }

  /** Refuses if the remaining rows would be read otherwise than before. */
  private void requireSameReading(Path target) throws IOException {
    ForgottenRows rest = new ForgottenRows(option, target, how, null, new BitSet());
    if (rest.separator != separator
        || !rest.columns.equals(columns)
        || rest.rows != rows - count()) {
      throw new FormatException(
          file.toString(),
          "without the rows, %s rows with columns %s would be read, expected %s with %s as before"
              + " (train with --separator and --header first)",
          rest.rows,
          rest.columns,
          rows - count(),
          columns);
    }
  }

  /** Returns the part of the manifest about these rows. */
  public Json json() {
    return new Json()
        .put("option", option)
        .put("file", file)
        .put("rows_before", rows)
        .put("rows_removed", count())
        .put("row_digests", digests);
  }

  @Override
  public String toString() {
    String all =
        String.join(", ", numbers.stream().limit(SHOWN).map(number -> "" + number).toList());
    return "%s of %s rows of %s (%s%s)"
        .formatted(count(), rows, file, all, count() > SHOWN ? ", ..." : "");
  }
}
