package dev.lanewise.source;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Bytes;
import dev.lanewise.format.internal.OtherFormats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** The kind of a file, which its first bytes determine, or its name if they do not suffice. */
public enum FileKind {
  /** A zip archive of arrays. */
  NPZ,
  /** A single numpy array. */
  NPY,
  /** An array in the format of the MNIST files. */
  IDX,
  /** A file compressed by gzip that is not text, such as an array in the format of MNIST. */
  GZIP,
  /**
   * A table as text, also compressed by gzip, or in an Excel workbook (.xlsx). This is any text,
   * unless its name ends in {@code .npz} or {@code .npy}, and any file with the ending {@code .csv}
   * or {@code .tsv}, so that reading it reports what is wrong with it.
   */
  CSV,
  /** None of these. */
  UNKNOWN;

  /** Nearly every file that is not text has a byte within this size that text does not have. */
  private static final int FIRST = 1 << 12;

  /** The number of bytes that tell a workbook from other files. */
  static final int MARK = 64;

  /**
   * Finds out the kind of a file.
   *
   * @return its kind
   */
  public static FileKind of(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FormatException(
          file.toString(),
          "a folder, expected a file: .npz, .npy, IDX or a table (of a table also several files,"
              + " such as part-*.csv)");
    }
    Bytes.checkedSize(file, "a data file");
    byte[] first;
    try (InputStream in = Files.newInputStream(file)) {
      first = in.readNBytes(FIRST);
    } catch (IOException e) {
      throw FormatException.unreadable(file.toString(), e);
    }
    if (isWorkbook(first)) {
      return CSV;
    }
    OtherFormats.refuse(file.toString(), first, first.length);
    int magic = 0; // four bytes; zeros after the end of the file
    for (int i = 0; i < 4; i++) {
      magic = magic << 8 | (i < first.length ? first[i] & 0xff : 0);
    }
    FileKind kind = of(magic);
    if (kind == GZIP) {
      return isTable(file, unpacked(file), ".gz") ? CSV : GZIP;
    }
    return kind == UNKNOWN && isTable(file, first, "") ? CSV : kind;
  }

  /** Returns whether the first {@link #MARK} bytes are those of a zip archive with a workbook. */
  static boolean isWorkbook(byte[] first) {
    String text = new String(first, StandardCharsets.ISO_8859_1);
    return text.startsWith("PK\3\4")
        && Stream.of("[Content_Types].xml", "_rels/", "xl/", "docProps/")
            .anyMatch(part -> text.startsWith(part, 30));
  }

  /** Returns the kind that the first four bytes determine. */
  static FileKind of(int first) {
    if (first == 0x504b0304 || first == 0x504b0506) {
      return NPZ;
    }
    if (first == 0x934e554d) {
      return NPY;
    }
    if (first >>> 16 == 0x1f8b) {
      return GZIP;
    }
    return first >>> 16 == 0 && Idx.type(first >> 8) != null ? IDX : UNKNOWN;
  }

  /** Returns the first unpacked bytes of a gzip file, none if the file is damaged there. */
  private static byte[] unpacked(Path file) {
    try (InputStream in = Gzip.unpacked(Files.newInputStream(file), file.toString())) {
      return in.readNBytes(FIRST);
    } catch (IOException e) { // the reader of the file will report it
      return new byte[0];
    }
  }

  private static boolean isTable(Path file, byte[] first, String suffix) {
    if (hasSuffix(file, ".npz") || hasSuffix(file, ".npy")) {
      return false;
    }
    return hasSuffix(file, ".csv" + suffix) || hasSuffix(file, ".tsv" + suffix) || isText(first);
  }

  /** Tests whether bytes are text in any encoding; the reader checks the encoding. */
  private static boolean isText(byte[] first) {
    if (Utf8.otherMark(first, first.length) != null) {
      return true;
    }
    boolean isText = first.length > 0;
    for (byte c : first) {
      isText &= c < 0 || c >= ' ' || c == '\t' || c == '\n' || c == '\r';
    }
    return isText;
  }

  /** Tests for the ending of a name, ignoring case. */
  private static boolean hasSuffix(Path file, String suffix) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(suffix);
  }
}
