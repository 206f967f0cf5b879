package dev.lanewise.report;

import dev.lanewise.metrics.Evaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Single rows, as pictures or with the values of their columns. */
final class Cases {
  private static final int MOST = 8;
  private static final int MOST_LISTED = 6; // side by side in half a page
  private static final int MOST_COLUMNS = 14; // of more columns, the most important ones are shown

  private Cases() {}

  /** Shows the rows of which a network that chooses classes is least sure. */
  static void uncertain(Html html, Findings findings) {
    show(
        html, findings, "Least certain", ChosenRows.leastCertain(findings.report.evaluation, MOST));
  }

  /** Shows the rows with a wrong class, the surest first. */
  static void mistakes(Html html, Findings findings) {
    Evaluation evaluation = findings.report.evaluation;
    int[] wrong =
        IntStream.range(0, evaluation.rows())
            .filter(row -> evaluation.label(row) != evaluation.predicted(row))
            .toArray();
    int[] places = ChosenRows.largest(wrong.length, MOST, i -> evaluation.confidence(wrong[i]));
    if (wrong.length > 0) {
      int[] surest = Arrays.stream(places).map(i -> wrong[i]).toArray();
      show(html, findings, "Wrong answers of which it was most sure", surest);
    }
  }

  private static void show(Html html, Findings findings, String title, int[] rows) {
    ReportData report = findings.report;
    Evaluation evaluation = report.evaluation;
    if (report.layout() != null) {
      html.heading(title);
      pictures(html, report, rows);
      return;
    }
    IntFunction<List<String>> about =
        row ->
            List.of(
                report.className(evaluation.predicted(row)),
                report.className(evaluation.label(row)),
                Text.percent(evaluation.confidence(row)));
    int[] listed = Arrays.copyOf(rows, Math.min(rows.length, MOST_LISTED));
    table(html, findings, title, listed, List.of("predicted", "true", "sure"), about);
  }

  private static void pictures(Html html, ReportData report, int[] rows) {
    Evaluation evaluation = report.evaluation;
    float[][] features = new float[rows.length][];
    Arrays.setAll(features, i -> RowTexts.features(report.split, rows[i]));
    CasePicture pictures = new CasePicture(report.layout(), features);
    html.add("<div class=\"cases\">\n");
    for (int i = 0; i < rows.length; i++) {
      int truth = evaluation.label(rows[i]);
      int predicted = evaluation.predicted(rows[i]);
      String number = report.rowNumber(rows[i]);
      html.add("<figure><img alt=\"Row ").add(number).add("\" src=\"").add(pictures.uri(i));
      html.add("\">\n<figcaption>").add(number).add(", ");
      html.add(Text.percent(evaluation.confidence(rows[i]))).add(" sure<br><b>");
      html.name(report.className(predicted)).add("</b>");
      if (truth == predicted) {
        html.add(" &#10003; right");
      } else {
        html.add(" &#10007; is ").name(report.className(truth));
      }
      html.add("</figcaption></figure>\n");
    }
    html.add("</div>\n");
  }

  /**
   * Shows rows as columns of a table, so that the values of one feature are side by side.
   *
   * @param heads names of the lines above the features
   * @param about returns the values of a row for these lines
   */
  static void table(
      Html html,
      Findings findings,
      String title,
      int[] rows,
      List<String> heads,
      IntFunction<List<String>> about) {
    ReportData report = findings.report;
    RowTexts texts = new RowTexts(report);
    int[] shown = findings.columns(MOST_COLUMNS);
    List<List<String>> lines = new ArrayList<>();
    heads.forEach(head -> lines.add(new ArrayList<>(List.of(head))));
    for (int column : shown) {
      lines.add(new ArrayList<>(List.of(texts.names().get(column))));
    }
    List<String> numbers = new ArrayList<>(List.of("row"));
    for (int row : rows) {
      numbers.add(report.rowNumber(row));
      List<String> values = new ArrayList<>(about.apply(row));
      List<String> features = texts.texts(row);
      for (int column : shown) {
        values.add(features.get(column));
      }
      for (int i = 0; i < values.size(); i++) {
        lines.get(i).add(values.get(i));
      }
    }
    html.table(title, rows.length + 1, numbers);
    lines.forEach(html::row);
    html.endTable();
    if (shown.length < texts.names().size()) {
      String which = findings.importance == null ? "are the first %s." : "%s matter most.";
      html.remark(
          ("Of %s columns these " + which)
              .formatted(Text.count(texts.names().size()), shown.length));
    }
  }
}
