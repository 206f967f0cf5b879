package dev.lanewise.report;

import dev.lanewise.data.Split;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.LeastCertain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Single rows, as pictures or with the values of their columns. */
final class Cases {
  private static final int MOST = 8;

  /** Of rows with more columns those that matter most are shown. */
  private static final int MOST_COLUMNS = 14;

  private Cases() {}

  /** Rows of which a network that chooses classes is sure, is not sure, and is wrong. */
  static void write(Html html, Report report, Findings findings) {
    Evaluation evaluation = report.evaluation;
    int[] wrong = rows(evaluation, false);
    int[] right = rows(evaluation, true);
    Integer[] sure = Arrays.stream(wrong).boxed().toArray(Integer[]::new);
    Arrays.sort(sure, Comparator.comparingDouble(row -> -evaluation.confidence(row)));
    int[] mistakes = Arrays.stream(sure).mapToInt(Integer::intValue).limit(MOST).toArray();
    int[] some = new int[Math.min(MOST, right.length)];
    Arrays.setAll(some, i -> right[(int) ((long) i * right.length / some.length)]);
    show(html, report, findings, "Least certain", LeastCertain.rows(evaluation, MOST));
    if (wrong.length > 0) {
      show(html, report, findings, "Wrong, and most sure of it", mistakes);
    }
    if (right.length > 0) {
      show(html, report, findings, "Right, from everywhere in the file", some);
    }
  }

  private static int[] rows(Evaluation evaluation, boolean right) {
    return IntStream.range(0, evaluation.rows())
        .filter(row -> (evaluation.label(row) == evaluation.predicted(row)) == right)
        .toArray();
  }

  private static void show(Html html, Report report, Findings findings, String title, int[] rows) {
    Evaluation evaluation = report.evaluation;
    if (layout(report) != null) {
      html.heading(title);
      pictures(html, report, rows);
      return;
    }
    List<String> heads = List.of("predicted", "true", "sure");
    table(
        html,
        report,
        findings,
        title,
        rows,
        heads,
        row ->
            List.of(
                report.className(evaluation.predicted(row)),
                report.className(evaluation.label(row)),
                Text.percent(evaluation.confidence(row))));
  }

  /** How the features of a row are a picture; null if they are none. */
  static ImageLayout layout(Report report) {
    int[] shape = report.data == null ? new int[0] : report.data.inputShape();
    shape = shape.length == 0 ? report.model.inputShape() : shape;
    boolean isNamed =
        report.model.schema().isPresent()
            || report.data != null && !report.data.featureNames().isEmpty();
    return shape.length == 0 && !isNamed
        ? ImageLayout.guess(report.model.architecture().inputs())
        : ImageLayout.of(shape);
  }

  private static void pictures(Html html, Report report, int[] rows) {
    Evaluation evaluation = report.evaluation;
    Split split = report.split;
    float[][] features = new float[rows.length][];
    Arrays.setAll(features, i -> RowTexts.features(split, rows[i]));
    PixelPicture pictures = new PixelPicture(layout(report), features, null);
    html.add("<div class=\"cases\">\n");
    for (int i = 0; i < rows.length; i++) {
      String truth = report.className(evaluation.label(rows[i]));
      String predicted = report.className(evaluation.predicted(rows[i]));
      boolean right = evaluation.label(rows[i]) == evaluation.predicted(rows[i]);
      html.add("<figure><img alt=\"Row ").add(Integer.toString(rows[i])).add("\" src=\"");
      html.add(pictures.uri(i)).add("\">\n<figcaption>#").add(Integer.toString(rows[i]));
      html.add(", ").add(Text.percent(evaluation.confidence(rows[i]))).add(" sure<br><b>");
      html.name(predicted).add("</b>");
      if (right) {
        html.add(" &#10003; right");
      } else {
        html.add(" &#10007; is ").name(truth);
      }
      html.add("</figcaption></figure>\n");
    }
    html.add("</div>\n");
  }

  /**
   * Rows as columns of a table, so that the values of one feature stand side by side.
   *
   * @param heads what stands above the features
   * @param about the values of a row for these
   */
  static void table(
      Html html,
      Report report,
      Findings findings,
      String title,
      int[] rows,
      List<String> heads,
      IntFunction<List<String>> about) {
    RowTexts texts = new RowTexts(report);
    List<Integer> shown = findings.columns(MOST_COLUMNS);
    List<List<String>> lines = new ArrayList<>();
    for (String head : heads) {
      lines.add(new ArrayList<>(List.of(head)));
    }
    for (int column : shown) {
      lines.add(new ArrayList<>(List.of(texts.names().get(column))));
    }
    List<String> numbers = new ArrayList<>(List.of("row"));
    for (int row : rows) {
      numbers.add("#" + row);
      List<String> values = new ArrayList<>(about.apply(row));
      List<String> features = texts.texts(row);
      shown.forEach(column -> values.add(features.get(column)));
      for (int i = 0; i < values.size(); i++) {
        lines.get(i).add(values.get(i));
      }
    }
    html.table(title, rows.length + 1, numbers, lines);
    if (shown.size() < texts.names().size()) {
      String which = findings.importance() == null ? "are the first %s." : "%s matter most.";
      html.remark(
          ("Of %s columns these " + which)
              .formatted(Text.count(texts.names().size()), shown.size()));
    }
  }
}
