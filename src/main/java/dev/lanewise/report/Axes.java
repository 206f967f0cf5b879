package dev.lanewise.report;

import java.util.List;

/** Where the points of a chart lie on the page, and the marks and lines that show it. */
final class Axes {
  private static final int X_INTERVALS = 10;
  static final int Y_INTERVALS = 6;
  private static final int FEWEST_INTERVALS = 2;
  private static final int LABEL_SIZE = 12;

  /** Between two labels of the x axis, at least. */
  private static final int LABEL_GAP = 8;

  /** Space between the ends of the x axis and the outermost points, so that markers stay whole. */
  private static final int INSET = 8;

  /** A bound is near if its distance from the values is at most this part of their range. */
  private static final double NEAR = 0.75;

  /** The x axis is extended to the next mark if that is at most this part of its length away. */
  private static final double NEAR_END = 0.02;

  final int left;
  final int right;
  final int top;
  final int bottom;
  final Ticks xTicks;
  final Ticks yTicks;
  final double firstX; // at the ends of the x axis
  final double lastX;
  private final boolean single;

  /**
   * Axes for all points.
   *
   * @param low a lower bound of what y can be, or NaN
   * @param high an upper bound of what y can be, or NaN
   * @param yIntervals between the marks of the y axis, at most
   * @param edge the x coordinate at which the labels of the y axis begin
   */
  Axes(
      List<Curve> curves,
      double low,
      double high,
      int yIntervals,
      int edge,
      int right,
      int top,
      int bottom) {
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
    yTicks = yTicks(lowest, highest, low, high, yIntervals);
    left = (int) Math.ceil(edge + widest(yTicks));
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
    xTicks = xTicks(firstX, lastX, whole ? 1 : 0, right - left - 2 * INSET);
    // The last label may be wider than the margin.
    double beyond = widest(xTicks) / 2 - INSET - LineChart.MARGIN;
    this.right = right - (int) Math.ceil(Math.max(0, beyond));
    // The axis ends with the data, unless a mark is so near that the difference cannot be seen.
    double near = NEAR_END * (lastX - firstX);
    this.firstX = firstX - xTicks.low() <= near ? xTicks.low() : firstX;
    this.lastX = xTicks.high() - lastX <= near ? xTicks.high() : lastX;
    single = narrow && whole;
  }

  private static double widest(Ticks ticks) {
    return Label.widest(List.of(ticks.labels()), LABEL_SIZE);
  }

  /** The finest marks whose labels stay apart on an axis of so many pixels. */
  private static Ticks xTicks(double first, double last, double smallestStep, double pixels) {
    for (int intervals = X_INTERVALS; ; intervals--) {
      Ticks ticks = Ticks.cover(first, last, intervals, smallestStep);
      double step = ticks.value(1) - ticks.value(0);
      // The axis may yet become a little longer, and shorter on the page.
      double distance = pixels * step / (last - first) * (1 - 3 * NEAR_END);
      if (widest(ticks) + LABEL_GAP <= distance || intervals == FEWEST_INTERVALS) {
        return ticks;
      }
    }
  }

  /** The ends of the y axis are marks. */
  private static Ticks yTicks(
      double lowest, double highest, double low, double high, int intervals) {
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
    return Ticks.cover(from, to, intervals, 0);
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

  boolean isShown(double x) {
    // Around a single epoch, those that were not run have no marks.
    return single ? Math.abs(x - (firstX + lastX) / 2) < 0.5 : x >= firstX && x <= lastX;
  }
}
