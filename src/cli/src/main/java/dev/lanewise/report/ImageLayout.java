package dev.lanewise.report;

/**
 * The order of the features of a case in an image.
 *
 * @param channels 1 for grey, 3 for red, green and blue
 * @param channelsFirst true for [channels][rows][columns], false for [rows][columns][channels]
 */
record ImageLayout(int rows, int columns, int channels, boolean channelsFirst) {
  private static final int SMALLEST_GUESS = 7; // tables with 4, 9, ..., 36 columns are common
  private static final int MOST_ELONGATED = 16; // ratio of sides; longer images look like lines

  /** Returns the layout for a shape, or null if it is not the shape of an image. */
  public static ImageLayout of(int[] shape) {
    ImageLayout layout = null;
    if (shape.length == 2) {
      layout = new ImageLayout(shape[0], shape[1], 1, false);
    } else if (shape.length == 3 && (shape[2] == 1 || shape[2] == 3)) {
      layout = new ImageLayout(shape[0], shape[1], shape[2], false);
    } else if (shape.length == 3 && (shape[0] == 1 || shape[0] == 3)) {
      layout = new ImageLayout(shape[1], shape[2], shape[0], true);
    }
    if (layout == null) {
      return null;
    }
    int shorter = Math.min(layout.rows, layout.columns);
    int longer = Math.max(layout.rows, layout.columns);
    return shorter <= 1 || longer > MOST_ELONGATED * shorter ? null : layout;
  }

  /** Returns the layout of a square image if it has this number of features, or null. */
  public static ImageLayout guess(int features) {
    int side = (int) Math.sqrt(features);
    boolean isSquare = side >= SMALLEST_GUESS && side * side == features;
    return isSquare ? new ImageLayout(side, side, 1, false) : null;
  }

  /** Returns the index of a feature in [rows][columns][channels]. */
  public int pixel(int feature) {
    return channelsFirst
        ? feature % (rows * columns) * channels + feature / (rows * columns)
        : feature;
  }
}
