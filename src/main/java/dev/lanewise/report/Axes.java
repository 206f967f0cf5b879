package dev.lanewise.report;

import java.util.List;

/** Where the points of a chart lie on the page, and the marks and lines that show it. */
final class Axes {
  private static final int X_INTERVALS = 10;
  private static final int Y_INTERVALS = 6;
  private static final int LABEL_SIZE = 12;

  /** Space between the ends of the x axis and the outermost points, so that markers stay whole. */
  private static final int INSET = 8;

  /** A bound is near that is not farther from the values than this part of their range. */
  private static final double NEAR = 0.75;

  final int left;
  final int right;
  final int top;
  final int bottom;
  private final Ticks xTicks;
  private final Ticks yTicks;
  private final double firstX; // at the ends of the x axis
  private final double lastX;
  private final boolean single;

  /**
   * Axes for all points.
   *
   * @param low a lower bound of what y can be, or NaN
   * @param high an upper bound of what y can be, or NaN
   * @param edge what the labels of y begin right of
   */
  Axes(List<Curve> curves, double low, double high, int edge, int right, int top, int bottom) {
    double firstX = Double.POSITIVE_INFINITY;
    double lastX = Double.NEGATIVE_INFINITY;
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    boolean whole = true;
    for (Curve curve : curves) {
      for (double x : curve.x) {
        firstX = Math.min(firstX, x);
        lastX = Math.max(lastX, x);
        whole &= x == Math.rint(x);
      }
      for (int i : curve.points) {
        lowest = Math.min(lowest, curve.y[i]);
        highest = Math.max(highest, curve.y[i]);
      }
    }
    yTicks = yTicks(lowest, highest, low, high);
    double widest = 0;
    for (String label : yTicks.labels()) {
      widest = Math.max(widest, Label.width(label, LABEL_SIZE));
    }
    left = (int) Math.ceil(edge + widest);
    this.right = right;
    this.top = top;
    this.bottom = bottom;

    if (firstX > lastX) {
      firstX = 0;
      lastX = 1;
    }
    boolean narrow = Ticks.isNarrow(firstX, lastX);
    if (narrow) {
      double room = Math.max(1, Math.abs(firstX) * 1e-6);
      firstX -= room;
      lastX += room;
    }
    xTicks = Ticks.cover(firstX, lastX, X_INTERVALS, whole ? 1 : 0);
    // The axis ends with the data, unless a mark is so near that the difference cannot be seen.
    double near = 0.02 * (lastX - firstX);
    this.firstX = firstX - xTicks.low() <= near ? xTicks.low() : firstX;
    this.lastX = xTicks.high() - lastX <= near ? xTicks.high() : lastX;
    single = narrow && whole;
  }

  /** The ends of the y axis are marks. */
  private static Ticks yTicks(double lowest, double highest, double low, double high) {
    double from = lowest;
    double to = highest;
    if (from > to) {
      from = Double.isFinite(low) ? low : Double.isFinite(high) ? high - 1 : 0;
      to = Double.isFinite(high) ? high : from + 1;
    } else if (Ticks.isNarrow(from, to)) {
      double room = Math.abs(from) < Ticks.SMALLEST ? 1 : Math.abs(from) * 0.1;
      from -= room;
      to += room;
    }
    double near = NEAR * (to - from);
    if (lowest >= low && from - low <= near) { // false without a bound
      from = low;
    }
    if (highest <= high && high - to <= near) {
      to = high;
    }
    return Ticks.cover(from, to, Y_INTERVALS, 0);
  }

  double x(double value) {
    return left + INSET + (value - firstX) / (lastX - firstX) * (right - left - 2 * INSET);
  }

  double y(double value) {
    double low = yTicks.low();
    return bottom - (value - low) / (yTicks.high() - low) * (bottom - top);
  }

  void draw(Svg svg) {
    String[] labels = yTicks.labels();
    for (int i = 0; i < labels.length; i++) {
      double y = y(yTicks.value(i));
      svg.path("grid").point(left, sharp(y)).add("H").number(right).add("\"/>\n");
      svg.text(left - 8, y + 4.3, "tick end", labels[i]);
    }
    svg.path("axis").point(left, sharp(bottom)).add("H").number(right);
    for (int i = 0; i < xTicks.count; i++) {
      if (isShown(xTicks.value(i))) {
        svg.add("M").point(sharp(x(xTicks.value(i))), bottom).add("v5");
      }
    }
    svg.add("\"/>\n");
    labels = xTicks.labels();
    for (int i = 0; i < labels.length; i++) {
      if (isShown(xTicks.value(i))) {
        svg.text(x(xTicks.value(i)), bottom + 20, "tick middle", labels[i]);
      }
    }
  }

  /** Lines of one pixel are sharp in the middle of a pixel. */
  private static double sharp(double v) {
    return Math.floor(v) + 0.5;
  }

  private boolean isShown(double x) {
    // Around a single epoch, those that were not run have no marks.
    return single ? Math.abs(x - (firstX + lastX) / 2) < 0.5 : x >= firstX && x <= lastX;
  }
}
