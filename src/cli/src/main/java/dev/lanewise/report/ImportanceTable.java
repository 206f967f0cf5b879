package dev.lanewise.report;

import java.util.Arrays;
import java.util.List;

/** Shows which inputs of a network matter. */
final class ImportanceTable {
  private static final int MOST_COLUMNS = 10;

  private ImportanceTable() {}

  /** Writes the table, if the importances were computed. */
  static void write(Html html, Findings findings) {
    ReportData report = findings.report;
    PermutationImportance importance = findings.importance;
    boolean isByLoss = importance.isByLoss();
    String score = isByLoss ? "cross entropy" : report.model.loss().task().score();
    String change = isByLoss ? "rise" : "fall";
    String how =
        "By how much the %s of %s (%s) %ss when the rows exchange these values among each"
                .formatted(
                    score,
                    report.rows(importance.rows()),
                    Text.fixed(isByLoss ? -importance.baseline() : importance.baseline()),
                    change)
            + " other: the mean of %s draws and their standard deviation. Inputs that say the same"
                .formatted(findings.repeats)
            + " thing stand in for each other, and each then seems to matter little.";
    int[] shown = findings.columns(MOST_COLUMNS);
    double most = Arrays.stream(shown).mapToDouble(importance::mean).max().orElse(1);
    List<String> names = new RowTexts(report).names();
    String head = score + " " + change + "s by";
    html.table("Columns by how much they matter", 2, "column", "importance", head);
    for (int g : shown) {
      double mean = importance.mean(g);
      String fall = Text.fixed(mean) + " \u00b1 " + Text.fixed(importance.deviation(g));
      html.row(names.get(g), bar(mean, most), fall);
    }
    html.endTable();
    if (names.size() > shown.length) {
      html.remark(Text.count(names.size() - shown.length) + " more matter less.");
    }
    html.remark(how);
  }

  /** Returns a bar, of full length for the value {@code most}. */
  private static Html bar(double value, double most) {
    double length = most > 0 ? Math.max(0, Math.min(1, value / most)) : 0;
    Html html = new Html().add("<span class=\"bar\"><i style=\"width:");
    return html.add(Text.fixed(100 * length, 1)).add("%\"></i></span>");
  }
}
