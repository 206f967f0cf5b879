package dev.lanewise.source;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The encoding of a text file, which its first record with a byte above 127 decides: UTF-8 if the
 * record is valid, else Windows-1252, in which Excel writes CSV. A file has one encoding.
 */
final class TextEncoding {
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  private Charset known; // null as long as all is ASCII

  /** Begins as the file did before, or undecided if that is null. */
  TextEncoding(TextEncoding before) {
    known = before == null ? null : before.known;
  }

  /** Takes UTF-8, as a byte order mark says. */
  void isMarked() {
    known = StandardCharsets.UTF_8;
  }

  boolean isWindows() {
    return known == WINDOWS;
  }

  /** Returns how bytes are decoded. */
  Charset charset() {
    return isWindows() ? WINDOWS : StandardCharsets.UTF_8;
  }

  /**
   * Adopts the encoding of the next part of the file, unless an earlier part has a different
   * encoding.
   *
   * @return false if the encodings differ
   */
  boolean goesOnAs(TextEncoding next) {
    known = known == null ? next.known : known;
    return next.known == null || next.known == known;
  }

  /** Reads a record that is not ASCII; returns the first byte that is not text, or -1. */
  int firstWrong(byte[] bytes, int from, int to) {
    int wrong = isWindows() ? noWindows(bytes, from, to) : Utf8.firstWrong(bytes, from, to);
    if (known == null) {
      known = wrong < 0 ? StandardCharsets.UTF_8 : WINDOWS;
      return wrong < 0 ? -1 : noWindows(bytes, from, to);
    }
    return wrong;
  }

  /** Returns what is wrong with the byte that {@link #firstWrong} returned. */
  String problem() {
    return isWindows()
        ? "neither UTF-8 nor Windows-1252, as Excel writes, expected a table in one of these"
        : "not UTF-8, unlike the text before it, expected a single encoding (iconv -f WINDOWS-1252"
            + " -t UTF-8 FILE converts one from Excel)";
  }

  /** Returns the index of the first byte that Windows-1252 gives no character, or -1. */
  private static int noWindows(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      int b = bytes[i] & 0xff;
      if (b == 0x81 || b == 0x8d || b == 0x8f || b == 0x90 || b == 0x9d) {
        return i;
      }
    }
    return -1;
  }
}
