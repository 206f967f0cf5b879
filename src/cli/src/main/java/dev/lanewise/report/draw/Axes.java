package dev.lanewise.report.draw;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The axes of a chart: the places of points, and the marks and lines of the axes. */
public final class Axes {
  private static final int X_INTERVALS = 10;
  private static final int FEWEST_INTERVALS = 2;
  private static final int FEW_DECADES = 4; // with fewer, there are marks between the powers of ten
  private static final int LABEL_SIZE = 12;
  private static final int LABEL_GAP = 8; // between two labels of the x axis
  private static final int INSET = 8; // between the ends of the x axis and the points, for markers
  private static final double NEAR =
      0.75; // largest distance of a bound, relative to the range of values
  private static final double NEAR_END =
      0.02; // largest distance of the last mark, relative to the length

  public static final int MARGIN = 24; // around a chart
  public static final String NOTHING = "no finite values";

  /**
   * The scale of the y axis: logarithmic, for positive values, or with bounds, which may be NaN.
   */
  public record Scale(boolean log, double low, double high) {}

  public final int left;
  public final int right;
  final int top;
  final int bottom;
  final Ticks xTicks;

  public final double[] yMarks; // values; the first and the last are the ends of the y axis
  final String[] yLabels;
  private final boolean log;
  final double firstX; // ends of the x axis
  final double lastX;
  private final boolean single;

  /**
   * Makes axes for all points of some curves.
   *
   * @param intervals largest number of intervals between the marks of the y axis
   * @param edge the x coordinate at which the labels of the y axis begin
   */
  public Axes(
      List<Curve> curves, Scale scale, int intervals, int edge, int right, int top, int bottom) {
    double[] xs = curves.stream().flatMapToDouble(curve -> Arrays.stream(curve.x)).toArray();
    double firstX = Arrays.stream(xs).min().orElse(0);
    double lastX = Arrays.stream(xs).max().orElse(1);
    boolean whole = Arrays.stream(xs).allMatch(x -> x == Math.rint(x));
    double[] ys = curves.stream().flatMapToDouble(Curve::values).toArray();
    double lowest = Arrays.stream(ys).min().orElse(Double.POSITIVE_INFINITY);
    double highest = Arrays.stream(ys).max().orElse(Double.NEGATIVE_INFINITY);
    log = scale.log();
    if (log) {
      yMarks = logMarks(lowest, highest);
      yLabels = Arrays.stream(yMarks).mapToObj(Ticks::brief).toArray(String[]::new);
    } else {
      Ticks ticks = yTicks(lowest, highest, scale, intervals);
      yMarks = IntStream.range(0, ticks.count).mapToDouble(ticks::value).toArray();
      yLabels = ticks.labels();
    }
    left = (int) Math.ceil(edge + widest(yLabels));
    this.top = top;
    this.bottom = bottom;

    boolean narrow = Ticks.isNarrow(firstX, lastX);
    if (narrow) {
      double room = Math.max(1, Math.abs(firstX) * 1e-6);
      firstX -= room;
      lastX += room;
    }
    xTicks = xTicks(firstX, lastX, whole ? 1 : 0, right - left - 2 * INSET);
    // The last label may be wider than the margin.
    double beyond = widest(xTicks.labels()) / 2 - INSET - MARGIN;
    this.right = right - (int) Math.ceil(Math.max(0, beyond));
    // The axis ends with the data, or at a mark that is so near that it looks the same.
    double near = NEAR_END * (lastX - firstX);
    this.firstX = firstX - xTicks.low() <= near ? xTicks.low() : firstX;
    this.lastX = xTicks.high() - lastX <= near ? xTicks.high() : lastX;
    single = narrow && whole;
  }

  private static double widest(String[] labels) {
    return Label.widest(List.of(labels), LABEL_SIZE);
  }

  /** Returns marks that enclose all values: powers of ten, or 1, 2 and 5 times these. */
  private static double[] logMarks(double lowest, double highest) {
    if (lowest > highest) {
      return new double[] {0.1, 1};
    }
    int from = (int) StrictMath.floor(StrictMath.log10(lowest));
    int to = (int) StrictMath.ceil(StrictMath.log10(highest));
    int stride = 1 + (to - from) / X_INTERVALS; // distance of marks in powers of ten
    int[] mantissas = to - from < FEW_DECADES ? new int[] {1, 2, 5} : new int[] {1};
    List<Double> marks = new ArrayList<>();
    for (int e = from; e <= to + stride; e += stride) {
      for (int mantissa : mantissas) {
        double mark = new BigDecimal(BigInteger.valueOf(mantissa), -e).doubleValue();
        if (mark <= lowest) {
          marks.clear();
        }
        if (marks.isEmpty() || marks.get(marks.size() - 1) < highest) {
          marks.add(mark);
        }
      }
    }
    if (marks.size() == 1) {
      marks.add(10 * marks.get(0));
    }
    return marks.stream().mapToDouble(mark -> mark).toArray();
  }

  /** Returns the finest marks whose labels do not touch on an axis of this many pixels. */
  private static Ticks xTicks(double first, double last, double smallestStep, double pixels) {
    for (int intervals = X_INTERVALS; ; intervals--) {
      Ticks ticks = Ticks.cover(first, last, intervals, smallestStep);
      double step = ticks.value(1) - ticks.value(0);
      // The axis may still become a little longer in values and shorter in pixels.
      double distance = pixels * step / (last - first) * (1 - 3 * NEAR_END);
      if (widest(ticks.labels()) + LABEL_GAP <= distance || intervals == FEWEST_INTERVALS) {
        return ticks;
      }
    }
  }

  /** Returns the marks of a linear y axis, which begins and ends with a mark. */
  private static Ticks yTicks(double lowest, double highest, Scale scale, int intervals) {
    double low = scale.low();
    double high = scale.high();
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

  public double x(double value) {
    return left + INSET + (value - firstX) / (lastX - firstX) * (right - left - 2 * INSET);
  }

  public double y(double value) {
    return bottom - height(value) * (bottom - top);
  }

  /** Returns the position of a value between the ends of the y axis, 0 to 1. */
  public double height(double y) {
    double low = scale(yMarks[0]);
    return (scale(y) - low) / (scale(yMarks[yMarks.length - 1]) - low);
  }

  private double scale(double y) {
    return log ? StrictMath.log10(y) : y;
  }

  public void draw(Svg svg) {
    for (int i = 0; i < yMarks.length; i++) {
      double y = y(yMarks[i]);
      svg.path("grid").point(left, sharp(y)).add("H").number(right).add("\"/>\n");
      svg.text(left - 8, y + 4.3, "tick end", yLabels[i]);
    }
    svg.path("axis").point(left, sharp(bottom)).add("H").number(right);
    for (int i = 0; i < xTicks.count; i++) {
      if (isShown(xTicks.value(i))) {
        svg.add("M").point(sharp(x(xTicks.value(i))), bottom).add("v5");
      }
    }
    svg.add("\"/>\n");
    String[] labels = xTicks.labels();
    for (int i = 0; i < labels.length; i++) {
      if (isShown(xTicks.value(i))) {
        svg.text(x(xTicks.value(i)), bottom + 20, "tick middle", labels[i]);
      }
    }
  }

  /** Returns the middle of a pixel, where a line of one pixel is sharp. */
  private static double sharp(double v) {
    return Math.floor(v) + 0.5;
  }

  boolean isShown(double x) {
    // Around a single whole number, such as an epoch, there are no other marks.
    return single ? Math.abs(x - (firstX + lastX) / 2) < 0.5 : x >= firstX && x <= lastX;
  }
}
