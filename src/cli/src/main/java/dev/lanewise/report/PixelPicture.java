package dev.lanewise.report;

/** Features as the pixels of an image. */
final class PixelPicture extends CasePicture {
  private final ImageLayout layout;

  /** Black to white are 0 to 1 if all values are in this range, else the range of the values. */
  PixelPicture(ImageLayout layout, float[][] cases) {
    super(cases);
    this.layout = layout;
    height = SIDE * Math.min(1.0, (double) layout.rows() / layout.columns());
    if (low >= 0 && high <= 1) {
      include(0);
      include(1);
    }
  }

  @Override
  void draw(Svg svg, int index, double x, double y) {
    double wide = SIDE * Math.min(1.0, (double) layout.columns() / layout.rows());
    // Two values of image-rendering, because some viewers know only the first.
    svg.box("image", x, y, wide, height);
    svg.add(" preserveAspectRatio=\"none\" image-rendering=\"optimizeSpeed\"");
    svg.add(" style=\"image-rendering:pixelated\" href=\"").add(uri(index)).add("\"/>\n");
    svg.box("rect", x - 0.5, y - 0.5, wide + 1, height + 1).add(" class=\"frame\"/>\n");
  }

  /** Returns an address that contains the picture of a case. */
  String uri(int index) {
    float[] features = cases[index];
    byte[] pixels = new byte[features.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[layout.pixel(i)] = (byte) Math.rint(255 * fraction(features[i]));
    }
    return Png.uri(layout.columns(), layout.rows(), layout.channels(), pixels);
  }
}
