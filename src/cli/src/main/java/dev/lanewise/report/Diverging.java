package dev.lanewise.report;

/** Colours for values around zero that people with any colour vision can tell apart. */
final class Diverging {
  private static final int[] HIGH = {0, 114, 178}; // blue
  private static final int[] LOW = {189, 79, 0}; // orange
  private static final int WHITE = 255;

  private Diverging() {}

  /** Writes the colour of a value from -1, orange, to 1, blue; 0 is white. */
  static void pixel(double value, byte[] pixels, int at) {
    int[] colour = value < 0 ? LOW : HIGH;
    double share = Math.min(1, Math.abs(value));
    for (int channel = 0; channel < 3; channel++) {
      pixels[at + channel] = (byte) Math.rint(WHITE + share * (colour[channel] - WHITE));
    }
  }
}
