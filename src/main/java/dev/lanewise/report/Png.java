package dev.lanewise.report;

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
 * Writes 8-bit PNG images (W3C, Portable Network Graphics, third edition) without AWT.
 *
 * <p>The same pixels give the same bytes on the same zlib, and the same picture everywhere.
 */
public final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int GREY = 0;
  private static final int RGB = 2;

  private Png() {}

  /** The address of an image that is its own content. */
  static String uri(byte[] png) {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }

  /**
   * Encodes a grey image.
   *
   * @param width columns, at least 1
   * @param height rows, at least 1
   * @param pixels [height][width], row-major; 0 is black, 255 (-1) white
   * @return the bytes of a PNG file
   * @throws IllegalArgumentException if the sizes do not agree
   */
  public static byte[] grey(int width, int height, byte[] pixels) {
    return encode(GREY, 1, width, height, pixels);
  }

  /**
   * Encodes a colour image.
   *
   * @param width columns, at least 1
   * @param height rows, at least 1
   * @param pixels [height][width][3], row-major; red, green, blue
   * @return the bytes of a PNG file
   * @throws IllegalArgumentException if the sizes do not agree
   */
  public static byte[] rgb(int width, int height, byte[] pixels) {
    return encode(RGB, 3, width, height, pixels);
  }

  private static byte[] encode(int colourType, int channels, int width, int height, byte[] pixels) {
    if (width < 1 || height < 1 || (long) width * height * channels != pixels.length) {
      throw new IllegalArgumentException(
          "PNG: %s bytes, expected height x width x channels = %s x %s x %s"
              .formatted(pixels.length, height, width, channels));
    }
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) 8).put((byte) colourType); // 8 bits; deflate, filters, no interlace are zeros
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
      throw new UncheckedIOException(e); // memory does not fail
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
