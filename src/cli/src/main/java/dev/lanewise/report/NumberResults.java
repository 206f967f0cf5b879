package dev.lanewise.report;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.RegressionMetrics;
import dev.lanewise.metrics.RocAuc;
import dev.lanewise.report.draw.Html;
import dev.lanewise.report.draw.Label;
import dev.lanewise.report.draw.Largest;
import dev.lanewise.report.draw.Text;
import dev.lanewise.trust.internal.ThresholdCurves;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The results of a network with numeric targets or with several labels per row. */
final class NumberResults {
  private static final int MOST_OUTPUTS = 4; // with pictures
  private static final int MOST_DOTS = 1500;
  private static final int BARS = 30;
  private static final int WORST = 8;
  private static final int WIDEST_NAME = 200; // maximum width of the name of a target at an axis

  private NumberResults() {}

  static void regression(Html html, Findings findings) {
    Reported report = findings.report;
    Evaluation evaluation = report.evaluation;
    RegressionMetrics metrics = RegressionMetrics.of(evaluation);
    List<String> errors = List.of("R2", "mean absolute error", "root mean squared error");
    html.table("Errors, in the units of the target", 1, "target", errors);
    for (int k = 0; k < metrics.outputs(); k++) {
      html.row(
          report.outputName(k),
          Text.fixed(metrics.r2(k)),
          Text.brief(metrics.mae(k)),
          Text.brief(Math.sqrt(metrics.mse(k))));
    }
    html.endTable();
    CoverageTable.write(html, report);
    List<String> heads = new ArrayList<>();
    for (int k = 0; k < Math.min(metrics.outputs(), MOST_OUTPUTS); k++) {
      pictures(html, report, k);
      heads.add(Text.isolated(report.outputName(k)) + ", predicted");
      heads.add(Text.isolated(report.outputName(k)) + ", true");
    }
    int[] worst = Largest.of(evaluation.rows(), WORST, row -> distance(evaluation, metrics, row));
    IntFunction<List<String>> about =
        row -> {
          List<String> values = new ArrayList<>();
          for (int k = 0; k < heads.size() / 2; k++) {
            double unit = Math.sqrt(metrics.mse(k)); // shows errors beside a large offset
            values.add(Text.brief(evaluation.value(row, k), unit));
            values.add(Text.brief(evaluation.target(row)[k], unit));
          }
          return values;
        };
    Cases.table(html, findings, "The largest errors", worst, heads, about);
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

  private static void pictures(Html html, Reported report, int k) {
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
    html.grid().picture(chart.inPage(null));
    double[] errors =
        IntStream.range(0, rows)
            .mapToDouble(row -> evaluation.value(row, k) - evaluation.target(row)[k])
            .toArray();
    html.picture(histogram(errors, name).inPage(null)).add("</div>\n");
  }

  /** Draws a histogram of the errors, as the outline of its bars. */
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

  /** Writes the results of each label, of which a row may have several. */
  static void labels(Html html, Findings findings) {
    Reported report = findings.report;
    Evaluation evaluation = report.evaluation;
    RocAuc auc = RocAuc.of(evaluation);
    List<String> scores =
        List.of("ROC AUC", "average precision", "rows right", "rows that have it");
    html.table("How well each label is found", 1, "label", scores);
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
      html.row(
          report.className(k),
          Text.fixed(auc.area(k)),
          Text.fixed(ThresholdCurves.of(evaluation, k).averagePrecision()),
          Text.percent(right / all),
          Text.count(count));
    }
    String right = Text.percent(evaluation.subsetAccuracy());
    html.endTable().paragraph("All labels are right in %s of the rows.".formatted(right)).grid();
    ClassResults.curves(html, report, IntStream.range(0, auc.classes()), auc::area);
    ClassResults.calibration(html, evaluation);
    html.add("</div>\n");
  }
}
