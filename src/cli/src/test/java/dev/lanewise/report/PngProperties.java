package dev.lanewise.report;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PngProperties {
  @Property(tries = 100)
  void decodesToTheSamePixels(
      @ForAll @IntRange(min = 1, max = 70) int width,
      @ForAll @IntRange(min = 1, max = 70) int height,
      @ForAll boolean colour,
      @ForAll long seed)
      throws Exception {
    int channels = colour ? 3 : 1;
    byte[] pixels = new byte[width * height * channels];
    new Random(seed).nextBytes(pixels);
    byte[] png = Png.encode(width, height, channels, pixels);
    assertArrayEquals(pixels, decode(png, width, height, colour));
    assertArrayEquals(png, Png.encode(width, height, channels, pixels));
  }

  @Example
  void largeImagesAreCompressed() throws Exception {
    byte[] pixels = new byte[600 * 500 * 3];
    Arrays.fill(pixels, (byte) 200);
    byte[] png = Png.encode(600, 500, 3, pixels);
    assertArrayEquals(pixels, decode(png, 600, 500, true));
    assertTrue(png.length < 5000, "length " + png.length);
  }

  @Example
  void sizesMustAgree() {
    int[][] sizes = {
      {0, 3, 1},
      {3, 0, 1},
      {-1, -6, 1},
      {2, 2, 1},
      {65536, 65536, 1},
      {7, 1, 1},
      {1, 3, 3},
      {1, 1, 3}
    };
    for (int[] size : sizes) {
      rejects(() -> Png.encode(size[0], size[1], size[2], new byte[6]), "6 bytes");
    }
  }

  /** Decodes the chunks of the encoder, with the checks of a strict reader. */
  private static byte[] decode(byte[] png, int width, int height, boolean colour) throws Exception {
    ByteBuffer in = ByteBuffer.wrap(png);
    assertEquals(0x89504E470D0A1A0AL, in.getLong());
    List<String> order = new ArrayList<>();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    while (in.hasRemaining()) {
      byte[] content = new byte[in.getInt()];
      byte[] type = new byte[4];
      in.get(type).get(content);
      CRC32 crc = new CRC32();
      crc.update(type);
      crc.update(content);
      assertEquals((int) crc.getValue(), in.getInt());
      String name = new String(type, StandardCharsets.US_ASCII);
      order.add(name);
      if (name.equals("IHDR")) {
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put(new byte[] {8, (byte) (colour ? 2 : 0), 0, 0, 0});
        assertArrayEquals(header.array(), content);
      } else if (name.equals("IDAT")) {
        data.write(content);
      }
    }
    assertEquals(List.of("IHDR", "IDAT", "IEND"), order);
    int stride = width * (colour ? 3 : 1);
    byte[] filtered = new byte[height * (stride + 1)];
    Inflater inflater = new Inflater();
    inflater.setInput(data.toByteArray());
    assertEquals(filtered.length, inflater.inflate(filtered));
    assertEquals(0, inflater.inflate(new byte[1]));
    assertTrue(inflater.finished());
    inflater.end();
    byte[] pixels = new byte[height * stride];
    for (int row = 0; row < height; row++) {
      assertEquals(0, filtered[row * (stride + 1)]);
      System.arraycopy(filtered, row * (stride + 1) + 1, pixels, row * stride, stride);
    }
    return pixels;
  }
}
