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
    InputFile.size(file, "a data file");
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(4);
    } catch (IOException e) {
      throw InputFile.unreadable(file.toString(), e);
    }
    int first = 0;
    for (int i = 0; i < 4; i++) {
      first = first << 8 | (i < start.length ? start[i] & 0xff : 0);
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
    if (first >>> 16 == 0 && start.length == 4 && Idx.isType(start[2])) {
      return IDX;
    }
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".csv") ? CSV : UNKNOWN;
  }
}
