package dev.lanewise.report.draw;

/** Pictures of the features of cases, in one style for all cases of a gallery. */
public abstract class CasePicture {
  /** Usual width and largest usual height of a picture. */
  static final int SIDE = 192;

  final float[][] cases; // [case][feature]
  public double width = SIDE;
  public double height = SIDE;
  double low; // the range of the values; infinite if there are none
  double high;

  CasePicture(float[][] cases) {
    this.cases = cases;
    low = Double.POSITIVE_INFINITY;
    high = Double.NEGATIVE_INFINITY;
    for (float[] features : cases) {
      for (float v : features) {
        if (Float.isFinite(v)) {
          low = Math.min(low, v);
          high = Math.max(high, v);
        }
      }
    }
  }

  /** Extends the range to a value. */
  final void include(double value) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }

  /** Returns the position of a value from low, 0, to high, 1; 0 for NaN or an empty range. */
  final double fraction(float value) {
    double part = (value - low) / (high - low);
    return part > 0 ? Math.min(part, 1) : 0;
  }

  /** Draws the case of this index with the upper left corner at (x, y). */
  public abstract void draw(Svg svg, int index, double x, double y);

  /** Features as the pixels of an image. */
  public static final class Pixels extends CasePicture {
    private final ImageLayout layout;

    /** Black to white are 0 to 1 if all values are in this range, else the range of the values. */
    public Pixels(ImageLayout layout, float[][] cases) {
      super(cases);
      this.layout = layout;
      height = SIDE * Math.min(1.0, (double) layout.rows() / layout.columns());
      if (low >= 0 && high <= 1) {
        include(0);
        include(1);
      }
    }

    @Override
    public void draw(Svg svg, int index, double x, double y) {
      double wide = SIDE * Math.min(1.0, (double) layout.columns() / layout.rows());
      // Two values of image-rendering, because some viewers know only the first.
      svg.box("image", x, y, wide, height);
      svg.add(" preserveAspectRatio=\"none\" image-rendering=\"optimizeSpeed\"");
      svg.add(" style=\"image-rendering:pixelated\" href=\"").add(uri(index)).add("\"/>\n");
      svg.box("rect", x - 0.5, y - 0.5, wide + 1, height + 1).add(" class=\"frame\"/>\n");
    }

    /** Returns an address that contains the picture of a case. */
    public String uri(int index) {
      float[] features = cases[index];
      byte[] pixels = new byte[features.length];
      for (int i = 0; i < pixels.length; i++) {
        pixels[layout.pixel(i)] = (byte) Math.rint(255 * fraction(features[i]));
      }
      return Png.uri(layout.columns(), layout.rows(), layout.channels(), pixels);
    }
  }

  /** Features without names as bars side by side, above and below a zero line. */
  public static final class PlainBars extends CasePicture {
    private static final int HEIGHT = 112;
    private static final int PADDING = 8;

    /** Bars are at least two pixels wide, so several features may share a bar. */
    private static final int MOST_BARS = (SIDE - 2 * PADDING) / 2;

    public PlainBars(float[][] cases) {
      super(cases);
      height = HEIGHT;
      include(0);
    }

    @Override
    public void draw(Svg svg, int index, double x, double y) {
      float[] features = cases[index];
      svg.box("rect", x, y, SIDE, HEIGHT).add(" class=\"panel\"/>\n");
      int bars = Math.min(features.length, MOST_BARS);
      double pitch = (SIDE - 2.0 * PADDING) / bars;
      double wide = bars == MOST_BARS ? pitch : Math.min(0.75 * pitch, 24);
      double zero = end(0, y);
      svg.path("bar").point(x, zero);
      for (int bar = 0; bar < bars; bar++) {
        double top = zero;
        double bottom = zero;
        int to = (int) ((bar + 1L) * features.length / bars);
        for (int i = (int) ((long) bar * features.length / bars); i < to; i++) {
          if (!Float.isNaN(features[i])) {
            top = Math.min(top, end(features[i], y));
            bottom = Math.max(bottom, end(features[i], y));
          }
        }
        svg.add("M").point(x + PADDING + bar * pitch + (pitch - wide) / 2, top).add("h");
        svg.number(wide).add("v").number(bottom - top).add("h").number(-wide).add("z");
      }
      svg.add("\"/>\n").path("frame").point(x, zero).add("h").number(SIDE).add("\"/>\n");
    }

    private double end(float value, double y) {
      return y + PADDING + (HEIGHT - 2 * PADDING) * (1 - fraction(value));
    }
  }
}
