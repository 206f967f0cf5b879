package dev.lanewise.format;

import dev.lanewise.format.internal.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * A member of a zip archive, as the central directory has it.
 *
 * @param name its name
 * @param flags of which the lowest says that it is encrypted
 * @param method {@link #STORED}, {@link #DEFLATED}, or one that is not known here
 * @param crc the CRC-32 of its content
 * @param size bytes of its content, as it is claimed
 * @param stored bytes that it takes in the archive, as it is claimed
 * @param at where these begin
 */
record ZipMember(String name, int flags, int method, long crc, long size, long stored, long at) {
  static final int STORED = 0;
  static final int DEFLATED = 8;

  private static final int ENCRYPTED = 1;
  private static final int BLOCK = 1 << 13;

  /**
   * The content, whether its size is as claimed or not.
   *
   * @throws ZipException if it is compressed or encrypted in a way that is not known here
   */
  InputStream open(Bytes archive) throws ZipException {
    if ((flags & ENCRYPTED) != 0) {
      throw new ZipException("it is encrypted");
    }
    InputStream raw = archive.stream(at, Math.min(stored, archive.size() - at));
    if (method == STORED) {
      return raw;
    } else if (method != DEFLATED) {
      throw new ZipException("its compression method " + method + " is not known");
    }
    Inflater inflater = new Inflater(true);
    return new InflaterInputStream(raw, inflater, BLOCK) {
      @Override
      public void close() throws IOException {
        inflater.end();
        super.close();
      }
    };
  }
}
