package dev.lanewise.source;

import dev.lanewise.format.FormatException;

/** Validates UTF-8. Source: the Unicode Standard, table 3-7 (well-formed byte sequences). */
final class Utf8 {
  /** The length of the byte order mark at the beginning of some files in UTF-8. */
  static final int MARK_LENGTH = 3;

  private Utf8() {}

  /** Tests whether a file begins with the byte order mark of UTF-8. */
  static boolean isMarked(byte[] first, int length) {
    return length >= MARK_LENGTH
        && first[0] == (byte) 0xef
        && first[1] == (byte) 0xbb
        && first[2] == (byte) 0xbf;
  }

  /** Refuses a file that begins as text in another encoding. */
  static void refuseOther(String file, byte[] first, int length) throws FormatException {
    String encoding = otherMark(first, length);
    if (encoding == null && looksWide(first, length)) {
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
  }

  /** Returns the encoding whose byte order mark a file begins with, other than UTF-8, or null. */
  static String otherMark(byte[] first, int length) {
    if (length < 2) {
      return null;
    }
    int two = (first[0] & 0xff) << 8 | first[1] & 0xff;
    int next = length < 4 ? -1 : (first[2] & 0xff) << 8 | first[3] & 0xff;
    if (two == 0xfffe && next == 0 || two == 0 && next == 0xfeff) {
      return "UTF-32";
    }
    return two == 0xfffe || two == 0xfeff ? "UTF-16" : null;
  }

  /** Tests whether a file without a mark looks like UTF-16: exactly every second byte is zero. */
  static boolean looksWide(byte[] first, int length) {
    if (length < 4) {
      return false;
    }
    boolean little = first[0] != 0 && first[1] == 0 && first[2] != 0 && first[3] == 0;
    boolean big = first[0] == 0 && first[1] != 0 && first[2] == 0 && first[3] != 0;
    return little || big;
  }

  /** Returns the index of the first byte that is not valid UTF-8, or -1. */
  static int firstWrong(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      int length = length(bytes, i, to);
      if (length == 0) {
        return i;
      }
      i += length;
    }
    return -1;
  }

  /** Returns the number of bytes of the character at an index, or 0 if it is not valid. */
  private static int length(byte[] bytes, int at, int to) {
    int lead = bytes[at] & 0xff;
    if (lead < 0x80) {
      return 1;
    }
    int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || at + length > to) {
      return 0;
    }
    // The second byte excludes overlong forms, surrogates and code points above the maximum.
    int second = bytes[at + 1] & 0xff;
    int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) {
      return 0;
    }
    for (int i = at + 2; i < at + length; i++) {
      if ((bytes[i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
