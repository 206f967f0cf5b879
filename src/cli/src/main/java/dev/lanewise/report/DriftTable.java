package dev.lanewise.report;

import dev.lanewise.trust.ColumnDrift;
import dev.lanewise.trust.Drift;
import java.util.List;

/** Shows whether the rows by which a network is judged are like those of its training. */
final class DriftTable {
  private static final double LEVEL = 0.01;

  private DriftTable() {}

  /** Writes a sentence or a table, if the model keeps enough of its training rows. */
  static void write(Html html, ReportData report) {
    Drift drift = Drift.of(report.model, report.split, LEVEL).orElse(null);
    if (drift == null) {
      return;
    }
    html.heading("Are these rows like those of the training?");
    List<ColumnDrift> alarms = drift.alarms();
    if (alarms.isEmpty()) {
      html.paragraph(
          "Yes: none of %s columns and results differs (at the level 0.01).",
          Text.count(drift.columns().size()));
      return;
    }
    html.table("Columns that differ", 2, "column", "what differs most", "training", "here", "p");
    for (ColumnDrift each : alarms) {
      html.row(
          each.name(),
          each.change(),
          Text.percent(each.before()),
          Text.percent(each.after()),
          Text.fixed(each.p(), 4));
    }
    html.endTable();
  }
}
