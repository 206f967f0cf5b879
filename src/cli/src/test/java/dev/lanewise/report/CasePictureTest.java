package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CasePictureTest {
  private static void assertImage(String uri, int[] shape, float[]... cases) {
    assertEquals(uri, new CasePicture(ImageLayout.of(shape), cases).uri(0));
  }

  @Test
  void sharesAreBlackToWhite() {
    byte[] grey = {0, 51, 102, (byte) 153, (byte) 204, (byte) 204};
    float[] features = {0, 0.2f, 0.4f, 0.6f, 0.8f, 0.8f};
    for (int[] shape : new int[][] {{2, 3}, {2, 3, 1}}) {
      assertImage(Png.uri(3, 2, 1, grey), shape, features);
    }
  }

  @Test
  void coloursInBothOrders() {
    float[] interleaved = new float[2 * 4 * 3];
    float[] planar = new float[2 * 4 * 3];
    byte[] rgb = new byte[2 * 4 * 3];
    for (int pixel = 0; pixel < 8; pixel++) {
      for (int channel = 0; channel < 3; channel++) {
        int value = pixel == 7 ? 255 : 30 * pixel + channel;
        interleaved[pixel * 3 + channel] = value;
        planar[channel * 8 + pixel] = value;
        rgb[pixel * 3 + channel] = (byte) value;
      }
    }
    assertImage(Png.uri(4, 2, 3, rgb), new int[] {2, 4, 3}, interleaved);
    assertImage(Png.uri(4, 2, 3, rgb), new int[] {3, 2, 4}, planar);
  }

  @Test
  void theRangeIsThatOfAllCases() {
    float[] a = new float[49];
    float[] b = new float[49];
    a[0] = -2;
    a[1] = 4;
    b[0] = 2;
    b[1] = Float.NaN;
    byte[] grey = new byte[49];
    Arrays.fill(grey, (byte) 85);
    grey[0] = 0;
    grey[1] = (byte) 255;
    assertImage(Png.uri(7, 7, 1, grey), new int[] {7, 7}, a, b);
  }
}
