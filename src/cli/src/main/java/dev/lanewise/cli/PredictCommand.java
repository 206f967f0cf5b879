package dev.lanewise.cli;

import dev.lanewise.files.DataSource;
import dev.lanewise.files.ModelSource;
import dev.lanewise.files.RowsToPredict;
import dev.lanewise.files.RunData;
import dev.lanewise.files.Subject;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.model.Model;
import dev.lanewise.parallel.Team;
import dev.lanewise.serve.Answer;
import dev.lanewise.serve.AnswerJson;
import dev.lanewise.serve.AnswerPrinter;
import dev.lanewise.serve.ArrayPredictions;
import dev.lanewise.serve.ChunkPredictor;
import dev.lanewise.serve.CsvPredictions;
import dev.lanewise.serve.Outputs;
import dev.lanewise.table.RowStream;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import java.util.function.LongPredicate;

/**
 * {@code predict}: writes the class and the probabilities of each row, or the outputs of a
 * regression. Rows are read and written in batches. A file with splits, or with targets in another
 * file, is read as for an evaluation.
 */
final class PredictCommand implements Command {
  private static final String STREAM = "-";

  private Arguments arguments;
  private Output output;
  private ModelSource source; // where rows are streamed
  private Model model;
  private long first; // of the rows that were read last
  private final LongAdder written = new LongAdder();
  private final LongAdder outside = new LongAdder(); // rows whose class is not in their set
  private Outputs asked;

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
    if (name.endsWith(".npz")) {
      arguments.refuse("works with CSV only, expected --out FILE.csv", "keep", "like-input");
    }
    if (output.json && !toFile) {
      arguments.refuse("not together with --json", "like-input");
    }
    RunData.take(arguments, output);
    if (!toFile) {
      rows(output.json ? new AnswerJson.Lines(output::lines) : new CsvPredictions(output::lines));
      return;
    }
    Path file = DataSource.out(arguments, "out");
    interruption.hold();
    if (name.endsWith(".npz")) {
      ArrayPredictions arrays = new ArrayPredictions();
      rows(arrays);
      arrays.write(file);
    } else {
      AtomicFile.write(file, out -> rows(CsvPredictions.to(out)));
    }
    new Result("saved", output)
        .note("Saved {rows} predictions in {file}", "file", file, "rows", written.sum())
        .end();
  }

  private void rows(AnswerPrinter to) throws IOException {
    if (arguments.text("data").equals(STREAM)) {
      arguments.refuse("not together with --data -, expected the name of a file", "split");
      refuseDivision();
      source = ModelSource.load(arguments, output);
      try (RowStream rows =
          RowStream.open(
              System.in,
              "stdin",
              source.model,
              keeps(),
              RowsToPredict.options(arguments, source))) {
        stream(rows, to, row -> true);
      }
    } else if (RowsToPredict.streams(arguments, DataSource.file(arguments))) {
      if (!arguments.has("split")) {
        refuseDivision();
      }
      source = ModelSource.load(arguments, output);
      Path file = RowsToPredict.file(arguments);
      LongPredicate chosen = RowsToPredict.rows(arguments, output);
      try (RowStream rows =
          RowStream.open(file, source.model, keeps(), RowsToPredict.options(arguments, source))) {
        stream(rows, to, chosen);
      }
    } else {
      arguments.refuse("works with tables only, expected a table as --data", "keep", "like-input");
      Subject subject = Subject.load(arguments, output, false);
      model = subject.model;
      evaluated(subject.evaluate(arguments), subject, to);
    }
    Outputs.outside(outside.sum()).forEach(output::hint);
    to.end();
  }

  /** Refuses options that divide rows if all rows are predicted. */
  private void refuseDivision() {
    arguments.refuse(
        "works with --split only, as all rows are predicted without it",
        "split-sizes",
        "valid-fraction",
        "stratified",
        "seed");
  }

  /** Returns whether columns of the input are kept. */
  private boolean keeps() {
    return arguments.has("keep");
  }

  private void stream(RowStream rows, AnswerPrinter to, LongPredicate chosen) throws IOException {
    model = source.with(rows.scaling(), arguments, output);
    List<Message> before = Messages.of(rows.notes());
    before.forEach(output::hint);
    output.kernelHint();
    asked = Outputs.of(model, model.classNames(), arguments, output);
    String marks = arguments.has("like-input") ? rows.marks() : null;
    if (marks != null) {
      if (marks.isEmpty()) {
        throw Problem.failure("--like-input: the input is no text, expected CSV as --data");
      }
      ((CsvPredictions) to).like(marks);
    }
    to.begin(asked, rows.targets(), keeps() ? rows.columns() : null);
    int threads = Team.most(arguments.threads());
    AnswerPrinter[] parts = new AnswerPrinter[threads];
    Arrays.setAll(parts, t -> to.part());
    boolean isApart = parts[0] != null;
    try (ChunkPredictor chunks = new ChunkPredictor(model, threads, arguments.text("data"))) {
      IntConsumer use =
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
          return; // the reader is gone
        }
      }
    }
    Messages.of(rows.notes()).stream().skip(before.size()).forEach(output::hint);
    boolean isStream = arguments.text("data").equals(STREAM);
    if (isStream && marks != null && !marks.equals(rows.marks())) {
      output.hint("--like-input: no byte order mark, as stdin was ASCII at first, expected a file");
    }
  }

  /** Writes the chosen rows of the last batch. */
  private void write(
      RowStream rows,
      AnswerPrinter to,
      ChunkPredictor chunks,
      LongPredicate chosen,
      int from,
      int end)
      throws IOException {
    String[] targets = new String[rows.targets()];
    Answer answer = chunks.answer();
    int count = 0;
    for (int i = from; i < end; i++) {
      long row = first + i;
      if (!chosen.test(row)) {
        continue;
      }
      for (int k = 0; k < targets.length; k++) {
        targets[k] = rows.target(i, k);
      }
      List<String> texts = keeps() ? rows.texts(i) : null;
      to.row(row, targets, texts, answer, i);
      if (asked.isOutside(answer, i)) {
        outside.increment();
      }
      count++;
    }
    written.add(count);
  }

  /** Predicts rows of a file with splits and targets. */
  private void evaluated(Evaluation evaluation, Subject subject, AnswerPrinter to)
      throws IOException {
    boolean classes = model.loss().task().hasClasses();
    int outputs = evaluation.classes();
    String[] targets = new String[classes ? 1 : outputs];
    asked = Outputs.of(model, subject.names, arguments, output);
    to.begin(asked, targets.length, null);
    for (int row = 0; row < evaluation.rows(); row++) {
      if (classes) {
        targets[0] = subject.className(evaluation.label(row));
      } else {
        double[] numbers = evaluation.target(row);
        for (int k = 0; k < targets.length; k++) {
          targets[k] = Double.toString(numbers[k]);
        }
      }
      int[] label = {classes ? evaluation.predicted(row) : -1};
      Answer answer = new Answer(evaluation.values(row), label, 1, List.of());
      to.row(row, targets, null, answer, 0);
      if (asked.isOutside(answer, 0)) {
        outside.increment();
      }
      written.increment();
    }
  }
}
