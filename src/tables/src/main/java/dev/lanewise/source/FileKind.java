package dev.lanewise.source;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Bytes;
import dev.lanewise.format.internal.OtherFormats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What kind of file a file is, by its first bytes, and by its name where they do not tell. */
public enum FileKind {
  /** A zip archive of arrays. */
  NPZ,
  /** A single array of numpy's. */
  NPY,
  /** An array in the format of the MNIST files. */
  IDX,
  /** Something compressed by gzip that is no text, such as an array in the format of MNIST. */
  GZIP,
  /**
   * A table as text, also compressed by gzip: any text whatever its name, unless that ends in
   * {@code .npz} or {@code .npy}; and what is named {@code .csv} or {@code .tsv}, so that reading
   * it says what is wrong with it.
   */
  CSV,
  /** A folder, which may have pictures in it. */
  FOLDER,
  /** None of these. */
  UNKNOWN;

  /** A file of other than text has a byte that text does not have long before. */
  private static final int FIRST = 1 << 12;

  /**
   * Looks at a file, or finds a folder.
   *
   * @param file the file
   * @return its kind
   * @throws FormatException if there is no such file, it is empty or cannot be read, or it is a
   *     spreadsheet, JSON or another format in which tables are kept and which is not read here
   */
  public static FileKind of(Path file) throws FormatException {
    if (Files.isDirectory(file)) {
      return FOLDER;
    }
    Bytes.checkedSize(file, "a data file");
    byte[] first;
    try (InputStream in = Files.newInputStream(file)) {
      first = in.readNBytes(FIRST);
    } catch (IOException e) {
      throw FormatException.unreadable(file.toString(), e);
    }
    OtherFormats.refuse(file.toString(), first, first.length);
    int magic = 0; // four bytes, zeros behind the end of the file
    for (int i = 0; i < 4; i++) {
      magic = magic << 8 | (i < first.length ? first[i] & 0xff : 0);
    }
    FileKind kind = of(magic);
    if (kind == GZIP) {
      return isTable(file, unpacked(file), ".gz") ? CSV : GZIP;
    }
    return kind == UNKNOWN && isTable(file, first, "") ? CSV : kind;
  }

  /** By the first four bytes alone. */
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

  /** The first bytes inside a gzip file, none if it is damaged there. */
  private static byte[] unpacked(Path file) {
    try (InputStream in = Gzip.unpacked(Files.newInputStream(file), file.toString())) {
      return in.readNBytes(FIRST);
    } catch (IOException e) { // whoever reads the file will say so
      return new byte[0];
    }
  }

  private static boolean isTable(Path file, byte[] first, String suffix) {
    if (hasSuffix(file, ".npz") || hasSuffix(file, ".npy")) {
      return false;
    }
    return hasSuffix(file, ".csv" + suffix) || hasSuffix(file, ".tsv" + suffix) || isText(first);
  }

  /** Whether bytes are text in some encoding: that it should be UTF-8 is for its reader to say. */
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

  /** Whether a name ends so, in capitals or not. */
  static boolean hasSuffix(Path file, String suffix) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(suffix);
  }
}
