package dev.lanewise.report;

/** Features without names as bars side by side, above and below a zero line. */
final class PlainBars implements CasePicture {
  private static final int HEIGHT = 112;
  private static final int PADDING = 8;

  /** Bars are at least two pixels wide, so several features may share a bar. */
  private static final int MOST_BARS = (SIDE - 2 * PADDING) / 2;

  private final float[][] cases; // [case][feature]
  private final Range range;

  PlainBars(float[][] cases) {
    this.cases = cases;
    range = Range.of(cases).including(0);
  }

  @Override
  public double width() {
    return SIDE;
  }

  @Override
  public double height() {
    return HEIGHT;
  }

  @Override
  public void draw(Svg svg, int index, double x, double y) {
    float[] features = cases[index];
    svg.box("rect", x, y, SIDE, HEIGHT).add(" class=\"panel\"/>\n");
    int bars = Math.min(features.length, MOST_BARS);
    double pitch = (SIDE - 2.0 * PADDING) / bars;
    double width = bars == MOST_BARS ? pitch : Math.min(0.75 * pitch, 24);
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
      svg.add("M").point(x + PADDING + bar * pitch + (pitch - width) / 2, top).add("h");
      svg.number(width).add("v").number(bottom - top).add("h").number(-width).add("z");
    }
    svg.add("\"/>\n").path("frame").point(x, zero).add("h").number(SIDE).add("\"/>\n");
  }

  private double end(float value, double y) {
    return y + PADDING + (HEIGHT - 2 * PADDING) * (1 - range.fraction(value));
  }
}
