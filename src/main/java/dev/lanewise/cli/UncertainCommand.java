package dev.lanewise.cli;

import dev.lanewise.format.AtomicFile;
import dev.lanewise.report.CaseGallery;
import dev.lanewise.train.Evaluation;
import dev.lanewise.train.LeastCertain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code uncertain}: the rows of which a model is least sure. */
final class UncertainCommand implements Command {
  static final int COUNT = 5;

  private static final int MOST = 1000;

  @Override
  public Usage usage() {
    return new Usage(
        "uncertain",
        "",
        "the cases with the smallest largest probability: a table and a picture",
        Stream.concat(
                Subject.OPTIONS.stream(),
                Stream.of(
                    Option.value("count", "N", Integer.toString(COUNT), "how many cases"),
                    Option.value("out", "FILE.svg", "uncertain.svg", "where the picture goes")))
            .toList(),
        Subject.NOTES,
        List.of("uncertain", "uncertain --split valid --count 20 --out doubts.svg"));
  }

  @Override
  public int run(Arguments arguments, Output output, Interruption interruption) throws IOException {
    int count = arguments.integer("count", 1, MOST);
    Path file = arguments.path("out");
    Subject subject = Subject.load(arguments, output::note);
    output.kernelHint();
    Evaluation evaluation = subject.evaluate();
    int[] rows = LeastCertain.rows(evaluation, count);
    TextTable table = new TextTable(0);
    table.add("index", "true", "predicted", "confidence");
    for (int row : rows) {
      table.add(
          row,
          subject.className(evaluation.label(row)),
          subject.className(evaluation.predicted(row)),
          PythonFormat.fixed5(evaluation.confidence(row)));
      output.event(PredictCommand.event(subject, evaluation, row));
    }
    table.lines().forEach(output::result);
    String svg = picture(subject, evaluation, rows);
    interruption.finish(
        () -> {
          AtomicFile.write(file, out -> out.write(svg.getBytes(StandardCharsets.UTF_8)));
          return null;
        });
    output.note("Saved in " + file);
    return ExitCode.DONE;
  }

  /** The rows as images or bars. */
  static String picture(Subject subject, Evaluation evaluation, int[] rows) {
    List<CaseGallery.Case> cases = new ArrayList<>();
    for (int row : rows) {
      float[] features = new float[subject.split().features()];
      subject.split().copyRows(null, row, 1, features, 0);
      cases.add(
          new CaseGallery.Case(
              row,
              subject.className(evaluation.label(row)),
              subject.className(evaluation.predicted(row)),
              evaluation.label(row) == evaluation.predicted(row),
              evaluation.confidence(row),
              features));
    }
    String title = "Least certain of " + evaluation.rows() + " rows (" + subject.splitName() + ")";
    int[] shape = subject.data().inputShape();
    return CaseGallery.of(title, cases)
        .withShape(shape.length > 0 ? shape : subject.model().inputShape())
        .svg();
  }
}
