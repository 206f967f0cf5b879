package dev.lanewise.cli.results;

import dev.lanewise.cli.inputs.Subject;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.report.CaseGallery;
import dev.lanewise.report.LeastCertain;
import java.util.ArrayList;
import java.util.List;

/** A picture of the rows about which a model is least certain, or that are least familiar. */
public final class LeastPicture {
  private LeastPicture() {}

  /** Draws the least certain rows as images or bars. */
  public static String of(Subject subject, Evaluation evaluation, int count) {
    return of(subject, evaluation, "certain", LeastCertain.rows(evaluation, count));
  }

  /** Draws rows as images or bars. */
  public static String of(Subject subject, Evaluation evaluation, String which, int[] rows) {
    List<CaseGallery.Case> cases = new ArrayList<>();
    for (int row : rows) {
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
    String title =
        "Least %s of %s rows (%s)".formatted(which, evaluation.rows(), subject.splitName);
    int[] shape = subject.data.inputShape();
    return CaseGallery.of(title, cases)
        .withFeatureNames(subject.data.featureNames())
        .withShape(shape.length > 0 ? shape : subject.model.inputShape())
        .svg();
  }
}
