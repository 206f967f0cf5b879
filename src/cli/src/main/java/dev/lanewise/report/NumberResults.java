package dev.lanewise.report;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.RegressionMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The results of a network with numeric targets. */
final class NumberResults implements TaskResults {
  private static final int MOST_OUTPUTS = 4; // outputs that have pictures
  private static final int MOST_DOTS = 1500;
  private static final int BARS = 30;
  private static final int WORST = 6;

  private final Findings findings;
  private final ReportData report;
  private final Evaluation evaluation;
  private final RegressionMetrics metrics;

  NumberResults(Findings findings) {
    this.findings = findings;
    report = findings.report;
    evaluation = report.evaluation;
    metrics = RegressionMetrics.of(evaluation);
  }

  @Override
  public void quality(Html html) {
    List<String> errors = List.of("R2", "typical error", "of the mean size", "root mean square");
    html.table("Errors, in the units of the target", 1, "target", errors);
    for (int k = 0; k < metrics.outputs(); k++) {
      html.row(
          report.outputName(k),
          Text.fixed(metrics.r2(k)),
          Text.brief(metrics.mae(k)),
          Findings.share(metrics.mae(k), evaluation, k),
          Text.brief(Math.sqrt(metrics.mse(k))));
    }
    html.endTable();
    html.remark(
        "Typical error: by how much a prediction is off, in the mean over the rows (mean absolute"
            + " error), also as a share of the mean size of the target. The root mean squared error"
            + " weighs large errors more.");
  }

  @Override
  public void errors(Html html) {
    int[] worst =
        ChosenRows.largest(evaluation.rows(), WORST, row -> distance(evaluation, metrics, row));
    Cases.table(html, findings, "The rows with the largest errors", worst, heads(), this::values);
  }

  private List<String> heads() {
    List<String> heads = new ArrayList<>();
    for (int k = 0; k < shown(); k++) {
      heads.add(Text.isolated(report.outputName(k)) + ", predicted");
      heads.add(Text.isolated(report.outputName(k)) + ", true");
    }
    return heads;
  }

  private int shown() {
    return Math.min(metrics.outputs(), MOST_OUTPUTS);
  }

  private List<String> values(int row) {
    List<String> values = new ArrayList<>();
    for (int k = 0; k < shown(); k++) {
      double unit = Math.sqrt(metrics.mse(k)); // shows errors beside a large offset
      values.add(Text.brief(evaluation.value(row, k), unit));
      values.add(Text.brief(evaluation.target(row)[k], unit));
    }
    return values;
  }

  @Override
  public void belief(Html html) {
    predictions(html, 0);
  }

  @Override
  public void details(Html html) {
    html.grid();
    for (int k = 0; k < shown(); k++) {
      if (k > 0) {
        predictions(html, k);
      }
      int output = k;
      double[] errors =
          IntStream.range(0, evaluation.rows())
              .mapToDouble(row -> evaluation.value(row, output) - evaluation.target(row)[output])
              .toArray();
      histogram(errors, name(report, k)).write(html);
    }
    html.add("</div>\n");
  }

  private static String name(ReportData report, int k) {
    return Text.isolated(report.outputName(k));
  }

  /** Returns the sum of a row's squared errors, each divided by the mean of its output. */
  private static double distance(Evaluation evaluation, RegressionMetrics metrics, int row) {
    double[] outputs = evaluation.values(row);
    double[] targets = evaluation.target(row);
    double distance = 0;
    for (int k = 0; k < outputs.length; k++) {
      double mse = metrics.mse(k);
      double error = outputs[k] - targets[k];
      distance += mse > 0 ? error * error / mse : 0;
    }
    return distance;
  }

  /** Returns the title of a chart, which names one of several targets. */
  private String title(String what, String target) {
    return metrics.outputs() == 1 ? what : what + " of " + target;
  }

  private void predictions(Html html, int k) {
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
    String name = name(report, k);
    double[] ends = {x[0], x[count - 1]};
    LineChart chart =
        LineChart.of(title("Predicted against true", name), name + ", true", name + ", predicted")
            .withPoints(count < rows ? Text.count(count) + " of the rows" : "Rows", x, y)
            .with("As it should be", ends, ends);
    html.add("<div class=\"half\">");
    chart.write(html);
    html.add("</div>\n");
  }

  /** Draws a histogram of the errors, as the outline of its bars. */
  private LineChart histogram(double[] errors, String name) {
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
    return LineChart.of(title("Errors", name), "Predicted less true, " + name, "Rows")
        .withBounds(0, Double.NaN)
        .with("Rows", x, y);
  }
}
