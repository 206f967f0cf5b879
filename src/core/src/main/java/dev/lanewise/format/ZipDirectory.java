package dev.lanewise.format;

import dev.lanewise.format.internal.Bytes;
import dev.lanewise.format.internal.Room;
import dev.lanewise.format.internal.Shapes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipException;

/**
 * Reads the central directory of a zip archive. Every member must have the same name in the
 * directory and in its local header: {@code java.util.zip} looks only at one of them, so that a
 * flipped bit would rename a member without an error. Source: PKWARE's APPNOTE.TXT 6.3.10, sections
 * 4.3 and 4.5.3.
 *
 * <p>As in {@code java.util.zip} and Python, other bytes may stand before and after the archive,
 * and sizes may have 64 bits. Other fields of the local headers are ignored, as they are missing in
 * archives that were written to a pipe.
 */
final class ZipDirectory {
  // Signatures of records, and the number of bytes before their fields of variable length.
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_LENGTH = 30;
  private static final int CENTRAL = 0x02014b50;
  private static final int CENTRAL_LENGTH = 46;
  private static final int END = 0x06054b50;
  private static final int END_LENGTH = 22;
  private static final int END64 = 0x06064b50;
  private static final int END64_LENGTH = 56;
  private static final int LOCATOR64 = 0x07064b50;
  private static final int LOCATOR64_LENGTH = 20;

  private static final int MAX_COMMENT = 0xffff;
  private static final int EXTRA64 = 1;
  private static final int SHOWN = 80; // bytes of a wrong name, which may be long

  /** Replaces a number that needs 64 bits and stands in another field. */
  private static final long ELSEWHERE = 0xffffffffL;

  private final Bytes archive;
  private final String file;
  private final List<ZipMember> members = new ArrayList<>();
  private long at; // first byte of the directory
  private long length;
  private long front; // first byte of the archive, to which offsets of members are relative

  private ZipDirectory(Bytes archive, String file) {
    this.archive = archive;
    this.file = file;
  }

  /**
   * Returns the members of an archive in the order of its directory.
   *
   * @param file the name of the archive for errors
   * @throws FormatException if the two names of a member differ
   * @throws IOException if the bytes are not a complete archive
   */
  static List<ZipMember> read(Bytes archive, String file) throws IOException {
    ZipDirectory directory = new ZipDirectory(archive, file);
    directory.find();
    directory.readMembers();
    return directory.members;
  }

  private ByteBuffer buffer(long from, int count) throws IOException {
    byte[] content = Room.bytes(count, file);
    archive.read(from, content, 0, count);
    return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int u16(ByteBuffer buffer, int index) {
    return buffer.getShort(index) & 0xffff;
  }

  private static long u32(ByteBuffer buffer, int index) {
    return buffer.getInt(index) & 0xffffffffL;
  }

  /** Finds the record at the end of the archive, which states where the directory is. */
  private void find() throws IOException {
    int count = (int) Math.min(archive.size(), END_LENGTH + MAX_COMMENT);
    ByteBuffer tail = buffer(archive.size() - count, count);
    for (int i = count - END_LENGTH; i >= 0; i--) {
      if (tail.getInt(i) == END) {
        place(tail, i, archive.size() - count + i);
        boolean last = i + END_LENGTH + u16(tail, i + 20) == count; // with its comment
        if (last || beginsWithMembers()) {
          return;
        }
      }
    }
    throw new ZipException("no end of a central directory");
  }

  private void place(ByteBuffer tail, int i, long end) throws IOException {
    length = u32(tail, i + 12);
    long offset = u32(tail, i + 16);
    long behind = end;
    long end64 = end - LOCATOR64_LENGTH - END64_LENGTH;
    if (end64 >= 0) {
      // The record of 64 bits can be longer, but no program writes a longer one.
      ByteBuffer record = buffer(end64, END64_LENGTH + LOCATOR64_LENGTH);
      long length64 = record.getLong(40);
      long offset64 = record.getLong(48);
      if (record.getInt(0) == END64
          && record.getInt(END64_LENGTH) == LOCATOR64
          && (length == ELSEWHERE || length == length64)
          && (offset == ELSEWHERE || offset == offset64)) {
        length = length64;
        offset = offset64;
        behind = end64;
      }
    }
    at = behind - length;
    front = at - offset;
  }

  private boolean isSound() {
    return length >= 0 && at >= 0 && front >= 0 && front <= at;
  }

  private boolean beginsWithMembers() throws IOException {
    return isSound()
        && length >= CENTRAL_LENGTH
        && at - front >= LOCAL_LENGTH
        && buffer(at, 4).getInt(0) == CENTRAL
        && buffer(front, 4).getInt(0) == LOCAL;
  }

  private void readMembers() throws IOException {
    if (!isSound() || length > Shapes.MAX_LENGTH) {
      throw new ZipException("no central directory where its end has it");
    }
    ByteBuffer directory = buffer(at, (int) length);
    int next = 0;
    while (next < length) {
      int start = next;
      boolean there = length - start >= CENTRAL_LENGTH && directory.getInt(start) == CENTRAL;
      int name = start + CENTRAL_LENGTH;
      int extra = there ? name + u16(directory, start + 28) : 0;
      int comment = there ? extra + u16(directory, start + 30) : 0;
      next = there ? comment + u16(directory, start + 32) : 0;
      if (!there || next > length) {
        throw new ZipException("no member at byte " + (at + start));
      }
      member(
          directory.slice(start, CENTRAL_LENGTH).order(ByteOrder.LITTLE_ENDIAN),
          Arrays.copyOfRange(directory.array(), name, extra),
          directory.slice(extra, comment - extra).order(ByteOrder.LITTLE_ENDIAN));
    }
  }

  private void member(ByteBuffer record, byte[] name, ByteBuffer extra) throws IOException {
    // Size of the content, stored size, and offset, in the order of their fields of 64 bits.
    long[] places = {u32(record, 24), u32(record, 20), u32(record, 42)};
    for (int i = 0; i + 4 <= extra.limit(); i += 4 + u16(extra, i + 2)) {
      int end = Math.min(i + 4 + u16(extra, i + 2), extra.limit());
      int value = i + 4;
      for (int k = 0; u16(extra, i) == EXTRA64 && k < places.length; k++) {
        if (places[k] == ELSEWHERE && value + Long.BYTES <= end) {
          places[k] = extra.getLong(value);
          value += Long.BYTES;
        }
      }
    }
    members.add(
        new ZipMember(
            text(name),
            u16(record, 8),
            u16(record, 10),
            u32(record, 16),
            places[0],
            places[1],
            content(name, places[2])));
  }

  /** Returns the offset of the content of a member, after checking its local header. */
  private long content(byte[] name, long offset) throws IOException {
    long header = front + offset;
    long room = at - header - LOCAL_LENGTH - name.length;
    if (offset < 0 || offset > at || room < 0) {
      throw new ZipException("no member " + text(name) + " at byte " + offset);
    }
    ByteBuffer local = buffer(header, LOCAL_LENGTH + name.length);
    if (local.getInt(0) != LOCAL) {
      throw new ZipException("no member " + text(name) + " at byte " + offset);
    }
    int count = u16(local, 26);
    byte[] own = Arrays.copyOfRange(local.array(), LOCAL_LENGTH, local.limit());
    if (count != name.length || !Arrays.equals(own, name)) {
      int there = (int) Math.min(Math.min(count, SHOWN), at - header - LOCAL_LENGTH);
      own = buffer(header + LOCAL_LENGTH, there).array();
      throw new FormatException(
          file,
          "local header of %s is named %s, expected the same name (damaged?)",
          text(name),
          new String(own, StandardCharsets.UTF_8) + (count > there ? "..." : ""));
    }
    return header + LOCAL_LENGTH + count + u16(local, 28);
  }

  private static String text(byte[] name) throws ZipException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException e) {
      throw new ZipException("a member whose name is not in UTF-8");
    }
  }
}
