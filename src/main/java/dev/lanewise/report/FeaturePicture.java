package dev.lanewise.report;

import java.util.Base64;

/**
 * How the features of a case are drawn, the same for all cases of a gallery: as the pixels of an
 * image, or as bars from a zero line.
 */
final class FeaturePicture {
  /** The width and the largest height of a picture. */
  static final int SIDE = 192;

  /**
   * A row of a table is taken for a square image from 7 x 7 on, the smallest that is used to show
   * anything; tables with 4, 9, 16, 25 or 36 columns are common.
   */
  private static final int SMALLEST_GUESS = 7;

  /** Longer images would be mere lines. */
  private static final int MOST_ELONGATED = 16;

  private static final int BARS_HEIGHT = 112;
  private static final int PADDING = 8;

  /** Bars stay at least two pixels wide; of more features, several share one. */
  private static final int MOST_BARS = (SIDE - 2 * PADDING) / 2;

  private final int rows; // of an image; 0: bars
  private final int columns;
  private final int channels; // 1: grey, 3: red, green, blue
  private final boolean channelsFirst;
  private final double low;
  private final double high;

  /**
   * Chooses by shape.
   *
   * @param shape [height][width] with or without channels, or of rank 0 if unknown, or any other
   * @param range the values for black and white or the ends of bars; null: found from the cases
   */
  FeaturePicture(int[] shape, float[] range, float[][] cases) {
    int[] layout = layout(shape, cases[0].length);
    rows = layout[0];
    columns = layout[1];
    channels = layout[2];
    channelsFirst = layout[3] != 0;

    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (float[] features : range == null ? cases : new float[][] {range}) {
      for (float v : features) {
        if (Float.isFinite(v)) {
          lowest = Math.min(lowest, v);
          highest = Math.max(highest, v);
        }
      }
    }
    if (range == null && (rows == 0 || lowest >= 0 && highest <= 1)) {
      lowest = Math.min(0, lowest);
      highest = Math.max(rows == 0 ? 0 : 1, highest);
    }
    low = lowest;
    high = highest;
  }

  /** Rows, columns, channels, and 1 if channels are the first axis; no rows: not an image. */
  private static int[] layout(int[] shape, int features) {
    int[] bars = {0, 0, 0, 0};
    int[] layout = bars;
    int side = (int) Math.sqrt(features);
    if (shape.length == 0 && side >= SMALLEST_GUESS && side * side == features) {
      layout = new int[] {side, side, 1, 0};
    } else if (shape.length == 2) {
      layout = new int[] {shape[0], shape[1], 1, 0};
    } else if (shape.length == 3 && (shape[2] == 1 || shape[2] == 3)) {
      layout = new int[] {shape[0], shape[1], shape[2], 0};
    } else if (shape.length == 3 && (shape[0] == 1 || shape[0] == 3)) {
      layout = new int[] {shape[1], shape[2], shape[0], 1};
    }
    int shorter = Math.min(layout[0], layout[1]);
    int longer = Math.max(layout[0], layout[1]);
    return shorter > 1 && longer <= MOST_ELONGATED * shorter ? layout : bars;
  }

  /** The height that every picture takes. */
  double height() {
    return rows == 0 ? BARS_HEIGHT : SIDE * Math.min(1.0, (double) rows / columns);
  }

  /** Draws with the upper left corner at (x, y). */
  void draw(Svg svg, float[] features, double x, double y) {
    if (rows == 0) {
      bars(svg, features, x, y);
    } else {
      image(svg, features, x, y);
    }
  }

  private void image(Svg svg, float[] features, double x, double y) {
    double width = SIDE * Math.min(1.0, (double) columns / rows);
    byte[] pixels = new byte[features.length];
    for (int i = 0; i < pixels.length; i++) {
      int to = channelsFirst ? i % (rows * columns) * channels + i / (rows * columns) : i;
      pixels[to] = (byte) Math.rint(255 * fraction(features[i]));
    }
    byte[] png = channels == 1 ? Png.grey(columns, rows, pixels) : Png.rgb(columns, rows, pixels);
    // Both values of image-rendering: browsers know the second, some viewers only the first.
    svg.box("image", x, y, width, height());
    svg.add(" preserveAspectRatio=\"none\" image-rendering=\"optimizeSpeed\"");
    svg.add(" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,");
    svg.add(Base64.getEncoder().encodeToString(png)).add("\"/>\n");
    svg.box("rect", x - 0.5, y - 0.5, width + 1, height() + 1).add(" class=\"frame\"/>\n");
  }

  private void bars(Svg svg, float[] features, double x, double y) {
    svg.box("rect", x, y, SIDE, BARS_HEIGHT).add(" class=\"panel\"/>\n");
    int bars = Math.min(features.length, MOST_BARS);
    double pitch = (SIDE - 2.0 * PADDING) / bars;
    double width = bars == MOST_BARS ? pitch : Math.min(0.75 * pitch, 24);
    double zero = barEnd(0, y);
    svg.path("bar").point(x, zero);
    for (int bar = 0; bar < bars; bar++) {
      double top = zero;
      double bottom = zero;
      int to = (int) ((bar + 1L) * features.length / bars);
      for (int i = (int) ((long) bar * features.length / bars); i < to; i++) {
        if (!Float.isNaN(features[i])) {
          top = Math.min(top, barEnd(features[i], y));
          bottom = Math.max(bottom, barEnd(features[i], y));
        }
      }
      svg.add("M").point(x + PADDING + bar * pitch + (pitch - width) / 2, top).add("h");
      svg.number(width).add("v").number(bottom - top).add("h").number(-width).add("z");
    }
    svg.add("\"/>\n").path("frame").point(x, zero).add("h").number(SIDE).add("\"/>\n");
  }

  private double barEnd(float value, double y) {
    return y + PADDING + (BARS_HEIGHT - 2 * PADDING) * (1 - fraction(value));
  }

  /** Where a value lies between low and high, 0 to 1; 0 for NaN and in an empty range. */
  private double fraction(float value) {
    double part = (value - low) / (high - low);
    return part > 0 ? Math.min(part, 1) : 0;
  }
}
