package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.files.ClassNames;
import dev.lanewise.files.DataSource;
import dev.lanewise.files.FileDigest;
import dev.lanewise.files.Preset;
import dev.lanewise.files.RunDirectory;
import dev.lanewise.files.RunRecord;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.nn.Loss;
import dev.lanewise.report.CrossValidationPage;
import dev.lanewise.rows.Division;
import dev.lanewise.selection.CrossValidation;
import dev.lanewise.selection.CrossValidationListener;
import dev.lanewise.selection.CrossValidationRun;
import dev.lanewise.selection.CrossValidationRun.OutOfFold;
import dev.lanewise.selection.FoldResult;
import dev.lanewise.selection.FoldScores;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ScaleOptions;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.Table;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.terminal.Usage;
import dev.lanewise.terminal.Words;
import dev.lanewise.train.Figure;
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
  private List<String> names = List.of(); // names of classes or targets

  @Override
  void run() throws IOException {
    folds = arguments.whole("folds");
    repeats = arguments.whole("repeats");
    if (arguments.has("order")) {
      arguments.refuse("not together with --order, which has one division into folds", "repeats");
    }
    Arguments checked = new Arguments(arguments);
    new Training(checked, output); // checks all options before anything is read
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
    try {
      run =
          CrossValidation.of(
                  (data, threads, listener) -> {
                    Training training = new Training(new Arguments(arguments), output);
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
    } catch (IllegalArgumentException e) {
      throw Problem.failure(arguments.path("data") + ": " + Words.of(e));
    }
    if (run.folds().isEmpty()) {
      output.result("Interrupted in the first fold");
      return;
    }
    conclude(run, (System.nanoTime() - start) * 1e-9);
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
    String figure = result.evaluation().figures().get(0).name();
    fold(result)
        .note(
            "Fold {fold} of %s%s: {train} rows beside it, {test} in it: %s {%s}"
                .formatted(
                    folds,
                    repeats == 1 ? "" : ", repeat {repeat}",
                    figure.replace('_', ' '),
                    figure))
        .end();
  }

  private Result fold(FoldResult result) {
    return new Result("fold", output)
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
    Result result =
        new Result("cross_validation", output)
            .put("folds", run.count())
            .put("repeats", run.repeats())
            .put("finished", run.folds().size());
    Map<String, FoldScores> scores = run.scores();
    Table<String> measures =
        Table.of(List.copyOf(scores.keySet()))
            .text("measure", name -> name)
            .measure("mean", name -> scores.get(name).mean())
            .measure("deviation", name -> scores.get(name).deviation())
            .measure("standard_error", name -> scores.get(name).standardError())
            .measure("low", name -> scores.get(name).interval().low())
            .measure("high", name -> scores.get(name).interval().high());
    result.table("measures", measures).say("(low to high: 95% interval)");
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
    result.put("out_of_fold", outOfFold).put("seconds", seconds);
    write(run, result.values, measures);
    result.end();
  }

  private void write(CrossValidationRun run, Json found, Table<?> measures) throws IOException {
    try (RunDirectory files = RunDirectory.of(arguments)) {
      files.text(PREDICTIONS, predictions(run));
      Json record = new Json().put("version", Usage.version());
      record.put("given", RunRecord.options(arguments.own(role -> true)));
      record.put("data", FileDigest.of("data", arguments.path("data")).json());
      record.put(found);
      record.put("results", run.folds().stream().map(fold -> fold(fold).event()).toList());
      files.text(RECORD, RunRecord.text(record));
      String title = arguments.path("data").getFileName().toString();
      files.text(
          PAGE, CrossValidationPage.html(title, run, names, measures.cells(), table(run).cells()));
      output.note(files.describe());
    }
  }

  /** Returns the figures of each fold. */
  private Table<Integer> table(CrossValidationRun run) {
    List<FoldResult> all = run.folds();
    Table<Integer> table =
        Table.of(all.size())
            .text(
                "fold",
                i ->
                    (run.repeats() == 1 ? "" : all.get(i).repeat() + 1 + "-")
                        + (all.get(i).fold() + 1))
            .column("train", i -> all.get(i).trainRows())
            .column("test", i -> all.get(i).evaluation().rows());
    run.figures().forEach((name, values) -> table.measure(name, i -> values[i]));
    return table;
  }

  /** Says the figures of all rows of a repeat together. */
  private Json outOfFold(CrossValidationRun run, int repeat) {
    Evaluation all = run.outOfFold(repeat);
    Result found = new Result(null, output).put("repeat", repeat + 1).put("rows", all.rows());
    List<String> names = all.figures().stream().map(Figure::name).toList();
    all.figures().forEach(f -> found.put(f.name(), TextValue.figure(f.value(), true)));
    return found.say(
            "Out of fold%s, {rows} rows: %s"
                .formatted(
                    run.repeats() == 1 ? "" : ", repeat {repeat}",
                    names.stream()
                        .map(name -> name + " {" + name + "}")
                        .collect(Collectors.joining(", "))))
        .values;
  }

  /** Returns the predictions of all rows as CSV. */
  private String predictions(CrossValidationRun run) {
    Evaluation first = run.folds().get(0).evaluation();
    boolean areNumbers = first.kind().task().hasNumbers();
    List<OutOfFold> rows = new ArrayList<>();
    for (int repeat = 0; repeat < run.repeats(); repeat++) {
      rows.addAll(run.rows(repeat));
    }
    Table<OutOfFold> table =
        Table.of(rows)
            .column("row", OutOfFold::row)
            .column("repeat", row -> row.fold().repeat() + 1)
            .column("fold", row -> row.fold().fold() + 1);
    if (first.kind().task().hasClasses()) {
      table.text("true", row -> className(row.fold().evaluation().label(row.place())));
      table.text("predicted", row -> className(row.fold().evaluation().predicted(row.place())));
    }
    for (int k = 0; k < first.classes() && !first.kind().task().hasClasses(); k++) {
      int place = k;
      table.column(
          "true_" + className(k), row -> row.fold().evaluation().target(row.place())[place]);
    }
    for (int k = 0; k < first.classes(); k++) {
      int place = k;
      table.column(
          (areNumbers ? "y_" : "p_") + className(k),
          row -> {
            double value = row.fold().evaluation().values(row.place())[place];
            return areNumbers ? (Object) value : (Object) (float) value;
          });
    }
    return table.csv();
  }

  private String className(int label) {
    return ClassNames.of(names, label);
  }
}
