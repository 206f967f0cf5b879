package dev.lanewise.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * One series of a chart: its points in ascending order of x, the choice of those that are drawn,
 * and the markers by which series can be told apart without colour.
 */
final class Curve {
  /** Beyond this a value counts as infinite, so that differences of values are finite. */
  private static final double LARGEST = 1e300;

  static final int COLOURS = 4;

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

  /** Up to this many points every point has a marker if there is room; beyond it, only some. */
  private static final int MOST_MARKED = 30;

  private static final int SPARSE = 9;

  /** In pixels. */
  private static final int NEIGHBOURHOOD = 8;

  final String name;
  final double[] x;
  final double[] y;

  /** Whether its points are joined; else they are dots by themselves. */
  final boolean isLine;

  /** The indices of the values that can be drawn. */
  final int[] points;

  Curve(String name, double[] x, double[] y, boolean isLine) {
    this.isLine = isLine;
    this.name = name;
    this.x = x;
    this.y = y;
    int[] indices = new int[x.length];
    int count = 0;
    for (int i = 0; i < x.length; i++) {
      if (Math.abs(y[i]) <= LARGEST) { // false for NaN
        indices[count++] = i;
      }
    }
    points = Arrays.copyOf(indices, count);
  }

  /**
   * The indices to draw, as one array for each unbroken run of finite values. Of the points in one
   * column of pixels only the lowest and the highest are kept, which draw the same vertical stroke
   * as all of them would; a gap narrower than a pixel does not break a run. So the result has at
   * most four indices a column, however long the series is.
   */
  List<int[]> runs(DoubleUnaryOperator toPixel) {
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
      // All points of this column; a gap of a pixel ends it as well.
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

  /** Describes the series in words, for readers who do not see the picture. */
  String description() {
    if (points.length == 0) {
      return name + ": no finite values.";
    }
    int lowest = points[0];
    int highest = points[0];
    for (int i : points) {
      lowest = y[i] < y[lowest] ? i : lowest;
      highest = y[i] > y[highest] ? i : highest;
    }
    return "%s: %s to %s, lowest %s, highest %s."
        .formatted(name, at(points[0]), at(points[points.length - 1]), at(lowest), at(highest));
  }

  private String at(int i) {
    return Ticks.brief(y[i]) + " at " + Ticks.brief(x[i]);
  }

  /**
   * The path of one marker. Shapes shift when the colours repeat, so 8 series differ without them.
   */
  static String markerShape(int series) {
    return SHAPES[(series + series / COLOURS) % SHAPES.length];
  }

  /**
   * The classes of a line. Every eighth series has a marker of its own, so lines are dashed then.
   */
  static String lineClasses(int series) {
    int repeated = series / (2 * SHAPES.length) % 3;
    return repeated == 0 ? "line" : "line d" + repeated;
  }

  /** The classes of a path of markers. */
  static String markerClasses(int series) {
    return series % 2 == 0 ? "mark solid" : "mark hollow";
  }

  /**
   * The indices of the points that get a marker.
   *
   * @param runs what is drawn of the line
   * @param offset where its markers stand between those of other series, 0 to 1
   */
  List<Integer> marked(List<int[]> runs, Axes axes, double offset) {
    double length = axes.x(x[points[points.length - 1]]) - axes.x(x[points[0]]);
    boolean all = points.length <= Math.min(MOST_MARKED, 1 + length / NEIGHBOURHOOD);
    double distance = (double) (axes.right - axes.left) / SPARSE;
    double next = axes.left + distance * offset;
    List<Integer> marked = new ArrayList<>();
    for (int[] run : runs) {
      for (int k = 0; k < run.length; k++) {
        double place = axes.x(x[run[k]]);
        if (all || run.length == 1) { // a line of one point can hardly be seen
          marked.add(run[k]);
        } else if (place >= next) {
          marked.add(typical(run, k, axes));
          next += distance * (Math.floor((place - next) / distance) + 1);
        }
      }
    }
    return marked;
  }

  /** Of the next few points from k on the one nearest their mean, so that no peak is marked. */
  private int typical(int[] run, int k, Axes axes) {
    double end = axes.x(x[run[k]]) + NEIGHBOURHOOD;
    double mean = 0;
    int to = k;
    for (; to < run.length && axes.x(x[run[to]]) < end; to++) {
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
