package dev.lanewise.report;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Imbalance;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.metrics.RocAuc;
import dev.lanewise.trust.Brier;
import dev.lanewise.trust.Reliability;
import dev.lanewise.trust.internal.ThresholdCurves;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** The results of a network that chooses classes. */
final class ClassResults implements TaskResults {
  static final int MOST_COLUMNS = 24; // with more classes, there is no matrix
  private static final int CONFUSIONS = 12;
  private static final int MOST_SCORES = 50;
  private static final int MOST_RESULTS = 20_000_000; // with more, only some areas are computed
  private static final int CURVES = 4; // the number of colours
  private static final int POINTS = 200;
  private static final int BINS = 10;
  private static final int FEW = 200; // rows; a bin of a tenth of them has a standard error of 0.1

  private final Findings findings;
  private final ReportData report;
  private final Evaluation evaluation;
  private final Metrics metrics;
  private final RocAuc auc; // null if some areas alone are computed
  private final Map<Integer, Double> areas = new HashMap<>();
  private int[] shown; // classes with scores

  ClassResults(Findings findings) {
    this.findings = findings;
    report = findings.report;
    evaluation = report.evaluation;
    metrics = Metrics.of(evaluation);
    // An area requires sorting all rows for each class.
    long results = (long) evaluation.rows() * metrics.classes();
    auc = results > MOST_RESULTS ? null : RocAuc.of(evaluation);
    List<Metrics.Scores> scores = metrics.scores();
    shown = ChosenRows.largest(metrics.classes(), MOST_SCORES, c -> -scores.get(c).f1());
    Arrays.sort(shown);
  }

  /** Returns the area of a class; classes that the model does not have share a row without area. */
  private double area(int c) {
    if (c >= evaluation.classes()) {
      return Double.NaN;
    }
    return auc != null
        ? auc.area(c)
        : areas.computeIfAbsent(c, k -> RocAuc.of(evaluation, k).area(k));
  }

  @Override
  public void errors(Html html) {
    html.heading("Which class is taken for which");
    if (metrics.classes() <= MOST_COLUMNS) {
      matrix(html, report::className, metrics.confusion());
    }
    confusions(html, report, metrics);
    Cases.mistakes(html, findings);
  }

  @Override
  public void belief(Html html) {
    calibration(html, evaluation);
  }

  @Override
  public void details(Html html) {
    html.grid();
    IntStream all = IntStream.range(0, evaluation.classes());
    curves(html, report, auc != null ? all : Arrays.stream(shown), this::area);
    html.add("</div>\n");
    Cases.uncertain(html, findings);
  }

  /** Writes the confusion matrix, in which cells off the diagonal are errors. */
  static void matrix(Html html, IntFunction<String> names, int[][] confusion) {
    html.remark(
        "Rows are true, columns predicted classes; the stronger the colour of a"
            + " cell, the larger its share of the row.");
    html.openScroll("Confusion matrix").add("<table id=\"confusion\"><thead><tr><td></td>");
    for (int c = 0; c < confusion.length; c++) {
      html.add("<th scope=\"col\" class=\"m\">").name(names.apply(c)).add("</th>");
    }
    html.add("</tr></thead>\n<tbody>\n");
    for (int c = 0; c < confusion.length; c++) {
      html.add("<tr><th scope=\"row\">").name(names.apply(c)).add("</th>");
      long all = total(confusion[c]);
      for (int p = 0; p < confusion.length; p++) {
        int count = confusion[c][p];
        html.add(p == c ? "<td class=\"m hit\"" : "<td class=\"m\"");
        if (count > 0) {
          // Never so dark that the number would be hard to read.
          String shade = Text.fixed(0.08 + 0.42 * Math.sqrt((double) count / all), 2);
          html.add(" style=\"background:rgba(")
              .add(p == c ? "var(--heat)" : "var(--cold)")
              .add(",");
          html.add(shade).add(")\"");
        }
        html.add(">").add(Text.count(count)).add("</td>");
      }
      html.add("</tr>\n");
    }
    html.endTable();
  }

  private static long total(int[] row) {
    return Math.max(1, Arrays.stream(row).asLongStream().sum());
  }

  /** Lists the most frequent errors. */
  private static void confusions(Html html, ReportData report, Metrics metrics) {
    List<double[]> wrong =
        Arrays.stream(metrics.confusionCells())
            .filter(cell -> cell[0] != cell[1])
            .sorted(Comparator.comparingDouble(cell -> -cell[2]))
            .toList();
    if (wrong.isEmpty()) {
      html.paragraph("No row was given a wrong class.");
    } else if (metrics.classes() > 2) { // for two classes the matrix shows it
      html.table("The most frequent mistakes", 2, "true", "predicted", "rows", "of the true class");
      for (double[] cell : wrong.subList(0, Math.min(wrong.size(), CONFUSIONS))) {
        int truth = (int) cell[0];
        html.row(
            report.className(truth),
            report.className((int) cell[1]),
            Text.count((long) cell[2]),
            Text.percent(cell[2] / metrics.scores().get(truth).support()));
      }
      html.endTable();
    }
  }

  @Override
  public void quality(Html html) {
    html.table(
        "How well each class is found", 1, "class", "precision", "recall", "F1", "ROC AUC", "rows");
    for (int c : shown) {
      row(html, report.className(c), metrics.scores().get(c), area(c));
    }
    row(html, "macro average", metrics.macro(), auc == null ? Double.NaN : auc.macro());
    row(html, "weighted average", metrics.weighted(), auc == null ? Double.NaN : auc.weighted());
    html.endTable();
    if (shown.length < metrics.classes()) {
      html.remark(
          "These are the %s of %s classes with the smallest F1.",
          shown.length, Text.count(metrics.classes()));
    }
    html.remark(
        "Precision: of the rows given this class, the share that is of it. Recall: of the rows of"
            + " this class, the share that was given it. F1: their harmonic mean. ROC AUC: how"
            + " often a row of the class gets a higher probability of it than another row.");
    Imbalance.of(evaluation)
        .filter(unequal -> evaluation.classes() == 2 && report.model.rule().isEmpty())
        .map(unequal -> Text.isolated(report.className(unequal.rarest())))
        .ifPresent(
            rare ->
                html.paragraph(
                    ("Class %s is rare, and a row is given it only above a probability of 1/2. The"
                            + " command decide chooses another threshold by rows kept for it, or by"
                            + " what each error costs (in Java a DecisionRule).")
                        .formatted(rare)));
  }

  private static void row(Html html, String name, Metrics.Scores scores, double auc) {
    html.row(
        name,
        Text.fixed(scores.precision()),
        Text.fixed(scores.recall()),
        Text.fixed(scores.f1()),
        Text.fixed(auc),
        Text.count(scores.support()));
  }

  /**
   * Draws ROC and precision-recall curves: for two classes the curves of the second class, or of a
   * clearly rarer one; for many classes the curves of the classes with the smallest areas.
   *
   * @param some the classes to choose from
   * @param area the area below the ROC curve of a class, or NaN
   */
  static void curves(Html html, ReportData report, IntStream some, IntToDoubleFunction area) {
    int[] known = some.filter(c -> !Double.isNaN(area.applyAsDouble(c))).toArray();
    int[] places = ChosenRows.largest(known.length, CURVES, i -> -area.applyAsDouble(known[i]));
    int[] classes =
        report.model.loss().task().hasClasses() && report.evaluation.classes() == 2
            ? new int[] {Imbalance.of(report.evaluation).map(Imbalance::rarest).orElse(1)}
            : Arrays.stream(places).map(i -> known[i]).sorted().toArray();
    int all = report.evaluation.classes();
    String which = all > CURVES ? " of the " + CURVES + " classes that are hardest to tell" : "";
    LineChart roc = LineChart.of("ROC curves" + which, "False positive rate", "True positive rate");
    LineChart precision = LineChart.of("Precision and recall" + which, "Recall", "Precision");
    for (int c : classes) {
      ThresholdCurves curve = ThresholdCurves.of(report.evaluation, c);
      RocAuc own = RocAuc.of(report.evaluation, c);
      String name = Text.isolated(report.className(c));
      double[][] points = ThresholdCurves.thinned(curve.roc(), POINTS);
      roc = roc.with(name + ": area " + Text.fixed(own.area(c), 3), points[0], points[1]);
      points = ThresholdCurves.thinned(curve.precisionRecall(), POINTS);
      String average = Text.fixed(own.averagePrecision(c), 3);
      precision = precision.with(name + ": average " + average, points[0], points[1]);
    }
    roc.withBounds(0, 1).write(html);
    precision.withBounds(0, 1).write(html);
  }

  static void calibration(Html html, Evaluation evaluation) {
    Reliability reliability = Reliability.of(evaluation, BINS);
    List<Reliability.Bin> bins =
        reliability.bins().stream().filter(bin -> bin.weight() > 0).toList();
    double confidence = 0;
    double right = 0;
    double weight = 0;
    for (Reliability.Bin bin : bins) {
      confidence += bin.weight() * bin.confidence();
      right += bin.weight() * bin.right();
      weight += bin.weight();
    }
    double share = right / weight;
    double chance = 2 * Math.sqrt(share * (1 - share) / evaluation.rows()); // two standard errors
    double[] x = bins.stream().mapToDouble(Reliability.Bin::confidence).toArray();
    double[] y = bins.stream().mapToDouble(Reliability.Bin::right).toArray();
    LineChart chart =
        LineChart.of("Can its probabilities be believed?", "Probability", "Share right")
            .withBounds(0, 1)
            .with("This model", x, y)
            .with("As it should be", new double[] {0, 1}, new double[] {0, 1});
    html.add("<div>");
    chart.write(html);
    if (evaluation.rows() < FEW) {
      html.remark(
          "These are only %s: points off the line may be chance.",
          Text.count(evaluation.rows(), "row"));
    }
    if (evaluation.kind().task().hasClasses()) {
      html.remark(
          "On average it is %s sure and %s right: it is %s. The expected calibration error is %s, by class %s; the reliability of Brier's score is %s.",
          Text.percent(confidence / weight),
          Text.percent(share),
          Math.abs(confidence - right) < Math.max(0.02, chance) * weight
              ? "as sure as it should be"
              : confidence > right ? "too sure of itself" : "too careful",
          Text.fixed(reliability.error(), 3),
          Text.fixed(reliability.classwise(), 3),
          Text.fixed(Brier.of(evaluation, BINS).reliability(), 3));
    }
    html.add("</div>\n");
  }
}
