package dev.lanewise.report;

import dev.lanewise.format.ArgumentException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Encodes 8-bit PNG images (W3C, Portable Network Graphics, third edition) without AWT. The same
 * pixels give the same bytes with the same zlib, and the same picture everywhere.
 */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  private Png() {}

  /** Returns an address that contains the image; arguments as for {@link #encode}. */
  public static String uri(int width, int height, int channels, byte[] pixels) {
    byte[] png = encode(width, height, channels, pixels);
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }

  /**
   * Returns the bytes of a PNG file.
   *
   * @param channels 1 for grey, 3 for red, green and blue
   * @param pixels [height][width][channels], row-major; 0 is black, 255 (-1) white
   */
  static byte[] encode(int width, int height, int channels, byte[] pixels) {
    if (width < 1 || height < 1 || (long) width * height * channels != pixels.length) {
      throw new ArgumentException(
          "PNG: %s bytes, expected height x width x channels = %s x %s x %s",
          pixels.length, height, width, channels);
    }
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    // 8 bits, grey or RGB; the zeros after that stand for deflate, its filters and no interlacing.
    header.put((byte) 8).put((byte) (channels == 1 ? 0 : 2));
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
      DeflaterOutputStream rows = new DeflaterOutputStream(data, deflater);
      int stride = width * channels;
      for (int at = 0; at < pixels.length; at += stride) {
        rows.write(0); // filter "none": the images are small, and many are not smooth
        rows.write(pixels, at, stride);
      }
      rows.finish();
      deflater.end();
      DataOutputStream out = new DataOutputStream(bytes);
      out.write(SIGNATURE);
      chunk(out, "IHDR", header.array());
      chunk(out, "IDAT", data.toByteArray());
      chunk(out, "IEND", new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // does not happen in memory
    }
    return bytes.toByteArray();
  }

  private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) crc.getValue());
  }
}
