package dev.lanewise.report;

/** Features without names as bars side by side, above and below a zero line. */
final class PlainBars extends CasePicture {
  private static final int HEIGHT = 112;
  private static final int PADDING = 8;

  /** Bars are at least two pixels wide, so several features may share a bar. */
  private static final int MOST_BARS = (SIDE - 2 * PADDING) / 2;

  PlainBars(float[][] cases) {
    super(cases);
    height = HEIGHT;
    include(0);
  }

  @Override
  void draw(Svg svg, int index, double x, double y) {
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
