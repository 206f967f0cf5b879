package dev.lanewise.cli;

import dev.lanewise.train.Evaluation;
import dev.lanewise.train.Metrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code evaluate}: how well a model does. */
final class EvaluateCommand implements Command {
  /** Of more classes a matrix is no longer something to look at. */
  private static final int MOST_COLUMNS = 40;

  @Override
  public Usage usage() {
    return new Usage(
        "evaluate",
        "",
        "loss, accuracy, confusion matrix, precision, recall and F1 of each class",
        Subject.OPTIONS,
        Subject.NOTES,
        List.of(
            "evaluate",
            "evaluate --model runs/2/nn_model.npz --data toronto_face.npz --split valid",
            "evaluate --quiet --json"));
  }

  @Override
  public int run(Arguments arguments, Output output, Interruption interruption) throws IOException {
    Subject subject = Subject.load(arguments, output::note);
    output.kernelHint();
    Evaluation evaluation = subject.evaluate();
    Metrics metrics = Metrics.of(evaluation);
    if (output.json()) {
      output.event(event(subject, evaluation, metrics));
      return ExitCode.DONE;
    }
    output.note("");
    if (metrics.classes() <= MOST_COLUMNS) {
      output.result("Split " + subject.splitName() + ": rows are true, columns predicted classes");
      confusion(subject, metrics).lines().forEach(output::result);
    } else {
      output.note("Confusion matrix of %s classes: with --json".formatted(metrics.classes()));
    }
    output.result("");
    scores(subject, metrics).lines().forEach(output::result);
    output.result("");
    new Scores(subject.model(), subject.data(), subject.threads()).print(output, subject.model());
    return ExitCode.DONE;
  }

  private static TextTable confusion(Subject subject, Metrics metrics) {
    TextTable table = new TextTable(1);
    List<String> head = new ArrayList<>(List.of(""));
    for (int c = 0; c < metrics.classes(); c++) {
      head.add(subject.className(c));
    }
    table.add(head);
    int[][] confusion = metrics.confusion();
    for (int c = 0; c < metrics.classes(); c++) {
      List<String> row = new ArrayList<>(List.of(subject.className(c)));
      Arrays.stream(confusion[c]).mapToObj(Integer::toString).forEach(row::add);
      table.add(row);
    }
    return table;
  }

  private static TextTable scores(Subject subject, Metrics metrics) {
    TextTable table = new TextTable(1);
    table.add("class", "precision", "recall", "f1", "support");
    for (int c = 0; c < metrics.classes(); c++) {
      add(table, subject.className(c), metrics.scores().get(c));
    }
    add(table, "macro average", metrics.macro());
    add(table, "weighted average", metrics.weighted());
    return table;
  }

  private static void add(TextTable table, String name, Metrics.Scores scores) {
    table.add(
        name,
        PythonFormat.fixed5(scores.precision()),
        PythonFormat.fixed5(scores.recall()),
        PythonFormat.fixed5(scores.f1()),
        scores.support());
  }

  private static Json event(Subject subject, Evaluation evaluation, Metrics metrics) {
    List<Json> classes = new ArrayList<>();
    for (int c = 0; c < metrics.classes(); c++) {
      classes.add(addTo(new Json().put("name", subject.className(c)), metrics.scores().get(c)));
    }
    return Json.event("evaluation")
        .put("split", subject.splitName())
        .put("rows", evaluation.rows())
        .put("loss", evaluation.loss())
        .put("accuracy", evaluation.accuracy())
        .put("confusion", Arrays.asList(metrics.confusion()))
        .put("classes", classes)
        .put("macro", addTo(new Json(), metrics.macro()))
        .put("weighted", addTo(new Json(), metrics.weighted()))
        .put("sha256", subject.model().sha256());
  }

  private static Json addTo(Json json, Metrics.Scores scores) {
    return json.put("precision", scores.precision())
        .put("recall", scores.recall())
        .put("f1", scores.f1())
        .put("support", scores.support());
  }
}
