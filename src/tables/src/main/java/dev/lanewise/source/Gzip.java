package dev.lanewise.source;

import dev.lanewise.format.Budget;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Unpacks a gzip file with all its members one after the other. Source: RFC 1952.
 *
 * <p>The JDK's stream only looks for another member if more bytes are available, which a pipe may
 * deny between two members, and it treats a damaged header as the end. Either would silently lose
 * rows. It also calls itself once for each empty member, which overflows the stack. This class
 * therefore reads up to the end of the file in a loop; only zeros that pad the last block of a tape
 * may follow the last member.
 */
public final class Gzip extends InputStream {
  private static final int FIRST = 0x1f;
  private static final int SECOND = 0x8b;
  private static final int DEFLATE = 8;

  // Flags of the header, from bit 0: text, a checksum of the header, extra, name and comment.
  private static final int HAS_CHECKSUM = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private static final String BEHIND = "bytes after its end, which gzip -dc FILE leaves out";

  private final InputStream in;
  private final String name;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32(); // checksum of the content of the member so far
  private final byte[] buffer = new byte[1 << 16]; // packed
  private int at;
  private int end;
  private long packed; // bytes read
  private long unpacked; // bytes returned
  private boolean isInMember;
  private boolean hadMember;

  private Gzip(InputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  /** {@return whether the first bytes are those of a gzip file} */
  static boolean isMarked(byte[] first, int length) {
    return length >= 2 && first[0] == FIRST && (first[1] & 0xff) == SECOND;
  }

  /**
   * {@return the unpacked content of a stream, or the same content if it is not compressed by gzip}
   * Closing the result closes the stream; only a compressed one is unpacked by this class.
   *
   * @param in the stream
   * @param name the name of the file in errors
   * @throws IOException if reading fails
   */
  public static InputStream unpacked(InputStream in, String name) throws IOException {
    byte[] first = in.readNBytes(2);
    PushbackInputStream all = new PushbackInputStream(in, 2);
    all.unread(first);
    return isMarked(first, first.length) ? new Gzip(all, name) : all;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] out, int offset, int length) throws IOException {
    try {
      while (length > 0) {
        if (!isInMember && !header()) {
          return -1;
        }
        int count = inflater.inflate(out, offset, length);
        if (count > 0) {
          unpacked += count;
          Budget.require(name, packed, unpacked);
          checksum.update(out, offset, count);
          return count;
        }
        if (inflater.finished()) {
          trailer();
        } else if (inflater.needsDictionary()) {
          throw damaged("a dictionary");
        } else {
          need();
          inflater.setInput(buffer, at, end - at);
          at = end;
        }
      }
      return 0;
    } catch (DataFormatException e) {
      throw damaged(e.getMessage() == null ? "no deflated data" : e.getMessage());
    }
  }

  /** Reads the header of the next member, if there is one. */
  private boolean header() throws IOException {
    if (hadMember && !hasMore()) {
      return false;
    }
    need();
    if (hadMember && buffer[at] == 0) {
      while (hasMore()) {
        if (next() != 0) {
          throw damaged(BEHIND);
        }
      }
      return false;
    }
    if (next() != FIRST || next() != SECOND) {
      throw damaged(BEHIND);
    }
    int method = next();
    int flags = next();
    if (method != DEFLATE || (flags & RESERVED) != 0) {
      throw damaged("a header of an unknown kind");
    }
    skip(6); // time, compression level, operating system
    if ((flags & HAS_EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    for (int text = flags & (HAS_NAME | HAS_COMMENT); text != 0; text &= text - 1) {
      while (next() != 0) {
        continue;
      }
    }
    if ((flags & HAS_CHECKSUM) != 0) {
      skip(2);
    }
    inflater.reset();
    inflater.setInput(buffer, at, end - at);
    at = end;
    checksum.reset();
    isInMember = true;
    hadMember = true;
    return true;
  }

  /** Compares the member's checksum and size with what was unpacked. */
  private void trailer() throws IOException {
    at = end - inflater.getRemaining();
    long sum = number();
    long size = number();
    if (sum != checksum.getValue() || size != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw damaged("another checksum than its content");
    }
    isInMember = false;
  }

  private long number() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private int next() throws IOException {
    need();
    return buffer[at++] & 0xff;
  }

  private void need() throws IOException {
    if (!hasMore()) {
      throw new EOFException("the gzip data is cut off");
    }
  }

  private boolean hasMore() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, in.read(buffer, 0, buffer.length));
      packed += end;
    }
    return at < end;
  }

  private static ZipException damaged(String found) {
    return new ZipException("the gzip data is damaged: " + found);
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
