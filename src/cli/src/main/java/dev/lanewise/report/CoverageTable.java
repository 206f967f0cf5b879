package dev.lanewise.report;

import dev.lanewise.model.Coverage;
import dev.lanewise.trust.CoverageResult;

/** Shows how often the sets or intervals of a model contain the truth, class by class. */
final class CoverageTable {
  private static final double LEVEL = 0.9;

  /** Classes or outputs with a row of their own. */
  private static final int MOST = 40;

  private CoverageTable() {}

  /** Writes a table for the rows of the report. */
  static void write(Html html, ReportData report) {
    Coverage coverage = report.model.coverage().orElseThrow();
    CoverageResult result = CoverageResult.of(report.evaluation, coverage, LEVEL);
    boolean isSet = coverage.isOfClasses();
    html.table(
        isSet ? "Sets of level 0.9: do they contain the true class?" : "Intervals of level 0.9",
        1,
        isSet ? "class" : "target",
        "rows",
        "contained",
        isSet ? "classes in a set" : "width");
    for (int k = 0; k < Math.min(MOST, result.groups().size()); k++) {
      row(html, isSet ? report.className(k) : report.outputName(k), result.groups().get(k));
    }
    if (isSet) {
      row(html, "all", result.all());
    }
    html.endTable();
    html.remark(
        "From rows outside the training: %s.%s",
        coverage, isSet ? " Sets may contain the class more often than asked." : "");
  }

  private static void row(Html html, String name, CoverageResult.Group group) {
    html.row(
        name,
        Text.count(group.rows()),
        group.rows() == 0 ? "-" : Text.percent(group.share()),
        group.rows() == 0 ? "-" : Text.brief(group.size()));
  }
}
