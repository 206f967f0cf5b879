package dev.lanewise.report;

/** Colours for numbers around zero that can be told apart whatever colours an eye sees. */
final class Diverging {
  static final int[] HIGH = {0, 114, 178}; // blue
  static final int[] LOW = {189, 79, 0}; // orange
  private static final int WHITE = 255;

  private Diverging() {}

  /** Writes the colour of a number from -1 to 1, between white at 0 and the ends. */
  static void pixel(double value, byte[] pixels, int at) {
    mix(value < 0 ? LOW : HIGH, Math.min(1, Math.abs(value)), pixels, at);
  }

  /** Writes a colour of which a share is mixed into white. */
  static void mix(int[] colour, double share, byte[] pixels, int at) {
    for (int channel = 0; channel < 3; channel++) {
      pixels[at + channel] = (byte) Math.rint(WHITE + share * (colour[channel] - WHITE));
    }
  }
}
