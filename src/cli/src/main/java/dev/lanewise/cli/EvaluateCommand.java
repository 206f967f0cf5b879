package dev.lanewise.cli;

import dev.lanewise.files.RunDirectory;
import dev.lanewise.files.Subject;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.metrics.ProbabilityMetrics;
import dev.lanewise.metrics.RegressionMetrics;
import dev.lanewise.metrics.RocAuc;
import dev.lanewise.model.DecisionRule;
import dev.lanewise.serve.CoverageLevel;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.Table;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.train.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** {@code evaluate}: measures a model. */
final class EvaluateCommand implements Command {
  /** A confusion matrix of more classes is not printed. */
  private static final int MOST_COLUMNS = 40;

  /**
   * With more classes, only the cells that are not 0 are written: a matrix of 10,000 classes would
   * take 400 MB.
   */
  private static final int MOST_DENSE = 1000;

  private Subject subject;
  private Evaluation evaluation;
  private ScoreIntervals intervals;
  private Result result;

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    boolean asksTop = arguments.has("top-k");
    if (asksTop) { // checked before anything is loaded
      arguments.whole("top-k");
    }
    subject = Subject.load(arguments, output, true);
    CoverageLevel.asked(subject.model, arguments, output); // refuses a model that has none
    boolean classes = subject.model.loss().task().hasClasses();
    if (!classes) {
      arguments.refuse("works with models of loss softmax only", "top-k");
    }
    int top = asksTop ? arguments.whole("top-k", 1, subject.model.outputs()) : 0;
    evaluation = subject.evaluate(arguments);
    intervals = new ScoreIntervals(subject, evaluation);
    result =
        new Result("evaluation", output)
            .put("split", subject.splitName)
            .put("rows", evaluation.rows())
            .put("loss", evaluation.loss())
            .put("chosen_by_these_rows", subject.chosenHere().isPresent());
    output.note("");
    if (classes) {
      classes(top, output);
    } else {
      numbers(output);
    }
    intervals.print(output);
    if (subject.model.calibration().isPresent()) {
      CalibrationTable.add(subject.model, subject.split, arguments.threads(), result);
    }
    subject.model.rule().ifPresent(rule -> say(rule, output));
    subject.chosenHere().ifPresent(output::result);
    CoverageLevel.add(subject, evaluation, arguments, result);
    String sha256 = subject.model.sha256();
    output.result("");
    intervals.addTo(result);
    result.put("imbalance", subject.sayImbalance(evaluation, Optional.empty(), output));
    result.put("sha256", sha256).end();
    if (!output.json) { // otherwise the other splits are not measured
      Scores scores =
          subject.isWhole
              ? new Scores(subject, evaluation)
              : new Scores(
                  subject,
                  RunReport.outOfFold(
                      subject, RunDirectory.modelFile(arguments), arguments.threads()),
                  evaluation,
                  arguments.threads());
      Result closing = new Result(null, output);
      scores.addTo(closing).say(closing, sha256);
    }
  }

  private void say(DecisionRule rule, Output output) {
    output.result("");
    result.say(
        "The class is {decision}",
        "decision",
        new TextValue(
            rule.toString(),
            rule.isThreshold()
                ? "%s from probability %s on"
                    .formatted(subject.className(rule.positive()), rule.threshold())
                : "the one with the smallest expected cost"));
  }

  private void classes(int top, Output output) {
    Metrics metrics = Metrics.of(evaluation);
    RocAuc auc = RocAuc.of(evaluation);
    int classes = metrics.classes();
    boolean isDense = classes <= MOST_DENSE;
    Table<Integer> ofClasses = scores(metrics, auc);
    intervals.addTo(ofClasses);
    result
        .put(evaluation.figures())
        .put(
            isDense ? "confusion" : "confusion_cells",
            isDense ? metrics.confusion() : metrics.confusionCells())
        .put("classes", ofClasses)
        .put("averages", scores(metrics, auc).with(List.of(classes, classes + 1)));
    if (evaluation.hasWeights() && isDense) { // cells include the weights
      result.put("weighted_confusion", metrics.weightedConfusion());
    }
    if (classes <= MOST_COLUMNS) {
      List<String> names = IntStream.range(0, classes).mapToObj(subject::className).toList();
      output.result(Subject.CONFUSION.formatted(subject.splitName));
      Subject.confusion(metrics, names, Integer.MAX_VALUE).print(output);
      output.result("");
    } else {
      output.note("(The confusion matrix of " + classes + " classes is shown with --json.)");
    }
    ofClasses.with(IntStream.range(0, classes + 2).boxed().toList()).print(output);
    output.result("");
    measures().print(output);
    if (top > 0) {
      output.result("");
      double accuracy = ProbabilityMetrics.of(evaluation).topAccuracy(top);
      result.say("Top-{top_k} accuracy {top_k_accuracy}", "top_k", top, "top_k_accuracy", accuracy);
    }
  }

  /**
   * Returns the scores of each class; the two indices after the last class are those of averages.
   */
  private Table<Integer> scores(Metrics metrics, RocAuc auc) {
    int classes = metrics.classes();
    List<Metrics.Scores> all = new ArrayList<>(metrics.scores());
    Collections.addAll(all, metrics.macro(), metrics.weighted());
    Table<Integer> table =
        Table.of(classes)
            .text(
                "name",
                c ->
                    c < classes
                        ? subject.className(c)
                        : c == classes ? "macro average" : "weighted average")
            .column("precision", c -> all.get(c).precision())
            .column("recall", c -> all.get(c).recall())
            .column("f1", c -> all.get(c).f1())
            .column("support", c -> all.get(c).support());
    if (evaluation.hasWeights()) {
      table.column("weight", c -> all.get(c).weight());
    }
    return table.column(
        "roc_auc",
        c ->
            c == classes
                ? auc.macro()
                : c > classes ? auc.weighted() : c < auc.classes() ? auc.area(c) : Double.NaN);
  }

  /** Shows a model whose loss does not take classes. */
  private void numbers(Output output) {
    int outputs = evaluation.classes();
    Table<Integer> each = Table.of(outputs).text("name", subject::className);
    if (evaluation.kind().task().hasNumbers()) {
      RegressionMetrics metrics = RegressionMetrics.of(evaluation);
      each.column("r2", metrics::r2)
          .measure("rmse", k -> Math.sqrt(metrics.mse(k)))
          .measure("mse", metrics::mse)
          .measure("mae", metrics::mae);
    } else {
      RocAuc auc = RocAuc.of(evaluation);
      each.column("roc_auc", auc::area);
    }
    result.put(evaluation.figures()).put("outputs", each);
    output.result("Split " + subject.splitName);
    measures().print(output);
    if (outputs > 1) {
      output.result("");
      each.print(output);
    }
    evaluation.kind().task().level().ifPresent(level -> quantiles(level, output));
  }

  /** Shows whether as large a share of the targets as asked is up to the number predicted. */
  private void quantiles(double level, Output output) {
    output.result("");
    output.result("Targets up to the number predicted");
    result.table(
        "quantiles",
        Table.of(evaluation.classes())
            .text("name", subject::className)
            .column("level", k -> level)
            .column("share", this::shareBelow));
  }

  private double shareBelow(int k) {
    double below = 0;
    double all = 0;
    for (int row = 0; row < evaluation.rows(); row++) {
      all += evaluation.weight(row);
      below += evaluation.target(row)[k] <= evaluation.value(row, k) ? evaluation.weight(row) : 0;
    }
    return below / all;
  }

  /** Returns the loss and all figures. */
  private Table<?> measures() {
    boolean raw = subject.model.targetScaling().isNone();
    String loss = evaluation.kind().label() + (raw ? "" : " of scaled targets");
    boolean hasUnits = evaluation.kind().task().hasNumbers() && raw;
    Table.Cells all = new Table.Cells(1, "measure", "value");
    all.add("loss (" + loss + ")", TextValue.of(evaluation.loss(), hasUnits));
    for (Figure figure : evaluation.figures()) {
      all.add(figure.name(), TextValue.measure(figure.value()));
    }
    return all;
  }
}
