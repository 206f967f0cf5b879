package dev.lanewise.report;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.selection.CrossValidationRun;
import dev.lanewise.selection.FoldScores;
import java.util.List;
import java.util.Map;

/** The page about a cross-validation: figures, folds, and the results of all rows. */
public final class CrossValidationPage {
  private CrossValidationPage() {}

  /**
   * Makes the page.
   *
   * @param title title of the page
   * @param run the results
   * @param names the names of the classes or targets, or none
   * @param measures a table of the figures: the titles of the columns, then a row per figure
   * @param folds such a table of the folds
   * @return a whole HTML document
   */
  public static String html(
      String title,
      CrossValidationRun run,
      List<String> names,
      List<List<String>> measures,
      List<List<String>> folds) {
    Map<String, FoldScores> figures = run.scores();
    Html html = new Html();
    String heading = "Cross-validation of " + title;
    html.add("<header><h1>").name(heading).add("</h1>\n<p class=\"lead\">");
    html.text(lead(run, figures)).add("</p>\n</header>\n<main>\n");
    if (!run.isWhole()) {
      html.warning("It was interrupted, so not all folds are in these figures.");
    }
    html.section("figures", "How good is it, and how sure is that");
    html.table("Figures of the folds", 1, measures);
    html.remark(
        "Low to high is the 95% interval. It and the standard error are larger than those of"
            + " independent samples, because the folds share training rows (Nadeau and Bengio,"
            + " 2003).");
    html.end().section("folds", "Fold by fold");
    html.table("Results of each fold", 1, folds).end();
    int repeat = run.folds().get(0).repeat(); // not the first one if that was interrupted
    Evaluation all = run.outOfFold(repeat);
    if (!all.kind().task().hasNumbers()) {
      html.section("rows", "All rows, predicted by the models of other folds");
      html.paragraph(
          "Each row is predicted by a model that has not seen it%s.",
          run.repeats() == 1 ? "" : "; these are the rows of repeat " + (repeat + 1));
      html.grid().add("<div>");
      if (all.kind().task().hasClasses() && all.classes() <= ClassResults.MOST_COLUMNS) {
        html.heading("Which class is taken for which");
        ClassResults.matrix(
            html,
            c -> c < names.size() ? names.get(c) : Integer.toString(c),
            Metrics.of(all).confusion());
      }
      html.add("</div>\n");
      ClassResults.calibration(html, all);
      html.add("</div>\n").end();
    }
    return html.add("</main>\n").page(heading);
  }

  private static String lead(CrossValidationRun run, Map<String, FoldScores> figures) {
    String how = Text.count(run.folds().size(), "fold");
    how += run.repeats() == 1 ? "" : " in " + run.repeats() + " repeats";
    Map.Entry<String, FoldScores> first =
        figures.entrySet().stream()
            .filter(e -> !e.getKey().equals("loss"))
            .findFirst()
            .orElse(null);
    if (first == null) {
      return how + ".";
    }
    FoldScores scores = first.getValue();
    return "%s: the mean %s is %s, and with 95%% confidence between %s and %s."
        .formatted(
            how,
            first.getKey().replace('_', ' '),
            Text.brief(scores.mean()),
            Text.brief(scores.interval().low()),
            Text.brief(scores.interval().high()));
  }
}
