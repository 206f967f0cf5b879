package dev.lanewise.report.draw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * One series of a chart: its points in ascending order of x, the selection of those that are drawn,
 * and the markers that distinguish series without colour.
 */
public final class Curve {
  private static final double LARGEST = 1e300; // larger values count as infinite
  public static final int COLOURS = 4;

  /**
   * Paths around the current point: circle, square, triangle, diamond. A circle remains visible
   * below a square, for example when both accuracies stay at 1.
   */
  private static final String[] SHAPES = {
    "m-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0z",
    "m-3-3h6v6h-6z",
    "m0-4.4l4.2 7.3h-8.4z",
    "m0-4.6l4.6 4.6l-4.6 4.6l-4.6-4.6z"
  };

  private static final int MOST_MARKED = 30; // up to this many, all have a marker if there is room
  private static final int SPARSE = 9;
  private static final int NEIGHBOURHOOD = 8; // pixels

  public final String name;
  public final double[] x;
  public final double[] y;

  public final boolean isLine; // else its points are dots
  public final int[] points; // indices of the values that can be drawn

  public Curve(String name, double[] x, double[] y, boolean isLine) {
    this.isLine = isLine;
    this.name = name;
    this.x = x;
    this.y = y;
    // The comparison is false for NaN.
    points = IntStream.range(0, x.length).filter(i -> Math.abs(y[i]) <= LARGEST).toArray();
  }

  DoubleStream values() {
    return Arrays.stream(points).mapToDouble(i -> y[i]);
  }

  /**
   * Returns the indices to draw, as one array per unbroken run of finite values. In each column of
   * pixels only the lowest and the highest point are kept, which draw the same vertical stroke as
   * all points would. A gap narrower than a pixel does not break a run. So there are at most four
   * indices per column, however long the series is.
   */
  public List<int[]> runs(DoubleUnaryOperator toPixel) {
    List<int[]> runs = new ArrayList<>();
    int[] run = new int[points.length];
    int size = 0;
    for (int k = 0; k < points.length; ) {
      double pixel = toPixel.applyAsDouble(x[points[k]]);
      if (k > 0
          && points[k - 1] != points[k] - 1
          && pixel - toPixel.applyAsDouble(x[points[k - 1]]) >= 1) {
        runs.add(Arrays.copyOf(run, size));
        size = 0;
      }
      int lowest = points[k];
      int highest = points[k];
      for (k++; k < points.length; k++) {
        int i = points[k];
        if (Math.floor(toPixel.applyAsDouble(x[i])) != Math.floor(pixel)) {
          break;
        }
        lowest = y[i] < y[lowest] ? i : lowest;
        highest = y[i] > y[highest] ? i : highest;
      }
      run[size++] = Math.min(lowest, highest);
      if (lowest != highest) {
        run[size++] = Math.max(lowest, highest);
      }
    }
    if (size > 0) {
      runs.add(Arrays.copyOf(run, size));
    }
    return runs;
  }

  /** Describes the series for readers who do not see the picture. */
  public String description() {
    if (points.length == 0) {
      return name + ": no finite values.";
    }
    int lowest = IntStream.of(points).reduce((a, b) -> y[b] < y[a] ? b : a).getAsInt();
    int highest = IntStream.of(points).reduce((a, b) -> y[b] > y[a] ? b : a).getAsInt();
    return "%s: %s to %s, lowest %s, highest %s."
        .formatted(name, at(points[0]), at(points[points.length - 1]), at(lowest), at(highest));
  }

  private String at(int i) {
    return Ticks.brief(y[i]) + " at " + Ticks.brief(x[i]);
  }

  /** Returns the path of a marker; the first 8 series differ in their markers alone. */
  public static String markerShape(int series) {
    return SHAPES[(series + series / COLOURS) % SHAPES.length];
  }

  /** Returns the classes of a line, which is dashed where markers repeat, after 8 series. */
  public static String lineClasses(int series) {
    int repeated = series / (2 * SHAPES.length) % 3;
    return repeated == 0 ? "line" : "line d" + repeated;
  }

  /** Returns the classes of a path of markers. */
  public static String markerClasses(int series) {
    return series % 2 == 0 ? "mark solid" : "mark hollow";
  }

  /**
   * Returns the indices of the points that get a marker.
   *
   * @param runs the points that are drawn
   * @param place where an x is drawn between left and right
   * @param offset position of its markers between the markers of other series, 0 to 1
   */
  public int[] marked(
      List<int[]> runs, DoubleUnaryOperator place, double left, double right, double offset) {
    double length =
        place.applyAsDouble(x[points[points.length - 1]]) - place.applyAsDouble(x[points[0]]);
    boolean all = points.length <= Math.min(MOST_MARKED, 1 + length / NEIGHBOURHOOD);
    double distance = (right - left) / SPARSE;
    double next = left + distance * offset;
    List<Integer> marked = new ArrayList<>();
    for (int[] run : runs) {
      for (int k = 0; k < run.length; k++) {
        double here = place.applyAsDouble(x[run[k]]);
        if (all || run.length == 1) { // a line of one point is hardly visible
          marked.add(run[k]);
        } else if (here >= next) {
          marked.add(typical(run, k, place));
          next += distance * (Math.floor((here - next) / distance) + 1);
        }
      }
    }
    return marked.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * Chooses among the next few points the point nearest to their mean, so that no peak is marked.
   */
  private int typical(int[] run, int k, DoubleUnaryOperator place) {
    double end = place.applyAsDouble(x[run[k]]) + NEIGHBOURHOOD;
    double mean = 0;
    int to = k;
    for (; to < run.length && place.applyAsDouble(x[run[to]]) < end; to++) {
      mean += (y[run[to]] - mean) / (to - k + 1);
    }
    int nearest = run[k];
    for (int j = k; j < to; j++) {
      if (Math.abs(y[run[j]] - mean) < Math.abs(y[nearest] - mean)) {
        nearest = run[j];
      }
    }
    return nearest;
  }
}
