package dev.lanewise.cli;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.report.CaseGallery;
import dev.lanewise.report.LeastCertain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code uncertain}: shows the rows of which a model is least certain. */
final class UncertainCommand implements Command {
  private static final int MOST = 1000;

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    int count = arguments.integer("count", 1, MOST);
    Path file = DataSource.out(arguments, "out");
    if (!arguments.text("out").toLowerCase(Locale.ROOT).endsWith(".svg")) {
      throw arguments.wrong("out", "a name that ends in .svg");
    }
    RunData.take(arguments, output);
    DataSource.out(arguments, "out"); // checked again, now with the files of the run
    Subject subject = Subject.load(arguments, output, true);
    if (!subject.model.loss().takesClasses()) {
      throw Problem.failure(
          "uncertain: a model of loss %s, expected one of softmax, which chooses a class",
          subject.model.loss().label());
    }
    Evaluation evaluation = subject.evaluate(arguments);
    Table table = new Table(0, "index", "true", "predicted", "confidence");
    for (int row : LeastCertain.rows(evaluation, count)) {
      table.add(
          row,
          subject.className(evaluation.label(row)),
          subject.className(evaluation.predicted(row)),
          (double) evaluation.confidence(row));
      output.event(subject.event(evaluation, row));
    }
    table.print(output);
    interruption.hold();
    RunDirectory.write(file, picture(subject, evaluation, count));
    output.note("Saved in " + file);
  }

  /** Draws the least certain rows as images or bars. */
  static String picture(Subject subject, Evaluation evaluation, int count) {
    List<CaseGallery.Case> cases = new ArrayList<>();
    for (int row : LeastCertain.rows(evaluation, count)) {
      float[] features = new float[subject.split.features()];
      subject.split.copyRows(null, row, 1, features, 0);
      cases.add(
          new CaseGallery.Case(
              row,
              subject.className(evaluation.label(row)),
              subject.className(evaluation.predicted(row)),
              evaluation.label(row) == evaluation.predicted(row),
              evaluation.confidence(row),
              features));
    }
    String title = "Least certain of " + evaluation.rows() + " rows (" + subject.splitName + ")";
    int[] shape = subject.data.inputShape();
    return CaseGallery.of(title, cases)
        .withFeatureNames(subject.data.featureNames())
        .withShape(shape.length > 0 ? shape : subject.model.inputShape())
        .svg();
  }
}
