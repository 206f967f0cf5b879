package dev.lanewise.cli.results;

import dev.lanewise.cli.inputs.Subject;
import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.PythonFormat;
import dev.lanewise.cli.print.Result.Decided;
import dev.lanewise.cli.print.Shown;
import dev.lanewise.cli.print.Table;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.report.Report;
import dev.lanewise.selection.Interval;
import dev.lanewise.selection.Intervals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The 95% intervals of a split's scores, as text, as JSON and in a report. */
public final class ScoreIntervals {
  /** With more classes, those of single classes are left out: each takes a sort of all rows. */
  private static final int MOST_CLASSES = 40;

  private static final List<String> OF_CLASS = List.of("precision", "recall", "f1", "roc_auc");

  private final Subject subject;
  private final boolean isTrained; // whether the model was trained on the rows
  private final Map<String, Interval> figures;
  private final List<Map<String, Interval>> classes = new ArrayList<>();
  private final boolean hasUnits;

  public ScoreIntervals(Subject subject, Evaluation evaluation) {
    this.subject = subject;
    hasUnits = evaluation.kind().task().hasNumbers();
    isTrained = subject.measuredOn().decided().contains(Decided.WEIGHTS);
    figures = isTrained ? Map.of() : Intervals.of(evaluation);
    boolean takesClasses = evaluation.kind().task().hasClasses();
    for (int c = 0; takesClasses && !isTrained && c < evaluation.classes(); c++) {
      if (evaluation.classes() <= MOST_CLASSES) {
        classes.add(Intervals.ofClass(evaluation, c));
      }
    }
  }

  /** Prints a line per figure and, of few classes, one per class. */
  public void print(Output output) {
    output.result("");
    if (isTrained) {
      output.result("No 95% intervals: the model was trained on some of these rows");
      return;
    }
    Table.of(List.copyOf(figures.entrySet()))
        .text("95% interval", Map.Entry::getKey)
        .column("low", figure -> Shown.of(figure.getValue().low(), hasUnits))
        .column("high", figure -> Shown.of(figure.getValue().high(), hasUnits))
        .text("method", figure -> figure.getValue().method())
        .print(output);
    if (!classes.isEmpty()) {
      output.result("");
      Table<Integer> each = Table.of(classes.size()).text("95% interval", subject::className);
      OF_CLASS.forEach(name -> each.column(name, c -> shown(classes.get(c).get(name))));
      each.print(output);
    }
  }

  /** Returns the intervals of the figures; null for training rows. */
  public Json json() {
    return isTrained ? null : json(figures);
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
  static Shown shown(Interval interval) {
    return interval == null
        ? null
        : new Shown(
            new Json()
                .put("low", interval.low())
                .put("high", interval.high())
                .put("method", interval.method()),
            PythonFormat.fixed5(interval.low()) + "-" + PythonFormat.fixed5(interval.high()));
  }

  public void addTo(Report report) {
    report.intervals(figures, classes);
  }
}
