package dev.lanewise.cli;

import dev.lanewise.format.AtomicFile;
import dev.lanewise.format.Csv;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.train.Evaluation;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** {@code predict}: the class and the probabilities of each row. */
final class PredictCommand implements Command {
  @Override
  public Usage usage() {
    return new Usage(
        "predict",
        "",
        "class and probabilities of each row",
        Stream.concat(
                Subject.OPTIONS.stream(),
                Stream.of(
                    Option.value("out", "FILE.csv|.npz", "", "where to (default: CSV on stdout)")))
            .toList(),
        Subject.NOTES,
        List.of(
            "predict > predictions.csv",
            "predict --split all --out predictions.npz",
            "predict --json --quiet | head -n 1"));
  }

  @Override
  public int run(Arguments arguments, Output output, Interruption interruption) throws IOException {
    String name = arguments.has("out") ? arguments.text("out").toLowerCase(Locale.ROOT) : "";
    if (!name.isEmpty() && !name.endsWith(".csv") && !name.endsWith(".npz")) {
      throw Arguments.wrong("out", arguments.text("out"), "a name that ends in .csv or .npz");
    }
    boolean toFile = !name.isEmpty(); // else stdout has a table, and no line beside it
    Subject subject = Subject.load(arguments, toFile ? output::note : line -> {});
    output.kernelHint();
    Evaluation evaluation = subject.evaluate();
    if (!toFile) {
      toStdout(subject, evaluation, output);
      return ExitCode.DONE;
    }
    Path file = arguments.path("out");
    return interruption.finish(
        () -> {
          if (name.endsWith(".npz")) {
            Npz.write(file, arrays(subject, evaluation));
          } else {
            AtomicFile.write(
                file,
                out -> {
                  Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                  writer.write(header(subject));
                  for (int row = 0; row < evaluation.rows(); row++) {
                    writer.write(record(subject, evaluation, row));
                  }
                  writer.flush();
                });
          }
          output.note("Saved " + evaluation.rows() + " predictions in " + file);
          output.event(Json.event("saved").put("file", file).put("rows", evaluation.rows()));
          return ExitCode.DONE;
        });
  }

  private static void toStdout(Subject subject, Evaluation evaluation, Output output) {
    output.raw(header(subject));
    for (int row = 0; row < evaluation.rows(); row++) {
      output.raw(record(subject, evaluation, row));
      output.event(event(subject, evaluation, row));
    }
  }

  private static String header(Subject subject) {
    StringBuilder line = new StringBuilder("index,true,predicted");
    for (int c = 0; c < subject.model().architecture().outputs(); c++) {
      line.append(',').append(field("p_" + subject.className(c)));
    }
    return line.append('\n').toString();
  }

  private static String record(Subject subject, Evaluation evaluation, int row) {
    StringBuilder line = new StringBuilder().append(row);
    line.append(',').append(field(subject.className(evaluation.label(row))));
    line.append(',').append(field(subject.className(evaluation.predicted(row))));
    for (float probability : evaluation.probabilities(row)) {
      line.append(',').append(probability);
    }
    return line.append('\n').toString();
  }

  private static String field(String text) {
    return Csv.quoted(Text.printable(text));
  }

  /** A row for programs, of this command and of others. */
  static Json event(Subject subject, Evaluation evaluation, int row) {
    return Json.event("row")
        .put("index", row)
        .put("true", subject.classValue(evaluation.label(row)))
        .put("predicted", subject.classValue(evaluation.predicted(row)))
        .put("probabilities", evaluation.probabilities(row));
  }

  private static Map<String, NdArray> arrays(Subject subject, Evaluation evaluation) {
    int rows = evaluation.rows();
    int classes = evaluation.classes();
    float[] probabilities = new float[rows * classes];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(evaluation.probabilities(row), 0, probabilities, row * classes, classes);
    }
    List<String> names = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      names.add(subject.className(c));
    }
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("index", NdArray.of(IntStream.range(0, rows).asLongStream().toArray(), rows));
    arrays.put("true", labels(IntStream.range(0, rows).map(evaluation::label), rows));
    arrays.put("predicted", labels(IntStream.range(0, rows).map(evaluation::predicted), rows));
    arrays.put("probabilities", NdArray.of(probabilities, rows, classes));
    arrays.put("class_names", NdArray.ofStrings(names, classes));
    return arrays;
  }

  private static NdArray labels(IntStream labels, int rows) {
    return NdArray.of(labels.asLongStream().toArray(), rows);
  }
}
