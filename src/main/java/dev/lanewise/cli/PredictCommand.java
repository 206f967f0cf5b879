package dev.lanewise.cli;

import dev.lanewise.data.LoadOptions;
import dev.lanewise.data.RowStream;
import dev.lanewise.format.AtomicFile;
import dev.lanewise.format.FileKind;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * {@code predict}: the class and the probabilities of each row, or the outputs of regression. Rows
 * go from file to file some at a time; those of a file that has splits, or whose targets stand in a
 * file beside, are read as for an evaluation.
 */
final class PredictCommand implements Command {
  private static final String STREAM = "-";

  private Arguments arguments;
  private Output output;
  private ModelSource source; // where rows are streamed
  private Mlp model;
  private long first; // of the rows that were read last
  private final LongAdder written = new LongAdder();

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    this.arguments = arguments;
    this.output = output;
    boolean toFile = arguments.has("out") && !arguments.text("out").equals(STREAM);
    String name = toFile ? arguments.text("out").toLowerCase(Locale.ROOT) : ".csv";
    if (!name.endsWith(".csv") && !name.endsWith(".npz")) {
      throw arguments.wrong("out", "a name that ends in .csv or .npz, or - for stdout");
    }
    if (arguments.has("keep") && name.endsWith(".npz")) {
      throw Problem.usage("--keep: of use with CSV only, expected --out FILE.csv");
    }
    if (!toFile) {
      rows(output.json ? new JsonPredictions(output::lines) : new CsvPredictions(output::lines));
      return;
    }
    Path file = DataSource.out(arguments);
    interruption.hold();
    if (name.endsWith(".npz")) {
      ArrayPredictions arrays = new ArrayPredictions();
      rows(arrays);
      arrays.write(file);
    } else {
      AtomicFile.write(file, out -> rows(CsvPredictions.to(out)));
    }
    output.note("Saved " + written + " predictions in " + file);
    output.event(Json.event("saved").put("file", file).put("rows", written.sum()));
  }

  /** Predicts all rows. */
  private void rows(Predictions to) throws IOException {
    if (arguments.text("data").equals(STREAM)) {
      if (arguments.has("split")) {
        throw Problem.usage("--split: not together with --data -, expected the name of a file");
      }
      refuseDivision();
      source = ModelSource.load(arguments, Subject.modelFile(arguments), output);
      try (RowStream rows = RowStream.open(System.in, "stdin", options(), keeps())) {
        stream(rows, to, null);
      }
    } else if (streams(DataSource.file(arguments))) {
      if (!arguments.has("split")) {
        refuseDivision();
      }
      source = ModelSource.load(arguments, Subject.modelFile(arguments), output);
      boolean[] chosen = arguments.has("split") ? rowsOfSplit() : null;
      try (RowStream rows = RowStream.open(DataSource.file(arguments), options(), keeps())) {
        stream(rows, to, chosen);
      }
    } else {
      if (arguments.has("keep")) {
        throw Problem.usage("--keep: of use with tables only, expected one as --data");
      }
      Subject subject = Subject.load(arguments, output, false);
      model = subject.model;
      evaluated(subject.evaluate(arguments), subject, to);
    }
    to.end();
  }

  /** Options that divide rows do nothing where all of them are predicted. */
  private void refuseDivision() {
    for (String option : List.of("split-sizes", "valid-fraction", "stratified", "seed")) {
      if (arguments.has(option)) {
        throw Problem.usage(
            "--" + option + ": of use with --split only, as all rows are predicted without it");
      }
    }
  }

  private boolean keeps() {
    return arguments.has("keep");
  }

  private LoadOptions options() {
    return DataSource.asGiven(arguments, source.options(arguments));
  }

  /** Whether rows are read in file order, without their splits. */
  private boolean streams(Path file) throws IOException {
    return DataSource.isTable(file)
        || !arguments.has("targets")
            && (FileKind.of(file) == FileKind.NPY || RowStream.hasNoTargets(file));
  }

  /** Which rows of the model's training file are in the split that is asked for. */
  private boolean[] rowsOfSplit() throws IOException {
    Subject subject = Subject.load(arguments, output, false);
    int[] rows = subject.data.tableRows(subject.splitName);
    boolean[] chosen = new boolean[Arrays.stream(rows).max().orElse(0) + 1];
    for (int row : rows) {
      chosen[row] = true;
    }
    return chosen;
  }

  private void stream(RowStream rows, Predictions to, boolean[] chosen) throws IOException {
    model = source.with(rows.scaling(), arguments, output);
    rows.notes().forEach(output::hint);
    output.kernelHint();
    to.begin(Outputs.of(model), rows.targets(), keeps() ? rows.columns() : null);
    int threads = Team.most(arguments.threads());
    Predictions[] parts = new Predictions[threads];
    Arrays.setAll(parts, t -> to.part());
    boolean isApart = parts[0] != null;
    try (ChunkPredictor chunks = new ChunkPredictor(model, threads, arguments.text("data"))) {
      Team.Task use =
          t -> {
            try {
              write(rows, parts[t], chunks, chosen, chunks.first(t), chunks.first(t + 1));
            } catch (IOException e) {
              throw new UncheckedIOException(e); // a part writes to memory
            }
          };
      while (chunks.next(rows, isApart ? use : t -> {})) {
        if (!isApart) {
          write(rows, to, chunks, chosen, 0, chunks.rows());
        }
        for (int t = 0; t < threads && isApart; t++) {
          to.add(parts[t]);
        }
        first += chunks.rows();
        if (output.hasFailed()) {
          return; // nobody reads on
        }
      }
    }
  }

  /** Writes those of the rows that were read last that are chosen. */
  private void write(
      RowStream rows, Predictions to, ChunkPredictor chunks, boolean[] chosen, int from, int end)
      throws IOException {
    String[] targets = new String[rows.targets()];
    int outputs = model.architecture().outputs();
    int count = 0;
    for (int i = from; i < end; i++) {
      long row = first + i;
      if (chosen != null && (row >= chosen.length || !chosen[(int) row])) {
        continue;
      }
      for (int k = 0; k < targets.length; k++) {
        targets[k] = rows.target(i, k);
      }
      to.row(row, targets, chunks.results(), i * outputs, keeps() ? rows.texts(i) : null);
      count++;
    }
    written.add(count);
  }

  /** Rows of a file with splits and targets. */
  private void evaluated(Evaluation evaluation, Subject subject, Predictions to)
      throws IOException {
    boolean classes = model.loss().takesClasses();
    int outputs = evaluation.classes();
    String[] targets = new String[classes ? 1 : outputs];
    to.begin(new Outputs(model, subject.names()), targets.length, null);
    for (int row = 0; row < evaluation.rows(); row++) {
      if (classes) {
        targets[0] = subject.className(evaluation.label(row));
      } else {
        float[] numbers = evaluation.target(row);
        for (int k = 0; k < targets.length; k++) {
          targets[k] = Float.toString(numbers[k]);
        }
      }
      to.row(row, targets, evaluation.probabilities(row), 0, null);
      written.increment();
    }
  }
}
