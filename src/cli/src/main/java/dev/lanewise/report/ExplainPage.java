package dev.lanewise.report;

import dev.lanewise.model.Model;
import dev.lanewise.trust.Explanation;
import dev.lanewise.trust.PartialDependence;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A page about explanations: the contributions in the first rows and their mean size over all rows,
 * and how the output changes with the largest columns. The page is one HTML file, which needs no
 * network connection.
 */
public final class ExplainPage {
  private static final int MOST_ROWS = 5; // rows with contributions and curves
  private static final int MOST_MEANT = 500; // rows whose mean curve is shown
  private static final int MOST_LINES = 20; // lines of a table
  private static final int MOST_COLUMNS = 6; // columns with curves

  private final String title;
  private final List<String> columns;
  private final Model model;
  private final Html tables = new Html(); // of the first rows
  private final List<String> names = new ArrayList<>(); // of the first rows
  private final FloatBuffer features; // [MOST_MEANT][inputs], of the rows for the mean curve
  private final double[] sizes; // [columns], sums over all rows
  private final int[] explained; // [outputs], how many rows each is explained for

  /**
   * Makes a page.
   *
   * @param title name of the data
   * @param columns names of the columns of the explanations
   * @param model the model
   */
  public ExplainPage(String title, List<String> columns, Model model) {
    this.title = title;
    this.columns = columns;
    this.model = model;
    features = FloatBuffer.allocate(Math.multiplyExact(MOST_MEANT, model.inputs()));
    explained = new int[model.outputs()];
    sizes = new double[columns.size()];
  }

  /**
   * Adds a row. The first five are shown, all count.
   *
   * @param number the number of the row
   * @param row its scaled features, [inputs]
   * @param why its explanation
   * @param table the titles, then a line per column, the largest contributions first
   */
  public void add(long number, float[] row, Explanation why, List<List<String>> table) {
    explained[why.output()]++;
    Arrays.setAll(sizes, c -> sizes[c] + Math.abs(why.contributions().get(c)));
    if (features.hasRemaining()) {
      features.put(row);
    }
    if (names.size() == MOST_ROWS) {
      return;
    }
    names.add("Row " + number);
    String prediction = what(why.output()) + " " + Text.brief(why.prediction());
    tables.add("<div>\n").table("Row " + number + ": " + prediction, 2, table);
    String sum = "Base value " + Text.brief(why.base()) + ", contributions ";
    sum += Text.brief(why.sum());
    int hidden = columns.size() - (table.size() - 1);
    sum += hidden > 0 ? ", " + Text.count(hidden, "more column") + " with less." : ".";
    tables.remark(sum).add("</div>\n");
  }

  private String what(int output) {
    return (model.loss().task().hasNumbers() ? "output " : "probability of ")
        + Text.isolated(model.className(output));
  }

  private int[] largest(int most) {
    return ChosenRows.largest(sizes.length, most, c -> sizes[c]);
  }

  /**
   * Writes the page, with curves of the output that most rows are explained for.
   *
   * @param background scaled features of rows, [rows][inputs], of whose curves the mean is taken;
   *     none for the rows that were added. At most 500 are used
   * @return the page, a whole HTML document
   */
  public String html(float[] background) {
    float[] meant =
        background.length == 0
            ? Arrays.copyOf(features.array(), features.position())
            : Arrays.copyOf(background, Math.min(background.length, features.capacity()));
    int output = ChosenRows.largest(explained.length, 1, k -> explained[k])[0];
    int rows = Arrays.stream(explained).sum();
    Html html = new Html();
    html.add("<header><h1>Why these predictions: ").name(title).add("</h1>\n</header>\n<main>\n");
    html.section("contributions", "Contributions");
    html.remark(
        "By how much each column moves the prediction away from the base value. The contributions"
            + " are those of this model, not of the world.");
    html.grid().add("<div>\n");
    html.table("Mean size over " + Text.count(rows, "row"), 1, "column", "contribution");
    for (int c : largest(MOST_LINES)) {
      html.row(columns.get(c), Text.brief(sizes[c] / Math.max(1, rows)));
    }
    html.endTable().add("</div>\n").add(tables.toString()).add("</div>\n").end();
    html.section("dependence", "What other values would do");
    html.remark(
        "The "
            + what(output)
            + " if one column takes other values and all others stay: for the first rows, and the"
            + " mean over "
            + Text.count(meant.length / model.inputs(), "row")
            + ". Where columns depend on each other, some of these rows are unlike any real one."
            + " Dates are given in years.");
    html.grid();
    for (int c : largest(MOST_COLUMNS)) {
      dependence(
          html,
          columns.get(c),
          new PartialDependence(model, meant, c, output),
          meant,
          what(output));
    }
    return html.add("</div>\n").end().add("</main>\n").page("Why: " + title);
  }

  private void dependence(
      Html html, String column, PartialDependence places, float[] meant, String what) {
    double[] means = places.mean(meant);
    List<String> all = new ArrayList<>(List.of("Mean"));
    List<double[]> curves = new ArrayList<>(List.of(means));
    for (int i = 0; i < names.size(); i++) {
      int first = i * model.inputs();
      all.add(names.get(i));
      curves.add(places.mean(Arrays.copyOfRange(features.array(), first, first + model.inputs())));
    }
    if (places.labels().isEmpty()) {
      LineChart chart = LineChart.of(column, column, what);
      for (int i = 0; i < curves.size(); i++) {
        chart = chart.with(all.get(i), places.positions(), curves.get(i));
      }
      chart.write(html);
      return;
    }
    int[] shown = ChosenRows.largest(means.length, MOST_LINES, i -> means[i]);
    String some = shown.length < means.length ? ": %s of %s values" : "";
    html.add("<div>\n").table(column + some.formatted(shown.length, means.length), 1, column, all);
    for (int p : shown) {
      html.row(places.labels().get(p), curves.stream().map(curve -> Text.brief(curve[p])).toList());
    }
    html.endTable().add("</div>\n");
  }
}
