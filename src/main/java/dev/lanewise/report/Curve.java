package dev.lanewise.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The points of one series; x does not descend. */
final class Curve {
  /** Beyond this a value counts as infinite, so that differences of values are finite. */
  private static final double LARGEST = 1e300;

  final String name;
  final double[] x;
  final double[] y;

  /** The indices of the values that can be drawn. */
  final int[] points;

  Curve(String name, double[] x, double[] y) {
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

  /** In words, for readers who do not see the picture. */
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
    String ends = at(points[0]) + " to " + at(points[points.length - 1]);
    return name + ": " + ends + ", lowest " + at(lowest) + ", highest " + at(highest) + ".";
  }

  private String at(int i) {
    return Ticks.brief(y[i]) + " at " + Ticks.brief(x[i]);
  }
}
