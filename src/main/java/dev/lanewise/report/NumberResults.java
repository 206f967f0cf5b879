package dev.lanewise.report;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.RegressionMetrics;
import dev.lanewise.metrics.RocAuc;
import dev.lanewise.metrics.ThresholdCurves;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Where a network whose targets are numbers, or labels by themselves, is right and wrong. */
final class NumberResults {
  private static final int MOST_OUTPUTS = 4; // with pictures
  private static final int MOST_DOTS = 1500;
  private static final int BARS = 30;
  private static final int WORST = 8;

  /** Of a target beside an axis, with a word behind it. */
  private static final int WIDEST_NAME = 200;

  private NumberResults() {}

  static void write(Html html, Report report, Findings findings) {
    if (report.model.loss().isRegression()) {
      regression(html, report, findings);
    } else {
      labels(html, report);
    }
  }

  private static void regression(Html html, Report report, Findings findings) {
    Evaluation evaluation = report.evaluation;
    RegressionMetrics metrics = RegressionMetrics.of(evaluation);
    int outputs = metrics.outputs();
    List<List<String>> rows = new ArrayList<>();
    for (int k = 0; k < outputs; k++) {
      rows.add(
          List.of(
              report.outputName(k),
              Text.fixed(metrics.r2(k)),
              Text.brief(metrics.mae(k)),
              Text.brief(Math.sqrt(metrics.mse(k)))));
    }
    html.table(
        "Errors, in the units of the target",
        1,
        List.of("target", "R2", "mean absolute error", "root mean squared error"),
        rows);
    for (int k = 0; k < Math.min(outputs, MOST_OUTPUTS); k++) {
      pictures(html, report, k);
    }
    double[] distance = distances(evaluation, metrics);
    int[] worst =
        IntStream.range(0, evaluation.rows())
            .boxed()
            .sorted(Comparator.comparingDouble(row -> -distance[row]))
            .limit(WORST)
            .mapToInt(Integer::intValue)
            .toArray();
    List<String> heads = new ArrayList<>();
    for (int k = 0; k < Math.min(outputs, MOST_OUTPUTS); k++) {
      heads.add(Text.isolated(report.outputName(k)) + ", predicted");
      heads.add(Text.isolated(report.outputName(k)) + ", true");
    }
    Cases.table(
        html,
        report,
        findings,
        "The largest errors",
        worst,
        heads,
        row -> {
          List<String> values = new ArrayList<>();
          for (int k = 0; k < heads.size() / 2; k++) {
            double unit = Math.sqrt(metrics.mse(k)); // beside a large offset errors would be lost
            values.add(Text.brief(evaluation.value(row, k), unit));
            values.add(Text.brief(evaluation.target(row)[k], unit));
          }
          return values;
        });
  }

  /** The error of each row, that of every output in units of its usual size. */
  private static double[] distances(Evaluation evaluation, RegressionMetrics metrics) {
    double[] distances = new double[evaluation.rows()];
    for (int row = 0; row < distances.length; row++) {
      double[] outputs = evaluation.values(row);
      double[] targets = evaluation.target(row);
      for (int k = 0; k < outputs.length; k++) {
        double mse = metrics.mse(k);
        double error = outputs[k] - targets[k];
        distances[row] += mse > 0 ? error * error / mse : 0;
      }
    }
    return distances;
  }

  private static void pictures(Html html, Report report, int k) {
    Evaluation evaluation = report.evaluation;
    int rows = evaluation.rows();
    int count = Math.min(rows, MOST_DOTS);
    double[][] pairs = new double[count][];
    for (int i = 0; i < count; i++) {
      int row = (int) ((long) i * rows / count);
      pairs[i] = new double[] {evaluation.target(row)[k], evaluation.value(row, k)};
    }
    Arrays.sort(pairs, Comparator.comparingDouble(pair -> pair[0]));
    double[] x = Arrays.stream(pairs).mapToDouble(pair -> pair[0]).toArray();
    double[] y = Arrays.stream(pairs).mapToDouble(pair -> pair[1]).toArray();
    String name = Text.isolated(Label.fit(report.outputName(k), 13, WIDEST_NAME));
    double[] ends = {x[0], x[count - 1]};
    LineChart chart =
        LineChart.of("Predicted against true", name + ", true", name + ", predicted")
            .withPoints(count < rows ? Text.count(count) + " of the rows" : "Rows", x, y)
            .with("As it should be", ends, ends);
    html.add("<div class=\"grid\">\n<div>").add(chart.inPage()).add("</div>\n<div>");
    double[] errors = new double[rows];
    for (int row = 0; row < rows; row++) {
      errors[row] = evaluation.value(row, k) - evaluation.target(row)[k];
    }
    html.add(histogram(errors, name).inPage()).add("</div>\n</div>\n");
  }

  /** How often an error has which size, as the outline of bars. */
  private static LineChart histogram(double[] errors, String name) {
    double low = Arrays.stream(errors).min().orElseThrow();
    double high = Arrays.stream(errors).max().orElseThrow();
    double width = high > low ? (high - low) / BARS : 1;
    double[] counts = new double[BARS];
    for (double error : errors) {
      counts[(int) Math.min(BARS - 1, (error - low) / width)]++;
    }
    double[] x = new double[2 * BARS + 2];
    double[] y = new double[x.length];
    for (int i = 0; i < BARS; i++) {
      x[2 * i + 1] = low + i * width;
      x[2 * i + 2] = low + (i + 1) * width;
      y[2 * i + 1] = counts[i];
      y[2 * i + 2] = counts[i];
    }
    x[0] = x[1];
    x[x.length - 1] = x[x.length - 2];
    return LineChart.of("Errors", "Predicted less true, " + name, "Rows")
        .withBounds(0, Double.NaN)
        .with("Rows", x, y);
  }

  /** Several labels a row, each by itself. */
  private static void labels(Html html, Report report) {
    Evaluation evaluation = report.evaluation;
    RocAuc auc = RocAuc.of(evaluation);
    List<List<String>> rows = new ArrayList<>();
    for (int k = 0; k < auc.classes(); k++) {
      int count = 0;
      double right = 0;
      double all = 0;
      for (int row = 0; row < evaluation.rows(); row++) {
        boolean holds = evaluation.target(row)[k] > 0.5;
        count += holds ? 1 : 0;
        double weight = evaluation.weight(row);
        right += holds == evaluation.holds(row, k) ? weight : 0;
        all += weight;
      }
      rows.add(
          List.of(
              report.className(k),
              Text.fixed(auc.area(k)),
              Text.fixed(ThresholdCurves.of(evaluation, k).averagePrecision()),
              Text.percent(right / all),
              Text.count(count)));
    }
    html.table(
        "How well each label is found",
        1,
        List.of("label", "ROC AUC", "average precision", "rows right", "rows that have it"),
        rows);
    html.paragraph(
        "All labels are right in %s of the rows."
            .formatted(Text.percent(evaluation.subsetAccuracy())));
    html.add("<div class=\"grid\">\n");
    ClassResults.curves(html, report, IntStream.range(0, auc.classes()), auc::area);
    ClassResults.calibration(html, evaluation);
    html.add("</div>\n");
  }
}
