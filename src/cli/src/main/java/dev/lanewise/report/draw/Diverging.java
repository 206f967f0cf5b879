package dev.lanewise.report.draw;

/** Colours for values around zero that people with any colour vision can tell apart. */
public final class Diverging {
  private static final int[] HIGH = {0, 114, 178}; // blue
  private static final int[] LOW = {189, 79, 0}; // orange
  private static final int WHITE = 255;

  private Diverging() {}

  /** Returns an image of values from -most, orange, to most, blue; 0 is white. */
  public static String image(int width, int height, double[] values, double most) {
    byte[] pixels = new byte[3 * values.length];
    for (int i = 0; i < pixels.length; i++) {
      int colour = (values[i / 3] < 0 ? LOW : HIGH)[i % 3];
      double share = most > 0 ? Math.abs(values[i / 3]) / most : 0;
      pixels[i] = (byte) Math.rint(WHITE + share * (colour - WHITE));
    }
    return Png.uri(width, height, 3, pixels);
  }
}
