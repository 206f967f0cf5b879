package dev.lanewise.report;

import dev.lanewise.metrics.Calibration;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.metrics.RocAuc;
import dev.lanewise.metrics.ThresholdCurves;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Where a network that chooses classes is right and wrong. */
final class ClassResults {
  /** Of more classes the confusion matrix is a picture. */
  private static final int MOST_COLUMNS = 24;

  /** Of more classes it has no picture either. */
  private static final int MOST_PIXELS = 1000;

  private static final int CONFUSIONS = 12;
  private static final int MOST_SCORES = 50;

  /** Of more probabilities the areas below the curves are told of some classes only. */
  private static final int MOST_RESULTS = 20_000_000;

  private static final int CURVES = 4; // so many colours there are
  private static final int POINTS = 200;
  private static final int BINS = 10;

  /** Of a name in a legend, with a number behind it. */
  private static final int NAME = 100;

  private ClassResults() {}

  static void write(Html html, Report report, Findings findings) {
    Evaluation evaluation = report.evaluation;
    Metrics metrics = Metrics.of(evaluation);
    // Areas take a sort of all rows for each class.
    long results = (long) evaluation.rows() * metrics.classes();
    RocAuc auc = results > MOST_RESULTS ? null : RocAuc.of(evaluation);
    Map<Integer, Double> areas = new HashMap<>();
    IntToDoubleFunction ofClass =
        auc != null
            ? auc::area
            : c -> areas.computeIfAbsent(c, k -> ThresholdCurves.of(evaluation, k).area());
    IntToDoubleFunction area = // of all classes that the model does not have there is none
        c -> c < evaluation.classes() ? ofClass.applyAsDouble(c) : Double.NaN;
    html.add("<div class=\"grid\">\n<div>").heading("Which class is taken for which");
    if (metrics.classes() <= MOST_COLUMNS) {
      matrix(html, report, metrics.confusion());
    } else if (metrics.classes() <= MOST_PIXELS) {
      picture(html, metrics.confusion());
    }
    confusions(html, report, metrics);
    html.add("</div>\n<div>");
    int[] shown = scores(html, report, metrics, auc, area);
    html.add("</div>\n</div>\n<div class=\"grid\">\n");
    IntStream all = IntStream.range(0, evaluation.classes());
    curves(html, report, auc != null ? all : Arrays.stream(shown), area);
    calibration(html, evaluation);
    html.add("</div>\n");
    Cases.write(html, report, findings);
  }

  /** The confusion matrix; what stands off its diagonal is wrong. */
  private static void matrix(Html html, Report report, int[][] confusion) {
    html.remark(
        "Rows are true, columns predicted classes; the darker a cell, the larger its share of the"
            + " row.");
    html.add("<section class=\"scroll\" tabindex=\"0\" aria-label=\"Confusion matrix\">");
    html.add("<table id=\"confusion\"><thead><tr><td></td>");
    for (int c = 0; c < confusion.length; c++) {
      html.add("<th scope=\"col\" class=\"m\">").name(report.className(c)).add("</th>");
    }
    html.add("</tr></thead>\n<tbody>\n");
    for (int c = 0; c < confusion.length; c++) {
      html.add("<tr><th scope=\"row\">").name(report.className(c)).add("</th>");
      long all = Math.max(1, Arrays.stream(confusion[c]).asLongStream().sum());
      for (int p = 0; p < confusion.length; p++) {
        int count = confusion[c][p];
        html.add(p == c ? "<td class=\"m hit\"" : "<td class=\"m\"");
        if (count > 0) {
          // Never so dark that the number would be hard to read.
          String shade = Text.fixed(0.08 + 0.42 * Math.sqrt((double) count / all), 2);
          html.add(" style=\"background:rgba(var(").add(p == c ? "--heat" : "--cold").add("),");
          html.add(shade).add(")\"");
        }
        html.add(">").add(Text.count(count)).add("</td>");
      }
      html.add("</tr>\n");
    }
    html.add("</tbody></table></section>\n");
  }

  private static void picture(Html html, int[][] confusion) {
    int classes = confusion.length;
    byte[] pixels = new byte[classes * classes * 3];
    for (int c = 0; c < classes; c++) {
      long all = Math.max(1, Arrays.stream(confusion[c]).asLongStream().sum());
      for (int p = 0; p < classes; p++) {
        double shade = Math.sqrt((double) confusion[c][p] / all);
        int[] colour = p == c ? Diverging.HIGH : Diverging.LOW;
        Diverging.mix(colour, shade, pixels, 3 * (c * classes + p));
      }
    }
    html.remark(
        "Rows are true, columns predicted classes; the darker a point, the larger its share of the"
            + " row. Blue is right, orange is wrong.");
    html.add("<p><img style=\"width:min(100%,480px);image-rendering:pixelated\" alt=\"");
    html.add("Confusion matrix of ").add(Text.count(classes)).add(" classes\" src=\"");
    html.add(Png.uri(Png.rgb(classes, classes, pixels))).add("\"></p>\n");
  }

  /** The most frequent mistakes in words. */
  private static void confusions(Html html, Report report, Metrics metrics) {
    List<double[]> wrong = new ArrayList<>();
    for (double[] cell : metrics.confusionCells()) {
      if (cell[0] != cell[1]) {
        wrong.add(cell);
      }
    }
    if (wrong.isEmpty()) {
      html.paragraph("No row was given a wrong class.");
      return;
    } else if (metrics.classes() == 2) {
      return; // the matrix says it
    }
    wrong.sort(Comparator.comparingDouble(cell -> -cell[2]));
    List<List<String>> rows = new ArrayList<>();
    for (double[] cell : wrong.subList(0, Math.min(wrong.size(), CONFUSIONS))) {
      int truth = (int) cell[0];
      int support = metrics.scores().get(truth).support();
      rows.add(
          List.of(
              report.className(truth),
              report.className((int) cell[1]),
              Text.count((long) cell[2]),
              Text.percent(cell[2] / support)));
    }
    html.table(
        "The most frequent mistakes",
        2,
        List.of("true", "predicted", "rows", "of the true class"),
        rows);
  }

  /** Returns the classes that are shown. */
  private static int[] scores(
      Html html, Report report, Metrics metrics, RocAuc auc, IntToDoubleFunction area) {
    int[] shown =
        IntStream.range(0, metrics.classes())
            .boxed()
            .sorted(Comparator.comparingDouble(c -> metrics.scores().get(c).f1()))
            .limit(MOST_SCORES)
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    List<List<String>> rows = new ArrayList<>();
    for (int c : shown) {
      rows.add(row(report.className(c), metrics.scores().get(c), area.applyAsDouble(c)));
    }
    rows.add(row("macro average", metrics.macro(), auc == null ? Double.NaN : auc.macro()));
    rows.add(
        row("weighted average", metrics.weighted(), auc == null ? Double.NaN : auc.weighted()));
    html.table(
        "How well each class is found",
        1,
        List.of("class", "precision", "recall", "F1", "ROC AUC", "rows"),
        rows);
    if (shown.length < metrics.classes()) {
      html.remark(
          "These are the %s of %s classes with the smallest F1."
              .formatted(shown.length, Text.count(metrics.classes())));
    }
    html.remark(
        "Precision: of the rows given this class, the share that is of it. Recall: of the rows of"
            + " this class, the share that was given it. F1: their harmonic mean. ROC AUC: how"
            + " often a row of the class gets a higher probability of it than another row.");
    return shown;
  }

  private static List<String> row(String name, Metrics.Scores scores, double auc) {
    return List.of(
        name,
        Text.fixed(scores.precision()),
        Text.fixed(scores.recall()),
        Text.fixed(scores.f1()),
        Text.fixed(auc),
        Text.count(scores.support()));
  }

  /**
   * ROC and precision-recall curves: of two classes the second's, of many the hardest.
   *
   * @param some classes, of which they are taken
   * @param area below the ROC curve of a class
   */
  static void curves(Html html, Report report, IntStream some, IntToDoubleFunction area) {
    List<Integer> classes = new ArrayList<>();
    if (report.isBinary()) {
      classes.add(1);
    } else {
      some.filter(c -> !Double.isNaN(area.applyAsDouble(c)))
          .boxed()
          .sorted(Comparator.comparingDouble(area::applyAsDouble))
          .limit(CURVES)
          .sorted()
          .forEach(classes::add);
    }
    int all = report.evaluation.classes();
    String which = all > CURVES ? " of the " + CURVES + " hardest to tell" : "";
    LineChart roc = LineChart.of("ROC curves" + which, "False positive rate", "True positive rate");
    LineChart precision = LineChart.of("Precision and recall" + which, "Recall", "Precision");
    for (int c : classes) {
      ThresholdCurves curve = ThresholdCurves.of(report.evaluation, c);
      String name = Text.isolated(Label.fit(report.className(c), 13, NAME));
      double[][] points = ThresholdCurves.thinned(curve.roc(), POINTS);
      roc = roc.with(name + ": area " + Text.fixed(curve.area(), 3), points[0], points[1]);
      points = ThresholdCurves.thinned(curve.precisionRecall(), POINTS);
      String average = Text.fixed(curve.averagePrecision(), 3);
      precision = precision.with(name + ": average " + average, points[0], points[1]);
    }
    html.add("<div>").add(roc.withBounds(0, 1).inPage()).add("</div>\n");
    html.add("<div>").add(precision.withBounds(0, 1).inPage()).add("</div>\n");
  }

  static void calibration(Html html, Evaluation evaluation) {
    Calibration calibration = Calibration.of(evaluation, BINS);
    double[][] points = new double[2][BINS];
    int count = 0;
    double confidence = 0;
    double right = 0;
    double weight = 0;
    for (Calibration.Bin bin : calibration.bins()) {
      if (bin.weight() > 0) {
        points[0][count] = bin.confidence();
        points[1][count++] = bin.right();
        confidence += bin.weight() * bin.confidence();
        right += bin.weight() * bin.right();
        weight += bin.weight();
      }
    }
    LineChart chart =
        LineChart.of("Can its probabilities be believed?", "Probability", "Share right")
            .withBounds(0, 1)
            .with("As it should be", new double[] {0, 1}, new double[] {0, 1})
            .with("This network", Arrays.copyOf(points[0], count), Arrays.copyOf(points[1], count));
    html.add("<div>").add(chart.inPage());
    if (evaluation.kind().takesClasses()) {
      html.remark(
          "On average it is %s sure and %s right: it is %s. The expected calibration error is %s."
              .formatted(
                  Text.percent(confidence / weight),
                  Text.percent(right / weight),
                  Math.abs(confidence - right) < 0.02 * weight
                      ? "as sure as it should be"
                      : confidence > right ? "too sure of itself" : "too careful",
                  Text.fixed(calibration.error(), 3)));
    }
    html.add("</div>\n");
  }
}
