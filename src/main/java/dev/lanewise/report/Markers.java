package dev.lanewise.report;

import java.util.ArrayList;
import java.util.List;

/** The marks on the points of a series, which tell series apart without colour. */
final class Markers {
  static final int COLOURS = 4;

  /**
   * Paths around the current point: circle, square, triangle, diamond. The circle is still seen
   * below a square, as when both accuracies stay at 1.
   */
  private static final String[] SHAPES = {
    "m-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0z",
    "m-3-3h6v6h-6z",
    "m0-4.4l4.2 7.3h-8.4z",
    "m0-4.6l4.6 4.6l-4.6 4.6l-4.6-4.6z"
  };

  /** Up to this many points each has a marker; of more, some do. */
  private static final int MOST_MARKED = 30;

  private static final int SPARSE = 9;

  /** In pixels. */
  private static final int NEIGHBOURHOOD = 8;

  private Markers() {}

  /** The path of one marker; shapes are shifted each time the colours begin again: 16 differ. */
  static String shape(int series) {
    return SHAPES[(series + series / COLOURS) % SHAPES.length];
  }

  /** The classes of a path of markers. */
  static String classes(int series) {
    return series % 2 == 0 ? "mark solid" : "mark hollow";
  }

  /**
   * The indices of the points that get a marker.
   *
   * @param runs what is drawn of the curve
   * @param offset where its markers stand between those of other series, 0 to 1
   */
  static List<Integer> points(Curve curve, List<int[]> runs, Axes axes, double offset) {
    boolean all = curve.points.length <= MOST_MARKED;
    double distance = (double) (axes.right - axes.left) / SPARSE;
    double next = axes.left + distance * offset;
    List<Integer> marked = new ArrayList<>();
    for (int[] run : runs) {
      for (int k = 0; k < run.length; k++) {
        double x = axes.x(curve.x[run[k]]);
        if (all || run.length == 1) { // a line of one point can hardly be seen
          marked.add(run[k]);
        } else if (x >= next) {
          marked.add(typical(curve, run, k, axes));
          next += distance * (Math.floor((x - next) / distance) + 1);
        }
      }
    }
    return marked;
  }

  /** Of the points close to the right of k the one nearest their mean, so as not to mark a peak. */
  private static int typical(Curve curve, int[] run, int k, Axes axes) {
    double end = axes.x(curve.x[run[k]]) + NEIGHBOURHOOD;
    double mean = 0;
    int to = k;
    for (; to < run.length && axes.x(curve.x[run[to]]) < end; to++) {
      mean += (curve.y[run[to]] - mean) / (to - k + 1);
    }
    int nearest = run[k];
    for (int j = k; j < to; j++) {
      if (Math.abs(curve.y[run[j]] - mean) < Math.abs(curve.y[nearest] - mean)) {
        nearest = run[j];
      }
    }
    return nearest;
  }
}
