package dev.lanewise.report;

/**
 * How the features of a case lie in an image.
 *
 * @param channels 1: grey, 3: red, green, blue
 * @param channelsFirst whether the features are [channels][rows][columns], else
 *     [rows][columns][channels]
 */
record ImageLayout(int rows, int columns, int channels, boolean channelsFirst) {
  /**
   * A row of a table is taken for a square image from 7 x 7 on, the smallest that is used to show
   * anything; tables with 4, 9, 16, 25 or 36 columns are common.
   */
  private static final int SMALLEST_GUESS = 7;

  /** Longer images would be mere lines. */
  private static final int MOST_ELONGATED = 16;

  /** The layout of a shape, or null if that is no image's. */
  static ImageLayout of(int[] shape) {
    ImageLayout layout = null;
    if (shape.length == 2) {
      layout = new ImageLayout(shape[0], shape[1], 1, false);
    } else if (shape.length == 3 && (shape[2] == 1 || shape[2] == 3)) {
      layout = new ImageLayout(shape[0], shape[1], shape[2], false);
    } else if (shape.length == 3 && (shape[0] == 1 || shape[0] == 3)) {
      layout = new ImageLayout(shape[1], shape[2], shape[0], true);
    }
    return layout == null || layout.isLine() ? null : layout;
  }

  /** The layout of a square image if there are as many features as one has, or null. */
  static ImageLayout guess(int features) {
    int side = (int) Math.sqrt(features);
    boolean isSquare = side >= SMALLEST_GUESS && side * side == features;
    return isSquare ? new ImageLayout(side, side, 1, false) : null;
  }

  /** Where a feature stands in [rows][columns][channels]. */
  int pixel(int feature) {
    return channelsFirst
        ? feature % (rows * columns) * channels + feature / (rows * columns)
        : feature;
  }

  private boolean isLine() {
    int shorter = Math.min(rows, columns);
    int longer = Math.max(rows, columns);
    return shorter <= 1 || longer > MOST_ELONGATED * shorter;
  }
}
