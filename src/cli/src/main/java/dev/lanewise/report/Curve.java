package dev.lanewise.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * One series of a chart: its points in ascending order of x, and the selection of those that are
 * drawn.
 */
final class Curve {
  public static final String NOTHING = "no finite values";

  private static final double LARGEST = 1e300; // larger values count as infinite

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
    points = IntStream.range(0, x.length).filter(this::isDrawn).toArray();
  }

  /** Returns whether a value can be drawn, which is false for NaN. */
  public boolean isDrawn(int i) {
    return Math.abs(y[i]) <= LARGEST;
  }

  public DoubleStream values() {
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
}
