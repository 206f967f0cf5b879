package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.nn.Loss;
import dev.lanewise.report.CrossValidationPage;
import dev.lanewise.rows.Division;
import dev.lanewise.selection.CrossValidation;
import dev.lanewise.selection.CrossValidationListener;
import dev.lanewise.selection.CrossValidationRun;
import dev.lanewise.selection.CrossValidationRun.OutOfFold;
import dev.lanewise.selection.FoldResult;
import dev.lanewise.source.CsvFormat;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ScaleOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code cross-validate}: trains and tests a model for each fold of the rows. */
final class CrossValidateCommand extends TrainingCommand {
  static final String PREDICTIONS = "oof.csv";
  static final String RECORD = "cross_validation.json";
  static final String PAGE = "cross_validation.html";

  private int folds;
  private int repeats;
  private List<String> names = List.of(); // of classes or targets

  @Override
  void run() throws IOException {
    folds = arguments.integer("folds", 2, Integer.MAX_VALUE);
    repeats = arguments.integer("repeats", 1, Integer.MAX_VALUE);
    if (arguments.has("order")) {
      arguments.refuse("not together with --order, which has one division into folds", "repeats");
    }
    LiveServer.check(arguments);
    Arguments checked = new Arguments(arguments);
    new Training(checked, output, null, List.of()); // checks all options before anything is read
    Loss loss = DataSource.checkedLoss(arguments);
    ScaleOptions scaling = DataSource.scaling(arguments, loss, Loss.SOFTMAX);
    DivisionOptions division = DataSource.division(new Preset(checked).recipe());
    RunDirectory.check(
        arguments,
        "a cross-validation already, expected another directory or --force",
        PREDICTIONS,
        RECORD,
        PAGE);
    interruption.hold();
    long start = System.nanoTime();
    CrossValidationRun run;
    try (LiveResults<FoldResult> shown =
        new LiveResults<>(
            "Cross-validation of " + arguments.path("data").getFileName(),
            folds * repeats,
            this::part)) {
      shown.show(arguments, interruption, output);
      run =
          CrossValidation.of(
                  (data, threads, listener) -> {
                    Training training =
                        new Training(new Arguments(arguments), output, null, List.of());
                    training.take(data);
                    describe(training);
                    return training.fit(threads, listener);
                  },
                  division)
              .folds(folds)
              .repeats(repeats)
              .threads(arguments.threads())
              .listener(
                  new CrossValidationListener() {
                    @Override
                    public boolean onFold(FoldResult result) {
                      show(result);
                      shown.add(result);
                      return !interruption.requested();
                    }

                    @Override
                    public boolean onStep() {
                      return !interruption.requested();
                    }
                  })
              .run(
                  fold -> {
                    Dataset data = DataSource.load(arguments, null, false, fold, scaling);
                    names = data.classNames();
                    return data;
                  });
      shown.end();
    } catch (IllegalArgumentException e) {
      throw Problem.failure(arguments.path("data") + ": " + Words.of(e));
    }
    if (run.folds().isEmpty()) {
      output.result("Interrupted in the first fold");
      return;
    }
    conclude(run, (System.nanoTime() - start) * 1e-9);
  }

  /** Draws the folds that are finished. */
  private String part(List<FoldResult> some, Map<String, String> facts) {
    return CrossValidationPage.part(new CrossValidationRun(folds, repeats, some), facts);
  }

  /** Describes the training of the first fold, whichever fold is read first. */
  private void describe(Training training) {
    String rule = Division.of(training.data()).map(Division::rule).orElse("");
    if ((rule + ",").startsWith("fold 1 of " + folds + ", repeat 1,")) {
      output.kernelHint();
      output.note(
          "In fold 1 of %s%s, whose rows are the test:",
          folds, repeats == 1 ? "" : ", repeat 1 of " + repeats);
      training.describe();
    }
  }

  private void show(FoldResult result) {
    Evaluation evaluation = result.evaluation();
    output.note(
        "Fold %s of %s%s: %s rows beside it, %s in it: %s %s",
        result.fold() + 1,
        folds,
        repeats == 1 ? "" : ", repeat " + (result.repeat() + 1),
        result.trainRows(),
        evaluation.rows(),
        evaluation.figures().get(0).name().replace('_', ' '),
        PythonFormat.fixed5(evaluation.figures().get(0).value()));
    output.event(event(result));
  }

  private static Json event(FoldResult result) {
    return Json.event("fold")
        .put("repeat", result.repeat() + 1)
        .put("fold", result.fold() + 1)
        .put("train", result.trainRows())
        .put("test", result.evaluation().rows())
        .put("loss", result.evaluation().loss())
        .put(result.evaluation().figures())
        .put("best_epochs", result.bestEpochs())
        .put("sha256", result.sha256());
  }

  /** Prints the figures, and writes all files. */
  private void conclude(CrossValidationRun run, double seconds) throws IOException {
    table(run).print(output);
    output.result("");
    Table measures = new Table(1, "measure", "mean", "deviation", "standard_error", "low", "high");
    run.scores()
        .forEach(
            (name, s) ->
                measures.add(
                    name,
                    new Table.Measure(s.mean()),
                    new Table.Measure(s.deviation()),
                    new Table.Measure(s.standardError()),
                    new Table.Measure(s.interval().low()),
                    new Table.Measure(s.interval().high())));
    measures.print(output);
    output.result("(low to high: 95% interval)");
    List<Json> outOfFold = new ArrayList<>();
    for (int repeat = 0; repeat < run.repeats(); repeat++) {
      if (!run.rows(repeat).isEmpty()) {
        outOfFold.add(outOfFold(run, repeat));
      }
    }
    if (!run.isWhole()) {
      output.result(
          "Interrupted: %s of %s folds were finished",
          run.folds().size(), run.count() * run.repeats());
    }
    Json event =
        Json.event("cross_validation")
            .put("folds", run.count())
            .put("repeats", run.repeats())
            .put("finished", run.folds().size())
            .put("measures", measures.objects)
            .put("out_of_fold", outOfFold)
            .put("seconds", seconds);
    write(run, event);
    output.event(event);
  }

  private void write(CrossValidationRun run, Json event) throws IOException {
    try (RunDirectory files = RunDirectory.of(arguments)) {
      files.text(PREDICTIONS, predictions(run));
      Json record = new Json().put("version", Usage.version());
      record.put("given", RunRecorder.json(arguments.own(role -> true)));
      record.put("data", RunRecorder.read("data", arguments.path("data")).json());
      record.members.putAll(event.members);
      record.members.remove("event");
      record.put("results", run.folds().stream().map(CrossValidateCommand::event).toList());
      files.text(RECORD, RunRecord.text(record));
      String title = arguments.path("data").getFileName().toString();
      files.text(PAGE, CrossValidationPage.html(title, run, names));
      output.note(files.describe());
    }
  }

  /** Returns the figures of each fold. */
  private Table table(CrossValidationRun run) {
    Map<String, double[]> figures = run.figures();
    List<String> heads = new ArrayList<>(List.of("fold", "train", "test"));
    heads.addAll(figures.keySet());
    Table table = new Table(1, heads);
    for (int i = 0; i < run.folds().size(); i++) {
      FoldResult fold = run.folds().get(i);
      List<Object> cells = new ArrayList<>();
      cells.add((run.repeats() == 1 ? "" : fold.repeat() + 1 + "-") + (fold.fold() + 1));
      cells.add(fold.trainRows());
      cells.add(fold.evaluation().rows());
      for (double[] values : figures.values()) {
        cells.add(new Table.Measure(values[i]));
      }
      table.add(cells.toArray());
    }
    return table;
  }

  /** Prints the figures of all rows of a repeat together. */
  private Json outOfFold(CrossValidationRun run, int repeat) {
    Evaluation all = run.outOfFold(repeat);
    output.result(
        "Out of fold%s, %s rows: %s",
        run.repeats() == 1 ? "" : ", repeat " + (repeat + 1),
        all.rows(),
        all.figures().stream()
            .map(figure -> figure.name() + " " + PythonFormat.measure(figure.value()))
            .collect(Collectors.joining(", ")));
    return new Json().put("repeat", repeat + 1).put("rows", all.rows()).put(all.figures());
  }

  /** Returns the predictions of all rows as CSV. */
  private String predictions(CrossValidationRun run) {
    Evaluation first = run.folds().get(0).evaluation();
    boolean areClasses = first.kind().task().hasClasses();
    List<String> outputs = new ArrayList<>();
    for (int k = 0; k < first.classes(); k++) {
      outputs.add(DataSource.className(names, k));
    }
    List<String> heads = new ArrayList<>(List.of("row", "repeat", "fold"));
    if (areClasses) {
      heads.addAll(List.of("true", "predicted"));
    } else {
      outputs.forEach(name -> heads.add("true_" + name));
    }
    outputs.forEach(name -> heads.add((first.kind().task().hasNumbers() ? "y_" : "p_") + name));
    StringBuilder text = new StringBuilder();
    line(text, heads);
    for (int repeat = 0; repeat < run.repeats(); repeat++) {
      for (OutOfFold row : run.rows(repeat)) {
        Evaluation own = row.fold().evaluation();
        List<String> cells = new ArrayList<>();
        cells.add(Integer.toString(row.row()));
        cells.add(Integer.toString(repeat + 1));
        cells.add(Integer.toString(row.fold().fold() + 1));
        if (areClasses) {
          cells.add(DataSource.className(outputs, own.label(row.place())));
          cells.add(DataSource.className(outputs, own.predicted(row.place())));
        } else {
          for (double target : own.target(row.place())) {
            cells.add(Double.toString(target));
          }
        }
        for (double value : own.values(row.place())) {
          cells.add(
              own.kind().task().hasNumbers()
                  ? Double.toString(value)
                  : Float.toString((float) value));
        }
        line(text, cells);
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append(cells.stream().map(CsvFormat::quoted).collect(Collectors.joining(",")));
    text.append('\n');
  }
}
