package dev.lanewise.cli;

import dev.lanewise.files.Subject;
import dev.lanewise.files.Subject.Decided;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.report.Report;
import dev.lanewise.selection.Interval;
import dev.lanewise.selection.Intervals;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.PythonFormat;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.Table;
import dev.lanewise.terminal.TextValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The 95% intervals of a split's scores, as text, as JSON and in a report. */
public final class ScoreIntervals {
  /**
   * With more classes, the intervals of single classes are left out, because each needs a sort of
   * all rows.
   */
  private static final int MOST_CLASSES = 40;

  private static final List<String> OF_CLASS = List.of("precision", "recall", "f1", "roc_auc");

  private final Subject subject;
  private final String refusal; // why the rows tell nothing about new rows; null if they do
  private final Map<String, Interval> figures;
  private final Map<String, String> without; // reasons
  private final int[] groups;
  private final List<Map<String, Interval>> classes = new ArrayList<>();
  private final boolean hasUnits;

  public ScoreIntervals(Subject subject, Evaluation evaluation) {
    this.subject = subject;
    hasUnits = evaluation.kind().task().hasNumbers();
    Set<Decided> decided = subject.decided();
    refusal =
        decided.contains(Decided.WEIGHTS)
            ? "the model was trained on some of these rows"
            : decided.contains(Decided.OPTIONS)
                ? "a search compared its trials on these rows"
                : decided.contains(Decided.EPOCH) && !subject.model.training().contains("best=none")
                    ? "these rows chose the best epoch"
                    : null;
    groups = subject.groups();
    figures = refusal != null ? Map.of() : Intervals.of(evaluation, groups);
    without = refusal != null ? Map.of() : Intervals.without(evaluation, groups);
    boolean takesClasses = evaluation.kind().task().hasClasses();
    for (int c = 0; takesClasses && refusal == null && c < evaluation.classes(); c++) {
      if (evaluation.classes() <= MOST_CLASSES) {
        classes.add(Intervals.ofClass(evaluation, c, groups));
      }
    }
  }

  /** Prints a line per figure and, of few classes, one per class. */
  public void print(Output output) {
    output.result("");
    if (!figures.isEmpty()) {
      Table.of(List.copyOf(figures.entrySet()))
          .text("95% interval", Map.Entry::getKey)
          .column("low", figure -> TextValue.of(figure.getValue().low(), hasUnits))
          .column("high", figure -> TextValue.of(figure.getValue().high(), hasUnits))
          .text("method", figure -> figure.getValue().method())
          .print(output);
    }
    notes().forEach(output::result);
    if (classes.stream().anyMatch(each -> !each.isEmpty())) {
      output.result("");
      Table<Integer> each = Table.of(classes.size()).text("95% interval", subject::className);
      OF_CLASS.forEach(name -> each.column(name, c -> shown(classes.get(c).get(name))));
      each.print(output);
    }
  }

  /**
   * Says which figures have no interval and why, and what the figures with an interval count as
   * independent.
   */
  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (refusal != null) {
      notes.add("No 95% intervals: " + refusal);
      return notes;
    }
    new LinkedHashSet<>(without.values())
        .forEach(
            reason -> {
              List<String> names = new ArrayList<>(without.keySet());
              names.removeIf(name -> !without.get(name).equals(reason));
              notes.add("No 95%% interval of %s: %s".formatted(String.join(", ", names), reason));
            });
    if (figures.isEmpty()) {
      return notes;
    } else if (groups.length > 0) {
      notes.add(
          "The intervals count the %s groups of rows that belong together, not the %s rows"
              .formatted(groupCount(), groups.length));
    } else if (subject.isGrouped()) {
      notes.add("The intervals count each row, as the groups of these rows are not known");
    }
    return notes;
  }

  private long groupCount() {
    return Arrays.stream(groups).distinct().count();
  }

  /** Adds the intervals of the figures, which rows that decided something do not have. */
  public void addTo(Result result) {
    result.put("intervals", refusal == null ? json(figures) : null);
    Json reasons = new Json();
    without.forEach(reasons::put);
    result.put("no_intervals", refusal == null ? reasons : refusal);
    result.put("groups", groups.length == 0 ? null : groupCount());
  }

  /** Adds the intervals of each class to a table of classes. */
  public void addTo(Table<Integer> scores) {
    scores.forPrograms("intervals", c -> c < classes.size() ? json(classes.get(c)) : Table.ABSENT);
  }

  private static Json json(Map<String, Interval> intervals) {
    Json json = new Json();
    intervals.forEach((name, interval) -> json.put(name, shown(interval)));
    return json;
  }

  /** Returns an interval for a cell; null for none. */
  public static TextValue shown(Interval interval) {
    return interval == null
        ? null
        : new TextValue(
            new Json()
                .put("low", interval.low())
                .put("high", interval.high())
                .put("method", interval.method()),
            PythonFormat.fixed5(interval.low()) + "-" + PythonFormat.fixed5(interval.high()));
  }

  public void addTo(Report report) {
    report.intervals(figures, notes());
  }
}
