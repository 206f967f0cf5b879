package dev.lanewise.report;

import java.util.Arrays;
import java.util.List;

/**
 * A chart in characters, for a terminal. In Unicode a braille character has two by four dots; in
 * ASCII a character is one point. There are no colours: the first series is a solid line, and
 * others have dots in every second column only, or another character.
 */
final class TextChart {
  private static final int INTERVALS = 4; // between the marks of the y axis

  /** In Unicode and in ASCII: y axis, its marks, corner, x axis, its marks, the marked place. */
  private static final String[] SIGNS = {"\u2502\u2524\u2514\u2500\u252c\u25b2", "|++-+^"};

  private static final String[][] LEGENDS = {{"\u2812\u2812", "\u2802\u2802"}, {"*", "o"}};
  private static final int BRAILLE = 0x2800;

  /** The bits of the dots of a braille character, [row][column]. */
  private static final int[][] DOTS = {{1, 8}, {2, 16}, {4, 32}, {64, 128}};

  private final List<Curve> curves;
  private final Axes axes;
  private final boolean unicode;
  private final String signs;
  private final int rows;
  private final int left; // column of the first character of the plot
  private final int columns;
  private final int down; // points per character
  private final int across;
  private final char[][] page; // a heading, the plot, the x axis, its labels, a legend

  /**
   * Makes a chart.
   *
   * @param low the lower bound of the possible y values, or NaN
   * @param high the upper bound, or NaN
   */
  public TextChart(
      List<Curve> curves, double low, double high, int width, int rows, boolean unicode) {
    this.curves = curves;
    this.rows = rows;
    this.unicode = unicode;
    axes = new Axes(curves, low, high, INTERVALS, width * Axes.CHARACTER);
    signs = SIGNS[unicode ? 0 : 1];
    down = unicode ? 4 : 1;
    across = unicode ? 2 : 1;
    left = 2 + Arrays.stream(axes.yTicks.labels()).mapToInt(String::length).max().orElseThrow();
    columns = Math.max(2, width - left);
    page = new char[rows + 4][left + columns];
    for (char[] line : page) {
      Arrays.fill(line, ' ');
    }
  }

  /** Returns the lines of the chart; mark is a value on the x axis, or NaN. */
  public List<String> lines(String title, String xLabel, double mark, String markName) {
    String legend = xLabel;
    for (int i = 0; i < curves.size(); i++) {
      legend += "  " + LEGENDS[unicode ? 0 : 1][Math.min(i, 1)] + " " + curves.get(i).name;
    }
    write(0, 0, title);
    write(rows + 3, Math.max(0, Math.min(left, left + columns - legend.length())), legend);
    axes();
    for (int i = 0; i < curves.size(); i++) {
      draw(curves.get(i), i > 0);
    }
    if (curves.stream().allMatch(curve -> curve.points.length == 0)) {
      write(1 + rows / 2, left + 1, Curve.NOTHING);
    }
    if (mark >= axes.firstX && mark <= axes.lastX) {
      String name = signs.charAt(5) + " " + markName;
      write(0, Math.max(title.length() + 2, left + columns - name.length()), name);
      page[rows + 1][left + column(mark)] = signs.charAt(5);
    }
    return Arrays.stream(page).map(String::new).toList();
  }

  /** Writes a text, without the part that does not fit. */
  private void write(int row, int column, String text) {
    for (int i = 0; i < text.length() && column + i < page[row].length; i++) {
      page[row][column + i] = text.charAt(i);
    }
  }

  private void axes() {
    String[] labels = axes.yTicks.labels();
    for (int row = 1; row <= rows; row++) {
      page[row][left - 1] = signs.charAt(0);
    }
    for (int i = 0; i < labels.length; i++) {
      int row = 1 + (int) Math.round((1 - axes.height(axes.yTicks.value(i))) * (rows - 1));
      write(row, left - 2 - labels[i].length(), labels[i]);
      page[row][left - 1] = signs.charAt(1);
    }
    page[rows + 1][left - 1] = signs.charAt(2);
    Arrays.fill(page[rows + 1], left, left + columns, signs.charAt(3));
    labels = axes.xTicks.labels();
    int free = 0; // the first column without a label
    for (int i = 0; i < labels.length; i++) {
      double x = axes.xTicks.value(i);
      int column = left + column(x);
      int length = labels[i].length();
      int start = Math.min(column - length / 2, left + columns - length);
      if (axes.isShown(x) && start >= free) {
        page[rows + 1][column] = signs.charAt(4);
        write(rows + 2, start, labels[i]);
        free = start + length + 1;
      }
    }
  }

  /** Returns the column of points at x, counted from 0, with a fraction. */
  private double across(double x) {
    return axes.along(x) * (columns * across - 1);
  }

  /** Returns the column of characters at x. */
  private int column(double x) {
    return (int) across(x) / across;
  }

  private void draw(Curve curve, boolean light) {
    for (int[] run : curve.runs(this::across)) {
      for (int k = 0; k < run.length; k++) {
        int from = run[Math.max(0, k - 1)];
        int to = run[k];
        int x = (int) across(curve.x[from]);
        int dx = (int) across(curve.x[to]) - x;
        double y = row(curve.y[from]);
        double dy = row(curve.y[to]) - y;
        int steps = (int) Math.max(1, Math.max(dx, Math.ceil(Math.abs(dy))));
        for (int s = 0; s <= steps; s++) {
          point(
              x + Math.round((float) dx * s / steps), (int) Math.round(y + dy * s / steps), light);
        }
      }
    }
  }

  /** Returns the row of points at y; marks of the axis are in the middle of a character. */
  private double row(double y) {
    return (down - 1) / 2.0 + (1 - axes.height(y)) * (rows - 1) * down;
  }

  private void point(int x, int y, boolean light) {
    int row = 1 + y / down;
    int column = left + x / across;
    if (unicode) {
      int dot = DOTS[y % down][light ? 0 : x % across];
      page[row][column] = (char) (Math.max(BRAILLE, page[row][column]) | dot);
    } else {
      page[row][column] = LEGENDS[1][light ? 1 : 0].charAt(0);
    }
  }
}
