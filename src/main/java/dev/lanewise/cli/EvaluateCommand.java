package dev.lanewise.cli;

import dev.lanewise.nn.Scaling;
import dev.lanewise.train.Evaluation;
import dev.lanewise.train.Metrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code evaluate}: how well a model does. */
final class EvaluateCommand implements Command {
  /** Of more classes a matrix is no longer something to look at. */
  private static final int MOST_COLUMNS = 40;

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    Subject subject = Subject.load(arguments, output, true);
    Evaluation evaluation = subject.evaluate(arguments);
    if (!evaluation.kind().takesClasses()) {
      numbers(subject, evaluation, arguments, output);
      return;
    }
    Metrics metrics = Metrics.of(evaluation);
    int classes = metrics.classes();
    Table scores = new Table(1, "name", "precision", "recall", "f1", "support");
    for (int c = 0; c < classes; c++) {
      add(scores, subject.className(c), metrics.scores().get(c));
    }
    add(scores, "macro average", metrics.macro());
    add(scores, "weighted average", metrics.weighted());
    if (output.json) {
      output.event(
          Json.event("evaluation")
              .put("split", subject.splitName)
              .put("rows", evaluation.rows())
              .put("loss", evaluation.loss())
              .put("accuracy", evaluation.accuracy())
              .put("confusion", metrics.confusion())
              .put("classes", scores.objects.subList(0, classes))
              .put("averages", scores.objects.subList(classes, classes + 2))
              .put("sha256", subject.model.sha256()));
      return;
    }
    output.note("");
    if (classes <= MOST_COLUMNS) {
      output.result("Split " + subject.splitName + ": rows are true, columns predicted classes");
      confusion(subject, metrics).print(output);
      output.result("");
    } else {
      output.note("(The confusion matrix of " + classes + " classes is shown with --json.)");
    }
    scores.print(output);
    output.result("");
    new Scores(subject.model, subject.data, arguments.threads()).print(output, subject.model);
  }

  /** Of a loss that does not take classes. */
  private static void numbers(
      Subject subject, Evaluation evaluation, Arguments arguments, Output output) {
    Json event =
        Json.event("evaluation")
            .put("split", subject.splitName)
            .put("rows", evaluation.rows())
            .put("loss", evaluation.loss());
    Table table = new Table(1, "measure", "value");
    boolean raw = subject.model.targetScaling() instanceof Scaling.None;
    String loss = evaluation.kind().label() + (raw ? "" : " of scaled targets");
    table.add("loss (" + loss + ")", evaluation.loss());
    String[] names = {"accuracy", "subset_accuracy"};
    double[] values = {evaluation.accuracy(), 0, 0};
    if (evaluation.kind().isRegression()) {
      names = new String[] {"r2", "mse", "mae"};
      values[1] = evaluation.meanError(true);
      values[2] = evaluation.meanError(false);
    } else {
      values[1] = evaluation.subsetAccuracy();
    }
    for (int i = 0; i < names.length; i++) {
      table.add(names[i], values[i]);
      event.put(names[i], values[i]);
    }
    if (output.json) {
      output.event(event.put("sha256", subject.model.sha256()));
      return;
    }
    output.note("");
    output.result("Split " + subject.splitName);
    table.print(output);
    output.result("");
    new Scores(subject.model, subject.data, arguments.threads()).print(output, subject.model);
  }

  private static void add(Table table, String name, Metrics.Scores scores) {
    table.add(name, scores.precision(), scores.recall(), scores.f1(), scores.support());
  }

  private static Table confusion(Subject subject, Metrics metrics) {
    List<String> heads = new ArrayList<>(List.of(""));
    for (int c = 0; c < metrics.classes(); c++) {
      heads.add(subject.className(c));
    }
    Table table = new Table(1, heads);
    int[][] confusion = metrics.confusion();
    for (int c = 0; c < metrics.classes(); c++) {
      List<Object> row = new ArrayList<>(List.of(subject.className(c)));
      for (int count : confusion[c]) {
        row.add(count);
      }
      table.add(row.toArray());
    }
    return table;
  }
}
