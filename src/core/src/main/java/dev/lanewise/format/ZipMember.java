package dev.lanewise.format;

import dev.lanewise.format.internal.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * A member of a zip archive, as described in the central directory.
 *
 * @param name the name of the member
 * @param flags its flags; the lowest bit means that it is encrypted
 * @param method {@link #STORED}, {@link #DEFLATED}, or an unsupported method
 * @param crc the CRC-32 of its content
 * @param size the stated size of its content in bytes
 * @param stored the stated number of bytes in the archive
 * @param at the offset of these bytes
 */
record ZipMember(String name, int flags, int method, long crc, long size, long stored, long at) {
  static final int STORED = 0;
  static final int DEFLATED = 8;

  private static final int ENCRYPTED = 1;
  private static final int BLOCK = 1 << 13;

  /**
   * Opens the content, without checking its size.
   *
   * @throws ZipException if the encryption or compression is not supported
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
