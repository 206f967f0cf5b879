package dev.lanewise.source;

import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The pixels of a PNG or JPEG file, decoded by the JDK. Those of PNG files are the same on every
 * platform. Transparent pixels are drawn on white. Each pixel has three numbers from 0 to 255,
 * which are equal in grey pictures.
 */
public final class Picture {
  private static final int CHANNELS = 3;
  private static final int LARGEST = 255;
  private static final int LARGEST_OF_16 = 65535;

  public final int height;
  public final int width;

  /** Numbers of the pixels, [height][width][3]. */
  private final byte[] pixels;

  private Picture(int height, int width, byte[] pixels) {
    this.height = height;
    this.width = width;
    this.pixels = pixels;
  }

  public static Picture read(Path file) throws FormatException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw wrong(file, "" + e, e);
    }
    boolean isPng = bytes.length > 1 && bytes[0] == (byte) 0x89 && bytes[1] == 'P';
    boolean isJpeg = bytes.length > 1 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xd8;
    if (!isPng && !isJpeg) {
      throw new FormatException(
          file.toString(),
          "not a PNG or JPEG file, expected a picture in" + " one of these formats");
    }
    ImageReader reader = ImageIO.getImageReadersByFormatName(isPng ? "png" : "jpeg").next();
    try {
      AtomicReference<String> warning = new AtomicReference<>();
      reader.addIIOReadWarningListener((source, text) -> warning.set(text));
      reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)), true, true);
      int height = reader.getHeight(0);
      int width = reader.getWidth(0);
      Budget.require(file.toString(), bytes.length, (long) height * width * Integer.BYTES);
      byte[] pixels = pixels(reader.read(0));
      if (warning.get() != null) { // such as a truncated file, which the JDK fills with grey
        throw wrong(file, warning.get(), null);
      }
      return new Picture(height, width, pixels);
    } catch (FormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // the JDK throws either for damaged files
      throw wrong(file, "" + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  private static FormatException wrong(Path file, String why, Exception cause) {
    return new FormatException(
        file.toString(),
        Message.of("a picture that cannot be read (%s), expected an undamaged picture", why),
        cause);
  }

  private static byte[] pixels(BufferedImage image) {
    int width = image.getWidth();
    byte[] pixels = new byte[image.getHeight() * width * CHANNELS];
    Raster raster = image.getRaster();
    // Uses the numbers in the file, as the JDK would lighten grey ones.
    boolean raw = image.getColorModel() instanceof ComponentColorModel;
    int bands = raw ? raster.getNumBands() : CHANNELS + 1;
    boolean isWide = raw && image.getColorModel().getComponentSize(0) > Byte.SIZE;
    boolean isTransparent = bands % 2 == 0;
    int colors = isTransparent ? bands - 1 : bands;
    int[] row = new int[width * bands];
    for (int y = 0, to = 0; y < image.getHeight(); y++) {
      if (raw) {
        raster.getPixels(0, y, width, 1, row);
      } else {
        for (int x = 0; x < width; x++) {
          int argb = image.getRGB(x, y);
          for (int c = 0; c < bands; c++) {
            row[x * bands + c] = argb >> (c < CHANNELS ? 16 - 8 * c : 24) & LARGEST;
          }
        }
      }
      for (int i = 0; i < row.length && isWide; i++) {
        row[i] = (row[i] * LARGEST + LARGEST_OF_16 / 2) / LARGEST_OF_16;
      }
      for (int x = 0; x < width; x++) {
        int alpha = isTransparent ? row[x * bands + colors] : LARGEST;
        for (int c = 0; c < CHANNELS; c++) {
          int value = row[x * bands + c % colors] * alpha + LARGEST * (LARGEST - alpha);
          pixels[to++] = (byte) ((value + LARGEST / 2) / LARGEST);
        }
      }
    }
    return pixels;
  }

  /**
   * Returns this picture in another size, stretched if needed. Each new pixel is the mean of the
   * area that it covers, rounded; the calculation uses only integers.
   */
  public Picture scaled(int newHeight, int newWidth) {
    if (newHeight == height && newWidth == width) {
      return this;
    }
    byte[] scaled = new byte[newHeight * newWidth * CHANNELS];
    // area of a new pixel, if an old one has the area newHeight x newWidth
    long area = (long) height * width;
    for (int y = 0, to = 0; y < newHeight; y++) {
      for (int x = 0; x < newWidth; x++) {
        for (int c = 0; c < CHANNELS; c++) {
          long sum = area / 2;
          for (long v = (long) y * height / newHeight; v * newHeight < (y + 1L) * height; v++) {
            long high = overlap(v, newHeight, y, height);
            for (long u = (long) x * width / newWidth; u * newWidth < (x + 1L) * width; u++) {
              int value = pixels[(int) (v * width + u) * CHANNELS + c] & LARGEST;
              sum += high * overlap(u, newWidth, x, width) * value;
            }
          }
          scaled[to++] = (byte) (sum / area);
        }
      }
    }
    return new Picture(newHeight, newWidth, scaled);
  }

  /** Returns the length of the overlap of [a n, (a + 1) n) and [b m, (b + 1) m). */
  private static long overlap(long a, int n, int b, int m) {
    return Math.min((a + 1) * n, (b + 1L) * m) - Math.max(a * n, (long) b * m);
  }

  public boolean isGrey() {
    for (int i = 0; i < pixels.length; i += CHANNELS) {
      if (pixels[i] != pixels[i + 1] || pixels[i] != pixels[i + 2]) {
        return false;
      }
    }
    return true;
  }

  /** Copies the pixels, or only the first number of each pixel. */
  public void copy(boolean grey, byte[] to, int at) {
    int step = grey ? CHANNELS : 1;
    for (int i = 0; i < pixels.length; i += step) {
      to[at++] = pixels[i];
    }
  }
}
