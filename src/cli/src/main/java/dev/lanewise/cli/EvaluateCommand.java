package dev.lanewise.cli;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.metrics.ProbabilityMetrics;
import dev.lanewise.metrics.RegressionMetrics;
import dev.lanewise.metrics.RocAuc;
import dev.lanewise.model.DecisionRule;
import dev.lanewise.nn.Scaling;
import dev.lanewise.trust.CoverageResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    boolean asksTop = arguments.has("top-k");
    if (asksTop) { // checked before anything is loaded
      arguments.integer("top-k", 1, Integer.MAX_VALUE);
    }
    subject = Subject.load(arguments, output, true);
    CoverageLevel.asked(subject.model, arguments, output); // refuses a model that has none
    boolean classes = subject.model.loss().task().hasClasses();
    if (!classes) {
      arguments.refuse("works with models of loss softmax only", "top-k");
    }
    int top = asksTop ? arguments.integer("top-k", 1, subject.model.outputs()) : 0;
    evaluation = subject.evaluate(arguments);
    intervals = new ScoreIntervals(subject, evaluation);
    Json event =
        Json.event("evaluation")
            .put("split", subject.splitName)
            .put("rows", evaluation.rows())
            .put("loss", evaluation.loss());
    output.note("");
    if (classes) {
      classes(top, event, output);
    } else {
      numbers(event, output);
    }
    CalibrationTable calibration =
        subject.model.calibration().isEmpty()
            ? null
            : new CalibrationTable(subject.model, subject.split, arguments.threads());
    if (calibration != null) {
      event.put("calibration", calibration.json());
    }
    subject.model.rule().ifPresent(rule -> event.put("decision", rule.toString()));
    CoverageResult covered = CoverageLevel.measured(subject, evaluation, arguments);
    Table coverage = covered == null ? null : CoverageLevel.table(subject, covered);
    if (covered != null) {
      event.put("coverage", new Json().put("level", covered.level()).put("rows", coverage.objects));
    }
    String sha256 = subject.model.sha256();
    Json unequal = subject.imbalance(evaluation);
    event.put("intervals", intervals.json());
    if (output.json) {
      output.event(event.put("imbalance", unequal).put("sha256", sha256));
      return;
    }
    intervals.print(output);
    if (calibration != null) {
      calibration.print(output);
    }
    subject.model.rule().ifPresent(rule -> sayRule(rule, output));
    if (covered != null) {
      output.result("");
      output.result("Coverage of level %s", covered.level());
      coverage.print(output);
    }
    output.result("");
    subject.printImbalance(unequal, evaluation.accuracy(), output);
    Scores scores =
        subject.isWhole
            ? new Scores(evaluation)
            : new Scores(
                subject.model, subject.data, arguments.threads(), subject.splitName, evaluation);
    scores.print(output, subject.model.loss(), sha256);
  }

  private void sayRule(DecisionRule rule, Output output) {
    output.result("");
    output.result(
        "The class is %s",
        rule.isThreshold()
            ? "%s from probability %s on"
                .formatted(subject.className(rule.positive()), rule.threshold())
            : "the one with the smallest expected cost");
  }

  private void classes(int top, Json event, Output output) {
    Metrics metrics = Metrics.of(evaluation);
    RocAuc auc = RocAuc.of(evaluation);
    int classes = metrics.classes();
    List<String> heads = new ArrayList<>(List.of("name", "precision", "recall", "f1", "support"));
    if (evaluation.hasWeights()) {
      heads.add("weight");
    }
    heads.add("roc_auc");
    Table scores = new Table(1, heads);
    for (int c = 0; c < classes; c++) {
      add(
          scores,
          subject.className(c),
          metrics.scores().get(c),
          c < auc.classes() ? auc.area(c) : Double.NaN);
    }
    add(scores, "macro average", metrics.macro(), auc.macro());
    add(scores, "weighted average", metrics.weighted(), auc.weighted());
    intervals.addTo(scores.objects);
    boolean isDense = classes <= MOST_DENSE;
    event
        .put(evaluation.figures())
        .put(
            isDense ? "confusion" : "confusion_cells",
            isDense ? metrics.confusion() : metrics.confusionCells())
        .put("classes", scores.objects.subList(0, classes))
        .put("averages", scores.objects.subList(classes, classes + 2));
    if (evaluation.hasWeights() && isDense) { // cells include the weights
      event.put("weighted_confusion", metrics.weightedConfusion());
    }
    if (classes <= MOST_COLUMNS) {
      List<String> names = new ArrayList<>();
      for (int c = 0; c < classes; c++) {
        names.add(subject.className(c));
      }
      output.result(Subject.CONFUSION.formatted(subject.splitName));
      Subject.confusion(metrics, names, Integer.MAX_VALUE).print(output);
      output.result("");
    } else {
      output.note("(The confusion matrix of " + classes + " classes is shown with --json.)");
    }
    scores.print(output);
    output.result("");
    measures().print(output);
    if (top > 0) {
      double accuracy = ProbabilityMetrics.of(evaluation).topAccuracy(top);
      event.put("top_k", top).put("top_k_accuracy", accuracy);
      output.result("");
      output.result("Top-" + top + " accuracy " + PythonFormat.fixed5(accuracy));
    }
  }

  private void add(Table table, String name, Metrics.Scores scores, double auc) {
    List<Object> cells =
        new ArrayList<>(
            List.of(name, scores.precision(), scores.recall(), scores.f1(), scores.support()));
    if (evaluation.hasWeights()) {
      cells.add(scores.weight());
    }
    cells.add(auc);
    table.add(cells.toArray());
  }

  /** Shows a model whose loss does not take classes. */
  private void numbers(Json event, Output output) {
    int outputs = evaluation.classes();
    Table each;
    if (evaluation.kind().task().hasNumbers()) {
      RegressionMetrics metrics = RegressionMetrics.of(evaluation);
      each = new Table(1, "name", "r2", "rmse", "mse", "mae");
      for (int k = 0; k < outputs; k++) {
        each.add(
            subject.className(k),
            metrics.r2(k),
            new Table.Measure(Math.sqrt(metrics.mse(k))),
            new Table.Measure(metrics.mse(k)),
            new Table.Measure(metrics.mae(k)));
      }
    } else {
      RocAuc auc = RocAuc.of(evaluation);
      each = new Table(1, "name", "roc_auc");
      for (int k = 0; k < outputs; k++) {
        each.add(subject.className(k), auc.area(k));
      }
    }
    event.put(evaluation.figures()).put("outputs", each.objects);
    output.result("Split " + subject.splitName);
    measures().print(output);
    if (outputs > 1) {
      output.result("");
      each.print(output);
    }
    if (evaluation.kind().task().level().isPresent()) {
      quantiles(event, output);
    }
  }

  /** Shows whether as large a share of the targets as asked is up to the number predicted. */
  private void quantiles(Json event, Output output) {
    double level = evaluation.kind().task().level().getAsDouble();
    Table table = new Table(1, "name", "level", "share");
    for (int k = 0; k < evaluation.classes(); k++) {
      double below = 0;
      double all = 0;
      for (int row = 0; row < evaluation.rows(); row++) {
        all += evaluation.weight(row);
        below += evaluation.target(row)[k] <= evaluation.value(row, k) ? evaluation.weight(row) : 0;
      }
      table.add(subject.className(k), level, below / all);
    }
    event.put("quantiles", table.objects);
    output.result("");
    output.result("Targets up to the number predicted");
    table.print(output);
  }

  /** Returns the loss and all figures. */
  private Table measures() {
    boolean raw = subject.model.targetScaling() instanceof Scaling.None;
    String loss = evaluation.kind().label() + (raw ? "" : " of scaled targets");
    Table all = new Table(1, "measure", "value");
    boolean hasUnits = evaluation.kind().task().hasNumbers() && raw;
    double value = evaluation.loss();
    all.add("loss (" + loss + ")", hasUnits ? new Table.Measure(value) : (Object) value);
    evaluation
        .figures()
        .forEach(figure -> all.add(figure.name(), new Table.Measure(figure.value())));
    return all;
  }
}
