package dev.lanewise.report;

import dev.lanewise.format.ArgumentException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/**
 * A chart of one or more series of points joined by lines, in a page, as SVG or as text. A chart is
 * immutable: the {@code with} methods return a new one.
 *
 * <p>Series differ in colour and dashes. A value that is not finite leaves a gap. Points that
 * cannot be seen are left out, so a picture has at most some tens of kilobytes.
 *
 * <pre>{@code
 * String svg = LineChart.of("Cross entropy", "Epoch", "Nats").with("Training", epochs, loss).svg();
 * }</pre>
 */
public final class LineChart {
  private static final int MOST_POINTS = 1000; // of more, the highest and lowest are kept
  private static final int MOST_ROWS = 25; // of the table of numbers

  private final String title;
  private final String xLabel;
  private final String yLabel;
  private final List<Curve> curves;
  private final boolean isLog;
  private final double low; // bounds of the y values, or NaN
  private final double high;
  private final double mark; // a value on the x axis, or NaN
  private final String markName;

  private LineChart(
      String title,
      String xLabel,
      String yLabel,
      List<Curve> curves,
      boolean isLog,
      double low,
      double high,
      double mark,
      String markName) {
    this.title = Objects.requireNonNull(title, "title");
    this.xLabel = Objects.requireNonNull(xLabel, "xLabel");
    this.yLabel = Objects.requireNonNull(yLabel, "yLabel");
    this.curves = curves;
    this.isLog = isLog;
    this.low = low;
    this.high = high;
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
    double none = Double.NaN;
    return new LineChart(title, xLabel, yLabel, List.of(), false, none, none, none, "");
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
      shown[i] = isLog && !(shown[i] > Ticks.SMALLEST) ? Double.NaN : shown[i];
    }
    all.add(new Curve(Objects.requireNonNull(name, "name"), x.clone(), shown, isLine));
    return new LineChart(title, xLabel, yLabel, List.copyOf(all), isLog, low, high, mark, markName);
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
    return new LineChart(title, xLabel, yLabel, curves, isLog, low, high, mark, markName);
  }

  /** Makes the y axis logarithmic; in later series, values that are not above 0 leave a gap. */
  LineChart logarithmic() {
    assert curves.isEmpty();
    return new LineChart(title, xLabel, yLabel, curves, true, low, high, mark, markName);
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
    return new LineChart(title, xLabel, yLabel, curves, isLog, low, high, x, name);
  }

  /** {@return the chart as an SVG element, with a linear axis and without the mark} */
  public String svg() {
    return CurveSvg.of(title, xLabel, yLabel, curves, low, high);
  }

  /** Writes the chart into a page, with its numbers as a table. */
  void write(Html html) {
    html.add("<figure class=\"chart\"><figcaption>").name(title).add("</figcaption>\n");
    if (isEmpty()) {
      html.remark(Curve.NOTHING);
    } else {
      html.chart(json());
      html.add("<details><summary>Numbers</summary>\n");
      // Curves with the same places share a table.
      Map<List<Double>, List<Curve>> tables = new LinkedHashMap<>();
      for (Curve curve : curves) {
        List<Double> places = Arrays.stream(curve.x).boxed().toList();
        tables.computeIfAbsent(places, key -> new ArrayList<>()).add(curve);
      }
      tables.values().forEach(some -> table(html, some, tables.size() == 1));
      html.add("</details>");
    }
    html.add("</figure>\n");
  }

  private void table(Html html, List<Curve> some, boolean isOnly) {
    double[] x = some.get(0).x;
    int rows = Math.min(x.length, MOST_ROWS);
    List<String> names = some.stream().map(curve -> curve.name).toList();
    String caption = title + (isOnly ? "" : ": " + String.join(", ", names));
    caption += rows < x.length ? " (%s of %s values)".formatted(rows, Text.count(x.length)) : "";
    html.table(caption, 0, xLabel, names);
    for (int row = 0; row < rows; row++) {
      int i = rows == 1 ? 0 : (int) ((long) row * (x.length - 1) / (rows - 1));
      html.row(Ticks.brief(x[i]), some.stream().map(curve -> Text.brief(curve.y[i])).toList());
    }
    html.endTable();
  }

  private String json() {
    StringBuilder json = new StringBuilder("{\"title\":").append(Text.json(title));
    json.append(",\"x\":").append(Text.json(xLabel)).append(",\"y\":").append(Text.json(yLabel));
    json.append(",\"log\":").append(isLog);
    json.append(",\"low\":").append(Double.isNaN(low) ? "null" : Ticks.brief(low));
    json.append(",\"high\":").append(Double.isNaN(high) ? "null" : Ticks.brief(high));
    if (!Double.isNaN(mark)) {
      json.append(",\"at\":").append(Ticks.brief(mark));
      json.append(",\"mark\":").append(Text.json(markName));
    }
    String between = ",\"curves\":[";
    for (Curve curve : curves) {
      json.append(between).append("{\"name\":").append(Text.json(curve.name));
      json.append(",\"dots\":").append(!curve.isLine);
      points(json, curve);
      between = ",";
    }
    return json.append("]}").toString();
  }

  /** Appends the places and values of a curve; gaps are null. */
  private static void points(StringBuilder json, Curve curve) {
    int count = curve.x.length;
    double first = count == 0 ? 0 : curve.x[0];
    double scale = count == 0 ? 1 : MOST_POINTS / 2 / (curve.x[count - 1] - first);
    List<int[]> runs =
        curve.isLine && count > MOST_POINTS
            ? curve.runs(v -> (v - first) * scale)
            : List.of(IntStream.range(0, count).toArray());
    double size = curve.values().max().orElse(0) - curve.values().min().orElse(0);
    StringJoiner x = new StringJoiner(",", ",\"x\":[", "]");
    StringJoiner y = new StringJoiner(",", ",\"y\":[", "]}");
    int end = -1; // of the run before
    for (int[] run : runs) {
      if (end >= 0) { // a value between two runs, which is not finite
        x.add(Ticks.brief(curve.x[end + 1]));
        y.add("null");
      }
      for (int i : run) {
        x.add(Ticks.brief(curve.x[i]));
        y.add(curve.isDrawn(i) ? Text.brief(curve.y[i], size / 10) : "null");
        end = i;
      }
    }
    json.append(x).append(y);
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
    TextChart chart = new TextChart(curves, low, high, width, rows, unicode);
    return chart.lines(title, xLabel, mark, markName);
  }

  private boolean isEmpty() {
    return curves.stream().allMatch(curve -> curve.points.length == 0);
  }
}
