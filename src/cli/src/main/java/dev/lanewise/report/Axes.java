package dev.lanewise.report;

import java.util.Arrays;
import java.util.List;

/** The axes of a chart: the places of points, and the marks of the axes. */
final class Axes {
  private static final int X_INTERVALS = 10;
  private static final int FEWEST_INTERVALS = 2;
  private static final int LABEL_GAP = 8; // between two labels of the x axis
  private static final double NEAR =
      0.75; // largest distance of a bound, relative to the range of values
  private static final double NEAR_END =
      0.02; // largest distance of the last mark, relative to the length

  static final int CHARACTER = 8; // width of a character of a label in pixels; wider than a digit

  final Ticks xTicks;
  final Ticks yTicks; // the first and the last are the ends of the y axis
  final double firstX; // ends of the x axis
  final double lastX;
  private final boolean single;

  /**
   * Makes axes for all points of some curves.
   *
   * @param low the lower bound of the possible y values, or NaN
   * @param high the upper bound, or NaN
   * @param intervals largest number of intervals between the marks of the y axis
   * @param width the width in pixels of the x axis and the labels of the y axis
   */
  Axes(List<Curve> curves, double low, double high, int intervals, double width) {
    double[] xs = curves.stream().flatMapToDouble(curve -> Arrays.stream(curve.x)).toArray();
    double firstX = Arrays.stream(xs).min().orElse(0);
    double lastX = Arrays.stream(xs).max().orElse(1);
    boolean whole = Arrays.stream(xs).allMatch(x -> x == Math.rint(x));
    double[] ys = curves.stream().flatMapToDouble(Curve::values).toArray();
    double lowest = Arrays.stream(ys).min().orElse(Double.POSITIVE_INFINITY);
    double highest = Arrays.stream(ys).max().orElse(Double.NEGATIVE_INFINITY);
    yTicks = yTicks(lowest, highest, low, high, intervals);
    boolean narrow = Ticks.isNarrow(firstX, lastX);
    if (narrow) {
      double room = Math.max(1, Math.abs(firstX) * 1e-6);
      firstX -= room;
      lastX += room;
    }
    xTicks = xTicks(firstX, lastX, whole ? 1 : 0, width - widest(yTicks));
    // The axis ends with the data, or at a mark that is so near that it looks the same.
    double near = NEAR_END * (lastX - firstX);
    this.firstX = firstX - xTicks.low() <= near ? xTicks.low() : firstX;
    this.lastX = xTicks.high() - lastX <= near ? xTicks.high() : lastX;
    single = narrow && whole;
  }

  private static int widest(Ticks ticks) {
    return CHARACTER * Arrays.stream(ticks.labels()).mapToInt(String::length).max().orElse(0);
  }

  /** Returns the finest marks whose labels do not touch on an axis of this many pixels. */
  private static Ticks xTicks(double first, double last, double smallestStep, double pixels) {
    for (int intervals = X_INTERVALS; ; intervals--) {
      Ticks ticks = Ticks.cover(first, last, intervals, smallestStep);
      double step = ticks.value(1) - ticks.value(0);
      // The axis may still become a little longer in values and shorter in pixels.
      double distance = pixels * step / (last - first) * (1 - 3 * NEAR_END);
      if (widest(ticks) + LABEL_GAP <= distance || intervals == FEWEST_INTERVALS) {
        return ticks;
      }
    }
  }

  /** Returns the marks of the y axis, which begins and ends with a mark. */
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

  /** Returns the position of a value between the ends of the x axis, 0 to 1. */
  double along(double x) {
    return (x - firstX) / (lastX - firstX);
  }

  /** Returns the position of a value between the ends of the y axis, 0 to 1. */
  double height(double y) {
    return (y - yTicks.low()) / (yTicks.high() - yTicks.low());
  }

  boolean isShown(double x) {
    // Around a single whole number, such as an epoch, there are no other marks.
    return single ? Math.abs(x - (firstX + lastX) / 2) < 0.5 : x >= firstX && x <= lastX;
  }
}
