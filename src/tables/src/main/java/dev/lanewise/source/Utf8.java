package dev.lanewise.source;

/**
 * Whether bytes are UTF-8. Source: the Unicode Standard, table 3-7 (well-formed byte sequences).
 */
final class Utf8 {
  /** How many bytes the mark takes that a file in UTF-8 may begin with. */
  static final int MARK_LENGTH = 3;

  private Utf8() {}

  /** Whether the first bytes of a file are the byte order mark as UTF-8 writes it. */
  static boolean isMarked(byte[] first, int length) {
    return length >= MARK_LENGTH
        && first[0] == (byte) 0xef
        && first[1] == (byte) 0xbb
        && first[2] == (byte) 0xbf;
  }

  /** The encoding whose byte order mark, other than that of UTF-8, a file begins with, or null. */
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

  /** Whether a file without a mark looks like UTF-16: every second byte is zero, no other. */
  static boolean looksWide(byte[] first, int length) {
    if (length < 4) {
      return false;
    }
    boolean little = first[0] != 0 && first[1] == 0 && first[2] != 0 && first[3] == 0;
    boolean big = first[0] == 0 && first[1] != 0 && first[2] == 0 && first[3] != 0;
    return little || big;
  }

  /** The place of the first byte from which on the bytes are no UTF-8, or -1. */
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

  /** How many bytes the character at a place takes, or 0 if none begins there. */
  private static int length(byte[] bytes, int at, int to) {
    int lead = bytes[at] & 0xff;
    if (lead < 0x80) {
      return 1;
    }
    int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || at + length > to) {
      return 0;
    }
    // The second byte excludes forms that are too long, surrogates and what is beyond Unicode.
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
