package dev.lanewise.report;

/** Features as the pixels of an image. */
final class PixelPicture implements CasePicture {
  private final ImageLayout layout;
  private final float[][] cases; // [case][features of the layout]
  private final Range range;

  /**
   * Pictures of a layout.
   *
   * @param range the values for black and white; null: 0 to 1 if that holds all values
   */
  PixelPicture(ImageLayout layout, float[][] cases, Range range) {
    this.layout = layout;
    this.cases = cases;
    Range found = Range.of(cases);
    boolean isShare = found.low() >= 0 && found.high() <= 1;
    this.range = range != null ? range : isShare ? found.including(0).including(1) : found;
  }

  @Override
  public double width() {
    return SIDE;
  }

  @Override
  public double height() {
    return SIDE * Math.min(1.0, (double) layout.rows() / layout.columns());
  }

  @Override
  public void draw(Svg svg, int index, double x, double y) {
    double width = SIDE * Math.min(1.0, (double) layout.columns() / layout.rows());
    // Both values of image-rendering: browsers know the second, some viewers only the first.
    svg.box("image", x, y, width, height());
    svg.add(" preserveAspectRatio=\"none\" image-rendering=\"optimizeSpeed\"");
    svg.add(" style=\"image-rendering:pixelated\" href=\"").add(uri(index)).add("\"/>\n");
    svg.box("rect", x - 0.5, y - 0.5, width + 1, height() + 1).add(" class=\"frame\"/>\n");
  }

  /** A case as the address of a PNG that is its own content. */
  String uri(int index) {
    float[] features = cases[index];
    int rows = layout.rows();
    int columns = layout.columns();
    int channels = layout.channels();
    byte[] pixels = new byte[features.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[layout.pixel(i)] = (byte) Math.rint(255 * range.fraction(features[i]));
    }
    return Png.uri(
        channels == 1 ? Png.grey(columns, rows, pixels) : Png.rgb(columns, rows, pixels));
  }
}
