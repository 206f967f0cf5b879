package dev.lanewise.report;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.RocAuc;
import java.util.List;
import java.util.stream.IntStream;

/** The results of a network with several labels per row. */
final class LabelResults implements TaskResults {
  private final ReportData report;
  private final Evaluation evaluation;
  private final RocAuc auc;

  LabelResults(ReportData report) {
    this.report = report;
    evaluation = report.evaluation;
    auc = RocAuc.of(evaluation);
  }

  @Override
  public void quality(Html html) {
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
        right += holds == evaluation.isPredicted(row, k) ? weight : 0;
        all += weight;
      }
      html.row(
          report.className(k),
          Text.fixed(auc.area(k)),
          Text.fixed(auc.averagePrecision(k)),
          Text.percent(right / all),
          Text.count(count));
    }
    String right = Text.percent(evaluation.subsetAccuracy());
    html.endTable().paragraph("All labels are right in %s of the rows.", right);
  }

  @Override
  public void errors(Html html) {
    // A row is right or wrong label by label, as the table of the labels shows.
  }

  @Override
  public void belief(Html html) {
    ClassResults.calibration(html, evaluation);
  }

  @Override
  public void details(Html html) {
    html.grid();
    ClassResults.curves(html, report, IntStream.range(0, auc.classes()), auc::area);
    html.add("</div>\n");
  }
}
