package dev.lanewise.format;

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
  /** Something compressed by gzip. */
  GZIP,
  /** A table of comma-separated values; text has no mark, so this goes by the name. */
  CSV,
  /** None of these. */
  UNKNOWN;

  /**
   * Looks at a file.
   *
   * @param file the file
   * @return its kind
   * @throws FormatException if there is no such file, it is empty or cannot be read
   */
  public static FileKind of(Path file) throws FormatException {
    checkedSize(file, "a data file");
    int first = 0; // four bytes, zeros behind the end of the file
    try (InputStream in = Files.newInputStream(file)) {
      for (int i = 0; i < 4; i++) {
        first = first << 8 | Math.max(0, in.read());
      }
    } catch (IOException e) {
      throw FormatException.unreadable(file.toString(), e);
    }
    if (first == 0x504b0304 || first == 0x504b0506) {
      return NPZ;
    }
    if (first == 0x934e554d) {
      return NPY;
    }
    if (first >>> 16 == 0x1f8b) {
      return GZIP;
    }
    if (first >>> 16 == 0 && Idx.type(first >> 8) != null) {
      return IDX;
    }
    return hasSuffix(file, ".csv") ? CSV : UNKNOWN;
  }

  /** Whether a name ends so, in capitals or not. */
  static boolean hasSuffix(Path file, String suffix) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(suffix);
  }

  /** The size of a file that is there, can be read and is not empty, as every reader needs it. */
  static long checkedSize(Path file, String expected) throws FormatException {
    String found;
    long size = 0;
    if (Files.notExists(file)) {
      found = "no such file";
    } else if (Files.isDirectory(file)) {
      found = "a directory";
    } else if (!Files.isReadable(file)) {
      found = "cannot be read (permissions)";
    } else if (!Files.isRegularFile(file)) { // a pipe could keep us waiting for ever
      found = "a pipe or device";
    } else {
      found = "an empty file";
      try {
        size = Files.size(file);
      } catch (IOException e) {
        throw FormatException.unreadable(file.toString(), e);
      }
    }
    if (size == 0) {
      throw new FormatException(file.toString(), found + ", expected " + expected);
    }
    return size;
  }
}
