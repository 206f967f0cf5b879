package dev.lanewise.report;

import dev.lanewise.model.Model;
import dev.lanewise.report.draw.Html;
import dev.lanewise.report.draw.Largest;
import dev.lanewise.report.draw.Text;
import dev.lanewise.trust.Explanation;
import dev.lanewise.trust.PartialDependence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A page about explanations: the first rows with their contributions, which columns matter over all
 * rows, and how the output changes with these columns. The page is one HTML file, which needs no
 * network connection.
 */
public final class ExplainPage {
  private static final int MOST_ROWS = 10;
  private static final int MOST_COLUMNS = 20;

  private static final int MOST_CHARTS = 6;
  private static final int MOST_MEANT = 500; // rows whose mean curve is shown

  /**
   * Number of rows that have curves. The curve of the mean and these curves use up the kinds of
   * lines.
   */
  private static final int MOST_CURVES = 5;

  private final String title;
  private final List<String> columns;
  private final Model model;
  private final List<Shown> rows = new ArrayList<>();
  private final List<float[]> first = new ArrayList<>(); // features of rows for the mean curve
  private final double[] sizes; // [columns], sums over all rows
  private final int[] explained; // [outputs], how many rows each is explained for
  private int count;

  private record Shown(long number, List<String> values, float[] features, Explanation why) {}

  /**
   * Makes a page.
   *
   * @param title name of the data
   * @param columns names of the columns of the explanations
   * @param model the model
   */
  public ExplainPage(String title, List<String> columns, Model model) {
    this.title = title;
    this.columns = List.copyOf(columns);
    this.model = model;
    explained = new int[model.outputs()];
    sizes = new double[columns.size()];
  }

  /**
   * Adds a row. The first ten are shown, all count.
   *
   * @param number the number of the row
   * @param values the values of its columns as text
   * @param features scaled, [inputs]; not to be changed
   * @param why its explanation
   */
  public void add(long number, List<String> values, float[] features, Explanation why) {
    explained[why.output()]++;
    for (int c = 0; c < sizes.length; c++) {
      sizes[c] += Math.abs(why.contributions().get(c));
    }
    if (count++ < MOST_ROWS) {
      rows.add(new Shown(number, List.copyOf(values), features, why));
    }
    if (first.size() < MOST_MEANT) {
      first.add(features);
    }
  }

  private int[] columns(int most) {
    return Largest.of(sizes.length, most, c -> sizes[c]);
  }

  private String what(int output) {
    return (model.loss().task().hasNumbers() ? "output " : "probability of ")
        + model.className(output);
  }

  /**
   * Writes the page, with curves of the output that most rows are explained for.
   *
   * @param background scaled features of rows, [rows][inputs], of whose curves the mean is taken;
   *     none for the rows that were added. At most 500 are used
   * @return the page, a whole HTML document
   */
  public String html(float[] background) {
    int inputs = model.inputs();
    boolean isGiven = background.length > 0;
    int count = isGiven ? Math.min(background.length / inputs, MOST_MEANT) : first.size();
    float[] meant = Arrays.copyOf(background, count * inputs);
    for (int i = 0; i < count && !isGiven; i++) {
      System.arraycopy(first.get(i), 0, meant, i * inputs, inputs);
    }
    int output = Largest.of(explained.length, 1, k -> explained[k])[0];
    String what = what(output);
    Html html = new Html();
    html.add("<header><h1>Why these predictions: ").name(title).add("</h1>\n</header>\n<main>\n");
    html.add("<p class=\"lead\">")
        .text("Integrated gradients from the medians of numbers and the shares of categories.")
        .add("</p>\n");
    html.section("columns", "Which columns matter");
    sizes(html);
    html.end().section("rows", "The first rows");
    html.remark(
        "By how much each column moves the prediction away from the base value. The contributions"
            + " are those of this model, not of the world.");
    html.grid();
    for (Shown row : rows) {
      html.add("<div>\n");
      row(html, row);
      html.add("</div>\n");
    }
    html.add("</div>\n").end().section("dependence", "What other values would do");
    html.remark(
        "The "
            + Text.isolated(what)
            + " if one column takes other values and all others stay: for the first rows, and the"
            + " mean over "
            + Text.count(meant.length / inputs, "row")
            + ". Where columns depend on each other, some of these rows are unlike any real one."
            + " Dates are given in years.");
    html.grid();
    for (int column : columns(MOST_CHARTS)) {
      PartialDependence places = new PartialDependence(model, meant, column, output);
      dependence(html, columns.get(column), places, what, meant);
    }
    return html.add("</div>\n").end().add("</main>\n").page("Why: " + title);
  }

  private void row(Html html, Shown row) {
    Explanation why = row.why;
    String caption =
        "Row %s: %s %s"
            .formatted(row.number, Text.isolated(what(why.output())), Text.brief(why.prediction()));
    html.table(caption, 3, "column", "value", "effect", "contribution");
    int[] order = why.order();
    double most = order.length == 0 ? 1 : Math.abs(why.contributions().get(order[0]));
    for (int i = 0; i < Math.min(MOST_COLUMNS, order.length); i++) {
      int c = order[i];
      double part = why.contributions().get(c);
      String value = row.values.get(c).isEmpty() ? "(empty)" : row.values.get(c);
      html.row(columns.get(c), value, bar(part, most), Text.brief(part));
    }
    html.endTable();
    int hidden = order.length - MOST_COLUMNS;
    html.remark(
        "Base value %s, contributions %s%s.",
        Text.brief(why.base()),
        Text.brief(why.sum()),
        hidden > 0 ? ", " + Text.count(hidden, "more column") + " with less" : "");
  }

  /** Returns a bar from the middle: to the right for more, to the left for less. */
  private static Html bar(double value, double most) {
    double length = most > 0 ? 50 * Math.abs(value) / most : 0;
    String colour = value < 0 ? ";background:var(--bad)" : "";
    return bar(value < 0 ? 50 - length : 50, length, colour);
  }

  /** Returns a bar, whose start and length are percentages. */
  private static Html bar(double from, double length, String style) {
    return new Html()
        .add("<span class=\"bar\"><i style=\"left:")
        .add(Text.fixed(from, 1))
        .add("%;width:")
        .add(Text.fixed(length, 1))
        .add("%" + style + "\"></i></span>");
  }

  private void sizes(Html html) {
    int[] largest = columns(MOST_COLUMNS);
    double most = largest.length == 0 ? 1 : sizes[largest[0]];
    String caption = "Mean size of the contributions, over " + Text.count(count, "row");
    html.table(caption, 2, "column", "effect", "mean size");
    for (int c : largest) {
      html.row(
          columns.get(c),
          bar(0, most > 0 ? 100 * sizes[c] / most : 0, ""),
          Text.brief(sizes[c] / Math.max(1, count)));
    }
    html.endTable();
  }

  private void dependence(
      Html html, String column, PartialDependence places, String what, float[] background) {
    List<String> names = new ArrayList<>(List.of("Mean"));
    List<double[]> curves = new ArrayList<>(List.of(places.mean(background)));
    for (Shown row : rows.subList(0, Math.min(MOST_CURVES, rows.size()))) {
      names.add("Row " + row.number);
      curves.add(places.mean(row.features));
    }
    if (places.labels().isEmpty()) {
      LineChart chart = LineChart.of(column, column, what);
      for (int i = 0; i < names.size(); i++) {
        chart = chart.with(names.get(i), places.positions(), curves.get(i));
      }
      chart.write(html);
      return;
    }
    html.add("<div>\n").table(column, 1, column, names);
    int count = places.labels().size();
    double[] means = curves.get(0);
    for (int p : Largest.of(count, MOST_COLUMNS, i -> means[i])) {
      List<String> cells = curves.stream().map(curve -> Text.brief(curve[p])).toList();
      html.row(places.labels().get(p), cells);
    }
    html.endTable();
    if (count > MOST_COLUMNS) {
      html.remark(Text.count(count - MOST_COLUMNS) + " more values have a smaller mean.");
    }
    html.add("</div>\n");
  }
}
