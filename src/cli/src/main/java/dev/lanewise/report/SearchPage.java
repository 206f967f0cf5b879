package dev.lanewise.report;

import dev.lanewise.selection.Trial;
import java.util.Arrays;
import java.util.List;

/**
 * A page about a search: the models that it gave, and the losses of its trials. The page is one
 * HTML file, which needs no network connection.
 */
public final class SearchPage {
  private SearchPage() {}

  /**
   * Makes the page.
   *
   * @param title name of the data
   * @param lead what was found, in sentences
   * @param models a table of the models that the search gave: the titles of the columns, then a row
   *     per model, which begins with its name
   * @param trials all results in their order
   * @return a whole HTML document
   */
  public static String html(
      String title, String lead, List<List<String>> models, List<Trial> trials) {
    Html html = new Html();
    html.add("<header><h1>Search on ").name(title).add("</h1>\n</header>\n<main class=\"runs\">\n");
    html.add("<p class=\"lead\">").text(lead).add("</p>\n").section("results", "Results");
    html.table("Models that the search gave", 1, models);
    html.remark(
        "The best of many trials on the same validation rows is better on them than it will be on"
            + " other rows, and so is an ensemble that was selected on them. No trial has seen the"
            + " test rows, so the numbers of the test are those to expect.");
    LineChart chart = LineChart.of("Validation loss", "Trial", "Loss");
    if (trials.stream().filter(Trial::isMeasured).allMatch(trial -> trial.loss() > 0)) {
      chart = chart.logarithmic();
    }
    double[] numbers = new double[trials.size()];
    Arrays.setAll(numbers, i -> i + 1);
    double[] losses = trials.stream().mapToDouble(Trial::loss).toArray();
    chart = chart.withPoints("This trial", numbers, losses);
    for (int i = 1; i < losses.length; i++) {
      losses[i] =
          losses[i] < losses[i - 1] || Double.isNaN(losses[i - 1]) ? losses[i] : losses[i - 1];
    }
    chart.with("Best so far", numbers, losses).write(html.end().section("trials", "Trials"));
    html.remark("The options and figures of each trial are in trials.csv.");
    return html.end().add("</main>\n").page("Search on " + title);
  }
}
