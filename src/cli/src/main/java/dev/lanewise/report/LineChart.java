package dev.lanewise.report;

import dev.lanewise.format.internal.ArgumentException;
import dev.lanewise.report.draw.Axes;
import dev.lanewise.report.draw.Curve;
import dev.lanewise.report.draw.Label;
import dev.lanewise.report.draw.Svg;
import dev.lanewise.report.draw.TextChart;
import dev.lanewise.report.draw.Ticks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A chart of one or more series of points joined by lines, as SVG or as text. A chart is immutable:
 * the {@code with} methods return a new one.
 *
 * <p>Series differ in colour and in the shape of their markers. A value that is not finite leaves a
 * gap. Points that cannot be seen are left out, so a picture has at most some tens of kilobytes.
 *
 * <pre>{@code
 * String svg = LineChart.of("Cross entropy", "Epoch", "Nats").with("Training", epochs, loss).svg();
 * }</pre>
 */
public final class LineChart {
  private static final int WIDTH = 720;
  private static final int WIDTH_IN_PAGE = 480; // where two are side by side, and one fills a phone
  private static final int TOP = 82; // top of the plot, below a legend of one row
  private static final int BOTTOM = 358;
  private static final int FOOTER = 62;
  private static final int EDGE = 8; // between text and the edges of the picture
  private static final int TEXT_SIZE = 13;
  private static final int INTERVALS = 6; // between the marks of the y axis

  private static final int LEGEND_MIDDLE = 57;
  private static final int LEGEND_ROW = 22;
  private static final int SWATCH = 30;
  private static final int WIDEST_NAME = 240; // width of a name in the legend
  private static final int DENSE = 300; // with more points, a thinner line shows noise better
  private static final int READOUT = 20; // height of a line with the values at the pointer
  private static final int MOST_PLACES = 120; // most places of the x axis at which values are shown

  private final String title;
  private final String xLabel;
  private final String yLabel;
  private final List<Curve> curves;
  private final Axes.Scale scale;
  private final double mark; // a value on the x axis, or NaN
  private final String markName;

  private LineChart(
      String title,
      String xLabel,
      String yLabel,
      List<Curve> curves,
      Axes.Scale scale,
      double mark,
      String markName) {
    this.title = Objects.requireNonNull(title, "title");
    this.xLabel = Objects.requireNonNull(xLabel, "xLabel");
    this.yLabel = Objects.requireNonNull(yLabel, "yLabel");
    this.curves = curves;
    this.scale = scale;
    this.mark = mark;
    this.markName = Objects.requireNonNull(markName, "name");
  }

  /**
   * Makes a chart without series.
   *
   * @param title title above the chart
   * @param xLabel name of the horizontal axis
   * @param yLabel name of the vertical axis
   * @return the chart
   */
  public static LineChart of(String title, String xLabel, String yLabel) {
    Axes.Scale linear = new Axes.Scale(false, Double.NaN, Double.NaN);
    return new LineChart(title, xLabel, yLabel, List.of(), linear, Double.NaN, "");
  }

  private LineChart with(Axes.Scale scale) {
    return new LineChart(title, xLabel, yLabel, curves, scale, mark, markName);
  }

  /**
   * Adds a series, drawn above the earlier ones. Arrays are copied.
   *
   * @param name name in the legend
   * @param x finite positions in ascending order
   * @param y a value per position; values that are not finite leave a gap
   * @return the chart with the series
   * @throws IllegalArgumentException if the lengths differ or the positions are out of order
   */
  public LineChart with(String name, double[] x, double[] y) {
    return with(name, x, y, true);
  }

  /**
   * Adds points without a line, drawn above the earlier series. Arrays are copied.
   *
   * @param name name in the legend
   * @param x finite positions in ascending order
   * @param y a value per position; values that are not finite are left out
   * @return the chart with the points
   * @throws IllegalArgumentException if the lengths differ or the positions are out of order
   */
  public LineChart withPoints(String name, double[] x, double[] y) {
    return with(name, x, y, false);
  }

  private LineChart with(String name, double[] x, double[] y, boolean isLine) {
    if (x.length != y.length) {
      throw new ArgumentException(
          "series %s: %s x, but %s y, expected the same number", name, x.length, y.length);
    }
    for (int i = 0; i < x.length; i++) {
      if (!Double.isFinite(x[i]) || i > 0 && x[i] < x[i - 1]) {
        throw new ArgumentException(
            "series %s: x[%s] is %s, expected finite and ascending x", name, i, x[i]);
      }
    }
    List<Curve> all = new ArrayList<>(curves);
    double[] shown = y.clone();
    for (int i = 0; i < shown.length; i++) {
      shown[i] = scale.log() && !(shown[i] > Ticks.SMALLEST) ? Double.NaN : shown[i];
    }
    all.add(new Curve(Objects.requireNonNull(name, "name"), x.clone(), shown, isLine));
    return new LineChart(title, xLabel, yLabel, List.copyOf(all), scale, mark, markName);
  }

  /**
   * Sets the bounds of the possible y values, round numbers such as 0 and 1. The axis ends at a
   * bound that is near the values, and does not go beyond it.
   *
   * @param low the lower bound, or NaN for none
   * @param high the upper bound, or NaN for none
   * @return the chart with these bounds
   * @throws IllegalArgumentException if {@code low} is not below {@code high}
   */
  public LineChart withBounds(double low, double high) {
    if (low >= high) {
      throw new ArgumentException(
          "bounds %s and %s, expected the first below the second", low, high);
    }
    return with(new Axes.Scale(scale.log(), low, high));
  }

  /** Makes the y axis logarithmic; in later series, values that are not above 0 leave a gap. */
  LineChart logarithmic() {
    assert curves.isEmpty();
    return with(new Axes.Scale(true, scale.low(), scale.high()));
  }

  /**
   * Marks a value of the x axis with a vertical line, which replaces an earlier mark.
   *
   * @param x the value, within the series
   * @param name name beside the line
   * @return the chart with the mark
   * @throws IllegalArgumentException if x is not finite
   */
  public LineChart withMark(double x, String name) {
    if (!Double.isFinite(x)) {
      throw new IllegalArgumentException("mark at " + x + ", expected a finite number");
    }
    return new LineChart(title, xLabel, yLabel, curves, scale, x, name);
  }

  /** {@return the chart as an SVG element} */
  public String svg() {
    return svg(WIDTH, Svg.STYLE, null);
  }

  /**
   * Draws the chart for a page that contains the style already.
   *
   * @param place name of an x value, such as "epoch", to show the values at the pointer; or null
   */
  String inPage(String place) {
    return svg(WIDTH_IN_PAGE, "", place);
  }

  private String svg(int outer, String style, String place) {
    Axes axes =
        new Axes(curves, scale, INTERVALS, Axes.MARGIN + 26, outer - Axes.MARGIN, TOP, BOTTOM);
    double width = axes.right - axes.left;
    double middle = axes.left + width / 2;
    Svg svg = new Svg();
    int down = svg.title(title, axes.left, width);
    down += legend(svg, axes, LEGEND_MIDDLE + down);
    svg.add("<g transform=\"translate(0 ").number(down).add(")\">\n");
    axes.draw(svg);
    mark(svg, axes);
    svg.text(middle, BOTTOM + 42, "middle", Label.fit(xLabel, TEXT_SIZE, width), xLabel);
    double centre = (TOP + BOTTOM) / 2.0;
    svg.add("<g transform=\"translate(").point(Axes.MARGIN + 8, centre).add(") rotate(-90)\">");
    // It may be longer than its axis, because the space above and below it is empty.
    double length = 2 * (BOTTOM + FOOTER - EDGE - centre);
    svg.text(0, 0, "middle", Label.fit(yLabel, TEXT_SIZE, length), yLabel).add("</g>\n");
    for (int i = 0; i < curves.size(); i++) {
      draw(svg, i, axes);
    }
    String description = curves.stream().map(Curve::description).collect(Collectors.joining(" "));
    int height = BOTTOM + FOOTER + down;
    if (isEmpty()) {
      svg.text(middle, centre, "middle muted", Axes.NOTHING);
    } else if (place != null) {
      height += readouts(svg, axes, place);
    }
    svg.add("</g>\n");
    return svg.finish(outer, height, title, description, style);
  }

  /** Draws the mark, with its name on the side that has more space. */
  private void mark(Svg svg, Axes axes) {
    if (Double.isNaN(mark) || isEmpty()) {
      return;
    }
    double x = axes.x(mark);
    boolean left = x > (axes.left + axes.right) / 2.0;
    svg.path("axis best").point(x, TOP).add("V").number(BOTTOM).add("\"/>\n");
    svg.text(x + (left ? 6 : -6), TOP - 6, left ? "tick end" : "tick", markName); // above all lines
  }

  /** Writes the values that are shown at the pointer, and returns the height that they need. */
  private int readouts(Svg svg, Axes axes, String place) {
    double[] x = curves.stream().map(c -> c.x).reduce((a, b) -> b.length > a.length ? b : a).get();
    int count = Math.min(x.length, 2 * MOST_PLACES / Math.max(2, curves.size()));
    double from = axes.left;
    int rows = 1;
    svg.add("<g aria-hidden=\"true\">\n");
    for (int p = 0; p < count; p++) {
      int i = count == 1 ? 0 : (int) ((long) p * (x.length - 1) / (count - 1));
      int next = count == 1 ? 0 : (int) ((p + 1L) * (x.length - 1) / (count - 1));
      double to = p == count - 1 ? axes.right : (axes.x(x[i]) + axes.x(x[next])) / 2;
      svg.add("<g class=\"b\">").box("rect", from, TOP, Math.max(to - from, 0.1), BOTTOM - TOP);
      svg.add("/><g>").path("").point(axes.x(x[i]), TOP).add("V").number(BOTTOM).add("\"/>");
      List<String> lines = values(place, x[i], axes.right - axes.left);
      double y = BOTTOM + FOOTER - EDGE + READOUT / 2.0;
      for (int k = 0; k < lines.size(); k++) {
        svg.text(axes.left, y + k * READOUT, "tick", lines.get(k));
      }
      svg.add("</g></g>\n");
      rows = Math.max(rows, lines.size());
      from = to;
    }
    svg.add("</g>\n");
    return rows * READOUT;
  }

  /** Returns the values of all series at x, in lines that fit. */
  private List<String> values(String place, double x, double room) {
    List<String> lines = new ArrayList<>();
    String line = place + ' ' + Ticks.brief(x);
    for (Curve curve : curves) {
      int i = Arrays.binarySearch(curve.x, x);
      if (i >= 0 && Double.isFinite(curve.y[i])) {
        String value = curve.name + ' ' + Ticks.brief(curve.y[i], Ticks.FOUR_DIGITS);
        if (Label.width(line + ", " + value, TEXT_SIZE) > room) {
          lines.add(line + ",");
          line = value;
        } else {
          line += ", " + value;
        }
      }
    }
    lines.add(line);
    lines.replaceAll(each -> Label.fit(each, TEXT_SIZE, room));
    return lines;
  }

  /**
   * Draws the chart as text for a terminal: title and name of the mark, plot, x axis with its
   * labels, legend. The first series is a solid line; others are dotted or, in ASCII, have another
   * character. Text that does not fit into a line is cut off.
   *
   * @param width number of characters in a line, at least 20
   * @param rows number of lines of the plot, at least 2; 9 fit the marks of the axis
   * @param unicode whether to use braille and line-drawing characters beside ASCII
   * @return {@code rows + 4} lines of this width, or wider if the labels of the y axis are long
   * @throws IllegalArgumentException if width or rows are smaller
   */
  public List<String> text(int width, int rows, boolean unicode) {
    if (width < 20 || rows < 2) {
      throw new ArgumentException("width %s, rows %s, expected 20 and 2 or more", width, rows);
    }
    TextChart chart = new TextChart(curves, scale, width, rows, unicode);
    return chart.lines(title, xLabel, mark, markName);
  }

  private boolean isEmpty() {
    return curves.stream().allMatch(curve -> curve.points.length == 0);
  }

  /** Draws the legend, and returns the height of its rows after the first. */
  private int legend(Svg svg, Axes axes, int firstRow) {
    double x = axes.left;
    int down = 0;
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      String note = curve.points.length == 0 && !isEmpty() ? " (" + Axes.NOTHING + ")" : "";
      String name = Label.fit(curve.name, TEXT_SIZE, WIDEST_NAME) + note;
      double width = SWATCH + 8 + Label.width(name, TEXT_SIZE);
      if (x > axes.left && x + width > axes.right) {
        x = axes.left;
        down += LEGEND_ROW;
      }
      double y = firstRow + down;
      key(svg, i, x, y, curve.isLine);
      svg.text(x + SWATCH + 8, y + 4.5, "name", name, curve.name + note);
      x += width + 28;
    }
    return down;
  }

  /** Draws a sample of the line and marker of a series. */
  private static void key(Svg svg, int series, double x, double y, boolean isLine) {
    open(svg, series);
    if (isLine) {
      svg.path(Curve.lineClasses(series)).point(x, y).add("h").number(SWATCH).add("\"/>");
    }
    svg.path(Curve.markerClasses(series)).point(x + SWATCH / 2.0, y);
    svg.add(Curve.markerShape(series)).add("\"/></g>\n");
  }

  /** Returns a sample of a series, for a line of text in a page that contains the style. */
  static String key(int series) {
    Svg svg = new Svg();
    svg.add("<svg class=\"lw key\" aria-hidden=\"true\" viewBox=\"0 0 ").point(SWATCH + 4, 14);
    key(svg.add("\">"), series, 2, 7, true);
    return svg.add("</svg>").toString();
  }

  private void draw(Svg svg, int series, Axes axes) {
    Curve curve = curves.get(series);
    List<int[]> runs = curve.runs(axes::x);
    if (runs.isEmpty()) {
      return;
    }
    if (!curve.isLine) {
      points(open(svg, series).path("dots"), axes, curve, curve.points, "M", "h0");
      svg.add("\"/></g>\n");
      return;
    }
    open(svg, series).path(Curve.lineClasses(series) + (curve.x.length > DENSE ? " thin" : ""));
    for (int[] run : runs) {
      points(svg.add(run == runs.get(0) ? "" : "M"), axes, curve, run, " ", "");
    }
    svg.add("\"/>\n").path(Curve.markerClasses(series));
    int[] marked =
        curve.marked(runs, axes::x, axes.left, axes.right, (series + 1.0) / curves.size());
    points(svg, axes, curve, marked, "M", Curve.markerShape(series));
    svg.add("\"/></g>\n");
  }

  private static void points(
      Svg svg, Axes axes, Curve curve, int[] points, String between, String after) {
    for (int k = 0; k < points.length; k++) {
      svg.add(k == 0 ? "" : between);
      svg.point(axes.x(curve.x[points[k]]), axes.y(curve.y[points[k]])).add(after);
    }
  }

  private static Svg open(Svg svg, int series) {
    return svg.add("<g class=\"s").number(series % Curve.COLOURS).add("\">");
  }
}
